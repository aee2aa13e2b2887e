"""The worker's loop: claim, do, say how it went. Its timers are real ones, in SQLite; its clock stands still."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from structlog.testing import capture_logs

from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.tables import metadata
from chargekey.adapters.store.timers import TimerQueue
from chargekey.entrypoints.worker.loop import AT_ONCE, Worker
from chargekey.ports.faults import AnswerLost, TooOften
from chargekey.ports.jobs import Due, Work

SIX: Final = datetime(2024, 1, 10, 18, tzinfo=UTC)
TEND: Final = Work.TEND_VEHICLE
SOON: Final = 5.0
"""Seconds after which a test that hangs gives up."""


def at(minutes: float) -> datetime:
    return SIX + timedelta(minutes=minutes)


class StandingClock:
    """Shows six until it is moved."""

    shows = SIX

    def now(self) -> datetime:
        return self.shows


class Home:
    """A worker with its timers, and what it is to do with those that are due."""

    def __init__(self, store: KeptStore, queue: TimerQueue) -> None:
        self.store, self.queue, self.clock = store, queue, StandingClock()
        self.done: list[int] = []

    async def put(self, key: int, minutes: float = 0, work: Work = TEND) -> None:
        async with self.store.unit() as unit:
            await unit.timers.set(work, key, at(minutes))

    async def note(self, key: int) -> None:
        self.done.append(key)

    def worker(self, does: Callable[[int], Awaitable[None]] | None = None) -> Worker:
        return Worker(self.queue, self.clock, dict.fromkeys(Work, does or self.note))


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    engine = open_engine(f"sqlite:///{tmp_path / 'home.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield Home(KeptStore(engine), TimerQueue(engine))
    await engine.dispose()


# ── catching up ──────────────────────────────────────────────────────────────────────────────────


async def test_what_is_due_is_done_and_the_rest_waits(home: Home) -> None:
    await home.put(1, -5)
    await home.put(2, 0)
    await home.put(3, 5)
    assert await home.worker().catch_up() == at(5)
    assert sorted(home.done) == [1, 2]


async def test_with_nothing_to_do_there_is_no_next_time(home: Home) -> None:
    assert await home.worker().catch_up() is None


async def test_each_kind_of_work_goes_to_its_own_journey(home: Home) -> None:
    done: list[tuple[Work, int]] = []

    def does(work: Work) -> Callable[[int], Awaitable[None]]:
        async def note(key: int) -> None:
            done.append((work, key))

        return note

    for nth, work in enumerate(Work):
        await home.put(nth, 0, work)
    await Worker(home.queue, home.clock, {work: does(work) for work in Work}).catch_up()
    assert sorted(done) == sorted((work, nth) for nth, work in enumerate(Work))


async def test_work_that_asks_for_more_work_is_followed_until_all_is_quiet(home: Home) -> None:
    async def pass_on(key: int) -> None:
        await home.note(key)
        if key < 5:
            await home.put(key + 1)
        else:
            await home.put(key + 1, 30)

    await home.put(1)
    assert await home.worker(pass_on).catch_up() == at(30)
    assert home.done == [1, 2, 3, 4, 5]


async def test_work_that_arms_itself_anew_runs_again_when_its_time_has_come(home: Home) -> None:
    async def again(key: int) -> None:
        await home.note(key)
        await home.put(key, 10 * len(home.done))

    await home.put(1)
    worker = home.worker(again)
    assert await worker.catch_up() == at(10)
    assert home.done == [1]
    home.clock.shows = at(10)
    assert await worker.catch_up() == at(20)
    assert home.done == [1, 1]


# ── side by side ─────────────────────────────────────────────────────────────────────────────────


class Crowd:
    """Counts who is at work at the same moment."""

    def __init__(self) -> None:
        self.present: list[int] = []
        self.most = self.most_of_one = self.runs = 0

    async def visit(self, key: int) -> None:
        self.present.append(key)
        self.runs += 1
        self.most = max(self.most, len(self.present))
        self.most_of_one = max(self.most_of_one, self.present.count(key))
        for _ in range(20):
            await asyncio.sleep(0)
        self.present.remove(key)


async def test_one_key_never_runs_twice_at_once(home: Home) -> None:
    crowd, left = Crowd(), {1: 4, 2: 4}

    async def again_and_again(key: int) -> None:
        if left[key]:
            left[key] -= 1
            await home.put(key)  # due at once, while it still runs
        await crowd.visit(key)

    await home.put(1)
    await home.put(2)
    await asyncio.gather(*(home.worker(again_and_again).catch_up() for _ in range(3)))  # three workers, too
    assert crowd.most_of_one == 1
    assert left == {1: 0, 2: 0}
    assert crowd.runs == 10


async def test_so_many_run_side_by_side_and_no_more(home: Home) -> None:
    crowd, is_full = Crowd(), asyncio.Event()

    async def waits_for_company(key: int) -> None:
        """The first leaves at once, so that there is room for one; the others stay until the room is full."""
        if key:
            crowd.present.append(key)
            crowd.most = max(crowd.most, len(crowd.present))
            if len(crowd.present) >= AT_ONCE:
                is_full.set()
            await is_full.wait()
            await asyncio.sleep(0)  # those who came with him come in first
            crowd.present.remove(key)
        await home.note(key)

    for key in range(3 * AT_ONCE):
        await home.put(key, key / 100 - 1)
    await asyncio.wait_for(home.worker(waits_for_company).catch_up(), 6 * SOON)
    assert crowd.most == AT_ONCE
    assert sorted(home.done) == list(range(3 * AT_ONCE))


class ManyDue:
    """A queue in memory: so many are due, and nothing comes after them. Claims are slow, so that two can meet."""

    def __init__(self, many: int) -> None:
        self.left = [Due(TEND, key, SIX, 1, "1.lease") for key in range(many)]

    async def claim(self, _now: datetime, limit: int) -> Sequence[Due]:
        for _ in range(3):
            await asyncio.sleep(0)
        claimed, self.left = self.left[:limit], self.left[limit:]
        return claimed

    async def done(self, due: Due) -> None: ...
    async def failed(self, due: Due, error: str, now: datetime) -> None: ...
    async def next_due(self) -> datetime | None: ...


async def test_the_loop_and_the_demos_clock_fill_the_same_room() -> None:
    crowd, stop, queue = Crowd(), asyncio.Event(), ManyDue(6 * AT_ONCE)
    worker = Worker(queue, StandingClock(), dict.fromkeys(Work, crowd.visit))
    loop = asyncio.create_task(worker.forever(stop))
    await worker.catch_up()
    stop.set()
    await asyncio.wait_for(loop, SOON)
    assert (crowd.runs, crowd.most) == (6 * AT_ONCE, AT_ONCE)


async def test_the_loop_fills_a_place_as_soon_as_it_is_free() -> None:
    many, stop = 100 * AT_ONCE, asyncio.Event()
    done: list[int] = []

    async def note(key: int) -> None:
        await asyncio.sleep(0)
        done.append(key)
        if len(done) == many:
            stop.set()

    worker = Worker(ManyDue(many), StandingClock(), dict.fromkeys(Work, note))
    await asyncio.wait_for(worker.forever(stop), 6 * SOON)  # a nap whenever the room is full would take 99 seconds
    assert sorted(done) == list(range(many))


async def test_a_slow_one_holds_up_nobody_else(home: Home) -> None:
    others_are_done = asyncio.Event()

    async def one_is_slow(key: int) -> None:
        if key == 0:
            await others_are_done.wait()
        await home.note(key)
        if len(home.done) == 11:
            others_are_done.set()

    for key in range(12):
        await home.put(key)
    await asyncio.wait_for(home.worker(one_is_slow).catch_up(), 6 * SOON)
    assert home.done[-1] == 0


# ── failing ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_fault_is_tried_again_later_and_noted_in_one_line(home: Home) -> None:
    async def loses_the_answer(_key: int) -> None:
        raise AnswerLost("of a car we do not name")

    await home.put(1)
    with capture_logs() as lines:
        assert await home.worker(loses_the_answer).catch_up() == SIX + timedelta(seconds=5)
    (line,) = lines
    assert line == {
        "event": "work failed",
        "log_level": "info",
        "work": "tend_vehicle",
        "key": 1,
        "fault": "AnswerLost",
    }


async def test_a_bug_is_tried_again_too_and_logged_whole(home: Home) -> None:
    async def divides(_key: int) -> None:
        raise ZeroDivisionError

    await home.put(1)
    with capture_logs() as lines:
        assert await home.worker(divides).catch_up() == SIX + timedelta(seconds=5)
    (line,) = lines
    assert (line["event"], line["log_level"], line["exc_info"]) == ("work broke", "error", True)
    assert (line["work"], line["key"], line["attempts"]) == ("tend_vehicle", 1, 1)


async def test_one_that_fails_takes_no_other_with_it(home: Home) -> None:
    async def odd_ones_fail(key: int) -> None:
        if key % 2:
            raise TooOften("slow down", wait=timedelta(seconds=30))
        await home.note(key)

    for key in range(6):
        await home.put(key)
    with capture_logs():
        await home.worker(odd_ones_fail).catch_up()
    assert sorted(home.done) == [0, 2, 4]


async def test_what_fails_ten_times_is_parked_and_says_by_what(home: Home) -> None:
    async def never_works(key: int) -> None:
        await home.note(key)
        raise ZeroDivisionError(f"secret of {key}")

    await home.put(1)
    worker = home.worker(never_works)
    with capture_logs():
        while (upcoming := await worker.catch_up()) is not None:
            home.clock.shows = upcoming
    assert len(home.done) == 10
    (parked,) = await home.queue.parked()
    assert parked.last_error == "ZeroDivisionError"  # the name alone: its text may hold anything


async def test_a_failure_after_it_was_set_again_leaves_the_new_time(home: Home) -> None:
    async def sets_and_fails(key: int) -> None:
        await home.put(key, 45)
        raise AnswerLost

    await home.put(1)
    with capture_logs():
        assert await home.worker(sets_and_fails).catch_up() == at(45)


# ── for ever ─────────────────────────────────────────────────────────────────────────────────────


async def test_it_runs_until_it_is_told_to_stop_and_finishes_what_it_began(home: Home) -> None:
    stop = asyncio.Event()

    async def stops_us(key: int) -> None:
        stop.set()
        for _ in range(20):
            await asyncio.sleep(0)
        await home.note(key)

    await home.put(1)
    await asyncio.wait_for(home.worker(stops_us).forever(stop), SOON)
    assert home.done == [1]
    assert await home.queue.next_due() is None  # and said that it went well


async def test_told_to_stop_it_begins_nothing(home: Home) -> None:
    stop = asyncio.Event()
    stop.set()
    await home.put(1)
    await asyncio.wait_for(home.worker().forever(stop), SOON)
    assert home.done == []


async def test_what_a_dead_process_left_half_done_is_done_by_the_next(home: Home) -> None:
    await home.put(1)
    await home.queue.claim(SIX, 10)  # and then the power went
    assert await home.worker().catch_up() == SIX
    assert home.done == []
    await home.queue.free_all()
    await home.worker().catch_up()
    assert home.done == [1]
