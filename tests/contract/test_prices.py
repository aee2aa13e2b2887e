"""What is published is kept, fetched in its rhythm, and answered from what is kept alone. On both databases."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.price_tables import published_price
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.tariffs.by_kind import TariffsByKind
from chargekey.adapters.tariffs.flat import FlatPrices
from chargekey.adapters.tariffs.kept_day_ahead import KeptDayAhead
from chargekey.adapters.tariffs.time_of_use import TimeOfUsePrices
from chargekey.domain.findings import PricesKept, PricesStand
from chargekey.domain.market import market
from chargekey.domain.tariff import DayAheadTariff, FlatTariff, PriceSlot, with_guesses
from chargekey.journeys.fetch_prices import AFTER_START, SPREAD, FetchPrices, spread
from chargekey.ports.faults import AnswerLost, Fault, Puzzling, Refused, TooOften, Unreachable
from chargekey.ports.jobs import Work

NL, AGILE = market("energy-charts:NL"), market("octopus:E-1R-AGILE-24-10-01-C")
HOUR, QUARTER, DAY = timedelta(hours=1), timedelta(minutes=15), timedelta(days=1)
MIDNIGHT: Final = datetime(2026, 11, 26, 23, tzinfo=UTC)
"""The 27th of November begins in Amsterdam."""
BARE, DUTCH = DayAheadTariff(0, 0), DayAheadTariff(125_000, 21)


def at(hours: float) -> datetime:
    return MIDNIGHT + hours * HOUR


ONE_O_CLOCK: Final = at(13)


def hours(begin: float, end: float, price: int = 80_000) -> list[PriceSlot]:
    return [PriceSlot(at(n), at(n + 1), price) for n in range(int(begin), int(end))]


@dataclass
class Source:
    """Publishes what it was given, in its time; or is in a fault."""

    slots: Sequence[PriceSlot] = ()
    fault: Fault | None = None
    asked: list[datetime] = field(default_factory=list)
    clock: "Clock | None" = None

    async def published(self, start: datetime, end: datetime) -> Sequence[PriceSlot]:
        self.asked.append(self.clock.now() if self.clock else start)
        if self.fault:
            raise self.fault
        return [one for one in self.slots if one.end > start and one.start < end]


@dataclass
class Clock:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass
class House:
    """A home set to Dutch prices."""

    store: KeptStore
    clock: Clock
    source: Source

    @property
    def prices(self) -> FetchPrices:
        return FetchPrices(self.store, self.clock, "charge.example.org", (NL, self.source))

    async def due_at(self) -> datetime | None:
        async with self.store.unit() as unit:
            return await unit.timers.due_at(Work.FETCH_PRICES, 0)

    async def works_until(self, moment: datetime) -> None:
        """As the worker does, each timer in its time."""
        while (due := await self.due_at()) is not None and due <= moment:
            self.clock.moment = due
            await self.prices.fetch(0)
        self.clock.moment = moment


@pytest.fixture
def house(store: KeptStore) -> House:
    clock = Clock(at(12))
    return House(store, clock, Source(hours(-24, 24), clock=clock))


async def kept(store: KeptStore, *slots: PriceSlot, fetched_at: datetime = ONE_O_CLOCK) -> int:
    async with store.unit() as unit:
        return await unit.prices.keep(NL, slots, fetched_at)


async def slots_of(store: KeptStore, begin: float = -48, end: float = 96) -> Sequence[PriceSlot]:
    async with store.unit() as unit:
        return await unit.prices.slots(NL, at(begin), at(end))


# ── keeping ──────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_kept_comes_back_by_time_with_its_holes(store: KeptStore) -> None:
    day = [one for one in hours(0, 24) if one.start != at(7)]
    assert await kept(store, *day) == 23
    assert await slots_of(store) == day
    assert await slots_of(store, 5.5, 8.25) == [day[5], day[6], day[7]]


async def test_the_same_again_is_nothing_new_and_keeps_its_date(store: KeptStore, engine: AsyncEngine) -> None:
    await kept(store, *hours(0, 4))
    assert await kept(store, *hours(0, 6), fetched_at=at(15)) == 2
    async with engine.begin() as connection:
        column = select(published_price.c.fetched_at).order_by(published_price.c.starts_at)
        dates = (await connection.execute(column)).scalars().all()
    assert dates == [ONE_O_CLOCK] * 4 + [at(15)] * 2


async def test_a_correction_takes_the_place_of_what_it_overlaps(store: KeptStore) -> None:
    await kept(store, *hours(0, 4))
    quarters = [PriceSlot(at(1) + n * QUARTER, at(1) + (n + 1) * QUARTER, n) for n in range(4)]
    await kept(store, *quarters)
    assert await slots_of(store) == [hours(0, 1)[0], *quarters, *hours(2, 4)]
    await kept(store, *hours(1, 2, 7))
    assert await slots_of(store) == [*hours(0, 1), *hours(1, 2, 7), *hours(2, 4)]


async def test_no_market_sees_anothers_prices(store: KeptStore) -> None:
    await kept(store, *hours(0, 4))
    async with store.unit() as unit:
        assert await unit.prices.slots(AGILE, at(0), at(4)) == []
        await unit.prices.keep(AGILE, hours(0, 2, 1), ONE_O_CLOCK)
    assert await slots_of(store) == hours(0, 4)


async def test_prices_below_zero_and_beyond_any_bound_of_a_column_are_kept_exactly(store: KeptStore) -> None:
    odd = [PriceSlot(at(0), at(1), -500_000), PriceSlot(at(1), at(2), 100_000_000)]
    await kept(store, *odd)
    assert await slots_of(store) == odd


# ── answering ────────────────────────────────────────────────────────────────────────────────────


def by_the_hour(store: KeptStore) -> KeptDayAhead:
    return KeptDayAhead(store, NL)


async def test_a_driver_pays_what_is_kept_with_surcharge_and_vat(store: KeptStore) -> None:
    await kept(store, *hours(-24, 24))
    known = await by_the_hour(store).prices(DUTCH, at(12.5), at(20), at(12.5))
    assert {one.price_micro_per_kwh for one in known.slots} == {(80_000 + 125_000) * 121 // 100}
    assert (known.slots[0].start, known.known_until, known.currency) == (at(12.5), at(20), "EUR")
    assert known.none_after is None


async def test_tomorrow_is_not_out_before_one_and_comes_at_about_one(store: KeptStore) -> None:
    await kept(store, *hours(-24, 24))
    known = await by_the_hour(store).prices(BARE, at(-12), at(31), at(12))
    assert (known.known_until, known.none_after, known.next_at) == (at(24), None, ONE_O_CLOCK)
    assert known.will_reach(at(48))
    assert with_guesses(known, at(31)).slots[-1].end == at(31)


async def test_tomorrow_is_late_for_a_while_and_then_promised_no_more(store: KeptStore) -> None:
    await kept(store, *hours(-24, 24))
    late = await by_the_hour(store).prices(BARE, at(14), at(31), at(14))
    assert (late.none_after, late.next_at) == (None, None)
    given_up = await by_the_hour(store).prices(BARE, at(19), at(31), at(19))
    assert (given_up.known_until, given_up.none_after) == (at(24), at(24))
    assert not given_up.will_reach(at(31))


async def test_what_is_known_beyond_the_question_is_not_missing(store: KeptStore) -> None:
    await kept(store, *hours(-24, 48))
    known = await by_the_hour(store).prices(BARE, at(20), at(22), at(20))
    assert (known.known_until, known.none_after) == (at(22), None)
    assert known.will_reach(at(47))


@pytest.mark.parametrize("stale", [[], hours(-72, -24), hours(30, 48)])
async def test_nothing_kept_or_kept_too_long_ago_is_no_price(store: KeptStore, stale: list[PriceSlot]) -> None:
    await kept(store, *stale)
    known = await by_the_hour(store).prices(BARE, at(14), at(31), at(14))
    assert (known.slots, known.known_until, known.none_after) == ((), at(14), at(14))
    assert not known.will_reach(at(14))


async def test_a_hole_tonight_ends_what_is_known_and_none_behind_us_does(store: KeptStore) -> None:
    holes = (at(3), at(26))
    await kept(store, *(one for one in hours(-24, 48) if one.start not in holes))
    known = await by_the_hour(store).prices(BARE, at(-5), at(31), at(19))
    assert (known.slots[0].start, known.known_until) == (at(4), at(26))


async def test_a_night_long_past_is_priced_by_what_was_kept_then(store: KeptStore) -> None:
    await kept(store, *hours(-24, 24))
    known = await by_the_hour(store).prices(BARE, at(0), at(8), at(2400))
    assert (len(known.slots), known.known_until, known.none_after) == (8, at(8), None)


async def test_of_a_night_long_past_a_missing_price_never_comes(store: KeptStore) -> None:
    await kept(store, *hours(-24, 5))
    known = await by_the_hour(store).prices(BARE, at(0), at(8), at(2400))
    assert (len(known.slots), known.none_after) == (5, at(5))


async def test_rates_that_include_all_are_what_the_driver_pays(store: KeptStore) -> None:
    async with store.unit() as unit:
        await unit.prices.keep(AGILE, hours(0, 24, 191_100), ONE_O_CLOCK)
    known = await KeptDayAhead(store, AGILE).prices(DayAheadTariff(50_000, 20, "GBP"), at(1), at(4), at(1))
    assert {one.price_micro_per_kwh for one in known.slots} == {191_100}
    assert known.currency == "GBP"


async def test_what_was_typed_in_euros_is_never_added_to_pounds(store: KeptStore) -> None:
    async with store.unit() as unit:
        await unit.prices.keep(AGILE, hours(0, 24), ONE_O_CLOCK)
    agile = KeptDayAhead(store, AGILE)
    door = TariffsByKind(FlatPrices("Europe/London"), TimeOfUsePrices("Europe/London"), agile)
    known = await door.prices(DUTCH, at(1), at(4), at(1))
    assert (known.slots, known.none_after, known.currency) == ((), at(1), "EUR")
    assert (await door.prices(FlatTariff(280_000, "GBP"), at(1), at(4), at(1))).currency == "GBP"
    assert [one.currency for one in door.markets] == ["GBP"]


# ── fetching ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_new_home_asks_at_its_start_and_then_once_a_day(house: House) -> None:
    await house.prices.begin()
    assert await house.due_at() == at(12) + AFTER_START
    await house.works_until(at(12.5))
    assert await slots_of(house.store) == hours(-24, 24)
    its_turn = ONE_O_CLOCK + spread("charge.example.org energy-charts:NL")
    assert await house.due_at() == its_turn

    house.source.slots = hours(-24, 48)
    await house.works_until(at(36))
    assert house.source.asked == [at(12) + AFTER_START, its_turn]
    assert await house.due_at() == its_turn + DAY
    assert await slots_of(house.store) == hours(-24, 48)


async def test_homes_ask_at_moments_of_their_own() -> None:
    turns = [spread(f"home-{n}.example energy-charts:NL") for n in range(400)]
    assert all(timedelta(0) <= one < SPREAD for one in turns)
    assert len({one // timedelta(minutes=1) for one in turns}) == 15
    assert spread("home-1.example energy-charts:NL") == turns[1]


@pytest.mark.parametrize("fault", [Unreachable("down"), AnswerLost("cut off"), Puzzling("a page"), Refused("404")])
async def test_a_fault_leaves_what_is_known_and_pauses_grow(house: House, fault: Fault) -> None:
    await house.prices.begin()
    await house.works_until(at(12.5))
    house.source.slots, house.source.fault = hours(-24, 48), fault
    await house.works_until(at(24))
    asked = house.source.asked[1:]
    pauses = [later - one for one, later in pairwise(asked)]
    assert pauses == sorted(pauses)
    assert (pauses[0] < timedelta(minutes=7), pauses[-1] < timedelta(minutes=62)) == (True, True)
    assert 10 < len(asked) < 18
    assert await slots_of(house.store) == hours(-24, 24)

    house.source.fault = None
    await house.works_until(at(25.5))
    assert await slots_of(house.store) == hours(-24, 48)
    assert await house.due_at() == ONE_O_CLOCK + DAY + spread("charge.example.org energy-charts:NL")


async def test_a_source_that_asks_for_patience_gets_it(house: House) -> None:
    house.source.fault = TooOften("slowly", wait=timedelta(hours=5))
    await house.prices.fetch(0)
    assert await house.due_at() == at(17)  # though new prices come out meanwhile
    house.clock.moment = at(12.1)
    await house.prices.begin()
    assert await house.due_at() == at(17)


async def test_a_home_that_starts_again_and_again_does_not_ask_again_and_again(house: House) -> None:
    house.source.fault = Unreachable("down")
    await house.prices.begin()
    await house.works_until(at(12.2))
    asked, due = len(house.source.asked), await house.due_at()
    for _ in range(5):
        await house.prices.begin()
    assert (len(house.source.asked), await house.due_at()) == (asked, due)


async def test_a_home_whose_prices_are_whole_asks_nothing_at_its_start(house: House) -> None:
    await kept(house.store, *hours(0, 24))
    await house.prices.begin()
    assert await house.due_at() == ONE_O_CLOCK + spread("charge.example.org energy-charts:NL")


async def test_what_is_not_whole_is_asked_for_again(house: House) -> None:
    house.clock.moment = at(14)
    house.source.slots = [one for one in hours(-24, 48) if one.start != at(30)]
    await house.prices.fetch(0)
    assert at(14) < (await house.due_at() or at(0)) < at(14.2)
    house.source.slots = hours(-24, 48)
    await house.works_until(at(15))
    assert await slots_of(house.store) == hours(-24, 48)
    assert len(house.source.asked) == 2


# ── telling the operator ─────────────────────────────────────────────────────────────────────────


async def test_where_no_source_is_set_nothing_is_fetched_and_nothing_is_wrong(house: House) -> None:
    nothing = FetchPrices(house.store, house.clock, "charge.example.org")
    await nothing.begin()
    await nothing.fetch(0)
    assert await house.due_at() is None
    assert await nothing.stands() == PricesKept(PricesStand.NOT_USED)


async def test_the_first_look_asks_and_later_ones_do_not(house: House) -> None:
    assert await house.prices.stands() == PricesKept(PricesStand.UP_TO_DATE, "energy-charts:NL", at(24))
    await house.prices.stands()
    assert len(house.source.asked) == 1


@pytest.mark.parametrize(
    ("hour", "stands"),
    [
        (13.5, PricesStand.UP_TO_DATE),  # late by half an hour is nobody's fault
        (16.5, PricesStand.LATE),
        (24.5, PricesStand.NONE),
    ],
)
async def test_what_should_be_out_and_is_not_known_is_told(house: House, hour: float, stands: PricesStand) -> None:
    await kept(house.store, *hours(0, 24))
    house.source.fault = Unreachable("down")
    house.clock.moment = at(hour)
    found = await house.prices.stands()
    assert (found.stands, found.trouble) == (stands, "Unreachable")
