"""What changes in one process wakes the pages of another, on both databases; and nothing is woken for ever."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.page_changes import COUNTERS, KeptBus, page_change
from tests.adapters.test_bus import is_woken

ANNA, BERT, LIKE_ANNA = 1, 2, 1 + COUNTERS
A_LONG_TIME_S: Final = 30


@pytest.fixture
async def elsewhere(engine: AsyncEngine) -> AsyncIterator[KeptBus]:
    """The bus of another process on the same database."""
    other = open_engine(engine.url.render_as_string(hide_password=False))
    yield KeptBus(other)
    await other.dispose()


@pytest.fixture
def here(engine: AsyncEngine) -> KeptBus:
    return KeptBus(engine)


async def test_what_another_process_changed_wakes_the_page_of_its_driver_alone(
    here: KeptBus, elsewhere: KeptBus
) -> None:
    async with here.listen(ANNA) as hers, here.listen(BERT) as his:
        elsewhere.changed(ANNA)
        await elsewhere.round()
        await here.round()
        assert await is_woken(hers)
        assert not await is_woken(his)
        await here.round()
        assert not await is_woken(hers)


async def test_our_own_change_wakes_once(here: KeptBus) -> None:
    async with here.listen(ANNA) as page:
        here.changed(ANNA)
        assert await is_woken(page)  # at once, before anything is written
        await here.round()
        await here.round()
        assert not await is_woken(page)


async def test_our_own_change_hides_no_other(here: KeptBus, elsewhere: KeptBus) -> None:
    async with here.listen(ANNA) as page:
        here.changed(ANNA)
        elsewhere.changed(ANNA)
        await elsewhere.round()
        assert await is_woken(page)
        await here.round()
        assert await is_woken(page)


async def test_many_changes_are_one_raise(here: KeptBus, engine: AsyncEngine) -> None:
    for _ in range(5):
        here.changed(ANNA)
    here.changed(LIKE_ANNA)
    await here.round()
    async with engine.begin() as connection:
        assert (await connection.execute(select(page_change))).all() == [(1, 1)]


async def test_a_page_opened_later_still_hears_what_comes_then(here: KeptBus, elsewhere: KeptBus) -> None:
    elsewhere.changed(ANNA)
    await elsewhere.round()
    await here.round()
    async with here.listen(ANNA) as page:
        await here.round()
        await is_woken(page)  # for what came before, perhaps: it finds itself as it was
        elsewhere.changed(ANNA)
        await elsewhere.round()
        await here.round()
        assert await is_woken(page)


async def test_it_tells_and_hears_by_itself_and_tells_the_last_before_it_ends(
    here: KeptBus, elsewhere: KeptBus, engine: AsyncEngine
) -> None:
    stop = asyncio.Event()
    running = [asyncio.create_task(bus.forever(stop)) for bus in (here, elsewhere)]
    async with here.listen(ANNA) as page:
        elsewhere.changed(ANNA)
        await asyncio.wait_for(anext(page), A_LONG_TIME_S)
    elsewhere.changed(BERT)
    stop.set()
    await asyncio.gather(*running)
    async with engine.begin() as connection:
        assert set((await connection.execute(select(page_change.c.counter))).scalars()) == {ANNA, BERT}


async def test_what_could_not_be_told_is_told_when_the_database_is_back(
    here: KeptBus, elsewhere: KeptBus, engine: AsyncEngine
) -> None:
    failed, stop = asyncio.Event(), asyncio.Event()
    event.listen(engine.sync_engine, "handle_error", lambda _: failed.set())
    async with engine.begin() as connection:
        await connection.run_sync(page_change.drop)
    async with elsewhere.listen(ANNA) as page:
        with capture_logs() as said:
            telling = asyncio.create_task(here.forever(stop))
            here.changed(ANNA)
            await asyncio.wait_for(failed.wait(), A_LONG_TIME_S)
            async with engine.begin() as connection:
                await connection.run_sync(page_change.create)
            hearing = asyncio.create_task(elsewhere.forever(stop))
            await asyncio.wait_for(anext(page), A_LONG_TIME_S)
            stop.set()
            await asyncio.gather(telling, hearing)
    assert {one["event"] for one in said} == {"other processes cannot be told what changed, nor heard"}
