"""Where this home's prices come from, put together: as set, each market for itself, or those that are shipped."""

from dataclasses import dataclass

import httpx2

from chargekey.adapters.tariffs.bundled_day_ahead import BundledDayAhead
from chargekey.adapters.tariffs.by_kind import TariffsByKind
from chargekey.adapters.tariffs.flat import FlatPrices
from chargekey.adapters.tariffs.kept_day_ahead import KeptDayAhead
from chargekey.adapters.tariffs.sources import source_of
from chargekey.adapters.tariffs.time_of_use import TimeOfUsePrices
from chargekey.journeys.fetch_prices import FetchPrices
from chargekey.ports.clock import Clock
from chargekey.ports.store import Store
from chargekey.settings import Settings


@dataclass(frozen=True, slots=True)
class Pricing:
    """What journeys ask of prices, and what fetches them."""

    tariffs: TariffsByKind
    fetch: FetchPrices


def pricing_of(settings: Settings, store: Store, clock: Clock, http: httpx2.AsyncClient) -> Pricing:
    """With no source set, prices by the hour are those of 2023 and 2024, and nothing is fetched."""
    typed, sources = (FlatPrices(settings.zone), TimeOfUsePrices(settings.zone)), settings.price_sources
    asked = [(one.market, source_of(http, one.market, one.url, one.key)) for one in sources]
    fetch = FetchPrices(store, clock, settings.key_domain, *asked)
    if not sources:
        return Pricing(TariffsByKind(*typed, BundledDayAhead.shipped()), fetch)
    return Pricing(TariffsByKind(*typed, *(KeptDayAhead(store, one.market) for one in sources)), fetch)
