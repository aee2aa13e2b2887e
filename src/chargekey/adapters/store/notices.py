"""What drivers are told once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import tables
from chargekey.adapters.store.shapes import readable, write
from chargekey.adapters.store.upsert import adding
from chargekey.ports.notices import Notice, NoticeKind

_NOTICE = tables.notice
_Values = dict[str, str]
_UNREAD: Final = (
    select(_NOTICE)
    .where(_NOTICE.c.driver_id == bindparam("of_driver"), _NOTICE.c.read_at.is_(None))
    .order_by(_NOTICE.c.made_at, _NOTICE.c.id)
)


class KeptNotices:
    """`ports.notices.Notices` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, driver_id: int, kind: NoticeKind, event: str, values: Mapping[str, str], now: datetime
    ) -> Notice | None:
        row = adding(self._connection, _NOTICE).values(
            driver_id=driver_id, kind=kind.value, event=event, filled_with=write(_Values, dict(values)), made_at=now
        )
        told_before = row.on_conflict_do_nothing(index_elements=[_NOTICE.c.driver_id, _NOTICE.c.event])
        added = (await self._connection.execute(told_before.returning(_NOTICE))).one_or_none()
        return _notice(added) if added else None

    async def notice(self, notice_id: int) -> Notice | None:
        found = await self._connection.execute(select(_NOTICE).where(_NOTICE.c.id == notice_id))
        row = found.one_or_none()
        return _notice(row) if row else None

    async def unread(self, driver_id: int) -> Sequence[Notice]:
        found = await self._connection.execute(_UNREAD, {"of_driver": driver_id})
        return [_notice(row) for row in found]

    async def sent(self, notice_id: int, now: datetime) -> None:
        await self._connection.execute(update(_NOTICE).where(_NOTICE.c.id == notice_id).values(sent_at=now))

    async def read(self, driver_id: int, now: datetime, kind: NoticeKind | None = None) -> None:
        his = update(_NOTICE).where(_NOTICE.c.driver_id == driver_id, _NOTICE.c.read_at.is_(None))
        if kind:
            his = his.where(_NOTICE.c.kind == kind.value)
        await self._connection.execute(his.values(read_at=now))


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        driver_id=row.driver_id,
        kind=NoticeKind(row.kind),
        event=row.event,
        values=readable(_Values, row.filled_with) or {},
        made_at=row.made_at,
        sent_at=row.sent_at,
        read_at=row.read_at,
    )
