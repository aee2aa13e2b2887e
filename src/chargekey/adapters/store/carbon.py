"""Published carbon intensity, kept by region."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store.carbon_tables import carbon_asked, published_carbon
from chargekey.adapters.store.published import Published
from chargekey.domain.carbon import CarbonSlot, Region
from chargekey.ports.prices import Asked

_TOLD = published_carbon.c


class KeptCarbonLog:
    """`ports.carbon.CarbonLog` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, region: Region, slots: Sequence[CarbonSlot], fetched_at: datetime) -> None:
        if not slots:
            return
        there = await self.slots(region, slots[0].start, slots[-1].end)
        known = set(there)
        new = [one for one in slots if one not in known]
        rows = [{"g_per_kwh": one.g_per_kwh, "is_forecast": one.is_forecast, "fetched_at": fetched_at} for one in new]
        await self._of(region).replace(there, new, rows)

    async def slots(self, region: Region, start: datetime, end: datetime) -> Sequence[CarbonSlot]:
        within = (_TOLD.region == region.name, _TOLD.ends_at > start, _TOLD.starts_at < end)
        found = await self._connection.execute(select(published_carbon).where(*within).order_by(_TOLD.starts_at))
        return [CarbonSlot(row.starts_at, row.ends_at, row.g_per_kwh, row.is_forecast) for row in found]

    async def asked(self, region: Region) -> Asked | None:
        return await self._of(region).asked()

    async def save_asked(self, region: Region, asked: Asked) -> None:
        await self._of(region).save_asked(asked)

    def _of(self, region: Region) -> Published:
        return Published(self._connection, published_carbon, carbon_asked, region.name)
