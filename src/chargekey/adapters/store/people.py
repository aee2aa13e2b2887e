"""Drivers, browser sessions and sign-in links."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import tables
from chargekey.adapters.store.push_tables import push_device
from chargekey.domain.secret import Secret
from chargekey.ports.people import Driver, LinksAsked, SignedInBrowser, SignInLink, WebSession

LINKS_KEPT: Final = timedelta(days=1)
"""Longer than they are good for and than they are counted over: who comes late reads that his is too old."""


class KeptPeople:
    """`ports.people.People` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open_session(self, cookie_hash: str, csrf: Secret, now: datetime, expires_at: datetime) -> WebSession:
        kept = await self._connection.execute(
            insert(tables.web_session)
            .values(cookie_hash=cookie_hash, csrf=csrf.reveal(), last_seen_at=now, expires_at=expires_at)
            .returning(tables.web_session)
        )
        return _session(kept.one())

    async def session(self, cookie_hash: str, now: datetime) -> WebSession | None:
        table = tables.web_session
        found = await self._connection.execute(
            select(table).where(table.c.cookie_hash == cookie_hash, table.c.expires_at > now)
        )
        row = found.one_or_none()
        return _session(row) if row else None

    async def visitor(self, cookie_hash: str, now: datetime) -> tuple[WebSession, Driver | None] | None:
        sessions, drivers = tables.web_session, tables.driver
        joined = sessions.outerjoin(drivers, drivers.c.id == sessions.c.driver_id)
        query = select(sessions, drivers.c.email, drivers.c.locale).select_from(joined)
        found = await self._connection.execute(
            query.where(sessions.c.cookie_hash == cookie_hash, sessions.c.expires_at > now)
        )
        if (row := found.one_or_none()) is None:
            return None
        return _session(row), Driver(row.driver_id, row.email, row.locale) if row.driver_id else None

    async def driver_in(self, session_id: int, now: datetime) -> int | None:
        table = tables.web_session
        query = select(table.c.driver_id).where(table.c.id == session_id, table.c.expires_at > now)
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def touch_session(self, session_id: int, now: datetime, expires_at: datetime) -> None:
        table = tables.web_session
        await self._connection.execute(
            update(table).where(table.c.id == session_id).values(last_seen_at=now, expires_at=expires_at)
        )

    async def sign_in(
        self,
        session_id: int,
        driver_id: int,
        cookie_hash: str,
        csrf: Secret,
        named: str = "",
        passkey_id: int | None = None,
    ) -> None:
        table = tables.web_session
        await self._connection.execute(
            update(table)
            .where(table.c.id == session_id)
            .values(
                driver_id=driver_id, cookie_hash=cookie_hash, csrf=csrf.reveal(), named=named, passkey_id=passkey_id
            )
        )
        of_another = (push_device.c.web_session_id == session_id, push_device.c.driver_id != driver_id)
        await self._connection.execute(delete(push_device).where(*of_another))

    async def sign_out(self, session_id: int) -> None:
        table = tables.web_session
        await self._connection.execute(table.delete().where(table.c.id == session_id))

    async def browsers_of(self, driver_id: int, now: datetime) -> Sequence[SignedInBrowser]:
        table = tables.web_session
        his = select(table).where(table.c.driver_id == driver_id, table.c.expires_at > now)
        rows = await self._connection.execute(his.order_by(table.c.last_seen_at.desc(), table.c.id))
        return [SignedInBrowser(row.id, row.named or "", row.last_seen_at, row.passkey_id is not None) for row in rows]

    async def end_browser(self, driver_id: int, session_id: int) -> None:
        table = tables.web_session
        await self._connection.execute(delete(table).where(table.c.driver_id == driver_id, table.c.id == session_id))

    async def end_others(self, driver_id: int, but: int, passkey_id: int | None = None) -> None:
        table = tables.web_session
        others = delete(table).where(table.c.driver_id == driver_id, table.c.id != but)
        if passkey_id is not None:
            others = others.where(table.c.passkey_id == passkey_id)
        await self._connection.execute(others)

    async def add_link(
        self, token_hash: str, email: str, asked_at: datetime, expires_at: datetime, asked_from: str | None
    ) -> None:
        await self._connection.execute(
            insert(tables.sign_in_link).values(
                token_hash=token_hash, email=email, asked_at=asked_at, expires_at=expires_at, asked_from=asked_from
            )
        )

    async def links_asked(self, email: str, asked_from: str | None, since: datetime) -> LinksAsked:
        table = tables.sign_in_link
        to_address = func.count().filter(table.c.email == email)
        from_network = func.count().filter(table.c.asked_from == (asked_from or ""))
        counted = await self._connection.execute(
            select(to_address, from_network, func.count()).where(table.c.asked_at >= since)
        )
        return LinksAsked(*counted.one())

    async def forget_networks(self, before: datetime) -> None:
        table = tables.sign_in_link
        await self._connection.execute(
            update(table).where(table.c.asked_at < before, table.c.asked_from.is_not(None)).values(asked_from=None)
        )

    async def forget_expired(self, now: datetime) -> None:
        sessions, links = tables.web_session, tables.sign_in_link
        await self._connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
        await self._connection.execute(delete(links).where(links.c.asked_at < now - LINKS_KEPT))

    async def use_link(self, token_hash: str, now: datetime) -> SignInLink | None:
        before = await self.link(token_hash)
        table = tables.sign_in_link
        used = await self._connection.execute(
            update(table).where(table.c.token_hash == token_hash, table.c.used_at.is_(None)).values(used_at=now)
        )
        if before and not used.rowcount:
            return SignInLink(before.email, before.expires_at, before.used_at or now)
        return before

    async def link(self, token_hash: str) -> SignInLink | None:
        table = tables.sign_in_link
        row = (await self._connection.execute(select(table).where(table.c.token_hash == token_hash))).one_or_none()
        return SignInLink(row.email, row.expires_at, row.used_at) if row else None

    async def driver_for(self, email: str, locale: str, now: datetime) -> Driver:
        table = tables.driver
        found = (await self._connection.execute(select(table).where(table.c.email == email))).one_or_none()
        if found is None:
            added = await self._connection.execute(
                insert(table).values(email=email, locale=locale, created_at=now).returning(table)
            )
            found = added.one()
        return _driver(found)

    async def driver(self, driver_id: int) -> Driver:
        table = tables.driver
        return _driver((await self._connection.execute(select(table).where(table.c.id == driver_id))).one())


def _session(row: Row[tuple[object, ...]]) -> WebSession:
    return WebSession(
        row.id, row.driver_id, Secret(row.csrf), row.last_seen_at, row.expires_at, row.offers_passkey_until
    )


def _driver(row: Row[tuple[object, ...]]) -> Driver:
    return Driver(row.id, row.email, row.locale)
