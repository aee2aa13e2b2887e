"""Telling cars what to stream, signed by our command key as they want it (tesla-fleet-api §4.6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import AwareDatetime, Field

from chargekey.adapters.telemetry.fields import NAMES, OURS_A_UNIT
from chargekey.adapters.tesla import shapes
from chargekey.adapters.tesla.answers import request_id_of, small_print
from chargekey.adapters.tesla.command_key import CommandKey
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.signing.telemetry_jws import signed_settings
from chargekey.domain.streaming import Sends, StreamConfig
from chargekey.domain.told_to_stream import HowFar, Stands
from chargekey.domain.vehicle import Vin
from chargekey.ports.faults import Puzzling
from chargekey.ports.tesla import Answer

SKIPPED: Final[Mapping[str, Stands]] = {
    "missing_key": Stands.NO_KEY,
    "unsupported_hardware": Stands.HARDWARE,
    "unsupported_firmware": Stands.FIRMWARE,
    "max_configs": Stands.FULL,
}
"""Why Tesla leaves a car out."""


class Told(shapes.Body):
    """What came of telling some cars, or taking it back: how many were told, and by reason who was left out."""

    updated_vehicles: shapes.Whole = Field(None, ge=0, le=shapes.MOST)
    skipped_vehicles: dict[str, list[str] | None] | None = None


class ToldBody(shapes.Body):
    """The answer to both."""

    response: Told


class ConfigBody(shapes.Body):
    """A config as Tesla has it; what is in it is ours."""


class Far(shapes.Body):
    """How far a config got."""

    synced: bool | None = None
    config: ConfigBody | None = None
    limit_reached: bool | None = None


class FarBody(shapes.Body):
    """The answer to that."""

    response: Far


class Against(shapes.Body):
    """What a car said against a config. `name` is the client id of the app whose it is."""

    created_at: AwareDatetime | None = None
    name: str | None = None
    error: str | None = None
    error_name: str | None = None


class AllAgainst(shapes.Body):
    """Everything of the kind."""

    fleet_telemetry_errors: list[Against] | None = None


class AgainstBody(shapes.Body):
    """The answer to what it said."""

    response: AllAgainst


class FleetTelemetry:
    """`ports.tesla.TelemetrySettings`, for the app with that client id."""

    def __init__(self, api: FleetApi, key: CommandKey, client_id: str) -> None:
        self._api, self._key, self._client_id = api, key, client_id

    async def tell(self, grant_id: int, vin: Vin, config: StreamConfig, until: datetime) -> Answer[Stands]:
        token = signed_settings(self._key.private, _written(config, until))
        path, told = "/api/1/vehicles/fleet_telemetry_config_jws", {"vins": [vin.whole], "token": token}
        response = await self._api.command(grant_id, path, told, about=vin)
        answer, request_id = shapes.read(ToldBody, response).response, request_id_of(response)
        for reason, left_out in (answer.skipped_vehicles or {}).items():
            if vin.whole in (left_out or ()):
                if reason not in SKIPPED:
                    raise Puzzling(small_print(f"left out: {reason}"), request_id=request_id)
                return Answer(SKIPPED[reason], request_id)
        if not answer.updated_vehicles:
            raise Puzzling("neither taken nor left out", request_id=request_id)
        return Answer(Stands.WAITS, request_id)

    async def how_far(self, grant_id: int, vin: Vin) -> Answer[HowFar]:
        response = await self._api.ask(grant_id, _path(vin, "config"))
        told = shapes.read(FarBody, response).response
        how_far = HowFar(bool(told.synced), told.config is not None, bool(told.limit_reached))
        return Answer(how_far, request_id_of(response))

    async def trouble(self, grant_id: int, vin: Vin, since: datetime) -> Answer[str]:
        response = await self._api.ask(grant_id, _path(vin, "errors"))
        said = shapes.read(AgainstBody, response).response.fleet_telemetry_errors or []
        ours = [one for one in said if one.name in (None, self._client_id) and (one.created_at or since) >= since]
        newest = max(ours, key=lambda one: one.created_at or since, default=None)
        text = small_print(f"{newest.error_name or ''} {newest.error or ''}") if newest else ""
        return Answer(text, request_id_of(response))

    async def take_back(self, grant_id: int, vin: Vin) -> Answer[bool]:
        response = await self._api.take_away(grant_id, _path(vin, "config"))
        told = shapes.read(ToldBody, response).response
        return Answer(bool(told.updated_vehicles), request_id_of(response))


def _path(vin: Vin, what: str) -> str:
    return f"/api/1/vehicles/{vin.whole}/fleet_telemetry_{what}"


def _written(config: StreamConfig, until: datetime) -> Mapping[str, object]:
    """As Tesla wants it. The port is a number: as text it is taken, and the car never connects (#119)."""
    return {
        "hostname": config.to.host,
        "port": config.to.port,
        "ca": config.to.ca,
        "fields": {NAMES[signal]: _field(sends, OURS_A_UNIT.get(signal, 1)) for signal, sends in config.sends.items()},
        "exp": int(until.timestamp()),
        "prefer_typed": True,
        "delivery_policy": "latest",
    }


def _field(sends: Sends, ours_a_unit: int) -> Mapping[str, float]:
    said: dict[str, float] = {"interval_seconds": int(sends.every.total_seconds())}
    if sends.least is not None:
        whole, rest = divmod(sends.least, ours_a_unit)
        said["minimum_delta"] = sends.least / ours_a_unit if rest else whole
    if sends.again is not None:
        said["resend_interval_seconds"] = int(sends.again.total_seconds())
    return said
