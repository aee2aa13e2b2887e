"""Which adapter asks for which region."""

from collections.abc import Callable, Mapping
from typing import Final

import httpx2

from chargekey.adapters.carbon.electricity_maps import ElectricityMaps
from chargekey.adapters.carbon.gb_carbon import GbCarbon
from chargekey.domain.carbon import Region
from chargekey.domain.secret import Secret
from chargekey.ports.carbon import PublishedCarbon

Made = Callable[[httpx2.AsyncClient, Region, str, Secret], PublishedCarbon]
SOURCES: Final[Mapping[str, Made]] = {
    "gb-carbon": lambda http, region, url, _key: GbCarbon(http, region, url),
    "electricity-maps": lambda http, region, url, key: ElectricityMaps(http, region, key, url),
}
"""By the source's name in a region's."""


def carbon_source_of(http: httpx2.AsyncClient, region: Region, base_url: str, key: Secret) -> PublishedCarbon:
    """`base_url` empty: the source's own."""
    return SOURCES[region.name.partition(":")[0]](http, region, base_url, key)
