"""Consent attempts, grants and vehicles."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Row, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import tables
from chargekey.adapters.store.undecided import is_undecided
from chargekey.adapters.store.upsert import adding
from chargekey.domain.secret import Secret
from chargekey.domain.vehicle import Vin
from chargekey.ports.people import ConsentAttempt, Grant, Vehicle
from chargekey.ports.vault import SealedTokens

_GRANT, _CAR = tables.tesla_grant, tables.vehicle
_LIVE: Final = (
    select(_GRANT)
    .where(
        _GRANT.c.driver_id == bindparam("of_driver"),
        _GRANT.c.ended_at.is_(None),
        ~is_undecided(_GRANT.c.id),
    )
    .order_by(_GRANT.c.id.desc())
    .limit(1)
)
_ACCOUNT: Final = (
    select(_GRANT, _CAR.c.id.label("car_id"), _CAR.c.driver_id.label("car_of"), _CAR.c.vin)
    .join(_CAR, _CAR.c.grant_id == _GRANT.c.id, isouter=True)
    .where(_GRANT.c.id == _LIVE.with_only_columns(_GRANT.c.id).scalar_subquery())
    .order_by(_CAR.c.id)
)
_ONE_GRANT: Final = select(_GRANT).where(_GRANT.c.id == bindparam("grant_id"))
_ONE_CAR: Final = select(_CAR).where(_CAR.c.id == bindparam("vehicle_id"))
_WITH_VIN: Final = (
    select(_CAR)
    .join(_GRANT, _GRANT.c.id == _CAR.c.grant_id)
    .where(_CAR.c.vin == bindparam("of_vin"), _GRANT.c.ended_at.is_(None), ~is_undecided(_GRANT.c.id))
    .order_by(_CAR.c.id)
)


class TwoAccounts(Exception):
    """A second grant was to be added beside one of another account: a bug, for its driver was not asked."""


class KeptGarage:
    """`ports.people.Garage` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin_consent(
        self, state_hash: str, session_id: int, driver_id: int, nonce: Secret, now: datetime
    ) -> None:
        await self._connection.execute(
            insert(tables.consent_attempt).values(
                state_hash=state_hash,
                web_session_id=session_id,
                driver_id=driver_id,
                nonce=nonce.reveal(),
                started_at=now,
            )
        )

    async def use_consent(self, state_hash: str, now: datetime) -> ConsentAttempt | None:
        table = tables.consent_attempt
        before = (await self._connection.execute(select(table).where(table.c.state_hash == state_hash))).one_or_none()
        if before is None:
            return None
        used = await self._connection.execute(
            update(table).where(table.c.id == before.id, table.c.used_at.is_(None)).values(used_at=now)
        )
        return ConsentAttempt(
            id=before.id,
            session_id=before.web_session_id,
            driver_id=before.driver_id,
            nonce=Secret(before.nonce),
            started_at=before.started_at,
            used_at=before.used_at if used.rowcount else before.used_at or now,
        )

    async def grant_of(self, driver_id: int) -> Grant | None:
        row = (await self._connection.execute(_LIVE, {"of_driver": driver_id})).one_or_none()
        return _grant(row) if row else None

    async def account_of(self, driver_id: int) -> tuple[Grant | None, Sequence[Vehicle]]:
        rows = (await self._connection.execute(_ACCOUNT, {"of_driver": driver_id})).all()
        if not rows:
            return None, ()
        return _grant(rows[0]), [Vehicle(row.car_id, row.car_of, row.id, Vin(row.vin)) for row in rows if row.car_id]

    async def grant(self, grant_id: int) -> Grant:
        return _grant((await self._connection.execute(_ONE_GRANT, {"grant_id": grant_id})).one())

    async def live_grants(self) -> Sequence[Grant]:
        table = tables.tesla_grant
        live = select(table).where(table.c.ended_at.is_(None), ~is_undecided(table.c.id)).order_by(table.c.id)
        return [_grant(row) for row in await self._connection.execute(live)]

    async def add_grant(self, driver_id: int, account: str, base_url: str, now: datetime) -> Grant:
        present = await self.grant_of(driver_id)
        if present and present.account == account:
            await self.set_base_url(present.id, base_url)
            return await self.grant(present.id)
        if present:
            raise TwoAccounts(f"grant {present.id} is of another account")
        added = await self._connection.execute(
            insert(tables.tesla_grant)
            .values(driver_id=driver_id, account=account, base_url=base_url, created_at=now)
            .returning(tables.tesla_grant)
        )
        return _grant(added.one())

    async def set_base_url(self, grant_id: int, base_url: str) -> None:
        table = tables.tesla_grant
        await self._connection.execute(update(table).where(table.c.id == grant_id).values(base_url=base_url))

    async def keep_tokens(self, grant_id: int, tokens: SealedTokens) -> None:
        table = tables.token
        values = {
            "access_sealed": tokens.access,
            "refresh_sealed": tokens.refresh,
            "access_expires_at": tokens.access_expires_at,
        }
        added = adding(self._connection, table).values(grant_id=grant_id, **values)
        await self._connection.execute(added.on_conflict_do_update(index_elements=[table.c.grant_id], set_=values))

    async def end_grant(self, grant_id: int, now: datetime) -> bool:
        table, home = tables.tesla_grant, tables.home_place
        await self._connection.execute(update(table).where(table.c.id == grant_id).values(ended_at=now))
        await self._connection.execute(delete(tables.token).where(tables.token.c.grant_id == grant_id))
        its_cars = select(tables.vehicle.c.id).where(tables.vehicle.c.grant_id == grant_id)
        homes = await self._connection.execute(delete(home).where(home.c.vehicle_id.in_(its_cars)))
        return homes.rowcount > 0

    async def vehicles_of(self, grant_id: int) -> Sequence[Vehicle]:
        table = tables.vehicle
        found = await self._connection.execute(select(table).where(table.c.grant_id == grant_id).order_by(table.c.id))
        return [_vehicle(row) for row in found]

    async def vehicles_of_each(self, grant_ids: Collection[int]) -> Sequence[Vehicle]:
        table = tables.vehicle
        theirs = select(table).where(table.c.grant_id.in_(grant_ids)).order_by(table.c.grant_id, table.c.id)
        return [_vehicle(row) for row in await self._connection.execute(theirs)]

    async def vehicle(self, vehicle_id: int) -> Vehicle:
        return _vehicle((await self._connection.execute(_ONE_CAR, {"vehicle_id": vehicle_id})).one())

    async def vehicles_with(self, vin: Vin) -> Sequence[Vehicle]:
        return [_vehicle(row) for row in await self._connection.execute(_WITH_VIN, {"of_vin": vin.whole})]

    async def add_vehicle(self, driver_id: int, grant_id: int, vin: Vin) -> Vehicle:
        table = tables.vehicle
        moved = await self._connection.execute(
            update(table)
            .where(table.c.driver_id == driver_id, table.c.vin == vin.whole)
            .values(grant_id=grant_id)
            .returning(table)
        )
        row = moved.one_or_none()
        if row is None:
            added = await self._connection.execute(
                insert(table).values(driver_id=driver_id, grant_id=grant_id, vin=vin.whole).returning(table)
            )
            row = added.one()
        return _vehicle(row)


def _grant(row: Row[tuple[object, ...]]) -> Grant:
    return Grant(row.id, row.driver_id, row.account, row.base_url)


def _vehicle(row: Row[tuple[object, ...]]) -> Vehicle:
    return Vehicle(row.id, row.driver_id, row.grant_id, Vin(row.vin))
