"""The ledger as both databases keep it, and how nights come into it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

import pytest

from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.carbon import Carbon, CarbonSlot
from chargekey.domain.evidence import ChargeState, Charging, ChoseVehicle, Observation, Source
from chargekey.domain.goal import ChargeGoal
from chargekey.domain.ledger import Account, Booking, Figures, How, PricesFrom, correction, figures_of
from chargekey.domain.market import Market, market
from chargekey.domain.night import Night
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.problem import pose
from chargekey.domain.span import Span
from chargekey.domain.spend import Budgets
from chargekey.domain.tariff import DayAheadTariff, FlatTariff, Prices, Tariff, none_to_be_had, prices
from chargekey.journeys.book_nights import AGAIN_AFTER, BookNights
from chargekey.journeys.keep_to_budget import KeepToBudget
from chargekey.journeys.replay_night import NoSuchNight, ReplayNight
from chargekey.journeys.show_charging import ShowCharging
from chargekey.journeys.standing import about_driver, about_vehicle
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.jobs import Work
from tests.contract.bookings import TEN_KWH, a_booking
from tests.contract.household import SIX, Household, at

GOAL: Final = ChargeGoal({day: time(7) for day in range(7)}, 80, 20, "Europe/Amsterdam")
CHEAP, DEAR = FlatTariff(200_000), FlatTariff(400_000)
MORNING: Final = 13 * 60
"""Minutes after six at which the cable comes out."""


@dataclass
class Clock:
    shows: datetime = SIX

    def now(self) -> datetime:
        return self.shows


@dataclass
class Told:
    """Tariffs that are known when they are typed, and may be silent for a while."""

    markets: Sequence[Market] = (market("energy-charts:NL"),)
    is_silent: bool = False

    async def prices(self, tariff: Tariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        if self.is_silent or not isinstance(tariff, FlatTariff):
            return none_to_be_had(start, "silent", "UTC", tariff.currency)
        return prices(tariff, start, end, "UTC")


@dataclass
class Grid:
    """`ports.carbon.CarbonIntensity`: as clean in every hour as in any other, once it is told."""

    g_per_kwh: int | None = None
    source: str = "made up"

    async def carbon(self, start: datetime, end: datetime, known_at: datetime) -> Carbon | None:
        if self.g_per_kwh is None:
            return None
        return Carbon((CarbonSlot(start, end, self.g_per_kwh),), end, self.source)


class House:
    """A car that charges at night, and the book that is kept of it."""

    def __init__(self, store: KeptStore, home: Household) -> None:
        self.store, self.home, self.clock, self.tariffs = store, home, Clock(), Told()
        self.grid = Grid()
        self.book = BookNights(store, self.clock, InProcessBus(), self.tariffs, self.grid)
        budget = KeepToBudget(store, self.clock, Budgets(1_000_000, 1_000_000))
        self.pages = ShowCharging(store, self.clock, self.tariffs, budget, self.grid)

    @property
    def car(self) -> int:
        return self.home.car.id

    async def pays(self, tariff: Tariff, minutes: float) -> None:
        async with self.store.unit() as unit:
            chose = Observation(about_driver(self.home.driver.id), ChoseVehicle(self.car), SIX, Source.DRIVER)
            await unit.evidence.append([chose])
            await unit.settings.save_settings(self.car, ChargeSettings(GOAL, tariff, None), at(minutes))

    async def charges(self, *, day: int = 0, planned_at: FlatTariff | None = CHEAP, added_wh: int = 9_000) -> Night:
        """From six to seven, seen each half hour; the cable comes out in the morning, and nobody has booked it yet."""
        begins = day * 24 * 60
        async with self.store.unit() as unit:
            night = await unit.nights.begin_night(self.car, at(begins))
            await unit.nights.set_ready_by(night.id, at(begins + 12 * 60))
            if planned_at:
                known = prices(planned_at, at(begins), at(begins + 12 * 60), "UTC")
                problem = pose(
                    known, now=at(begins), ready_by=at(begins + 12 * 60), soc_percent=50, target_percent=80,
                    minimum_percent=20, usable_wh=60_000, ac_power_w=11_000, efficiency_percent=90,
                )  # fmt: skip
                await unit.nights.keep_plan(night.id, problem, cheapest(problem), at(begins))
            seen: list[tuple[int, int, Charging, int | None]] = [
                (0, 50, Charging.CHARGING, 0),
                (30, 55, Charging.CHARGING, added_wh // 2),
            ]
            seen += [(60, 80, Charging.COMPLETE, added_wh), (MORNING, 80, Charging.UNPLUGGED, None)]
            await unit.evidence.append(
                [self.report(begins + minute, soc, state, wh) for minute, soc, state, wh in seen]
            )
            await unit.nights.end_night(night.id, at(begins + MORNING))
            ended = await unit.nights.night(night.id)
        assert ended
        self.clock.shows = at(begins + MORNING + 1)
        return ended

    def report(self, minute: float, soc: int, charging: Charging, added_wh: int | None) -> Observation:
        state = ChargeState(soc, 80, charging, 16, 16, 16, 230, 3, 11_000, added_wh, None)
        return Observation(about_vehicle(self.car), state, at(minute), Source.CAR)

    async def booked(self, night: Night) -> Sequence[Booking]:
        async with self.store.unit() as unit:
            return await unit.ledger.of_night(night.id)

    async def figures(self, night: Night) -> Figures:
        return figures_of([one.entry for one in await self.booked(night)])


@pytest.fixture
def house(store: KeptStore, anna: Household) -> House:
    return House(store, anna)


# ── as it is kept ────────────────────────────────────────────────────────────────────────────────


async def test_entries_come_back_as_they_were_booked_and_each_only_once(house: House, bert: Household) -> None:
    night = await house.charges()
    first = a_booking(at(MORNING))
    wrong = replace(first, entry=correction([first.entry], replace(TEN_KWH, cost_nano=1), PricesFrom.TARIFF, at(900)))
    async with house.store.unit() as unit:
        assert await unit.ledger.of_night(night.id) == []
        assert await unit.ledger.cars_with_unbooked() == [house.car]
        assert await unit.ledger.unbooked(house.car) == [night]
        assert await unit.ledger.book(night.id, first)
        assert not await unit.ledger.book(night.id, a_booking(at(900)))
        assert await unit.ledger.book(night.id, wrong)
    async with house.store.unit() as unit:
        assert await unit.ledger.of_night(night.id) == [first, wrong]
        short = await unit.ledger.of_nights([night.id, 999])
        assert short == {night.id: ([first.entry, wrong.entry], wrong.outcome)}
        assert await unit.ledger.of_nights([]) == {}
        assert await unit.ledger.unbooked(house.car) == []
        assert await unit.ledger.cars_with_unbooked() == []
        assert await unit.ledger.booked(house.car, at(MORNING)) == [night]
        assert await unit.ledger.booked(house.car, at(MORNING + 1)) == []
        assert await unit.ledger.booked(bert.car.id, SIX) == []


# ── booked when it ends ──────────────────────────────────────────────────────────────────────────


async def test_a_night_is_booked_once_at_its_own_tariff(house: House) -> None:
    await house.pays(CHEAP, 0)
    night = await house.charges()
    await asyncio.gather(*(house.book.book(house.car) for _ in range(3)))
    (booking,) = await house.booked(night)
    entry = booking.entry
    assert (entry.how, entry.prices_from, entry.booked_at) == (How.AT_ITS_END, PricesFrom.TARIFF, house.clock.now())
    assert figures_of([entry]) == Figures(10_000, 9_000, "EUR", 2_000_000_000, 2_000_000_000, 0)
    assert (booking.outcome.soc_after_percent, booking.outcome.reached_at) == (80, at(60))
    async with house.store.unit() as unit:
        assert await unit.timers.due_at(Work.BOOK_NIGHTS, house.car) == house.clock.now() + AGAIN_AFTER


async def test_a_tariff_by_the_hour_is_booked_by_its_markets_name(house: House) -> None:
    """So that a correction is by the same market, whichever comes first in the home by then."""
    await house.pays(DayAheadTariff(125_000, 21), 0)
    night = await house.charges()
    await house.book.book(house.car)
    (booking,) = await house.booked(night)
    assert booking.voucher
    assert booking.voucher.tariff == DayAheadTariff(125_000, 21, market="energy-charts:NL")


async def test_a_new_tariff_changes_nothing_about_it(house: House) -> None:
    await house.pays(CHEAP, 0)
    night = await house.charges()
    await house.book.book(house.car)
    before = await house.pages.night(house.home.driver.id, night.id)
    await house.pays(DEAR, MORNING + 5)
    await house.book.book(house.car)
    assert len(await house.booked(night)) == 1
    after = await house.pages.night(house.home.driver.id, night.id)
    assert (after.account, after.prices) == (before.account, before.prices)
    assert after.account.cost_nano == 2_000_000_000


async def test_a_night_that_ended_while_we_were_away_is_reckoned_by_what_its_plan_knew(house: House) -> None:
    await house.pays(CHEAP, 0)
    night = await house.charges()
    await house.pays(DEAR, MORNING + 5)  # before anybody booked it
    await house.book.book(house.car)
    (booking,) = await house.booked(night)
    assert (booking.entry.how, booking.entry.prices_from) == (How.RECKONED, PricesFrom.PLAN)
    assert (await house.figures(night)).cost_nano == 2_000_000_000
    assert booking.voucher
    assert booking.voucher.tariff is None


async def test_settings_said_anew_at_the_same_price_leave_the_tariff_that_nights(house: House) -> None:
    await house.pays(CHEAP, 0)
    night = await house.charges()
    await house.pays(CHEAP, MORNING + 5)
    await house.book.book(house.car)
    (booking,) = await house.booked(night)
    assert (booking.entry.how, booking.entry.prices_from) == (How.AT_ITS_END, PricesFrom.TARIFF)


async def test_where_no_price_is_known_the_entry_says_so_and_none_is_made_up(house: House) -> None:
    await house.pays(CHEAP, 0)
    night = await house.charges(planned_at=None)
    await house.pays(DEAR, MORNING + 5)
    await house.book.book(house.car)
    (booking,) = await house.booked(night)
    entry = booking.entry
    assert (entry.how, entry.prices_from) == (How.RECKONED, PricesFrom.NOWHERE)
    assert entry.lacks == {Account.POWER, Account.SAVING}
    assert (await house.figures(night)) == Figures(10_000, 9_000, "EUR", None, None, 0)


async def test_nights_from_before_there_was_a_ledger_have_their_turn_at_the_start(house: House) -> None:
    await house.pays(CHEAP, 0)
    nights = [await house.charges(day=day) for day in range(3)]
    house.clock.shows = at(30 * 24 * 60)
    await house.book.begin()
    async with house.store.unit() as unit:
        assert await unit.timers.due_at(Work.BOOK_NIGHTS, house.car) == house.clock.now()
        await unit.timers.cancel(Work.BOOK_NIGHTS, house.car)
    await house.book.book(house.car)
    for night in nights:
        (booking,) = await house.booked(night)
        assert (booking.entry.how, booking.entry.prices_from) == (How.RECKONED, PricesFrom.TARIFF)
    await house.book.begin()
    async with house.store.unit() as unit:
        assert await unit.timers.due_at(Work.BOOK_NIGHTS, house.car) is None  # nothing is left to book, or to correct


# ── corrected ────────────────────────────────────────────────────────────────────────────────────


async def test_a_price_that_comes_late_is_a_correction_and_one_that_goes_is_none(house: House) -> None:
    await house.pays(CHEAP, 0)
    night = await house.charges(planned_at=None)
    house.tariffs.is_silent = True
    await house.book.book(house.car)
    assert (await house.figures(night)).lacks == {Account.POWER, Account.SAVING}
    for house.tariffs.is_silent in (False, False, True):
        house.clock.shows += AGAIN_AFTER
        await house.book.book(house.car)
    first, second = [one.entry for one in await house.booked(night)]
    assert (second.corrects, second.how, second.lacks) == (1, How.CORRECTED, frozenset())
    assert {line.unit for line in second.lines} == {"nano EUR"}
    assert (await house.figures(night)).cost_nano == 2_000_000_000
    assert first.lines


async def test_a_counter_that_is_read_late_is_a_correction(house: House) -> None:
    await house.pays(CHEAP, 0)
    night = await house.charges()
    await house.book.book(house.car)
    async with house.store.unit() as unit:
        await unit.evidence.append([house.report(90, 81, Charging.COMPLETE, 9_900)])
        await unit.evidence.append([house.report(MORNING - 1, 81, Charging.COMPLETE, 9_900)])
    await house.pays(DEAR, MORNING + 5)
    await house.book.book(house.car)
    first, second = await house.booked(night)
    assert second.entry.corrects == 1
    assert (await house.figures(night)).cost_nano == 2_200_000_000  # at that night's tariff, whatever is set now
    assert figures_of([first.entry]).wall_wh == 10_000


async def test_after_three_days_nobody_looks_any_more(house: House) -> None:
    await house.pays(CHEAP, 0)
    await house.charges()
    house.clock.shows = at(4 * 24 * 60)
    await house.book.book(house.car)
    async with house.store.unit() as unit:
        assert await unit.timers.due_at(Work.BOOK_NIGHTS, house.car) is None


# ── told and replayed ────────────────────────────────────────────────────────────────────────────


async def test_months_and_lists_are_told_as_booked_and_what_is_not_booked_as_it_stands(house: House) -> None:
    await house.pays(CHEAP, 0)
    await house.charges()
    await house.book.book(house.car)
    await house.charges(day=1)
    await house.pays(DEAR, 24 * 60 + MORNING + 5)
    shown = await house.pages.nights_in(house.home.driver.id, Span(2024, 1))
    assert [one.figures.cost_nano for one in shown.nights] == [2_000_000_000, 4_000_000_000]
    assert [len(one.booked) for one in shown.nights] == [1, 0]
    assert [one.was_in_time for one in shown.nights] == [True, True]
    await house.book.book(house.car)
    listed = await house.pages.nights(house.home.driver.id)
    assert [one.figures.cost_nano for one in listed] == [2_000_000_000, 2_000_000_000]


async def test_a_night_worked_out_again_is_the_same_or_says_what_differs(house: House) -> None:
    await house.pays(CHEAP, 0)
    night = await house.charges()
    await house.book.book(house.car)
    replay = ReplayNight(house.store, house.clock)
    again = await replay.replay(night.id)
    assert again.is_the_same
    assert (len(again.plans), again.ledger and again.ledger.entries) == (1, 1)
    async with house.store.unit() as unit:
        (kept,) = [one for one in await unit.nights.every_plan(night.id) if one]
        await unit.nights.keep_plan(night.id, kept.problem, replace(kept.plan, energy_wh=1, windows=()), SIX)
        await unit.evidence.append([house.report(90, 81, Charging.COMPLETE, 9_900)])
        await unit.evidence.append([house.report(MORNING - 1, 81, Charging.COMPLETE, 9_900)])
    other = await replay.replay(night.id)
    assert not other.is_the_same
    assert [one.what for one in other.plans[1].differs] == ["windows[0]", "energy_wh"]
    assert other.ledger
    assert {one.what for one in other.ledger.differs} >= {"wall_wh", "cost_nano"}
    with pytest.raises(NoSuchNight):
        await replay.replay(999)


# ── how clean it was ─────────────────────────────────────────────


async def test_a_night_is_booked_with_the_carbon_that_its_energy_stands_for(house: House) -> None:
    await house.pays(CHEAP, 0)
    house.grid.g_per_kwh = 200
    night = await house.charges()
    await house.book.book(house.car)
    figures = await house.figures(night)
    assert figures.carbon_mg == 200 * figures.wall_wh
    assert figures.avoided_mg == 0  # known, and nothing
    shown = await house.pages.night(house.home.driver.id, night.id)
    assert (shown.account.carbon_mg, shown.account.avoided_mg) == (figures.carbon_mg, 0)

    # ── the source is gone: what is booked stays, and can be worked out again ──
    house.grid.g_per_kwh = None
    house.clock.shows += timedelta(days=1)
    await house.book.book(house.car)
    assert len(await house.booked(night)) == 1
    assert (await ReplayNight(house.store, house.clock).replay(night.id)).is_the_same


async def test_carbon_that_nobody_told_is_unknown_and_never_nothing(house: House) -> None:
    await house.pays(CHEAP, 0)
    night = await house.charges()
    await house.book.book(house.car)
    figures = await house.figures(night)
    assert (figures.carbon_mg, figures.carbon_at_once_mg, figures.avoided_mg) == (None, None, None)

    # ── it comes to light the day after ──────────────────────────
    house.grid.g_per_kwh = 0
    house.clock.shows += timedelta(days=1)
    await house.book.book(house.car)
    assert len(await house.booked(night)) == 2
    assert (await house.figures(night)).carbon_mg == 0
