"""Outages of Tesla."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import tables
from chargekey.ports.outages import Outage

_OUTAGE = tables.tesla_outage
_LASTING: Final = select(_OUTAGE).where(_OUTAGE.c.over_at.is_(None)).order_by(_OUTAGE.c.since, _OUTAGE.c.id)


class KeptOutages:
    """`ports.outages.Outages` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lasting(self) -> Sequence[Outage]:
        found = await self._connection.execute(_LASTING)
        return [Outage(row.id, row.region, row.since, row.over_at) for row in found]

    async def begin(self, region: str, since: datetime) -> Outage:
        added = await self._connection.execute(
            insert(_OUTAGE).values(region=region, since=since).returning(_OUTAGE.c.id)
        )
        return Outage(added.scalar_one(), region, since, None)

    async def end(self, outage_id: int, at: datetime) -> None:
        await self._connection.execute(update(_OUTAGE).where(_OUTAGE.c.id == outage_id).values(over_at=at))
