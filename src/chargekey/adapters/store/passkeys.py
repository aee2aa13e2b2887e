"""Passkeys in the database, and challenges that wait for an answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store.passkey_tables import passkey, passkey_challenge, passkey_holder, passkey_refusal
from chargekey.adapters.store.tables import web_session
from chargekey.adapters.store.upsert import adding
from chargekey.ports.passkeys import NewPasskey, Passkey, Purpose, Use

WAITING_IN_ONE_SESSION: Final = 8
"""A challenge a page, and a browser has several open; more than these wait for nobody."""
_KEPT, _HOLDER, _WAITS, _REFUSED = passkey, passkey_holder, passkey_challenge, passkey_refusal


class KeptPasskeys:
    """`ports.passkeys.PasskeyBook` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    # ── challenges ───────────────────────────────────────────────

    async def open_challenge(self, session_id: int, purpose: Purpose, challenge_hash: str, ends_at: datetime) -> None:
        waiting = select(_WAITS.c.challenge_hash).where(_WAITS.c.web_session_id == session_id)
        latest_first = waiting.order_by(_WAITS.c.ends_at.desc(), _WAITS.c.challenge_hash)
        found = (await self._connection.execute(latest_first)).scalars().all()
        too_many = found[WAITING_IN_ONE_SESSION - 1 :]
        await self._connection.execute(delete(_WAITS).where(_WAITS.c.challenge_hash.in_(too_many)))
        await self._connection.execute(
            insert(_WAITS).values(
                challenge_hash=challenge_hash, web_session_id=session_id, purpose=purpose.value, ends_at=ends_at
            )
        )

    async def use_challenge(self, session_id: int, purpose: Purpose, challenge_hash: str, now: datetime) -> bool:
        its = (
            _WAITS.c.challenge_hash == challenge_hash,
            _WAITS.c.web_session_id == session_id,
            _WAITS.c.purpose == purpose.value,
        )
        gone = await self._connection.execute(delete(_WAITS).where(*its).returning(_WAITS.c.ends_at))
        ends_at = gone.scalar_one_or_none()
        return ends_at is not None and ends_at > now

    # ── passkeys ─────────────────────────────────────────────────

    async def user_handle(self, driver_id: int, fresh: bytes) -> bytes:
        his = _HOLDER.c.driver_id == driver_id
        added = adding(self._connection, _HOLDER).values(driver_id=driver_id, user_handle=fresh)
        await self._connection.execute(added.on_conflict_do_nothing(index_elements=[_HOLDER.c.driver_id]))
        handle: bytes = (await self._connection.execute(select(_HOLDER.c.user_handle).where(his))).scalar_one()
        return handle

    async def add(self, driver_id: int, made: NewPasskey, named: str, now: datetime) -> Passkey | None:
        added = adding(self._connection, _KEPT).values(
            driver_id=driver_id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            is_synced=made.is_synced,
            transports=",".join(made.transports),
            named=named,
            added_at=now,
        )
        once = added.on_conflict_do_nothing(index_elements=[_KEPT.c.credential_id]).returning(_KEPT)
        row = (await self._connection.execute(once)).one_or_none()
        return _passkey(row) if row else None

    async def of_driver(self, driver_id: int) -> Sequence[Passkey]:
        his = select(_KEPT).where(_KEPT.c.driver_id == driver_id).order_by(_KEPT.c.id)
        return [_passkey(row) for row in await self._connection.execute(his)]

    async def by_credential(self, credential_id: bytes, user_handle: bytes) -> Passkey | None:
        query = (
            select(_KEPT)
            .join(_HOLDER, _HOLDER.c.driver_id == _KEPT.c.driver_id)
            .where(_KEPT.c.credential_id == credential_id, _HOLDER.c.user_handle == user_handle)
        )
        row = (await self._connection.execute(query)).one_or_none()
        return _passkey(row) if row else None

    async def rename(self, driver_id: int, passkey_id: int, named: str) -> None:
        await self._connection.execute(update(_KEPT).where(*_his(driver_id, passkey_id)).values(named=named))

    async def remove(self, driver_id: int, passkey_id: int) -> Passkey | None:
        gone = delete(_KEPT).where(*_his(driver_id, passkey_id)).returning(_KEPT)
        row = (await self._connection.execute(gone)).one_or_none()
        return _passkey(row) if row else None

    async def note_use(self, passkey: Passkey, use: Use, now: datetime) -> bool:
        unchanged = (_KEPT.c.id == passkey.id, _KEPT.c.sign_count == passkey.made.sign_count)
        changed = update(_KEPT).where(*unchanged)
        noted = changed.values(sign_count=use.sign_count, is_synced=use.is_synced, used_at=now)
        return (await self._connection.execute(noted)).rowcount == 1

    # ── refusals ─────────────────────────────────────────────────

    async def refusals_from(self, network: str, since: datetime) -> int:
        there = (_REFUSED.c.asked_from == network, _REFUSED.c.at >= since)
        counted = select(func.count()).select_from(_REFUSED).where(*there)
        return int((await self._connection.execute(counted)).scalar_one())

    async def add_refusal(self, network: str, now: datetime) -> None:
        await self._connection.execute(insert(_REFUSED).values(asked_from=network, at=now))

    async def forget_refusals(self, before: datetime) -> None:
        await self._connection.execute(delete(_REFUSED).where(_REFUSED.c.at < before))

    # ── the offer ────────────────────────────────────────────────

    async def may_be_offered(self, driver_id: int) -> bool:
        has = select(_KEPT.c.id).where(_KEPT.c.driver_id == driver_id).exists()
        saw = select(_HOLDER.c.driver_id).where(_HOLDER.c.driver_id == driver_id, _HOLDER.c.offered_at.is_not(None))
        return not (await self._connection.execute(select(has | saw.exists()))).scalar_one()

    async def offer(self, session_id: int, until: datetime | None) -> None:
        its = web_session.c.id == session_id
        await self._connection.execute(update(web_session).where(its).values(offers_passkey_until=until))

    async def was_offered(self, driver_id: int, fresh: bytes, now: datetime) -> None:
        await self.user_handle(driver_id, fresh)
        first = (_HOLDER.c.driver_id == driver_id, _HOLDER.c.offered_at.is_(None))
        await self._connection.execute(update(_HOLDER).where(*first).values(offered_at=now))


def _his(driver_id: int, passkey_id: int) -> tuple[Any, Any]:
    return _KEPT.c.driver_id == driver_id, _KEPT.c.id == passkey_id


def _passkey(row: Row[Any]) -> Passkey:
    transports = tuple(filter(None, row.transports.split(",")))
    made = NewPasskey(bytes(row.credential_id), bytes(row.public_key), row.sign_count, row.is_synced, transports)
    return Passkey(row.id, row.driver_id, made, row.named, row.added_at, row.used_at)
