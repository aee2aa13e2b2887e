"""Grants of another account that came back: which they are, until when, and which cars they have."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import tables
from chargekey.domain.vehicle import Vin
from chargekey.ports.people import Grant
from chargekey.ports.undecided import Undecided

_UNDECIDED = tables.undecided_grant
_GRANT = tables.tesla_grant


class KeptUndecided:
    """`ports.undecided.UndecidedGrants` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, driver_id: int, account: str, base_url: str, now: datetime, ends_at: datetime) -> Grant:
        added = await self._connection.execute(
            insert(_GRANT)
            .values(driver_id=driver_id, account=account, base_url=base_url, created_at=now)
            .returning(_GRANT.c.id)
        )
        number = int(added.scalar_one())
        await self._connection.execute(insert(_UNDECIDED).values(grant_id=number, came_at=now, ends_at=ends_at))
        return Grant(number, driver_id, account, base_url)

    async def of(self, driver_id: int) -> Undecided | None:
        token = tables.token
        saved = exists().where(token.c.grant_id == _GRANT.c.id)
        found = await self._connection.execute(
            select(_UNDECIDED, _GRANT.c.driver_id, _GRANT.c.account, _GRANT.c.base_url)
            .join(_GRANT, _GRANT.c.id == _UNDECIDED.c.grant_id)
            .where(_GRANT.c.driver_id == driver_id, saved)
            .order_by(_GRANT.c.id.desc())
            .limit(1)
        )
        row = found.one_or_none()
        return _undecided(row) if row else None

    async def looked(self, grant_id: int, cars: Sequence[Vin] | None, now: datetime) -> None:
        told = None if cars is None else " ".join(vin.whole for vin in cars)
        await self._connection.execute(
            update(_UNDECIDED).where(_UNDECIDED.c.grant_id == grant_id).values(looked_at=now, cars=told)
        )

    async def settle(self, grant_id: int) -> bool:
        gone = await self._connection.execute(delete(_UNDECIDED).where(_UNDECIDED.c.grant_id == grant_id))
        return bool(gone.rowcount)


def is_undecided(grant_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the grant of that number still waits for its driver's word."""
    return exists().where(_UNDECIDED.c.grant_id == grant_id)


def _undecided(row: Row[Any]) -> Undecided:
    cars = None if row.cars is None else tuple(Vin(whole) for whole in row.cars.split())
    grant = Grant(row.grant_id, row.driver_id, row.account, row.base_url)
    return Undecided(grant, row.came_at, row.ends_at, row.looked_at, cars)
