"""Durable timers: set in anybody's transaction, claimed by one worker at a time."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.timers import TRIES, TimerQueue
from chargekey.ports.faults import TakenOver
from chargekey.ports.jobs import HOLDS, Due, Work
from tests.contract.household import at

LOOK: Final = Work.LOOK_FOR_KEY
TEND: Final = Work.TEND_VEHICLE


@pytest.fixture
def queue(engine: AsyncEngine) -> TimerQueue:
    return TimerQueue(engine)


async def put(store: KeptStore, key: int, minutes: float, work: Work = TEND) -> None:
    async with store.unit() as unit:
        await unit.timers.set(work, key, at(minutes))


async def due_at(store: KeptStore, key: int, work: Work = TEND) -> object:
    async with store.unit() as unit:
        return await unit.timers.due_at(work, key)


async def claim_one(queue: TimerQueue, minutes: float) -> Due:
    (claimed,) = await queue.claim(at(minutes), 10)
    return claimed


async def age_leases(engine: AsyncEngine) -> None:
    """As if the database's clock had gone on: every lease has run out."""
    async with engine.begin() as connection:
        await connection.execute(update(tables.timer).values(lease_until_ms=1))


# ── setting ──────────────────────────────────────────────────────────────────────────────────────


async def test_setting_a_key_again_moves_it(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    await put(store, 1, 9)
    assert await due_at(store, 1) == at(9)
    assert await queue.claim(at(8), 10) == []
    assert (await claim_one(queue, 9)).due_at == at(9)


async def test_kinds_and_keys_are_apart(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    await put(store, 2, 4)
    await put(store, 1, 3, LOOK)
    claimed = await queue.claim(at(5), 10)
    assert [(due.work, due.key) for due in claimed] == [(LOOK, 1), (TEND, 2), (TEND, 1)]  # the longest due first


@pytest.mark.parametrize(("set_to", "asked", "stands"), [(None, 5, 5), (9, 5, 5), (3, 5, 3), (5, 5, 5)])
async def test_no_later_than_moves_nearer_and_never_away(
    store: KeptStore, set_to: float | None, asked: float, stands: float
) -> None:
    if set_to is not None:
        await put(store, 1, set_to)
    async with store.unit() as unit:
        await unit.timers.set_no_later(TEND, 1, at(asked))
    assert await due_at(store, 1) == at(stands)


async def test_what_is_due_later_is_brought_forward_and_nothing_else(store: KeptStore, queue: TimerQueue) -> None:
    async with store.unit() as unit:
        await unit.timers.set(Work.TEND_VEHICLE, 1, at(60))
        await unit.timers.set(Work.TEND_VEHICLE, 2, at(3))
        await unit.timers.set(Work.STAY_CONNECTED, 1, at(60))
        await unit.timers.bring_forward([Work.TEND_VEHICLE], {1: at(5), 2: at(5), 3: at(5)})
        await unit.timers.bring_forward([Work.TEND_VEHICLE], {})
        due = [await unit.timers.due_at(Work.TEND_VEHICLE, key) for key in (1, 2, 3)]
        assert due == [at(5), at(3), None]
        assert await unit.timers.due_at(Work.STAY_CONNECTED, 1) == at(60)


async def test_a_cancelled_timer_is_gone_and_cancelling_nothing_is_fine(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    async with store.unit() as unit:
        await unit.timers.cancel(TEND, 1)
        await unit.timers.cancel(TEND, 2)
    assert await due_at(store, 1) is None
    assert await queue.claim(at(9), 10) == []


# ── claiming ─────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_not_due_is_not_claimed(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    assert await queue.claim(at(4.99), 10) == []
    assert await queue.claim(at(9), 0) == []
    assert (await claim_one(queue, 5)).attempts == 1


async def test_a_claimed_timer_is_not_claimed_again(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    await claim_one(queue, 5)
    assert await queue.claim(at(60), 10) == []


async def test_claimers_at_once_never_get_the_same(store: KeptStore, engine: AsyncEngine) -> None:
    async with store.unit() as unit:
        for key in range(40):
            await unit.timers.set(TEND, key, at(key / 10))
    workers = [TimerQueue(engine) for _ in range(4)]
    rounds = [await asyncio.gather(*(worker.claim(at(9), 3) for worker in workers)) for _ in range(20)]
    claimed = [due.key for each in rounds for batch in each for due in batch]
    assert sorted(claimed) == list(range(40))


async def test_a_timer_that_went_well_is_gone(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    await queue.done(await claim_one(queue, 5))
    assert await due_at(store, 1) is None
    assert await queue.next_due() is None


# ── set again while it runs ──────────────────────────────────────────────────────────────────────


async def test_set_again_while_it_runs_it_runs_again_at_its_new_time(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    running = await claim_one(queue, 5)
    await put(store, 1, 8)
    assert await queue.claim(at(9), 10) == []  # one at a time, though it is due
    await queue.done(running)
    assert await queue.claim(at(7), 10) == []
    assert (await claim_one(queue, 8)).attempts == 1


async def test_no_later_than_while_it_runs_it_runs_again(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    running = await claim_one(queue, 5)
    async with store.unit() as unit:
        await unit.timers.set_no_later(TEND, 1, at(8))  # what runs was asked for before
    await queue.done(running)
    assert (await claim_one(queue, 8)).attempts == 1


async def test_no_later_than_does_not_wait_longer_for_what_a_dead_worker_held(
    store: KeptStore, queue: TimerQueue, engine: AsyncEngine
) -> None:
    await put(store, 1, 5)
    await claim_one(queue, 5)
    await age_leases(engine)
    async with store.unit() as unit:
        await unit.timers.set_no_later(TEND, 1, at(8))
    assert await due_at(store, 1) == at(5)


async def test_set_again_while_it_runs_its_failure_does_not_count(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    running = await claim_one(queue, 5)
    await put(store, 1, 5.5)
    await queue.failed(running, "AnswerLost", at(6))
    assert await due_at(store, 1) == at(5.5)
    assert (await claim_one(queue, 6)).attempts == 1


async def test_a_timer_cancelled_while_it_runs_stays_gone(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    await put(store, 2, 5)
    well, badly = await queue.claim(at(5), 10)
    async with store.unit() as unit:
        await unit.timers.cancel(TEND, 1)
        await unit.timers.cancel(TEND, 2)
    await queue.done(well)
    await queue.failed(badly, "AnswerLost", at(6))
    assert await queue.next_due() is None


# ── leases ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_lease_that_ran_out_frees_the_timer(store: KeptStore, engine: AsyncEngine, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    first = await claim_one(queue, 5)
    await age_leases(engine)
    second = await claim_one(queue, 5)
    assert second.lease != first.lease
    assert second.attempts == 2


async def test_who_lost_his_lease_has_no_say_any_more(store: KeptStore, engine: AsyncEngine, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    late = await claim_one(queue, 5)
    await age_leases(engine)
    present = await claim_one(queue, 5)
    await queue.done(late)
    await queue.failed(late, "AnswerLost", at(6))
    assert await due_at(store, 1) == at(5)
    assert await queue.claim(at(60), 10) == []  # still held by the other
    await queue.done(present)
    assert await due_at(store, 1) is None


async def test_a_turned_clock_frees_nothing(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    await claim_one(queue, 5)
    assert await queue.claim(at(5) + timedelta(days=400), 10) == []  # leases go by the database's clock alone


async def test_at_the_start_of_an_embedded_home_every_lease_is_free(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    await claim_one(queue, 5)
    await queue.free_all()
    assert (await claim_one(queue, 5)).attempts == 2


# ── failing ──────────────────────────────────────────────────────────────────────────────────────


async def test_failures_back_off_and_after_ten_the_timer_is_parked(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 0)
    now, pauses_s = at(0), []
    for nth in range(1, TRIES + 1):
        (due,) = await queue.claim(now, 10)
        assert due.attempts == nth
        await queue.failed(due, f"failure {nth}", now)
        upcoming = await queue.next_due()
        if upcoming is None:
            break
        pauses_s.append((upcoming - now).total_seconds())
        assert await queue.claim(upcoming - timedelta(microseconds=1), 10) == []
        now = upcoming
    assert pauses_s == [5, 10, 20, 40, 80, 160, 320, 640, 1280]
    (parked,) = await queue.parked()
    assert (parked.work, parked.key, parked.attempts) == (TEND, 1, TRIES)
    assert (parked.parked_at, parked.last_error) == (now, "failure 10")
    assert await queue.claim(now + timedelta(days=9), 10) == []


async def park(store: KeptStore, engine: AsyncEngine, key: int) -> None:
    await put(store, key, 0)
    async with engine.begin() as connection:
        await connection.execute(update(tables.timer).where(tables.timer.c.key == key).values(parked_at=at(key)))


async def test_setting_a_parked_timer_brings_it_back(store: KeptStore, engine: AsyncEngine, queue: TimerQueue) -> None:
    await park(store, engine, 1)
    await put(store, 1, 20)
    assert await queue.parked() == []
    assert (await claim_one(queue, 20)).attempts == 1


async def test_parked_timers_are_shown_oldest_first_and_are_not_waited_for(
    store: KeptStore, engine: AsyncEngine, queue: TimerQueue
) -> None:
    for key in (3, 1, 2):
        await park(store, engine, key)
    assert [parked.key for parked in await queue.parked()] == [1, 2, 3]
    assert await queue.next_due() is None


async def test_a_long_error_is_cut_rather_than_refused(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 0)
    await queue.failed(await claim_one(queue, 0), "x" * 5000, at(0))
    assert await due_at(store, 1) == at(0) + timedelta(seconds=5)


async def test_the_next_timer_due_is_known_also_while_it_runs(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 7)
    await put(store, 2, 5)
    assert await queue.next_due() == at(5)
    await claim_one(queue, 5)
    assert await queue.next_due() == at(5)


# ── holding on ───────────────────────────────────────────────────────────────────────────────────


@contextmanager
def started_for(due: Due) -> Iterator[None]:
    told = HOLDS.set(due)
    try:
        yield
    finally:
        HOLDS.reset(told)


async def holds_on(store: KeptStore, due: Due) -> bool:
    """As whoever was started for `due` would."""
    with started_for(due):
        async with store.unit() as unit:
            return await unit.timers.hold_on()


async def runs_again(store: KeptStore, due: Due, minutes: float) -> None:
    with started_for(due):
        async with store.unit() as unit:
            await unit.timers.run_again(due.work, due.key, at(minutes))


async def test_who_holds_on_hears_whether_it_was_set_again(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    running = await claim_one(queue, 5)
    assert not await holds_on(store, running)
    await put(store, 1, 5)
    assert await holds_on(store, running)
    async with store.unit() as unit:
        assert await unit.timers.hold_on()  # outside of a worker nobody knows


@pytest.mark.parametrize(("set_to", "again", "stands"), [(None, 8, 8), (6, 8, 6), (9, 8, 8)])
async def test_who_runs_again_leaves_what_was_asked_for_meanwhile(
    store: KeptStore, queue: TimerQueue, set_to: float | None, again: float, stands: float
) -> None:
    await put(store, 1, 5)
    running = await claim_one(queue, 5)
    if set_to is not None:
        await put(store, 1, set_to)
    await runs_again(store, running, again)
    await queue.done(running)
    assert await due_at(store, 1) == at(stands)
    assert (await claim_one(queue, 9)).attempts == 1


async def test_who_lost_it_does_not_run_again(store: KeptStore, queue: TimerQueue, engine: AsyncEngine) -> None:
    await put(store, 1, 5)
    running = await claim_one(queue, 5)
    await age_leases(engine)
    other = await claim_one(queue, 6)
    with pytest.raises(TakenOver):
        await runs_again(store, running, 8)
    await queue.done(other)
    with pytest.raises(TakenOver):
        await runs_again(store, running, 8)
    assert await due_at(store, 1) is None


async def test_outside_of_a_worker_it_is_set_to_run_again(store: KeptStore) -> None:
    async with store.unit() as unit:
        await unit.timers.run_again(TEND, 1, at(8))
    assert await due_at(store, 1) == at(8)


async def test_who_holds_on_keeps_it_for_a_whole_lease_more(
    store: KeptStore, queue: TimerQueue, engine: AsyncEngine
) -> None:
    await put(store, 1, 5)
    running = await claim_one(queue, 5)
    await age_leases(engine)
    await holds_on(store, running)  # nobody had taken it
    assert await queue.claim(at(9), 10) == []


async def test_what_another_has_taken_over_cannot_be_held(
    store: KeptStore, queue: TimerQueue, engine: AsyncEngine
) -> None:
    await put(store, 1, 5)
    frozen = await claim_one(queue, 5)
    await age_leases(engine)
    other = await claim_one(queue, 5)
    with pytest.raises(TakenOver):
        await holds_on(store, frozen)
    await holds_on(store, other)
    await queue.failed(frozen, "TakenOver", at(6))  # and what became of it is not its to say
    assert await due_at(store, 1) == at(5)


async def test_what_was_cancelled_cannot_be_held(store: KeptStore, queue: TimerQueue) -> None:
    await put(store, 1, 5)
    running = await claim_one(queue, 5)
    async with store.unit() as unit:
        await unit.timers.cancel(TEND, 1)
    with pytest.raises(TakenOver):
        await holds_on(store, running)


async def test_outside_of_a_worker_there_is_nothing_to_hold(store: KeptStore) -> None:
    async with store.unit() as unit:
        await unit.timers.hold_on()
