"""Which adapter asks for which market."""

from collections.abc import Callable, Mapping
from typing import Final

import httpx2

from chargekey.adapters.tariffs.awattar import Awattar
from chargekey.adapters.tariffs.energy_charts import HOME as ENERGY_CHARTS
from chargekey.adapters.tariffs.energy_charts import EnergyCharts
from chargekey.adapters.tariffs.entsoe import HOME as ENTSOE
from chargekey.adapters.tariffs.entsoe import Entsoe
from chargekey.adapters.tariffs.nord_pool import HOME as NORD_POOL
from chargekey.adapters.tariffs.nord_pool import NordPool
from chargekey.adapters.tariffs.octopus_agile import HOME as OCTOPUS
from chargekey.adapters.tariffs.octopus_agile import OctopusAgile
from chargekey.adapters.tariffs.tibber import HOME as TIBBER
from chargekey.adapters.tariffs.tibber import Tibber
from chargekey.domain.market import Market
from chargekey.domain.secret import Secret
from chargekey.ports.prices import PublishedPrices

Made = Callable[[httpx2.AsyncClient, Market, str, Secret], PublishedPrices]
SOURCES: Final[Mapping[str, Made]] = {
    "energy-charts": lambda http, market, url, _key: EnergyCharts(http, market, url or ENERGY_CHARTS),
    "awattar": lambda http, market, url, _key: Awattar(http, market, url),
    "entsoe": lambda http, market, url, key: Entsoe(http, market, key, url or ENTSOE),
    "nord-pool": lambda http, market, url, _key: NordPool(http, market, url or NORD_POOL),
    "octopus": lambda http, market, url, _key: OctopusAgile(http, market, url or OCTOPUS),
    "tibber": lambda http, market, url, key: Tibber(http, market, key, url or TIBBER),
}
"""By the source's name in a market's."""


def source_of(http: httpx2.AsyncClient, market: Market, base_url: str, key: Secret) -> PublishedPrices:
    """`base_url` empty: the source's own."""
    return SOURCES[market.name.partition(":")[0]](http, market, base_url, key)
