"""Moving a home from a SQLite file to PostgreSQL, whole or not at all.

Rules of this room:

1. Nobody else has the file open while we copy, and nothing is written to it.
2. All that is written to the target is one transaction: interrupted, it is as empty as before.
3. Every row is read back out of the target and compared before that transaction ends.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Select, Table, Text, collate, func, insert, inspect, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import String

from chargekey.adapters.store.carbon_tables import published_carbon
from chargekey.adapters.store.engine import async_url, open_alone, open_engine
from chargekey.adapters.store.ledger_tables import ledger_entry
from chargekey.adapters.store.migrate import make_tables, newest, version
from chargekey.adapters.store.passkey_tables import passkey
from chargekey.adapters.store.price_tables import published_price
from chargekey.adapters.store.push_tables import push_device
from chargekey.adapters.store.support_tables import support_case
from chargekey.adapters.store.surplus_tables import home_surplus
from chargekey.adapters.store.tables import metadata

ROWS_AT_ONCE: Final = 500
CHAIN: Final = "alembic_version"
_KNOWN: Final = (home_surplus, ledger_entry, passkey, published_carbon, published_price, push_device, support_case)
"""Their rooms add their tables to `metadata`."""


class CannotMove(Exception):
    """Nothing was moved, and both databases are as they were. The text is one line that says why."""


async def move(source: str, target: str) -> Mapping[str, int]:
    """Copy every row from one URL to the other, and compare them. Returns how many rows each table has.

    Raises `CannotMove`, also for a file that is in use and for a target that holds anything.
    """
    there_url, here_url = async_url(source), async_url(target)
    if there_url.get_backend_name() != "sqlite" or here_url.get_backend_name() != "postgresql":
        raise CannotMove("a home is moved from SQLite to PostgreSQL, and no other way")
    async with _file(source, there_url) as there, _server(target) as here:
        await _check_source(there)
        await _make_ready(here)
        for table in metadata.sorted_tables:  # parents come before their children
            await _copy(table, there, here)
        await _count_on(here)
        return {table.name: await _compared(table, there, here) for table in metadata.sorted_tables}


@asynccontextmanager
async def _file(source: str, url: URL) -> AsyncIterator[AsyncConnection]:
    if not _is_there(url):
        raise CannotMove("there is no database yet that could be moved")
    engine = open_alone(source)
    try:
        async with engine.connect() as connection:
            try:
                await connection.begin()
                await version(connection)  # a transaction begins with its first statement
            except OperationalError as busy:
                raise CannotMove("something has this home's database open: stop Chargekey first") from busy
            yield connection
    finally:
        await engine.dispose()


def _is_there(url: URL) -> bool:
    return Path(url.database or "").is_file()


@asynccontextmanager
async def _server(target: str) -> AsyncIterator[AsyncConnection]:
    """Committed when the block ends well."""
    engine = open_engine(target)
    try:
        async with engine.begin() as connection:
            yield connection
    except DBAPIError as refused:
        raise CannotMove(f"the target refused: {_first_line(refused)}") from refused
    finally:
        await engine.dispose()


def _first_line(refused: DBAPIError) -> str:
    """PostgreSQL puts values of rows into the lines below it."""
    return (str(refused.orig).splitlines() or [type(refused.orig).__name__])[0]


async def _check_source(there: AsyncConnection) -> None:
    stands = await version(there)
    if stands is None:
        raise CannotMove("what is to be moved is no database of Chargekey's")
    if stands != newest():
        raise CannotMove(f"the database stands at {stands}, this version at {newest()}: start this version on it once")
    if foreign := await _names(there) ^ {*metadata.tables, CHAIN}:
        raise CannotMove(f"this version does not agree with the database about {', '.join(sorted(foreign))}")


async def _make_ready(here: AsyncConnection) -> None:
    """All tables, empty and ours alone until we end."""
    names = await _names(here)
    if not names:
        await make_tables(here)
        return
    if names != {*metadata.tables, CHAIN}:
        raise CannotMove("the target holds tables of something else: name a database with nothing in it")
    if await version(here) != newest():
        raise CannotMove(f"the target stands at {await version(here)}, this version at {newest()}")
    quoted = here.dialect.identifier_preparer.quote
    await here.execute(text(f"LOCK TABLE {', '.join(map(quoted, metadata.tables))} IN ACCESS EXCLUSIVE MODE"))
    for table in metadata.sorted_tables:
        if (await here.execute(select(table).limit(1))).first():
            raise CannotMove(f"the target is in use: it has rows in {table.name}")


async def _names(connection: AsyncConnection) -> set[str]:
    return await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))


async def _copy(table: Table, there: AsyncConnection, here: AsyncConnection) -> None:
    rows = await there.stream(_in_order(table, there))
    try:
        async for batch in rows.mappings().partitions(ROWS_AT_ONCE):
            await here.execute(insert(table), [dict(row) for row in batch])
    except DBAPIError as refused:
        raise CannotMove(f"the target refused rows of {table.name}: {_first_line(refused)}") from refused


async def _compared(table: Table, there: AsyncConnection, here: AsyncConnection) -> int:
    """How many rows there are, all of them alike in both."""
    theirs, ours = await there.stream(_in_order(table, there)), await here.stream(_in_order(table, here))
    count = 0
    async for batch in theirs.partitions(ROWS_AT_ONCE):
        if [tuple(row) for row in batch] != [tuple(row) for row in await ours.fetchmany(ROWS_AT_ONCE)]:
            raise CannotMove(f"a row of {table.name} reads otherwise in the target, after its first {count}")
        count += len(batch)
    if await ours.fetchone():
        raise CannotMove(f"the target has more rows of {table.name} than the {count} that there are")
    return count


def _in_order(table: Table, connection: AsyncConnection) -> Select[Any]:
    """By primary key, and by the bytes of it: PostgreSQL's own order is that of a language."""
    by_bytes = "BINARY" if connection.dialect.name == "sqlite" else "C"
    keys = [
        collate(column, by_bytes) if isinstance(column.type, String | Text) else column for column in table.primary_key
    ]
    return select(table).order_by(*keys)


async def _count_on(here: AsyncConnection) -> None:
    """Numbers for new rows go on after the highest that was moved."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        counter = func.pg_get_serial_sequence(here.dialect.identifier_preparer.quote(table.name), column.name)
        await here.execute(select(func.setval(counter, func.max(column))).where(column.is_not(None)))
