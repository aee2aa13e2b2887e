"""Which adapter asks for which market."""

from collections.abc import Callable, Mapping
from typing import Final

import httpx2

from chargekey.adapters.tariffs.amber import Amber
from chargekey.adapters.tariffs.awattar import Awattar
from chargekey.adapters.tariffs.comed import Comed
from chargekey.adapters.tariffs.energy_charts import EnergyCharts
from chargekey.adapters.tariffs.entsoe import Entsoe
from chargekey.adapters.tariffs.nord_pool import NordPool
from chargekey.adapters.tariffs.octopus_agile import OctopusAgile
from chargekey.adapters.tariffs.tibber import Tibber
from chargekey.domain.market import Market
from chargekey.domain.secret import Secret
from chargekey.ports.prices import PublishedPrices

Made = Callable[[httpx2.AsyncClient, Market, str, Secret], PublishedPrices]
SOURCES: Final[Mapping[str, Made]] = {
    "energy-charts": lambda http, market, url, _key: EnergyCharts(http, market, url),
    "awattar": lambda http, market, url, _key: Awattar(http, market, url),
    "entsoe": lambda http, market, url, key: Entsoe(http, market, key, url),
    "nord-pool": lambda http, market, url, _key: NordPool(http, market, url),
    "octopus": lambda http, market, url, _key: OctopusAgile(http, market, url),
    "tibber": lambda http, market, url, key: Tibber(http, market, key, url),
    "amber": lambda http, _market, url, key: Amber(http, key, url),
    "comed": lambda http, market, url, _key: Comed(http, market, url),
}
"""By the source's name in a market's."""


def source_of(http: httpx2.AsyncClient, market: Market, base_url: str, key: Secret) -> PublishedPrices:
    """`base_url` empty: the source's own."""
    return SOURCES[market.name.partition(":")[0]](http, market, base_url, key)
