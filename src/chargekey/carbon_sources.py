"""Where this home knows from how much CO2 power stands for, put together; nowhere, unless it is set."""

from dataclasses import dataclass

import httpx2

from chargekey.adapters.carbon.kept_carbon import KeptCarbon
from chargekey.adapters.carbon.sources import carbon_source_of
from chargekey.domain.secret import Secret
from chargekey.journeys.fetch_carbon import FetchCarbon
from chargekey.ports.clock import Clock
from chargekey.ports.store import Store
from chargekey.settings import Settings


@dataclass(frozen=True, slots=True)
class CarbonKnown:
    """What journeys ask of carbon, and what fetches it."""

    intensity: KeptCarbon
    fetch: FetchCarbon


def carbon_of(settings: Settings, store: Store, clock: Clock, http: httpx2.AsyncClient) -> CarbonKnown:
    """With no source set nothing is known, and nothing is fetched."""
    region, who = settings.region, settings.key_domain
    if region is None:
        return CarbonKnown(KeptCarbon(store, None), FetchCarbon(store, clock, who, None, None))
    source = carbon_source_of(http, region, settings.carbon_url, Secret(settings.carbon_key.get_secret_value()))
    return CarbonKnown(KeptCarbon(store, region), FetchCarbon(store, clock, who, source, region))
