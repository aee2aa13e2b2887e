"""The devices of drivers that are told by push, sealed in the database."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import delete, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.push_tables import push_device, push_told
from chargekey.adapters.store.sealing import KeyRing, SealBroken
from chargekey.adapters.store.upsert import adding
from chargekey.domain.secret import Secret
from chargekey.ports.push import Device, Subscription

MOST_OF_ONE_DRIVER: Final = 10
"""One more, and the oldest is told no more."""
log = structlog.get_logger()
_DEVICE, _TOLD = push_device, push_told


class KeptDevices:
    """`ports.push.Devices` in SQLite or PostgreSQL."""

    def __init__(self, engine: AsyncEngine, ring: KeyRing) -> None:
        self._engine, self._ring = engine, ring

    async def keep(
        self, driver_id: int, session_id: int, subscription: Subscription, named: str, now: datetime
    ) -> None:
        endpoint_hash = hashlib.sha256(subscription.endpoint.reveal().encode()).hexdigest()
        same_browser = or_(_DEVICE.c.endpoint_hash == endpoint_hash, _DEVICE.c.web_session_id == session_id)
        async with self._engine.begin() as connection:
            await connection.execute(delete(_DEVICE).where(same_browser))
            await connection.execute(
                insert(_DEVICE).values(
                    driver_id=driver_id,
                    web_session_id=session_id,
                    endpoint_hash=endpoint_hash,
                    subscription_sealed=self._ring.seal(_written(subscription), place_of(endpoint_hash)),
                    named=named,
                    since=now,
                )
            )
            await _drop_the_oldest(connection, driver_id)

    async def of_driver(self, driver_id: int, now: datetime) -> Sequence[Device]:
        session = tables.web_session
        lasting = (
            select(_DEVICE)
            .join(session, session.c.id == _DEVICE.c.web_session_id)
            .where(_DEVICE.c.driver_id == driver_id, session.c.expires_at > now)
        )
        async with self._engine.begin() as connection:
            found = await connection.execute(lasting.order_by(_DEVICE.c.id))
            return [Device(row.id, row.web_session_id, row.named, row.since) for row in found]

    async def subscription(self, device: Device) -> Subscription | None:
        query = select(_DEVICE.c.endpoint_hash, _DEVICE.c.subscription_sealed).where(_DEVICE.c.id == device.id)
        async with self._engine.begin() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        try:
            return _unwritten(self._ring.open(row.subscription_sealed, place_of(row.endpoint_hash)))
        except SealBroken:
            log.error("a sealed value does not open", where=f"push_device.subscription:{device.id}")
            return None

    async def forget(self, driver_id: int, device_id: int) -> None:
        his = (_DEVICE.c.id == device_id, _DEVICE.c.driver_id == driver_id)
        async with self._engine.begin() as connection:
            await connection.execute(delete(_DEVICE).where(*his))

    async def claim(self, device_id: int, notice_id: int, now: datetime) -> bool:
        try:
            async with self._engine.begin() as connection:
                row = adding(connection, _TOLD).values(push_device_id=device_id, notice_id=notice_id, at=now)
                claimed = row.on_conflict_do_nothing(index_elements=[_TOLD.c.push_device_id, _TOLD.c.notice_id])
                return (await connection.execute(claimed.returning(_TOLD.c.notice_id))).one_or_none() is not None
        except IntegrityError:  # the device or the notice went meanwhile, with its driver or by itself
            return False

    async def give_back(self, device_id: int, notice_id: int) -> None:
        its = (_TOLD.c.push_device_id == device_id, _TOLD.c.notice_id == notice_id)
        async with self._engine.begin() as connection:
            await connection.execute(delete(_TOLD).where(*its))


async def _drop_the_oldest(connection: AsyncConnection, driver_id: int) -> None:
    his = select(_DEVICE.c.id).where(_DEVICE.c.driver_id == driver_id).order_by(_DEVICE.c.id.desc())
    newest = [row.id for row in await connection.execute(his.limit(MOST_OF_ONE_DRIVER))]
    await connection.execute(delete(_DEVICE).where(_DEVICE.c.driver_id == driver_id, _DEVICE.c.id.not_in(newest)))


def place_of(endpoint_hash: str) -> str:
    """What a subscription is bound to where it lies."""
    return f"push_device.subscription:{endpoint_hash}"


def _written(subscription: Subscription) -> Secret:
    parts = (subscription.endpoint, subscription.browser_key, subscription.auth)
    return Secret(json.dumps([part.reveal() for part in parts]))


def _unwritten(text: Secret) -> Subscription:
    try:
        endpoint, browser_key, auth = json.loads(text.reveal())
        return Subscription(Secret(endpoint), Secret(browser_key), Secret(auth))
    except (ValueError, TypeError):
        raise SealBroken("a sealed subscription is none") from None  # the cause would print it
