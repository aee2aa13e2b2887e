"""Opening the database, SQLite or PostgreSQL, with what each needs to be safe.

What a statement was filled with is in none of its errors: it may be a mail address, a VIN or a hash.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, event, literal_column, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chargekey.adapters.store.one_hop import OneHop

_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON")
_PRAGMAS_ALONE: Final = ("locking_mode=EXCLUSIVE", "busy_timeout=1000", "foreign_keys=ON")
_MILLISECONDS_NOW: Final = {
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
}


class DatabaseUnknown(ValueError):
    """The URL names a database that Chargekey cannot use."""


def async_url(url: str) -> URL:
    """The URL with the driver that we use. Raises `DatabaseUnknown`."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseUnknown("the database's URL cannot be read") from None  # the cause would print its password
    if parsed.get_backend_name() == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise DatabaseUnknown("the database must be sqlite or postgresql")


def open_engine(url: str) -> AsyncEngine:
    """An engine whose transactions are what the store expects: on SQLite each takes the write lock at once."""
    parsed = async_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_async_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    return _sqlite(parsed, _PRAGMAS)


def open_alone(url: str) -> AsyncEngine:
    """A SQLite file that nobody else has open, nor can open until we end; its first transaction fails otherwise."""
    return _sqlite(async_url(url), _PRAGMAS_ALONE)


def _sqlite(url: URL, pragmas: Sequence[str]) -> AsyncEngine:
    """One connection: only one unit can have the write lock, and here they wait for it in the order in which they came.

    At the file itself they would wait asleep and wake up in any order, some of them after half a minute without it.
    """
    engine = create_async_engine(url, hide_parameters=True, module=OneHop(), pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", partial(_prepare_sqlite, pragmas))
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare_sqlite(pragmas: Sequence[str], connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: `_begin` does
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    connection.connection.dbapi_connection.begin()


def database_now_ms(dialect: str) -> ColumnElement[int]:
    """The database's own clock, for leases alone: all workers share it, whatever their own clocks say."""
    return literal_column(_MILLISECONDS_NOW[dialect], BigInteger)


async def database_ms(connection: AsyncConnection) -> int:
    """What it shows now."""
    return int((await connection.execute(select(database_now_ms(connection.dialect.name)))).scalar_one())
