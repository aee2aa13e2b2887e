"""What homes tell of their own sun, by quarter of an hour."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store.surplus_tables import home_surplus
from chargekey.adapters.store.upsert import adding
from chargekey.domain.surplus import SurplusSlot
from chargekey.domain.tariff import QUARTER
from chargekey.ports.surplus import KeptSurplus

_TOLD = home_surplus.c


class KeptSurplusLog:
    """`ports.surplus.SurplusLog` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, vehicle_id: int, slots: Sequence[SurplusSlot], now: datetime, *, measured: bool) -> None:
        if any(one.end - one.start != QUARTER for one in slots):
            raise ValueError("surplus is kept by quarter of an hour")
        if not slots:
            return
        added = adding(self._connection, home_surplus)
        latest = {name: added.excluded[name] for name in ("surplus_w", "measured", "told_at")}
        replaced = added.on_conflict_do_update(
            index_elements=[_TOLD.vehicle_id, _TOLD.starts_at],
            set_=latest,
            where=or_(added.excluded.measured, ~_TOLD.measured),
        )
        rows = [
            {"vehicle_id": vehicle_id, "starts_at": start, "surplus_w": surplus_w, "measured": measured, "told_at": now}
            for start, _, surplus_w in slots
        ]
        await self._connection.execute(replaced, rows)

    async def told(self, vehicle_id: int, start: datetime, end: datetime) -> Sequence[KeptSurplus]:
        touches = (_TOLD.vehicle_id == vehicle_id, _TOLD.starts_at > start - QUARTER, _TOLD.starts_at < end)
        rows = await self._connection.execute(select(home_surplus).where(*touches).order_by(_TOLD.starts_at))
        return [
            KeptSurplus(SurplusSlot(row.starts_at, row.starts_at + QUARTER, row.surplus_w), row.measured, row.told_at)
            for row in rows
        ]

    async def forget(self, before: datetime) -> None:
        await self._connection.execute(delete(home_surplus).where(_TOLD.starts_at < before))
