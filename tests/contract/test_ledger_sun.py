"""What a home's own sun gave a night, in the ledger as both databases keep it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.ledger_tables import ledger_entry
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.account import Reading
from chargekey.domain.delivery import Happening
from chargekey.domain.evidence import ChargeState, Charging, Observation, Source
from chargekey.domain.ledger import WH, Account, Booking, How, Line, PricesFrom, correction, figures_of
from chargekey.domain.night import Night, Order
from chargekey.domain.span import Span
from chargekey.domain.surplus import Surplus, SurplusSlot
from chargekey.domain.tariff import FlatTariff, Tariff
from chargekey.journeys.book_nights import AGAIN_AFTER
from chargekey.journeys.replay_night import ReplayNight
from chargekey.journeys.standing import about_vehicle
from chargekey.ports.charge_log import ChargeSettings
from tests.contract.bookings import TEN_KWH, a_booking
from tests.contract.household import Household, at
from tests.contract.test_ledger import CHEAP, GOAL, MORNING, House
from tests.contract.test_surplus import quarters

WITHOUT_SUN: Final = (
    '{"tariff":{"price_micro_per_kwh":250000,"currency":"EUR"},"current_a":null,"prices":{"slots":[{"start":'
    '"2024-01-11T06:00:00Z","end":"2024-01-11T07:00:00Z","price_micro_per_kwh":250000}],"known_until":'
    '"2024-01-11T07:00:00Z","source":"flat","zone":"Europe/Amsterdam","currency":"EUR","ends_at":null,"next_at":null},'
    '"readings":[{"start":"2024-01-11T06:00:00Z","end":"2024-01-11T07:00:00Z","wall_wh":10000}],"carbon":null}'
)
"""A voucher as it was written before a home could tell of its sun, and `a_booking` holds the same."""
FOUR_OF_TEN: Final = replace(TEN_KWH, cost_nano=1_820_000_000, sun_wh=4_000, feed_in_nano=320_000_000)


EIGHT_CENTS: Final = 80_000
FORECAST: Final = quarters(0, 4_000, 4_000, 20_000)
"""Of four quarters in which 2.5 kWh each are drawn: 1 kWh, 1 kWh, all of it, and nobody knows."""


class SunnyHouse(House):
    """The same, of a driver who has something on his roof."""

    phases = 3

    def report(self, minute: float, soc: int, charging: Charging, added_wh: int | None) -> Observation:
        state = ChargeState(soc, 80, charging, 16, 16, 16, 230, self.phases, 0, added_wh, None)
        return Observation(about_vehicle(self.car), state, at(minute), Source.CAR)

    async def agrees_to(self, night: Night, current_a: int) -> None:
        """From the beginning."""
        async with self.store.unit() as unit:
            told = await unit.commands.draft(self.car, night.id, Order.SET_CURRENT, current_a, night.plugged_in_at)
            for what in (Happening.SENT, Happening.CAR_AGREED):
                await unit.commands.happened(told.id, what, night.plugged_in_at)

    async def feeds_in(
        self, micro_per_kwh: int | None = EIGHT_CENTS, *, minutes: float = 0, tariff: Tariff = CHEAP
    ) -> None:
        await self.pays(tariff, minutes)
        async with self.store.unit() as unit:
            settings = ChargeSettings(GOAL, tariff, 16, feed_in_micro_per_kwh=micro_per_kwh)
            await unit.settings.save_settings(self.car, settings, at(minutes))

    async def tells(self, slots: Sequence[SurplusSlot], *, measured: bool = False) -> None:
        async with self.store.unit() as unit:
            await unit.surplus.keep(self.car, slots, self.clock.now(), measured=measured)

    async def is_booked(self) -> None:
        await self.book.book(self.car)

    async def a_day_later(self) -> None:
        self.clock.shows += AGAIN_AFTER
        await self.book.book(self.car)

    async def comes_to_the_same(self, night: Night) -> bool:
        return (await ReplayNight(self.store, self.clock).replay(night.id)).is_the_same


@pytest.fixture
def house(store: KeptStore, anna: Household) -> SunnyHouse:
    return SunnyHouse(store, anna)


# ── as it is kept ────────────────────────────────────────────────────────────────────────────────


async def test_an_entry_with_sun_comes_back_as_it_was_booked(house: SunnyHouse) -> None:
    night, plain = await house.charges(), a_booking(at(MORNING), FOUR_OF_TEN)
    assert plain.voucher
    reading = Reading(at(MORNING - 60), at(MORNING), 10_000, 4_000)
    surplus = Surplus((SurplusSlot(at(MORNING - 60), at(MORNING), 4_000),), 80_000)
    booking = replace(plain, voucher=replace(plain.voucher, readings=(reading,), surplus=surplus))
    async with house.store.unit() as unit:
        assert await unit.ledger.book(night.id, booking)
    assert await house.booked(night) == [booking]
    assert await house.figures(night) == FOUR_OF_TEN


async def test_an_entry_from_before_there_was_sun_reads_as_it_was_and_can_be_corrected(
    house: SunnyHouse, engine: AsyncEngine
) -> None:
    night, first = await house.charges(), a_booking(at(MORNING))
    async with house.store.unit() as unit:
        await unit.ledger.book(night.id, first)
    async with engine.begin() as connection:
        await connection.execute(update(ledger_entry).values(voucher=WITHOUT_SUN))
    assert await house.booked(night) == [first]
    assert await house.figures(night) == TEN_KWH

    # ── a meter tells the day after ──────────────────────────────
    after = correction([first.entry], FOUR_OF_TEN, PricesFrom.TARIFF, at(900))
    async with house.store.unit() as unit:
        assert await unit.ledger.book(night.id, Booking(after, first.outcome, first.voucher))
    assert await house.figures(night) == FOUR_OF_TEN
    assert figures_of([first.entry]) == TEN_KWH


# ── booked when it ends ──────────────────────────────────────────────────────────────────────────


async def test_a_night_is_booked_with_the_sun_that_its_home_told(house: SunnyHouse) -> None:
    await house.feeds_in()
    await house.tells(FORECAST)
    night = await house.charges()
    as_it_stands = await house.pages.night(house.home.driver.id, night.id)
    await house.is_booked()
    figures = await house.figures(night)
    assert (figures.wall_wh, figures.sun_wh) == (10_000, 4_500)
    assert figures.feed_in_nano == 4_500 * EIGHT_CENTS
    assert figures.cost_nano == 4_500 * EIGHT_CENTS + 5_500 * CHEAP.price_micro_per_kwh
    assert figures.at_once_nano == 4_760 * EIGHT_CENTS + 5_240 * CHEAP.price_micro_per_kwh  # at 11.04 kW
    (booking,) = await house.booked(night)
    assert booking.voucher
    assert booking.voucher.surplus == Surplus(tuple(FORECAST), EIGHT_CENTS)
    assert Line(Account.ROOF, WH, -4_500) in booking.entry.lines

    # ── told as it was booked, before and after; and worked out again ──
    shown = await house.pages.night(house.home.driver.id, night.id)
    assert (shown.account, shown.surplus) == (as_it_stands.account, as_it_stands.surplus)
    month = await house.pages.nights_in(house.home.driver.id, Span(2024, 1))
    assert [one.figures for one in month.nights] == [figures]
    assert await house.comes_to_the_same(night)


async def test_carbon_is_of_what_the_grid_gave(house: SunnyHouse) -> None:
    await house.feeds_in()
    await house.tells(FORECAST)
    house.grid.g_per_kwh = 200
    night = await house.charges()
    await house.is_booked()
    figures = await house.figures(night)
    assert (figures.carbon_mg, figures.carbon_at_once_mg) == (200 * 5_500, 200 * 5_240)
    assert await house.comes_to_the_same(night)


async def test_at_few_amps_less_of_it_arrives_and_at_once_it_would_have_been_at_full_current(house: SunnyHouse) -> None:
    """On one phase 78 % at 8 A, 87 % at the 16 A that the driver wants at most."""
    await house.feeds_in()
    await house.tells(FORECAST)
    house.phases = 1
    night = await house.charges(added_wh=1_560)
    await house.agrees_to(night, 8)
    await house.is_booked()
    figures = await house.figures(night)
    assert (figures.battery_wh, figures.wall_wh, figures.sun_wh) == (1_560, 2_000, 1_500)
    assert figures.at_once_nano == 1_794 * EIGHT_CENTS
    assert await house.comes_to_the_same(night)


@pytest.mark.parametrize(
    ("feed_in", "told"),
    [(None, FORECAST), (EIGHT_CENTS, []), (EIGHT_CENTS, quarters(-4, 9_000)), (EIGHT_CENTS, quarters(0, 0, 0))],
)
async def test_without_a_price_or_without_sun_a_night_is_booked_as_ever(
    house: SunnyHouse, feed_in: int | None, told: Sequence[SurplusSlot]
) -> None:
    await house.feeds_in(feed_in)
    await house.tells(told)
    night = await house.charges()
    await house.is_booked()
    figures = await house.figures(night)
    assert (figures.sun_wh, figures.feed_in_nano, figures.cost_nano) == (0, 0, 2_000_000_000)
    assert {line.account for line in (await house.booked(night))[0].entry.lines}.isdisjoint(
        {Account.ROOF, Account.FEED_IN}
    )


async def test_where_no_price_is_known_the_sun_is_booked_and_its_worth_is_not(house: SunnyHouse) -> None:
    await house.feeds_in()
    await house.tells(FORECAST)
    house.tariffs.is_silent = True
    night = await house.charges(planned_at=None)
    await house.is_booked()
    figures = await house.figures(night)
    assert (figures.sun_wh, figures.cost_nano, figures.feed_in_nano) == (4_500, None, 0)
    house.tariffs.is_silent = False
    await house.a_day_later()
    figures = await house.figures(night)
    assert (figures.sun_wh, figures.cost_nano, figures.feed_in_nano) == (4_500, 1_460_000_000, 360_000_000)


async def test_a_price_in_another_currency_than_the_nights_is_none_of_it(house: SunnyHouse) -> None:
    """He moved the morning after, before anybody had booked it: the night is reckoned by what its plan knew."""
    await house.feeds_in()
    await house.tells(FORECAST)
    night = await house.charges()
    await house.feeds_in(minutes=MORNING + 5, tariff=FlatTariff(300_000, "GBP"))
    await house.is_booked()
    (booking,) = await house.booked(night)
    assert (booking.entry.how, booking.entry.currency) == (How.RECKONED, "EUR")
    assert booking.voucher
    assert booking.voucher.surplus is None
    assert (await house.figures(night)).cost_nano == 2_000_000_000


# ── corrected ────────────────────────────────────────────────────────────────────────────────────


async def test_a_measurement_after_a_forecast_is_a_correction(house: SunnyHouse) -> None:
    await house.feeds_in()
    await house.tells(FORECAST)
    night = await house.charges()
    await house.is_booked()
    await house.tells(quarters(0, 2_000), measured=True)
    await house.feeds_in(70_000, minutes=MORNING + 5)  # what the grid pays from now on is not that night's
    await house.a_day_later()
    _, second = await house.booked(night)
    assert (second.entry.corrects, second.entry.how) == (1, How.CORRECTED)
    figures = await house.figures(night)
    assert (figures.wall_wh, figures.sun_wh, figures.feed_in_nano) == (10_000, 4_000, 4_000 * EIGHT_CENTS)
    assert {(line.account, line.amount) for line in second.entry.lines if line.unit == WH} == {
        (Account.WALL, -500),
        (Account.ROOF, 500),
    }
    assert await house.comes_to_the_same(night)
    await house.a_day_later()
    assert len(await house.booked(night)) == 2


async def test_what_is_told_no_more_stays_as_it_was_booked_quarter_by_quarter(house: SunnyHouse) -> None:
    await house.feeds_in()
    await house.tells(FORECAST)
    night = await house.charges()
    await house.is_booked()
    async with house.store.unit() as unit:
        await unit.surplus.forget(at(30))
    await house.a_day_later()
    assert len(await house.booked(night)) == 1
    await house.tells(quarters(2, 0), measured=True)
    await house.a_day_later()
    assert (await house.figures(night)).sun_wh == 2_000
    async with house.store.unit() as unit:
        await unit.surplus.forget(at(24 * 60))
    await house.a_day_later()
    assert len(await house.booked(night)) == 2
    assert await house.comes_to_the_same(night)


@pytest.mark.parametrize(("said_at", "entries", "sun_wh"), [(0, 2, 4_500), (MORNING + 5, 1, 0)])
async def test_sun_that_is_told_late_counts_where_its_price_was_that_nights(
    house: SunnyHouse, said_at: float, entries: int, sun_wh: int
) -> None:
    await house.pays(CHEAP, 0)
    if said_at == 0:
        await house.feeds_in()
    night = await house.charges()
    await house.is_booked()
    if said_at:
        await house.feeds_in(minutes=said_at)
    await house.tells(FORECAST, measured=True)
    await house.a_day_later()
    assert len(await house.booked(night)) == entries
    assert (await house.figures(night)).sun_wh == sun_wh


async def test_a_night_of_before_there_was_sun_to_tell_of_is_not_touched_by_it(
    house: SunnyHouse, engine: AsyncEngine
) -> None:
    await house.feeds_in(None)
    night = await house.charges()
    await house.is_booked()
    async with engine.begin() as connection:
        kept = (await connection.execute(select(ledger_entry.c.voucher))).scalar_one()
        older = kept.replace(',"surplus":null', "").replace(',"sun_wh":0', "")
        assert older != kept
        await connection.execute(update(ledger_entry).values(voucher=older))
    await house.a_day_later()
    assert len(await house.booked(night)) == 1
    assert await house.comes_to_the_same(night)
    shown = await house.pages.night(house.home.driver.id, night.id)
    assert (shown.account.sun_wh, shown.surplus) == (0, None)
    house.clock.shows += timedelta(days=400)
    assert await house.comes_to_the_same(night)
