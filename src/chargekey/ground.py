"""What all journeys stand on, and Tesla as they ask it: one client, one vault, one meter."""

from dataclasses import dataclass

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.homes import KeptHomes
from chargekey.adapters.store.ring_file import KeptRing
from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.store import KeptSessions, KeptStore
from chargekey.adapters.store.vault import KeptVault
from chargekey.adapters.tesla.call_record import Record
from chargekey.adapters.tesla.command_key import CommandKey
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.metering import BudgetMeter
from chargekey.adapters.tesla.oauth import TeslaOAuth
from chargekey.adapters.tesla.pairing_link import TeslaPairingLink
from chargekey.adapters.tesla.patience import Patience
from chargekey.adapters.tesla.public_eye import OwnDomain
from chargekey.adapters.tesla.telemetry_settings import FleetTelemetry
from chargekey.adapters.tesla.vehicle_commands import SignedCommands
from chargekey.adapters.tesla.vehicles import FleetVehicles
from chargekey.domain.secret import Secret
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.notify import Notify
from chargekey.settings import Settings


@dataclass(frozen=True, slots=True)
class Ground:
    """What all journeys stand on."""

    settings: Settings
    clock: Clock
    engine: AsyncEngine
    store: KeptStore
    bus: Bus
    notify: Notify
    http: httpx2.AsyncClient
    key: CommandKey
    record: Record


@dataclass(frozen=True, slots=True)
class Tesla:
    """Tesla as the journeys ask it, and what is sealed on our side of it."""

    oauth: TeslaOAuth
    ring: KeyRing
    vault: KeptVault
    homes: KeptHomes
    vehicles: FleetVehicles
    signed: SignedCommands
    telemetry: FleetTelemetry
    link: TeslaPairingLink
    eye: OwnDomain
    patience: Patience


def tesla_of(ground: Ground) -> Tesla:
    """The adapters of Tesla's wire, over one client and one vault."""
    settings, clock = ground.settings, ground.clock
    oauth = tesla_oauth(settings, ground.http, clock, ground.record)
    ring = KeptRing(settings.key_ring)
    vault, trusted = KeptVault(ground.engine, ring, oauth, clock), frozenset(settings.tesla_regions.values())
    patience = Patience(clock)
    meter = BudgetMeter(ground.store, clock, settings.budgets)
    api = FleetApi(ground.http, vault, trusted, record=ground.record, patience=patience, meter=meter)
    return Tesla(
        oauth=oauth,
        ring=ring,
        vault=vault,
        homes=KeptHomes(ground.engine, ring),
        vehicles=FleetVehicles(api, trusted),
        signed=SignedCommands(api, ground.key, KeptSessions(ground.engine), clock),
        telemetry=FleetTelemetry(api, ground.key, settings.tesla_client_id),
        link=TeslaPairingLink(settings.tesla_pairing_url, settings.key_domain),
        eye=OwnDomain(ground.http, settings.domain_url, ground.key.public_hex),
        patience=patience,
    )


def tesla_oauth(settings: Settings, http: httpx2.AsyncClient, clock: Clock, record: Record) -> TeslaOAuth:
    return TeslaOAuth(
        http,
        clock,
        auth_url=settings.tesla_auth_url,
        token_url=settings.tesla_token_url,
        client_id=settings.tesla_client_id,
        client_secret=Secret(settings.tesla_client_secret.get_secret_value()),
        redirect_uri=settings.callback_url,
        audience=next(iter(settings.tesla_regions.values())),
        record=record,
    )
