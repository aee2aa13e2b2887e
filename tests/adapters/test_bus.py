"""Waking open pages: every page of the driver, nobody else's, once for what happened in between."""

import asyncio
from collections.abc import AsyncIterator

from chargekey.adapters.jobs.bus import InProcessBus

ANNA, BERT = 1, 2


async def is_woken(page: AsyncIterator[None]) -> bool:
    """Whether the page has something to show now. Nothing is waited for."""
    task = asyncio.ensure_future(anext(page))
    for _ in range(5):
        await asyncio.sleep(0)
    if task.done():
        return True
    task.cancel()
    return False


async def test_a_change_nobody_listens_to_is_fine() -> None:
    InProcessBus().changed(ANNA)


async def test_a_change_wakes_the_page() -> None:
    bus = InProcessBus()
    async with bus.listen(ANNA) as page:
        waiting = asyncio.ensure_future(anext(page))
        await asyncio.sleep(0)
        assert not waiting.done()
        bus.changed(ANNA)
        await asyncio.wait_for(waiting, 5)


async def test_every_page_of_the_driver_is_woken_and_nobody_elses() -> None:
    bus = InProcessBus()
    async with bus.listen(ANNA) as phone, bus.listen(ANNA) as desk, bus.listen(BERT) as other:
        bus.changed(ANNA)
        assert await is_woken(phone)
        assert await is_woken(desk)
        assert not await is_woken(other)


async def test_changes_in_between_run_together() -> None:
    bus = InProcessBus()
    async with bus.listen(ANNA) as page:
        for _ in range(3):
            bus.changed(ANNA)
        assert await is_woken(page)
        assert not await is_woken(page)


async def test_a_change_while_the_page_is_busy_is_not_lost() -> None:
    bus = InProcessBus()
    async with bus.listen(ANNA) as page:
        bus.changed(ANNA)
        async for _ in page:
            bus.changed(ANNA)  # while it is drawing the first
            break
        assert await is_woken(page)


async def test_what_happened_before_listening_is_not_told() -> None:
    bus = InProcessBus()
    bus.changed(ANNA)
    async with bus.listen(ANNA) as page:
        assert not await is_woken(page)


async def test_a_closed_page_leaves_nothing_behind() -> None:
    bus = InProcessBus()
    async with bus.listen(ANNA) as staying:
        async with bus.listen(ANNA):
            pass
        bus.changed(ANNA)
        assert await is_woken(staying)
    assert bus._listening == {}
