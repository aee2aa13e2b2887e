"""Homes tell of their own sun: by key, at a pace, and so that a plan is looked at only when it matters.

On both databases.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import select

from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.surplus_tables import surplus_key
from chargekey.domain.delivery import Happening
from chargekey.domain.evidence import ChargeState, Charging, ChoseVehicle, Observation, Source
from chargekey.domain.night import Order
from chargekey.domain.secret import Secret
from chargekey.domain.surplus import SurplusSlot, SurplusUnclear
from chargekey.domain.tariff import FlatTariff
from chargekey.domain.told_surplus import Unheard
from chargekey.journeys.end_account import end_account
from chargekey.journeys.hear_surplus import (
    WORDS_IN_IT,
    HearSurplus,
    KeyUnknown,
    SurplusHeard,
    SurplusTold,
    TooManyWords,
)
from chargekey.journeys.plan_charge import NotSetUp
from chargekey.journeys.set_surplus import SetSurplus
from chargekey.journeys.standing import about_driver, about_vehicle
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.jobs import Work
from chargekey.ports.store import Unit
from tests.contract.household import SIX, Household, at
from tests.contract.test_charge_log import GOAL

DRAWS: Final = ChargeState(50, 80, Charging.CHARGING, 10, 10, 16, 230, 1, 2_000, 0, True)
COUNTS: Final = SurplusHeard(counted=True)
FEEDS_IN: Final = ChargeSettings(GOAL, FlatTariff(300_000), 16, feed_in_micro_per_kwh=80_000)


@dataclass
class Clock:
    shows: datetime = SIX

    def now(self) -> datetime:
        return self.shows


class Pages(InProcessBus):
    """Counts whose pages were woken."""

    def __init__(self) -> None:
        super().__init__()
        self.woken: list[int] = []

    def changed(self, driver_id: int) -> None:
        self.woken.append(driver_id)
        super().changed(driver_id)


@dataclass
class Home:
    """A home with a key, before which its car stands."""

    store: KeptStore
    who: Household
    clock: Clock
    pages: Pages
    hears: HearSurplus
    sets: SetSurplus
    key: Secret

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        async with self.store.unit() as unit:
            yield unit

    async def tells(self, minute: float, **told: object) -> SurplusHeard:
        """So many minutes after six."""
        self.clock.shows = at(minute)
        vehicle_id = await self.hears.let_in(self.key)
        return await self.hears.hear(vehicle_id, self.key, SurplusTold(**told))  # type: ignore[arg-type]  # as a test says it

    async def kept(self) -> Mapping[int, tuple[int, bool]]:
        """By minutes after six: watts, and whether measured."""
        async with self.unit() as unit:
            rows = await unit.surplus.told(self.who.car.id, SIX - timedelta(days=1), SIX + timedelta(days=9))
        return {(row.slot.start - SIX) // timedelta(minutes=1): (row.slot.surplus_w, row.measured) for row in rows}

    async def is_tended_at(self) -> datetime | None:
        async with self.unit() as unit:
            return await unit.timers.due_at(Work.TEND_VEHICLE, self.who.car.id)

    async def car_says(self, charge: ChargeState, minute: float) -> None:
        async with self.unit() as unit:
            seen = Observation(about_vehicle(self.who.car.id), charge, at(minute), Source.CAR)
            await unit.evidence.append([seen])

    async def is_told(
        self, order: Order, minute: float, *, settled: float | None, current_a: int | None = None
    ) -> None:
        """At that minute, in a night that lasts; agreed to at the other, None: nobody knows yet."""
        async with self.unit() as unit:
            night = await unit.nights.open_night(self.who.car.id) or await unit.nights.begin_night(self.who.car.id, SIX)
            command = await unit.commands.draft(self.who.car.id, night.id, order, current_a, at(minute))
            await unit.commands.happened(command.id, Happening.SENT, at(minute))
            if settled is not None:
                await unit.commands.happened(command.id, Happening.CAR_AGREED, at(settled))


def slot(begin: float, end: float, surplus_w: int) -> SurplusSlot:
    return SurplusSlot(at(begin), at(end), surplus_w)


@pytest.fixture
async def home(store: KeptStore, anna: Household) -> Home:
    clock, pages = Clock(), Pages()
    sets = SetSurplus(store, clock, pages)
    async with store.unit() as unit:
        chose = Observation(about_driver(anna.driver.id), ChoseVehicle(anna.car.id), SIX, Source.DRIVER)
        await unit.evidence.append([chose])
        await unit.settings.save_settings(anna.car.id, replace(FEEDS_IN, feed_in_micro_per_kwh=None), SIX)
    key = await sets.make_key(anna.driver.id)
    return Home(store, anna, clock, pages, HearSurplus(store, clock, pages), sets, key)


async def follows_sun(home: Home) -> None:
    async with home.unit() as unit:
        await unit.settings.save_settings(home.who.car.id, FEEDS_IN, SIX)


# ── the key ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_home_is_let_in_by_its_key_alone(home: Home) -> None:
    assert await home.hears.let_in(home.key) == home.who.car.id
    for wrong in (None, Secret(""), Secret("x" * 43), Secret(home.key.reveal()[:-1])):
        with pytest.raises(KeyUnknown):
            await home.hears.let_in(wrong)


async def test_the_database_has_no_key_but_its_hash(home: Home) -> None:
    async with home.store._engine.connect() as connection:
        rows = (await connection.execute(select(surplus_key))).all()
    assert len(rows) == 1
    assert home.key.reveal() not in str(rows)
    assert home.key.reveal() not in str(await home.store.everything_of(home.who.driver.id))


async def test_another_key_takes_the_place_of_the_first(home: Home) -> None:
    second = await home.sets.make_key(home.who.driver.id)
    with pytest.raises(KeyUnknown):
        await home.hears.let_in(home.key)
    assert await home.hears.let_in(second) == home.who.car.id


async def test_a_key_that_was_taken_back_is_worth_nothing_even_half_way_in(home: Home) -> None:
    vehicle_id = await home.hears.let_in(home.key)
    await home.sets.take_key_back(home.who.driver.id)
    await home.sets.take_key_back(home.who.driver.id)
    with pytest.raises(KeyUnknown):
        await home.hears.hear(vehicle_id, home.key, SurplusTold(surplus_w=1))
    with pytest.raises(KeyUnknown):
        await home.hears.let_in(home.key)
    assert await home.kept() == {}


async def test_it_goes_with_its_driver_and_nobody_elses_does(home: Home, bert: Household) -> None:
    async with home.unit() as unit:
        await unit.surplus_keys.keep(bert.car.id, "another hash", SIX)
    await home.store.erase_driver(home.who.driver.id)
    with pytest.raises(KeyUnknown):
        await home.hears.let_in(home.key)
    async with home.unit() as unit:
        assert await unit.surplus_keys.whose("another hash") == bert.car.id


async def test_it_ends_with_the_account_at_tesla(home: Home) -> None:
    async with home.unit() as unit:
        await end_account(unit, home.who.grant, SIX)
    with pytest.raises(KeyUnknown):
        await home.hears.let_in(home.key)


async def test_a_home_that_talks_without_end_is_told_to_wait(home: Home) -> None:
    for _ in range(WORDS_IN_IT):
        await home.hears.let_in(home.key)
    with pytest.raises(TooManyWords):
        await home.hears.let_in(home.key)
    home.clock.shows = at(1)
    await home.hears.let_in(home.key)


# ── what counts ──────────────────────────────────────────────────────────────────────────────────


async def test_a_measurement_counts_for_its_quarter_and_the_next_and_has_the_car_tended(home: Home) -> None:
    await follows_sun(home)
    assert await home.tells(4, surplus_w=3_200) == COUNTS
    assert await home.kept() == {0: (3_200, True), 15: (3_200, False)}
    assert await home.is_tended_at() == at(4)
    assert home.pages.woken == [home.who.driver.id]


async def test_where_no_sun_is_followed_it_is_kept_and_no_car_is_tended(home: Home) -> None:
    assert await home.tells(4, surplus_w=3_200) == COUNTS
    assert await home.is_tended_at() is None
    assert len(await home.kept()) == 2


async def test_it_counts_once_in_five_minutes_and_only_where_it_is_another(home: Home) -> None:
    await home.tells(1, surplus_w=3_000)
    assert await home.tells(5.9, surplus_w=0) == SurplusHeard(False, (Unheard.TOO_SOON,))
    assert await home.tells(6, surplus_w=3_250) == SurplusHeard(False, (Unheard.ALIKE,))
    assert await home.tells(6.5, surplus_w=3_251) == COUNTS
    assert await home.tells(16, surplus_w=3_251) == COUNTS  # of the quarter after it nothing is known
    assert await home.kept() == {0: (3_251, True), 15: (3_251, True), 30: (3_251, False)}
    assert len(home.pages.woken) == 3


async def test_too_soon_holds_across_a_quarter(home: Home) -> None:
    await home.tells(14, surplus_w=3_000)
    assert await home.tells(16, surplus_w=0) == SurplusHeard(False, (Unheard.TOO_SOON,))


async def test_a_forecast_replaces_a_forecast_and_no_measurement(home: Home) -> None:
    await home.tells(1, surplus_w=3_000)
    assert await home.tells(2, forecast=[slot(-60, 60, 900)]) == COUNTS
    assert await home.kept() == {0: (3_000, True), 15: (900, False), 30: (900, False), 45: (900, False)}
    assert await home.tells(8, forecast=[slot(0, 60, 900)]) == SurplusHeard(False, (Unheard.ALIKE,))
    assert await home.tells(8, forecast=[slot(30, 45, 100)]) == COUNTS
    assert (await home.kept())[30] == (100, False)


async def test_a_forecast_of_the_same_hours_counts_once_in_five_minutes_and_of_others_at_once(home: Home) -> None:
    await home.tells(1, forecast=[slot(60, 120, 900)])
    assert await home.tells(2, forecast=[slot(60, 120, 800)]) == SurplusHeard(False, (Unheard.TOO_SOON,))
    assert await home.tells(3, forecast=[slot(120, 180, 700)]) == COUNTS
    assert await home.tells(6, forecast=[slot(60, 120, 800)]) == COUNTS


async def test_what_is_over_does_not_count_and_what_is_no_forecast_is_refused(home: Home) -> None:
    assert await home.tells(60, forecast=[slot(0, 60, 900)]) == SurplusHeard(False, (Unheard.OVER,))
    with pytest.raises(SurplusUnclear):
        await home.tells(60, forecast=[slot(60, 61, 900)])
    assert await home.kept() == {}


async def test_both_at_once_count_each_for_itself(home: Home) -> None:
    both = {"surplus_w": 2_000, "forecast": [slot(0, 60, 900)]}
    assert await home.tells(3, **both) == COUNTS
    assert await home.kept() == {0: (2_000, True), 15: (2_000, False), 30: (900, False), 45: (900, False)}
    again = {"surplus_w": 2_000, "forecast": [slot(60, 120, 900)]}
    assert await home.tells(4, **again) == SurplusHeard(True, (Unheard.TOO_SOON,))


# ── the house's meter ────────────────────────────────────────────────────────────────────────────


async def test_what_the_car_draws_is_added_to_what_is_fed_in(home: Home) -> None:
    await home.car_says(DRAWS, 0)
    assert await home.tells(1, grid_w=-1_400) == COUNTS
    assert (await home.kept())[0] == (3_700, True)
    await home.car_says(replace(DRAWS, charging=Charging.STOPPED), 5)
    assert await home.tells(6, grid_w=-1_400) == COUNTS
    assert (await home.kept())[0] == (1_400, True)


async def test_without_any_word_of_the_car_it_draws_nothing(home: Home) -> None:
    assert await home.tells(1, grid_w=700) == COUNTS
    assert (await home.kept())[0] == (0, True)


@pytest.mark.parametrize("order", [Order.START, Order.STOP, Order.SET_CURRENT])
@pytest.mark.parametrize("settled", [2, None])
async def test_an_order_since_its_last_word_makes_it_unknown(home: Home, order: Order, settled: float | None) -> None:
    await home.car_says(DRAWS, 0)
    await home.is_told(order, 1, settled=settled)
    assert await home.tells(3, grid_w=-1_400) == SurplusHeard(False, (Unheard.ORDERED_SINCE,))
    assert await home.kept() == {}
    assert await home.tells(3, surplus_w=1_400) == COUNTS  # who knows what the car draws may say so
    await home.car_says(DRAWS, 4)
    assert await home.tells(9, grid_w=-1_400) == COUNTS


async def test_any_other_order_leaves_it_known_and_an_old_word_does_not(home: Home) -> None:
    await home.car_says(DRAWS, 0)
    await home.is_told(Order.WAKE, 1, settled=2)
    assert await home.tells(15, grid_w=-1_400) == COUNTS
    assert await home.tells(91, grid_w=-1_400) == SurplusHeard(False, (Unheard.WORD_TOO_OLD,))


async def test_amps_that_it_agreed_to_are_what_it_draws(home: Home) -> None:
    await home.car_says(DRAWS, 0)
    assert DRAWS.current_a
    await home.is_told(Order.SET_CURRENT, 1, settled=2, current_a=2 * DRAWS.current_a)
    assert await home.tells(2.5, grid_w=-1_400) == SurplusHeard(False, (Unheard.ORDERED_SINCE,))
    assert await home.tells(3, grid_w=-1_400) == COUNTS
    drew_w = (DRAWS.voltage_v or 0) * DRAWS.current_a * (DRAWS.phases or 0)
    assert (await home.kept())[0] == (2 * drew_w + 1_400, True)


# ── what the driver sets and sees ────────────────────────────────────────────────────────────────


async def test_the_driver_sees_what_was_told_last(home: Home) -> None:
    shown = await home.sets.shown(home.who.driver.id)
    assert shown.key and shown.key.heard_at is None
    assert (shown.told.measured, shown.told.forecast_until) == (None, None)
    await home.tells(3, surplus_w=2_000)
    shown = await home.sets.shown(home.who.driver.id)
    assert shown.key and shown.key.heard_at == at(3)
    assert shown.told.measured and shown.told.measured.slot.surplus_w == 2_000
    assert shown.told.forecast_until is None  # that it goes on for a quarter of an hour is no forecast
    await home.tells(5, forecast=[slot(60, 120, 900)])
    assert (await home.sets.shown(home.who.driver.id)).told.forecast_until == at(120)
    home.clock.shows = at(121)
    assert (await home.sets.shown(home.who.driver.id)).told.forecast_until is None
    home.clock.shows = at(3 * 24 * 60)
    assert (await home.sets.shown(home.who.driver.id)).told.measured is None


async def test_following_and_doing_without_change_that_alone_and_have_the_car_tended(home: Home) -> None:
    await home.sets.follow(home.who.driver.id, 0, 13)
    async with home.unit() as unit:
        assert await unit.settings.settings(home.who.car.id) == replace(FEEDS_IN, feed_in_micro_per_kwh=0, current_a=13)
    assert await home.is_tended_at() == SIX
    home.clock.shows = at(5)
    await home.sets.do_without(home.who.driver.id)
    async with home.unit() as unit:
        assert await unit.settings.settings(home.who.car.id) == replace(
            FEEDS_IN, feed_in_micro_per_kwh=None, current_a=13
        )
    assert await home.is_tended_at() == at(5)
    assert await home.hears.let_in(home.key)


async def test_before_there_is_a_goal_there_is_nothing_to_set(home: Home, bert: Household) -> None:
    for asked in (
        home.sets.shown(bert.driver.id),
        home.sets.follow(bert.driver.id, 0, 16),
        home.sets.do_without(bert.driver.id),
        home.sets.make_key(bert.driver.id),
        home.sets.take_key_back(bert.driver.id),
    ):
        with pytest.raises(NotSetUp):
            await asked
