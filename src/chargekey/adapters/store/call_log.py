"""How every call to Tesla went."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import tables
from chargekey.domain.vehicle import Vin
from chargekey.ports.call_log import Call

_CALL, _CAR = tables.tesla_call, tables.vehicle
_ITS_CAR: Final = select(_CAR.c.id).where(_CAR.c.grant_id == bindparam("of_grant"), _CAR.c.vin == bindparam("of_vin"))
_ADDED: Final = insert(_CALL).values(vehicle_id=_ITS_CAR.scalar_subquery())


class KeptCalls:
    """`ports.call_log.CallLog` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, call: Call) -> None:
        row = {
            "at": call.at,
            "grant_id": call.grant_id,
            "what": call.what,
            "status": call.status,
            "fault": call.fault,
            "request_id": call.request_id,
            "took_ms": call.took_ms,
            "region": call.region,
        }
        its_car = {"of_grant": call.grant_id, "of_vin": call.vin.whole if call.vin else None}
        await self._connection.execute(_ADDED, row | its_car)

    async def latest(self, grant_id: int, limit: int) -> Sequence[Call]:
        newest_first = _calls().where(_CALL.c.grant_id == grant_id).order_by(_CALL.c.at.desc(), _CALL.c.id.desc())
        return [_call(row) for row in await self._connection.execute(newest_first.limit(limit))]

    async def since(self, moment: datetime) -> Sequence[Call]:
        oldest_first = _calls().where(_CALL.c.at >= moment).order_by(_CALL.c.at, _CALL.c.id)
        return [_call(row) for row in await self._connection.execute(oldest_first)]

    async def last_of_each(self, moment: datetime) -> Sequence[Call]:
        alike = (_CALL.c.grant_id, _CALL.c.what, _CALL.c.status, _CALL.c.fault, _CALL.c.region)
        last = select(func.max(_CALL.c.id)).where(_CALL.c.at >= moment).group_by(*alike)
        return [_call(row) for row in await self._connection.execute(_calls().where(_CALL.c.id.in_(last)))]

    async def forget(self, before: datetime) -> None:
        await self._connection.execute(delete(_CALL).where(_CALL.c.at < before))


def _calls() -> Select[Any]:
    return select(_CALL, _CAR.c.vin).join(_CAR, _CAR.c.id == _CALL.c.vehicle_id, isouter=True)


def _call(row: Row[Any]) -> Call:
    return Call(
        at=row.at,
        grant_id=row.grant_id,
        vin=Vin(row.vin) if row.vin else None,
        what=row.what,
        status=row.status,
        fault=row.fault,
        request_id=row.request_id,
        took_ms=row.took_ms,
        region=row.region,
    )
