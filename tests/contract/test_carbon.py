"""How clean power is, is kept, fetched every hour, and answered from what is kept alone. On both databases."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chargekey.adapters.carbon.kept_carbon import KeptCarbon
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.carbon import FRESH, CarbonSlot, region
from chargekey.domain.findings import CarbonKept
from chargekey.journeys.fetch_carbon import A_TURN, AHEAD, BEHIND, FetchCarbon
from chargekey.journeys.fetch_prices import AFTER_START
from chargekey.ports.faults import Fault, Puzzling, TooOften, Unreachable
from chargekey.ports.jobs import Work
from tests.contract.test_prices import Clock

GB, LONDON = region("gb-carbon:GB"), region("gb-carbon:13")
ZERO: Final = datetime(2026, 1, 10, 18, tzinfo=UTC)
HALF, HOUR, A_MINUTE = timedelta(minutes=30), timedelta(hours=1), timedelta(minutes=1)


def at(hours: float) -> datetime:
    return ZERO + hours * HOUR


def told(begin: float, measured_until: float, end: float, g_per_kwh: int = 100) -> list[CarbonSlot]:
    starts = [at(begin) + n * HALF for n in range(int((end - begin) * 2))]
    return [CarbonSlot(one, one + HALF, g_per_kwh, is_forecast=one >= at(measured_until)) for one in starts]


@dataclass
class Source:
    """Publishes what it was given; or is in a fault."""

    slots: Sequence[CarbonSlot] = ()
    fault: Fault | None = None
    asked: list[tuple[datetime, datetime]] = field(default_factory=list)

    async def published(self, start: datetime, end: datetime) -> Sequence[CarbonSlot]:
        self.asked.append((start, end))
        if self.fault:
            raise self.fault
        return [one for one in self.slots if one.end > start and one.start < end]


@dataclass
class House:
    """A home set to the whole of Britain."""

    store: KeptStore
    clock: Clock
    source: Source

    @property
    def carbon(self) -> FetchCarbon:
        return FetchCarbon(self.store, self.clock, "charge.example.org", self.source, GB)

    @property
    def known(self) -> KeptCarbon:
        return KeptCarbon(self.store, GB)

    async def due_in(self) -> timedelta:
        async with self.store.unit() as unit:
            due_at = await unit.timers.due_at(Work.FETCH_CARBON, 0)
        assert due_at
        return due_at - self.clock.moment


@pytest.fixture
def house(store: KeptStore) -> House:
    return House(store, Clock(at(0)), Source(told(-24, 0, 48)))


async def test_it_is_asked_soon_and_then_every_hour(house: House) -> None:
    await house.carbon.begin()
    assert await house.due_in() == AFTER_START
    await house.carbon.fetch(0)
    assert house.source.asked == [(at(0) - BEHIND, at(0) + AHEAD)]
    assert A_TURN <= await house.due_in() < A_TURN + A_MINUTE
    await house.carbon.begin()
    assert A_TURN <= await house.due_in() < A_TURN + A_MINUTE


async def test_what_is_kept_is_answered_and_says_from_when_on_it_is_forecast(house: House) -> None:
    await house.carbon.fetch(0)
    known = await house.known.carbon(at(-2), at(14), at(0.2))
    assert known
    assert (known.intensity(at(-2), at(14)), known.known_until, known.source) == (100, at(0), "Carbon Intensity API")


async def test_what_was_measured_takes_the_place_of_what_was_forecast(house: House) -> None:
    await house.carbon.fetch(0)
    house.clock.moment, house.source.slots = at(1), told(-24, 1, 48, 80)
    await house.carbon.fetch(0)
    async with house.store.unit() as unit:
        kept = await unit.carbon.slots(GB, at(-24), at(96))
        assert await unit.carbon.slots(LONDON, at(-24), at(96)) == []
    assert (kept[0].start, kept[-1].end) == (at(-12), at(37))
    assert [one for one in kept if one.start >= at(-11)] == told(-11, 1, 37, 80)


@pytest.mark.parametrize("fault", [Unreachable("down"), Puzzling("a page")])
async def test_a_fault_changes_nothing_that_is_known_and_pauses_grow_to_a_turn(house: House, fault: Fault) -> None:
    await house.carbon.fetch(0)
    house.source.fault, pauses = fault, []
    for _ in range(6):
        await house.carbon.fetch(0)
        pauses.append(await house.due_in())
    assert pauses == sorted(pauses)
    assert (pauses[0] < timedelta(minutes=7), pauses[-1] < A_TURN + A_MINUTE) == (True, True)
    assert await house.known.carbon(at(0), at(1), at(1))


async def test_who_asks_for_patience_gets_it(house: House) -> None:
    house.source.fault = TooOften("slowly", wait=timedelta(hours=5))
    await house.carbon.fetch(0)
    assert await house.due_in() == timedelta(hours=5)


async def test_a_source_long_silent_leaves_what_is_behind_us_and_nothing_ahead(house: House) -> None:
    await house.carbon.fetch(0)
    late = at(0) + FRESH
    fresh, silent = [await house.known.carbon(at(0), at(20), now) for now in (late, late + A_MINUTE)]
    assert fresh
    assert silent
    assert (fresh.slots[-1].end, silent.slots[-1].end) == (at(20), at(6))


async def test_where_no_source_is_set_nothing_is_fetched_and_nothing_known(store: KeptStore) -> None:
    nothing = FetchCarbon(store, Clock(at(0)), "charge.example.org", None, None)
    await nothing.begin()
    await nothing.fetch(0)
    async with store.unit() as unit:
        assert await unit.timers.due_at(Work.FETCH_CARBON, 0) is None
    assert await KeptCarbon(store, None).carbon(at(0), at(1), at(0)) is None
    assert await KeptCarbon(store, GB).carbon(at(0), at(1), at(0)) is None


async def test_the_operator_is_told_how_far_ahead_it_is_known(house: House, store: KeptStore) -> None:
    assert await house.carbon.stands() == CarbonKept("gb-carbon:GB", at(36))  # never asked: asked for it now
    assert len(house.source.asked) == 1
    house.source.fault = Unreachable("")
    house.clock.moment += FRESH
    await house.carbon.fetch(0)
    assert (await house.carbon.stands()).trouble == "Unreachable"
    house.clock.moment += A_MINUTE
    assert await house.carbon.stands() == CarbonKept("gb-carbon:GB", None, "Unreachable")  # a forecast of yesterday's
    assert await FetchCarbon(store, house.clock, "charge.example.org", None, None).stands() == CarbonKept()
