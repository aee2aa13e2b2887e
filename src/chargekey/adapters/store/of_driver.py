"""Which rows are about a driver, in whatever table: for his erasure, and for giving him all that is kept.

Found by the foreign keys that end with the driver, so that a table added tomorrow is in it; the few tables that name
him otherwise (by mail address, VIN, or a number without a key) are written out.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import ledger_tables, passkey_tables, push_tables, surplus_tables, tables  # noqa: F401  named here: so theirs are found
from chargekey.adapters.store.columns import Sealed
from chargekey.adapters.store.spending import tesla_spend
from chargekey.adapters.store.support_tables import support_case, support_message
from chargekey.domain.evidence import SubjectKind
from chargekey.ports.jobs import Key, Work, key_of

LEFT_OUT: Final = frozenset(
    {
        "cookie_hash",
        "challenge_hash",
        "credential_id",
        "public_key",
        "user_handle",
        "csrf",
        "endpoint_hash",
        "token_hash",
        "key_hash",
        "state_hash",
        "nonce",
        "asked_from",
        "lease",
        "lease_until_ms",
        "renewing",
        "renewing_until_ms",
        "session",
    }
)
"""Secrets, and marks of our own machinery: worth nothing to him, and something to a thief. So is all that is sealed."""


def rows_of(driver_id: int) -> Mapping[Table, ColumnElement[bool]]:
    """For each table that can hold something of his: which rows."""
    found: dict[Table, ColumnElement[bool]] = {tables.driver: tables.driver.c.id == driver_id}
    for table in tables.metadata.sorted_tables:  # parents come before their children
        parts = [
            key.parent.in_(select(key.column).where(found[key.column.table]))
            for key in table.foreign_keys
            if key.ondelete == "CASCADE" and key.column.table in found
        ]
        if parts:
            found[table] = or_(*parts)
    found.update(_named_otherwise(driver_id, found))
    return found


def _named_otherwise(driver_id: int, found: Mapping[Table, ColumnElement[bool]]) -> dict[Table, ColumnElement[bool]]:
    seen, timers, sessions = tables.observation, tables.timer, tables.signing_session
    vehicles, grants = _numbers(tables.vehicle, found), _numbers(tables.tesla_grant, found)
    email = select(tables.driver.c.email).where(tables.driver.c.id == driver_id)
    vins = select(tables.vehicle.c.vin).where(found[tables.vehicle])
    keys = {
        Key.VEHICLE: vehicles,
        Key.GRANT: grants,
        Key.NOTICE: _numbers(tables.notice, found),
        Key.SUPPORT_CASE: _numbers(support_case, found),
        Key.SUPPORT_MESSAGE: _numbers(support_message, found),
    }
    kinds = seen.c.subject_kind
    return {
        seen: or_(
            and_(kinds == SubjectKind.DRIVER.value, seen.c.subject_id == driver_id),
            and_(kinds == SubjectKind.VEHICLE.value, seen.c.subject_id.in_(vehicles)),
            and_(kinds == SubjectKind.GRANT.value, seen.c.subject_id.in_(grants)),
        ),
        timers: or_(
            *(
                and_(timers.c.work == work.value, timers.c.key.in_(keys[key_of(work)]))
                for work in Work
                if key_of(work) in keys
            )
        ),
        sessions: sessions.c.vin.in_(vins),
        tesla_spend: tesla_spend.c.vin.in_(vins),
        tables.sign_in_link: tables.sign_in_link.c.email.in_(email),
        tables.outbox: tables.outbox.c.to.in_(email),
    }


def _numbers(table: Table, found: Mapping[Table, ColumnElement[bool]]) -> Select[Any]:
    return select(table.c.id).where(found[table])


async def count(connection: AsyncConnection, driver_id: int) -> Mapping[str, int]:
    """How many rows of his each table holds; tables that hold none are left out."""
    counted = {}
    for table, his in rows_of(driver_id).items():
        query = select(func.count()).select_from(table).where(his)
        if number := (await connection.execute(query)).scalar_one():
            counted[table.name] = number
    return counted


async def everything(connection: AsyncConnection, driver_id: int) -> Mapping[str, list[dict[str, object]]]:
    """Every row of his by table, without secrets."""
    given = {}
    for table, his in rows_of(driver_id).items():
        columns = [one for one in table.c if one.name not in LEFT_OUT and not isinstance(one.type, Sealed)]
        rows = await connection.execute(select(*columns).where(his))
        if kept := [dict(row) for row in rows.mappings()]:
            given[table.name] = [{str(name): value for name, value in row.items()} for row in kept]
    return given
