"""Published carbon intensity, kept by region."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store.carbon_tables import carbon_asked, published_carbon
from chargekey.adapters.store.upsert import adding
from chargekey.domain.carbon import CarbonSlot, Region
from chargekey.ports.prices import Asked

_TOLD, _ASKED = published_carbon.c, carbon_asked.c


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
        for old in there:
            if any(old.start < one.end and one.start < old.end for one in new):
                gone = delete(published_carbon).where(_TOLD.region == region.name, _TOLD.starts_at == old.start)
                await self._connection.execute(gone)
        if new:
            added = adding(self._connection, published_carbon)  # two who ask at once bring the same
            values = {name: added.excluded[name] for name in ("ends_at", "g_per_kwh", "is_forecast", "fetched_at")}
            same = [_TOLD.region, _TOLD.starts_at]
            rows = [_row(region, one, fetched_at) for one in new]
            await self._connection.execute(added.on_conflict_do_update(index_elements=same, set_=values), rows)

    async def slots(self, region: Region, start: datetime, end: datetime) -> Sequence[CarbonSlot]:
        within = (_TOLD.region == region.name, _TOLD.ends_at > start, _TOLD.starts_at < end)
        found = await self._connection.execute(select(published_carbon).where(*within).order_by(_TOLD.starts_at))
        return [CarbonSlot(row.starts_at, row.ends_at, row.g_per_kwh, row.is_forecast) for row in found]

    async def asked(self, region: Region) -> Asked | None:
        query = select(carbon_asked).where(_ASKED.region == region.name)
        row = (await self._connection.execute(query)).one_or_none()
        return Asked(row.at, row.got_at, row.tries, row.trouble) if row else None

    async def save_asked(self, region: Region, asked: Asked) -> None:
        row = {"at": asked.at, "got_at": asked.got_at, "tries": asked.tries, "trouble": asked.trouble[:40]}
        added = adding(self._connection, carbon_asked).values(region=region.name, **row)
        await self._connection.execute(added.on_conflict_do_update(index_elements=[_ASKED.region], set_=row))


def _row(region: Region, slot: CarbonSlot, fetched_at: datetime) -> dict[str, object]:
    return {
        "region": region.name,
        "starts_at": slot.start,
        "ends_at": slot.end,
        "g_per_kwh": slot.g_per_kwh,
        "is_forecast": slot.is_forecast,
        "fetched_at": fetched_at,
    }
