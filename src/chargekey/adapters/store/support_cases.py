"""Support cases, their messages and who looked at them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import tables
from chargekey.adapters.store.sealing import KeyRing, SealBroken
from chargekey.adapters.store.shapes import readable, write
from chargekey.adapters.store.support_tables import cause_judged, support_case, support_look, support_message
from chargekey.adapters.store.upsert import adding
from chargekey.domain.secret import Secret
from chargekey.domain.support import Bundle, SupportCode, Word
from chargekey.ports.support import By, LookedAs, LookedAt, Message, SupportCase, Waiting

log = structlog.get_logger()
_CASE, _MESSAGE, _LOOK = support_case.c, support_message.c, support_look.c
_OPEN: Final = (_CASE.sent_at.is_not(None), _CASE.closed_at.is_(None))


def place_of_text(code: SupportCode, at: datetime) -> str:
    """What a message is bound to where it lies."""
    return f"support_message.text:{code}:{at.isoformat()}"


def place_of_bundle(code: SupportCode) -> str:
    """What went along with a case is bound to it."""
    return f"support_case.contents:{code}"


class RingEnvelope:
    """`ports.support.Envelope` by our own key ring."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def seal_text(self, text: str, code: SupportCode, at: datetime) -> bytes:
        return self._ring.seal(Secret(text), place_of_text(code, at))

    def open_text(self, sealed: bytes, code: SupportCode, at: datetime) -> str | None:
        opened = self._open(sealed, place_of_text(code, at))
        return opened.reveal() if opened else None

    def seal_bundle(self, bundle: Bundle, code: SupportCode) -> bytes:
        return self._ring.seal(Secret(write(Bundle, bundle)), place_of_bundle(code))

    def open_bundle(self, sealed: bytes, code: SupportCode) -> Bundle | None:
        opened = self._open(sealed, place_of_bundle(code))
        return readable(Bundle, opened.reveal()) if opened else None

    def _open(self, sealed: bytes, place: str) -> Secret | None:
        try:
            return self._ring.open(sealed, place)
        except SealBroken:
            log.error("a sealed value does not open", where=place)
            return None


class KeptSupport:
    """`ports.support.SupportCases` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def draft(self, driver_id: int, code: SupportCode, contents: bytes, now: datetime) -> SupportCase | None:
        row = adding(self._connection, support_case).values(
            driver_id=driver_id, code=code.text, made_at=now, contents_sealed=contents
        )
        taken = row.on_conflict_do_nothing(index_elements=[_CASE.code])
        added = (await self._connection.execute(taken.returning(support_case))).one_or_none()
        return _case(added) if added else None

    async def case(self, code: SupportCode) -> SupportCase | None:
        found = await self._connection.execute(select(support_case).where(_CASE.code == code.text))
        row = found.one_or_none()
        return _case(row) if row else None

    async def by_id(self, case_id: int) -> SupportCase | None:
        row = (await self._connection.execute(select(support_case).where(_CASE.id == case_id))).one_or_none()
        return _case(row) if row else None

    async def of_driver(self, driver_id: int) -> SupportCase | None:
        sent = select(support_case).where(_CASE.driver_id == driver_id, _CASE.sent_at.is_not(None))
        row = (await self._connection.execute(sent.order_by(_CASE.sent_at.desc(), _CASE.id.desc()))).first()
        return _case(row) if row else None

    async def waiting(self) -> Sequence[Waiting]:
        last_answer = func.coalesce(func.max(_MESSAGE.id).filter(_MESSAGE.by == By.AGENT.value), 0)
        answered = select(last_answer).where(_MESSAGE.case_id == _CASE.id).correlate(support_case).scalar_subquery()
        since = func.min(_MESSAGE.at).label("since")
        unanswered = (
            select(_MESSAGE.case_id, since)
            .join(support_case, _CASE.id == _MESSAGE.case_id)
            .where(*_OPEN, _MESSAGE.by == By.DRIVER.value, _MESSAGE.id > answered)
            .group_by(_MESSAGE.case_id)
            .subquery()
        )
        joined = select(support_case, unanswered.c.since).join(unanswered, unanswered.c.case_id == _CASE.id)
        found = await self._connection.execute(joined.order_by(unanswered.c.since, _CASE.id))
        return [Waiting(_case(row), row.since) for row in found]

    async def answered(self, limit: int) -> Sequence[SupportCase]:
        last = select(func.max(_MESSAGE.id)).where(_MESSAGE.case_id == _CASE.id).correlate(support_case)
        ours = select(support_case).join(support_message, _MESSAGE.id == last.scalar_subquery())
        found = ours.where(*_OPEN, _MESSAGE.by == By.AGENT.value).order_by(_MESSAGE.id.desc()).limit(limit)
        return [_case(row) for row in await self._connection.execute(found)]

    async def send(self, case_id: int, contents: bytes, named: Word | None, now: datetime) -> None:
        values = {"contents_sealed": contents, "named": named.text if named else None, "sent_at": now}
        await self._connection.execute(update(support_case).where(_CASE.id == case_id).values(**values))

    async def renew(self, case_id: int, contents: bytes) -> None:
        await self._connection.execute(update(support_case).where(_CASE.id == case_id).values(contents_sealed=contents))

    async def write(self, case_id: int, by: By, text: bytes, now: datetime) -> Message:
        await self._connection.execute(update(support_case).where(_CASE.id == case_id).values(closed_at=None))
        added = await self._connection.execute(
            insert(support_message)
            .values(case_id=case_id, at=now, by=by.value, text_sealed=text)
            .returning(support_message)
        )
        return _message(added.one())

    async def messages(self, case_id: int) -> Sequence[Message]:
        found = await self._connection.execute(
            select(support_message).where(_MESSAGE.case_id == case_id).order_by(_MESSAGE.id)
        )
        return [_message(row) for row in found]

    async def message(self, message_id: int) -> Message | None:
        found = await self._connection.execute(select(support_message).where(_MESSAGE.id == message_id))
        row = found.one_or_none()
        return _message(row) if row else None

    async def mailed(self, message_id: int, now: datetime) -> None:
        await self._connection.execute(update(support_message).where(_MESSAGE.id == message_id).values(mailed_at=now))

    async def log_look(self, case_id: int, agent_id: int, what: LookedAs, now: datetime) -> None:
        await self._connection.execute(
            insert(support_look).values(case_id=case_id, agent_id=agent_id, what=what.value, at=now)
        )

    async def looks(self, case_id: int) -> Sequence[LookedAt]:
        agent = tables.driver.c
        found = await self._connection.execute(
            select(_LOOK.at, _LOOK.what, agent.email)
            .join(tables.driver, agent.id == _LOOK.agent_id, isouter=True)
            .where(_LOOK.case_id == case_id)
            .order_by(_LOOK.id)
        )
        return [LookedAt(row.at, LookedAs(row.what), row.email) for row in found]

    async def judge(self, case_id: int, truly: Word, now: datetime) -> None:
        named = select(_CASE.named).where(_CASE.id == case_id).scalar_subquery()
        await self._connection.execute(insert(cause_judged).values(named=named, truly=truly.text, at=now))
        await self._connection.execute(update(support_case).where(_CASE.id == case_id).values(truly=truly.text))

    async def judged(self) -> Sequence[tuple[Word | None, Word, int]]:
        pair = (cause_judged.c.named, cause_judged.c.truly)
        counted = select(*pair, func.count().label("times")).group_by(*pair).order_by(func.count().desc(), *pair)
        return [(_word(row.named), Word(row.truly), row.times) for row in await self._connection.execute(counted)]

    async def close(self, case_id: int, now: datetime) -> None:
        await self._connection.execute(update(support_case).where(_CASE.id == case_id).values(closed_at=now))

    async def erase(self, case_id: int) -> None:
        await self._connection.execute(delete(support_case).where(_CASE.id == case_id))


def _word(text: str | None) -> Word | None:
    return Word(text) if text else None


def _case(row: Row[Any]) -> SupportCase:
    return SupportCase(
        id=row.id,
        driver_id=row.driver_id,
        code=SupportCode(row.code),
        made_at=row.made_at,
        sent_at=row.sent_at,
        closed_at=row.closed_at,
        contents=row.contents_sealed,
        named=_word(row.named),
        truly=_word(row.truly),
    )


def _message(row: Row[Any]) -> Message:
    return Message(row.id, row.case_id, row.at, By(row.by), row.text_sealed, row.mailed_at)
