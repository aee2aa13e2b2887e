"""Settings, nights, plans, commands and bills as the store keeps them."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Final

import pytest

from chargekey.adapters.store.shapes import read, write
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.car_schedules import CarSchedule
from chargekey.domain.days_apart import DaysApart, Holiday, OneOff
from chargekey.domain.delivery import Delivery, Happening, ImpossibleMove
from chargekey.domain.goal import ChargeGoal
from chargekey.domain.key_watch import KeyWatch
from chargekey.domain.night import Order, Wish
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.problem import PlanProblem, Window
from chargekey.domain.spend import Billed
from chargekey.domain.tariff import (
    DayAheadTariff,
    FlatTariff,
    PriceSlot,
    Tariff,
    TimeOfUsePeriod,
    TimeOfUseTariff,
)
from chargekey.domain.vehicle import Vin
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.store import Store
from tests.contract.household import SIX, Household, at

GOAL: Final = ChargeGoal(
    {0: time(7), 1: time(7, 30), 5: None},
    80,
    20,
    "Europe/Amsterdam",
    apart=DaysApart(
        {date(2024, 1, 12): OneOff(time(4, 30), 100), date(2024, 1, 20): OneOff(time(9))},
        (Holiday(date(2024, 2, 3), date(2024, 2, 18)),),
    ),
)
ALL_WEEK: Final = TimeOfUseTariff((TimeOfUsePeriod(frozenset(range(7)), time(0), time(0), 250_000),))


# ── settings ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tariff", [FlatTariff(250_000), ALL_WEEK, DayAheadTariff(131_000, 21)], ids=str)
async def test_settings_come_back_as_they_were_said(store: KeptStore, anna: Household, tariff: Tariff) -> None:
    said = ChargeSettings(GOAL, tariff, current_a=None)
    async with store.unit() as unit:
        assert await unit.settings.settings(anna.car.id) is None
        await unit.settings.save_settings(anna.car.id, said, SIX)
    async with store.unit() as unit:
        assert await unit.settings.settings(anna.car.id) == said


def test_settings_of_earlier_versions_are_read() -> None:
    """They had dates to skip, which nothing ever set, and none that are not as their weekday."""
    said = ChargeSettings(replace(GOAL, apart=DaysApart()), FlatTariff(1), None)
    kept = json.loads(write(ChargeSettings, said))
    del kept["goal"]["apart"]
    kept["goal"]["skipped"] = ["2024-01-12"]
    assert read(ChargeSettings, json.dumps(kept)) == said


async def test_what_is_said_later_takes_the_place_of_what_was_said(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    async with store.unit() as unit:
        await unit.settings.save_settings(anna.car.id, ChargeSettings(GOAL, FlatTariff(1), None), SIX)
        await unit.settings.save_settings(anna.car.id, ChargeSettings(GOAL, FlatTariff(2), 10), at(1))
        assert await unit.settings.settings(anna.car.id) == ChargeSettings(GOAL, FlatTariff(2), 10)
        assert await unit.settings.settings(bert.car.id) is None


async def test_a_key_watch_is_kept_and_replaced(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        assert await unit.settings.key_watch(anna.car.id) is None
        for watch in (KeyWatch(at(0), at(1), None), KeyWatch(at(0), at(2), at(2))):
            await unit.settings.save_key_watch(anna.car.id, watch)
            assert await unit.settings.key_watch(anna.car.id) == watch


# ── nights and plans ─────────────────────────────────────────────────────────────────────────────


async def test_a_night_lasts_from_plug_in_to_unplugging(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        assert await unit.nights.open_night(anna.car.id) is None
        begun = await unit.nights.begin_night(anna.car.id, at(5))
        assert await unit.nights.open_night(anna.car.id) == begun
        assert (begun.wish, begun.wished_at, begun.ready_by, begun.unplugged_at) == (Wish.PLAN, at(5), None, None)
        await unit.nights.wish(begun.id, Wish.CHARGE_NOW, at(6))
        await unit.nights.set_ready_by(begun.id, at(600))
        await unit.nights.end_night(begun.id, at(700))
        assert await unit.nights.open_night(anna.car.id) is None
        over = await unit.nights.night(begun.id)
    assert over is not None
    assert (over.wish, over.wished_at) == (Wish.CHARGE_NOW, at(6))
    assert (over.ready_by, over.unplugged_at) == (at(600), at(700))


async def test_nights_are_listed_newest_first_and_by_car(store: KeptStore, anna: Household, bert: Household) -> None:
    async with store.unit() as unit:
        for day in range(3):
            night = await unit.nights.begin_night(anna.car.id, at(day * 1440))
            await unit.nights.end_night(night.id, at(day * 1440 + 600))
        await unit.nights.begin_night(bert.car.id, at(0))
        latest = await unit.nights.nights_of(anna.car.id, 2)
        assert await unit.nights.night(999) is None
    assert [night.plugged_in_at for night in latest] == [at(2880), at(1440)]


async def test_nights_of_a_span_are_those_that_ended_in_it(store: KeptStore, anna: Household, bert: Household) -> None:
    async with store.unit() as unit:
        assert await unit.nights.first_night(anna.car.id) is None
        for day in range(4):
            night = await unit.nights.begin_night(anna.car.id, at(day * 1440))
            await unit.nights.end_night(night.id, at(day * 1440 + 600))
        await unit.nights.begin_night(anna.car.id, at(4 * 1440))  # not over
        of_bert = await unit.nights.begin_night(bert.car.id, at(1440))
        await unit.nights.end_night(of_bert.id, at(1500))
        found = await unit.nights.nights_ended(anna.car.id, at(1440 + 600), at(3 * 1440 + 600))
        first = await unit.nights.first_night(anna.car.id)
    assert [night.plugged_in_at for night in found] == [at(1440), at(2880)]
    assert first is not None
    assert first.plugged_in_at == at(0)


def problem(soc_percent: int = 40) -> PlanProblem:
    """Four hours, the third of them cheap, for a car that was charging."""
    hours = [datetime(2024, 1, 10, hour, tzinfo=UTC) for hour in (18, 19, 20, 21, 22)]
    slots = [
        PriceSlot(start, end, price)
        for (start, end), price in zip(pairwise(hours), [300_000, 250_000, -1_000, 90_000], strict=True)
    ]
    return PlanProblem(
        now=hours[0],
        ready_by=hours[-1],
        slots=tuple(slots),
        prices_known_until=hours[3],
        soc_percent=soc_percent,
        target_percent=60,
        minimum_percent=20,
        usable_wh=50_000,
        ac_power_w=11_000,
        efficiency_percent=90,
        charging=True,
        running=(Window(hours[0], hours[1]),),
    )


async def test_a_plan_and_its_problem_come_back_and_can_be_worked_out_again(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        night = await unit.nights.begin_night(anna.car.id, SIX)
        assert await unit.nights.plan_of(night.id) is None
        kept = await unit.nights.keep_plan(night.id, problem(), cheapest(problem()), SIX)
    async with store.unit() as unit:
        found = await unit.nights.plan_of(night.id)
    assert found == kept
    assert found.problem == problem()
    assert found.problem.inputs_hash == found.plan.inputs_hash
    assert found.plan == cheapest(found.problem)


async def test_the_latest_plan_counts_and_the_first_stays(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        night = await unit.nights.begin_night(anna.car.id, SIX)
        plans = [
            await unit.nights.keep_plan(night.id, problem(soc), cheapest(problem(soc)), at(soc)) for soc in (40, 45, 50)
        ]
        assert await unit.nights.plan_of(night.id) == plans[-1]
        assert await unit.nights.plans_of(night.id) == (plans[0], plans[-1])


async def test_a_plan_that_was_never_made_anew_is_first_and_latest(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    async with store.unit() as unit:
        night, other = [await unit.nights.begin_night(who.car.id, SIX) for who in (anna, bert)]
        kept = await unit.nights.keep_plan(night.id, problem(), cheapest(problem()), SIX)
        assert await unit.nights.plans_of(night.id) == (kept, kept)
        assert await unit.nights.plans_of(other.id) == (None, None)


# ── commands ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_command_moves_by_the_table(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        night = await unit.nights.begin_night(anna.car.id, SIX)
        drafted = await unit.commands.draft(anna.car.id, night.id, Order.SET_CURRENT, 10, at(1))
        sent = await unit.commands.happened(drafted.id, Happening.SENT, at(2))
        lost = await unit.commands.happened(drafted.id, Happening.ANSWER_LOST, at(3), "AnswerLost")
        undone = await unit.commands.happened(drafted.id, Happening.SEEN_UNDONE, at(4))
        again = await unit.commands.happened(drafted.id, Happening.SENT, at(5))
        done = await unit.commands.happened(drafted.id, Happening.CAR_AGREED, at(6))
    assert (drafted.delivery, drafted.wanted_at, drafted.current_a) == (Delivery.DRAFTED, at(1), 10)
    assert (sent.delivery, sent.sent_at, sent.settled_at) == (Delivery.ON_ITS_WAY, at(2), None)
    assert (lost.delivery, lost.settled_at, lost.detail) == (Delivery.UNKNOWN, None, "AnswerLost")
    assert undone.delivery is Delivery.DRAFTED
    assert again.sent_at == at(5)
    assert (done.delivery, done.settled_at) == (Delivery.DONE, at(6))


async def test_an_order_keeps_the_schedule_that_it_is_about(store: KeptStore, anna: Household) -> None:
    guard = CarSchedule(8_650_000_000, 127, 180, None, one_time=False)
    async with store.unit() as unit:
        drafted = await unit.commands.draft(anna.car.id, None, Order.ADD_SCHEDULE, None, at(1), guard)
        assert (await unit.commands.happened(drafted.id, Happening.SENT, at(2))).schedule == guard
        assert [one.schedule for one in await unit.commands.open_commands(anna.car.id)] == [guard]


async def test_what_the_table_does_not_allow_changes_nothing(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        unknown = await unit.commands.draft(anna.car.id, None, Order.START, None, at(1))
        await unit.commands.happened(unknown.id, Happening.SENT, at(2))
        before = await unit.commands.happened(unknown.id, Happening.ANSWER_LOST, at(3))
    with pytest.raises(ImpossibleMove):
        async with store.unit() as unit:
            await unit.commands.happened(unknown.id, Happening.SENT, at(4))
    async with store.unit() as unit:
        assert await unit.commands.open_commands(anna.car.id) == [before]


async def settle(store: Store, car_id: int, *happenings: Happening) -> int:
    async with store.unit() as unit:
        command = await unit.commands.draft(car_id, None, Order.START, None, at(1))
        for happening in happenings:
            await unit.commands.happened(command.id, happening, at(2))
    return command.id


async def test_open_is_what_asks_for_a_send_an_answer_or_a_look(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    drafted = await settle(store, anna.car.id)
    on_its_way = await settle(store, anna.car.id, Happening.SENT)
    unknown = await settle(store, anna.car.id, Happening.SENT, Happening.ANSWER_LOST)
    await settle(store, anna.car.id, Happening.SENT, Happening.CAR_AGREED)
    await settle(store, anna.car.id, Happening.SENT, Happening.CAR_REFUSED)
    await settle(store, anna.car.id, Happening.NO_LONGER_WANTED)
    await settle(store, bert.car.id)
    async with store.unit() as unit:
        assert [one.id for one in await unit.commands.open_commands(anna.car.id)] == [drafted, on_its_way, unknown]


async def test_commands_of_a_night_are_told_oldest_first(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        night = await unit.nights.begin_night(anna.car.id, SIX)
        other = await unit.nights.begin_night(anna.car.id, at(9))
        orders = [Order.WAKE, Order.START, Order.STOP]
        for order in orders:
            await unit.commands.draft(anna.car.id, night.id, order, None, SIX)
        await unit.commands.draft(anna.car.id, other.id, Order.WAKE, None, SIX)
        assert [one.order for one in await unit.commands.commands_of(night.id)] == orders


async def test_a_long_reason_is_cut_rather_than_refused(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        command = await unit.commands.draft(anna.car.id, None, Order.START, None, SIX)
        sent = await unit.commands.happened(command.id, Happening.SENT, at(1))
        refused = await unit.commands.happened(sent.id, Happening.CAR_REFUSED, at(2), "no " * 500)
    assert refused.detail == ("no " * 500)[:200]


# ── bills ────────────────────────────────────────────────────────────────────────────────────────


async def test_calls_are_counted_by_kind_from_a_start_up_to_before_an_end(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    async with store.unit() as unit:
        for minute, billed in [(0, Billed.DATA), (1, Billed.DATA), (1, Billed.WAKE), (2, Billed.DATA)]:
            await unit.bills.add_call(anna.car.vin, billed, at(minute))
        await unit.bills.add_call(bert.car.vin, Billed.COMMAND, at(1))
        assert await unit.bills.calls(anna.car.id, at(0), at(2)) == {Billed.DATA: 2, Billed.WAKE: 1}
        assert await unit.bills.calls(anna.car.id, at(2), at(3)) == {Billed.DATA: 1}
        assert await unit.bills.calls(anna.car.id, at(3), at(9)) == {}


async def test_a_call_about_a_car_of_nobody_is_counted_for_nobody(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        await unit.bills.add_call(Vin("5YJXE7E21KF999999"), Billed.DATA, at(1))
        assert await unit.bills.calls(anna.car.id, at(0), at(2)) == {}
