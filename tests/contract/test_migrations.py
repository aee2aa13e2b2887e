"""The chain of migrations makes what the tables say, and can be gone back."""

import asyncio

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.engine import DatabaseUnknown, async_url, open_engine
from chargekey.adapters.store.migrate import DatabaseTooNew, _config, differences, migrate
from chargekey.adapters.store.tables import metadata
from tests.contract.databases import Databases


def table_names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def names_in(engine: AsyncEngine) -> set[str]:
    async with engine.begin() as connection:
        return await connection.run_sync(table_names)


async def go_to(engine: AsyncEngine, revision: str) -> None:
    """Alembic's downgrade, on our connection."""

    def walk(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)

    async with engine.begin() as connection:
        await connection.run_sync(walk)


async def test_a_migrated_database_is_what_the_tables_say(engine: AsyncEngine) -> None:
    assert await differences(engine) == []
    assert await names_in(engine) == {*metadata.tables, "alembic_version"}


async def test_the_chain_can_be_gone_back_and_forth(engine: AsyncEngine) -> None:
    await go_to(engine, "base")
    assert await names_in(engine) == {"alembic_version"}
    await migrate(engine)
    assert await differences(engine) == []


async def test_migrating_twice_changes_nothing(engine: AsyncEngine) -> None:
    await migrate(engine)
    assert await differences(engine) == []


async def test_processes_that_start_at_once_on_an_empty_database_all_find_it_made(databases: Databases) -> None:
    with databases.empty() as url:
        engines = [open_engine(url) for _ in range(3)]
        await asyncio.gather(*map(migrate, engines))
        assert await differences(engines[0]) == []
        for engine in engines:
            await engine.dispose()


async def test_a_database_of_a_later_version_is_left_as_it_is(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew):
        await migrate(engine)
    assert await differences(engine) == []


async def test_a_difference_is_noticed(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE outbox"))
    assert len(await differences(engine)) == 1


async def test_an_empty_database_is_migrated_from_nothing(databases: Databases) -> None:
    with databases.empty() as url:
        engine = open_engine(url)
        await migrate(engine)
        assert await differences(engine) == []
        await engine.dispose()


def test_only_two_kinds_of_database_are_known() -> None:
    assert async_url("postgresql://localhost/x").drivername == "postgresql+psycopg"
    assert async_url("sqlite:///x.db").drivername == "sqlite+aiosqlite"
    with pytest.raises(DatabaseUnknown):
        async_url("mysql://localhost/x")


async def test_writers_wait_for_each_other(engine: AsyncEngine) -> None:
    async def count_up() -> None:
        async with engine.begin() as connection:
            await connection.execute(
                text("UPDATE counted SET value = value + 1")  # read and write in one: nothing is lost
            )

    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE counted (value INTEGER NOT NULL)"))
        await connection.execute(text("INSERT INTO counted VALUES (0)"))
    await asyncio.gather(*(count_up() for _ in range(12)))
    async with engine.begin() as connection:
        assert (await connection.execute(text("SELECT value FROM counted"))).scalar_one() == 12
