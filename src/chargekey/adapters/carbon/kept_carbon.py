"""How much CO2 power stands for, out of what was published and kept: asking never waits for the network.

Rules of this room:

1. A forecast is gone by for `FRESH` after the source last said anything. Then nothing ahead is known any more.
2. What is behind us stays as it was told last, measured or forecast.
"""

from datetime import datetime

from chargekey.domain.carbon import FRESH, Carbon, Region
from chargekey.ports.store import Store


class KeptCarbon:
    """`ports.carbon.CarbonIntensity`. `region` None: nobody tells."""

    def __init__(self, store: Store, region: Region | None) -> None:
        self._store, self._region = store, region

    @property
    def source(self) -> str:
        return self._region.source if self._region else ""

    async def carbon(self, start: datetime, end: datetime, known_at: datetime) -> Carbon | None:
        if self._region is None:
            return None
        async with self._store.unit() as unit:
            kept = await unit.carbon.slots(self._region, start, end)
            asked = await unit.carbon.asked(self._region)
        is_fresh = asked is not None and asked.got_at is not None and asked.got_at >= known_at - FRESH
        slots = tuple(one for one in kept if is_fresh or not one.is_forecast or one.end <= known_at)
        if not slots:
            return None
        measured = [one.end for one in slots if not one.is_forecast]
        return Carbon(slots, measured[-1] if measured else slots[0].start, self._region.source)
