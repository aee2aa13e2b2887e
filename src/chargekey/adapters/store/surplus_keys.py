"""The keys with which homes tell of their own sun, kept as hashes."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store.surplus_tables import surplus_key
from chargekey.adapters.store.upsert import adding
from chargekey.ports.surplus import SurplusKey

_KEY = surplus_key.c


class KeptSurplusKeys:
    """`ports.surplus.SurplusKeys` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, vehicle_id: int, key_hash: str, now: datetime) -> None:
        row = {"key_hash": key_hash, "made_at": now, "heard_at": None}
        added = adding(self._connection, surplus_key).values(vehicle_id=vehicle_id, **row)
        await self._connection.execute(added.on_conflict_do_update(index_elements=[_KEY.vehicle_id], set_=row))

    async def of_vehicle(self, vehicle_id: int) -> SurplusKey | None:
        found = await self._connection.execute(select(surplus_key).where(_KEY.vehicle_id == vehicle_id))
        row = found.one_or_none()
        return SurplusKey(row.made_at, row.heard_at) if row else None

    async def whose(self, key_hash: str) -> int | None:
        found = await self._connection.execute(select(_KEY.vehicle_id).where(_KEY.key_hash == key_hash))
        return found.scalar_one_or_none()

    async def heard(self, vehicle_id: int, key_hash: str, now: datetime) -> bool:
        its = (_KEY.vehicle_id == vehicle_id, _KEY.key_hash == key_hash)
        marked = await self._connection.execute(update(surplus_key).where(*its).values(heard_at=now))
        return bool(marked.rowcount)

    async def take_back(self, vehicle_id: int) -> None:
        await self._connection.execute(delete(surplus_key).where(_KEY.vehicle_id == vehicle_id))
