"""SQLite in its thread: how often we go there, and that nothing stays open, whoever is stopped on the way."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.engine import open_engine

WRITE, READ = text("INSERT INTO seen VALUES (:it)"), text("SELECT it FROM seen ORDER BY it")


@pytest.fixture
def file(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'home.db'}"


@pytest.fixture
async def ours(file: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(file)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE seen (it INTEGER PRIMARY KEY)"))
    yield engine
    await engine.dispose()


@pytest.fixture
async def impatient(file: str, ours: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """Somebody else at the same file, who waits for nobody. `ours` stands before it, so that the table is there."""
    engine = open_engine(file)
    event.listen(engine.sync_engine, "connect", lambda opened, _: opened.execute("PRAGMA busy_timeout=0"))
    yield engine
    await engine.dispose()


async def kept(engine: AsyncEngine) -> list[int]:
    async with engine.begin() as connection:
        return [row.it for row in await connection.execute(READ)]


def ways(caplog: pytest.LogCaptureFixture) -> list[str]:
    """As they are begun; that one is over its thread may say a moment after we have its answer."""
    return [one for one in caplog.messages if one.startswith("executing")]


async def test_a_statement_is_one_way_and_the_end_of_a_unit_another(
    ours: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="aiosqlite"):
        async with ours.begin() as connection:
            await connection.execute(WRITE, {"it": 1})
            await connection.execute(WRITE, [{"it": 2}, {"it": 3}])
            assert [row.it for row in await connection.execute(READ)] == [1, 2, 3]
    assert len(ways(caplog)) == 4, ways(caplog)


async def test_a_unit_in_which_nothing_is_asked_takes_no_way_and_no_lock(
    ours: AsyncEngine, impatient: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    await kept(ours)  # so that it is open
    with caplog.at_level(logging.DEBUG, logger="aiosqlite"):
        async with ours.begin():
            begun = ways(caplog)
            async with impatient.begin() as other:
                await other.execute(WRITE, {"it": 1})
            caplog.clear()
        ended = ways(caplog)
    assert (begun, ended) == ([], [])


async def test_a_unit_that_reads_first_has_the_write_lock(ours: AsyncEngine, impatient: AsyncEngine) -> None:
    async with ours.begin() as connection:
        await connection.execute(READ)
        with pytest.raises(OperationalError, match="locked"):
            await kept(impatient)
        await connection.execute(WRITE, {"it": 1})
    assert await kept(impatient) == [1]


async def test_what_one_statement_of_a_unit_refuses_takes_the_others_back(ours: AsyncEngine) -> None:
    with pytest.raises(IntegrityError):
        async with ours.begin() as connection:
            await connection.execute(WRITE, {"it": 1})
            await connection.execute(WRITE, {"it": 1})
    assert await kept(ours) == []


async def test_whoever_is_stopped_while_it_waits_for_the_lock_leaves_nothing_open(
    ours: AsyncEngine, impatient: AsyncEngine
) -> None:
    async def writes() -> None:
        async with ours.begin() as connection:
            await connection.execute(WRITE, {"it": 1})

    await kept(ours)  # so that it is open
    asks = asyncio.Event()
    event.listen(ours.sync_engine, "before_cursor_execute", lambda *_: asks.set())
    async with impatient.begin() as other:
        await other.execute(WRITE, {"it": 2})
        waiting = asyncio.create_task(writes())
        await asks.wait()
        await asyncio.sleep(0)  # into the thread
        waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with impatient.begin() as other:
        await other.execute(WRITE, {"it": 3})
    assert await kept(ours) == [2, 3]


async def test_many_at_once_on_one_file_all_come_through(ours: AsyncEngine) -> None:
    async def writes(it: int) -> None:
        async with ours.begin() as connection:
            await connection.execute(READ)
            await connection.execute(WRITE, {"it": it})

    await asyncio.gather(*(writes(it) for it in range(20)))
    assert await kept(ours) == list(range(20))
