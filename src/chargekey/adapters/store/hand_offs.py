"""Pages for owners, by the hash of their link."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import tables
from chargekey.domain.hand_off import Course, Reason
from chargekey.ports.hand_offs import OwnersPage

_PAGE = tables.hand_off
_CAR = tables.hand_off_car
_UNFINISHED = and_(_PAGE.c.declined_at.is_(None), _PAGE.c.revoked_at.is_(None), _PAGE.c.done_at.is_(None))


class KeptHandOffs:
    """`ports.hand_offs.HandOffs` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, driver_id: int, token_hash: str, asks_as: str, vehicles: Sequence[int], course: Course) -> int:
        values = {"made_at": course.made_at, "ends_at": course.ends_at, "words": ""}
        added = await self._connection.execute(
            insert(_PAGE)
            .values(driver_id=driver_id, token_hash=token_hash, asks_as=asks_as, **values)
            .returning(_PAGE.c.id)
        )
        number = int(added.scalar_one())
        cars = [{"hand_off_id": number, "vehicle_id": vehicle_id} for vehicle_id in vehicles]
        await self._connection.execute(insert(_CAR), cars)
        return number

    async def by_token(self, token_hash: str) -> OwnersPage | None:
        found = await self._pages(_PAGE.c.token_hash == token_hash)
        return found[0] if found else None

    async def latest_about(self, vehicle_id: int) -> OwnersPage | None:
        about = select(func.max(_CAR.c.hand_off_id)).where(_CAR.c.vehicle_id == vehicle_id).scalar_subquery()
        found = await self._pages(_PAGE.c.id == about)
        return found[0] if found else None

    async def of_driver(self, driver_id: int) -> Sequence[OwnersPage]:
        return await self._pages(_PAGE.c.driver_id == driver_id)

    async def made_since(self, driver_id: int, moment: datetime) -> int:
        counted = await self._connection.execute(
            select(func.count()).select_from(_PAGE).where(_PAGE.c.driver_id == driver_id, _PAGE.c.made_at >= moment)
        )
        return int(counted.scalar_one())

    async def open(self, page_id: int, now: datetime) -> None:
        await self._set(and_(_PAGE.c.id == page_id, _PAGE.c.opened_at.is_(None)), opened_at=now)

    async def agree(self, page_id: int, session_id: int, now: datetime) -> bool:
        unanswered = and_(_PAGE.c.id == page_id, _UNFINISHED, _PAGE.c.agreed_at.is_(None), _PAGE.c.ends_at > now)
        return await self._set(unanswered, agreed_at=now, answered_in=session_id)

    async def consent(self, page_id: int, session_id: int, now: datetime) -> None:
        await self._set(and_(_PAGE.c.id == page_id, _UNFINISHED, _PAGE.c.answered_in == session_id), consented_at=now)

    async def decline(self, page_id: int, session_id: int, now: datetime, reason: Reason, words: str) -> bool:
        his = or_(_PAGE.c.agreed_at.is_(None), _PAGE.c.answered_in == session_id)
        unanswered = and_(_PAGE.c.id == page_id, _UNFINISHED, his, _PAGE.c.ends_at > now)
        return await self._set(unanswered, declined_at=now, answered_in=session_id, reason=reason.value, words=words)

    async def revoke(self, page_id: int, now: datetime) -> bool:
        return await self._set(and_(_PAGE.c.id == page_id, _UNFINISHED, _PAGE.c.ends_at > now), revoked_at=now)

    async def finish(self, page_id: int, now: datetime) -> None:
        await self._set(and_(_PAGE.c.id == page_id, _UNFINISHED), done_at=now)

    async def _set(self, which: ColumnElement[bool], **values: Any) -> bool:
        changed = await self._connection.execute(update(_PAGE).where(which).values(**values))
        return bool(changed.rowcount)

    async def _pages(self, which: ColumnElement[bool]) -> list[OwnersPage]:
        rows = (await self._connection.execute(select(_PAGE).where(which).order_by(_PAGE.c.id.desc()))).all()
        listed = select(_CAR).where(_CAR.c.hand_off_id.in_([row.id for row in rows])).order_by(_CAR.c.vehicle_id)
        cars = (await self._connection.execute(listed)).all() if rows else []
        return [_page(row, tuple(car.vehicle_id for car in cars if car.hand_off_id == row.id)) for row in rows]


def _page(row: Row[tuple[object, ...]], vehicles: tuple[int, ...]) -> OwnersPage:
    course = Course(
        made_at=row.made_at,
        ends_at=row.ends_at,
        opened_at=row.opened_at,
        agreed_at=row.agreed_at,
        consented_at=row.consented_at,
        declined_at=row.declined_at,
        revoked_at=row.revoked_at,
        done_at=row.done_at,
    )
    return OwnersPage(
        id=row.id,
        driver_id=row.driver_id,
        asks_as=row.asks_as,
        vehicles=vehicles,
        course=course,
        answered_in=row.answered_in,
        reason=Reason(row.reason) if row.reason else None,
        words=row.words,
    )
