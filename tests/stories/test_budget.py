"""A budget for Tesla's API runs out in the middle of a night: Tesla's own meter never shows more, December goes on."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from chargekey.domain.operator_check import Check, wrong
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.cli.demo import OPERATOR
from tesla_simulator.bill import bill
from tests.stories.phone import Phone
from tests.stories.town import MODEL_3, Town, a_town

A_FRIDAY_EVENING: Final = datetime(2024, 11, 29, 17, 20, tzinfo=UTC)
DECEMBER: Final = datetime(2024, 12, 1, tzinfo=UTC)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """The last Friday of November."""
    async with a_town(tmp_path, A_FRIDAY_EVENING) as built:
        yield built


CHEAP_TWICE: Final = {
    "zone_0_days": "all", "zone_0_start": "03:00", "zone_0_end": "04:45", "zone_0_price": "5",
    "zone_1_days": "all", "zone_1_start": "04:45", "zone_1_end": "05:30", "zone_1_price": "60",
    "zone_2_days": "all", "zone_2_start": "05:30", "zone_2_end": "06:30", "zone_2_price": "5",
    "zone_3_days": "all", "zone_3_start": "06:30", "zone_3_end": "03:00", "zone_3_price": "60",
}  # fmt: skip
"""Whatever a start counts for, it is worth a second one."""


@pytest.fixture
async def plugged_in(town: Town) -> Phone:
    """Noticed and planned by six o'clock; then the car falls asleep.

    We may not know where it is, so it is charged from our side: that costs more.
    """
    phone = await town.a_phone()
    await phone.signs_in()
    await phone.allows(without=["vehicle_location"])
    await phone.chooses(MODEL_3)
    await town.adds_the_key(phone)
    await phone.plans(ready_by="07:00", target_percent="80")
    town.car.plugs_in()
    await town.time_passes(minutes=20)
    town.car.falls_asleep()
    return phone


async def budget(town: Town, **usd: str) -> None:
    """The operator sets it, and starts Chargekey anew."""
    async with town.is_stopped():
        said = {name: Decimal(amount) for name, amount in usd.items()}
        town.home = replace(town.home, settings=town.home.settings.model_copy(update=said))


def on_teslas_meter(town: Town, month: str = "2024-11") -> Decimal:
    """In dollars, as the simulated Tesla counts by itself."""
    return Decimal(str(bill(town.world.record.billed, month)["usd"]))


async def mails_about_it(town: Town) -> int:
    assert town.home.outbox
    return sum("is used up" in one.mail.subject for one in await town.home.outbox.letters())


@pytest.mark.long
@pytest.mark.parametrize("which", ["budget_usd", "budget_per_car_usd"])
async def test_a_budget_that_runs_out_at_night_is_never_passed_and_december_goes_on(
    town: Town, plugged_in: Phone, which: str
) -> None:
    phone = plugged_in
    await phone.opens("/plan")
    await phone.plans(ready_by="07:00", target_percent="80", tariff="zones", **CHEAP_TWICE)
    await budget(town, **{which: "0.04"})

    # ── November 30th, 3:00: woken, started and stopped; a second wake costs more than is left ─
    await town.time_passes(hours=13)
    assert len(town.calls("/wake_up")) == 1
    assert Decimal("0.03") < on_teslas_meter(town) <= Decimal("0.04")
    assert 70 < town.car.soc_percent < 80
    await phone.opens("/tonight")
    assert phone.reads("this month’s budget at Tesla is used up")
    assert phone.reads("Until Sunday 1 December, 1:00")

    # ── all day: what is free is looked at, nothing else, and he is told no second time ────────
    spent = on_teslas_meter(town)
    await town.until(DECEMBER - timedelta(seconds=1))
    assert on_teslas_meter(town) == spent
    assert await mails_about_it(town) == 1

    # ── December 1st, 1:00: a new month, and what was missing since yesterday is charged ───────
    await town.time_passes(hours=6)
    assert town.car.soc_percent == pytest.approx(80, abs=1)
    assert Decimal("0.02") < on_teslas_meter(town, "2024-12") <= Decimal("0.04")


@pytest.mark.long
async def test_a_night_that_has_begun_is_seen_through_and_the_next_is_not_begun(town: Town, plugged_in: Phone) -> None:
    phone = plugged_in
    await budget(town, budget_per_car_usd="0.06")
    await town.time_passes(hours=14)
    assert town.car.charging_state != "Charging"
    spent = on_teslas_meter(town)
    assert spent <= Decimal("0.06")

    # ── Saturday: it is driven, and plugged in again; nobody looks, and its driver knows why ───
    town.car.wakes_up()
    town.car.unplugs()
    town.car.drives(60)
    town.car.plugs_in()
    await town.time_passes(hours=6)
    assert on_teslas_meter(town) == spent
    assert await mails_about_it(town) == 1

    # ── the operator raises it: it is looked at within ten minutes ─────────────────────────────
    await budget(town, budget_per_car_usd="5.00")
    town.car.wakes_up()
    await town.time_passes(minutes=11)
    assert on_teslas_meter(town) > spent
    await phone.opens("/car")
    assert phone.reads("plugged in")


async def looks_in_three_hours(town: Town) -> int:
    """At a car that is never let asleep for long."""
    since = town.now
    for _ in range(36):
        town.car.wakes_up()
        town.car.somebody_opens_a_door()
        await town.time_passes(minutes=5)
    return len(town.calls("/vehicle_data", since=since))


@pytest.mark.long
async def test_from_four_fifths_on_an_awake_car_is_looked_at_once_an_hour(town: Town) -> None:
    phone = await town.a_phone()
    await town.pairs(phone, ready_by="07:00", target_percent="50")
    await town.time_passes(minutes=30)
    assert await looks_in_three_hours(town) >= 12

    await budget(town, budget_per_car_usd="0.25")
    async with town.home.store.unit() as unit:
        await unit.spending.add(Vin(town.car.vin), 180_000, "2024-11")  # by earlier weeks
    assert 3 <= await looks_in_three_hours(town) <= 4
    await phone.opens("/tonight")
    assert phone.reads("four fifths of this month’s budget at Tesla are used")


@pytest.mark.long
async def test_the_driver_may_still_charge_at_once_as_long_as_it_is_paid_for(town: Town, plugged_in: Phone) -> None:
    await budget(town, budget_per_car_usd="0.04")
    await plugged_in.opens("/tonight")
    await plugged_in.presses("Charge now")
    await town.time_passes(minutes=5)
    assert town.car.charging_state == "Charging"
    await town.time_passes(hours=14)
    assert on_teslas_meter(town) <= Decimal("0.04")


async def test_a_key_that_cannot_be_tried_is_said_to_be_so_and_tried_when_it_can(town: Town) -> None:
    await budget(town, budget_usd="0.01")
    async with town.home.store.unit() as unit:
        await unit.spending.add(Vin(MODEL_3), 10_000, "2024-11")  # by other cars
    await town.time_passes(minutes=5)
    phone = await town.a_phone()
    await phone.signs_in()
    await phone.allows()
    await phone.chooses(town.car.vin)
    await phone.opens("/key?show=phone")
    await phone.allows_in_the_app()
    await town.time_passes(seconds=12)
    await phone.opens("/test")
    assert phone.reads("Paired, and not yet tried")
    assert phone.reads("this month’s budget for it is used up")
    assert not phone.reads("Mostly a few seconds")
    assert not town.calls("/signed_command")
    await town.time_passes(minutes=5)

    # ── the operator raises it ───────────────────────────────────
    await budget(town, budget_usd="10.00")
    await town.time_passes(minutes=58)
    town.car.wakes_up()
    await town.time_passes(minutes=10)
    await phone.opens("/go")
    assert phone.shows == "/plan"


async def test_who_asks_why_reads_that_it_is_his_to_start_once_it_is_spent(town: Town, plugged_in: Phone) -> None:
    await plugged_in.opens("/why")
    assert plugged_in.reads("It waits on purpose"), plugged_in.text
    await budget(town, budget_per_car_usd="0.10")
    async with town.home.store.unit() as unit:
        await unit.spending.add(Vin(MODEL_3), 100_000, "2024-11")  # by earlier weeks
    for path in ("/tonight", "/why"):
        await plugged_in.opens(path)
        assert plugged_in.reads("Start it by hand tonight"), plugged_in.text


async def test_where_home_is_cannot_be_asked_once_it_is_spent(town: Town) -> None:
    phone = await town.a_phone()
    await town.pairs(phone, ready_by="07:00", target_percent="50")
    await town.time_passes(minutes=2)
    await budget(town, budget_usd="0.01")
    asked = len(town.calls("/vehicle_data"))
    await phone.opens("/car")
    await phone.presses("Home is where the car is now")
    assert phone.reads("This month’s budget at Tesla is used up")
    assert len(town.calls("/vehicle_data")) == asked


async def test_the_operator_sees_what_the_month_has_cost_and_is_told_once_cars_are_left_alone(
    town: Town, plugged_in: Phone
) -> None:
    await budget(town, budget_per_car_usd="0.04")
    operator = await town.a_phone()
    await operator.signs_in(OPERATOR)
    await operator.opens("/operator")
    assert operator.reads("This month at Tesla")
    billed = re.search(r"Billed \$([\d.]+)", operator.text)
    assert billed and 0 < Decimal(billed[1]) <= Decimal("0.04")
    assert operator.reads("of $0.04")
    assert plugged_in.cookies and MODEL_3 not in operator.content

    await town.time_passes(hours=14)
    side = await town.home.journeys.check_operator.look(anew=True)
    assert [line.check for line in wrong(side.lines)] == [Check.BUDGET]
    await operator.opens("/operator")
    assert operator.reads("Used up for this month. Cars that are not looked at any more: 1.")
    assert town.home.outbox
    mails = [one.mail.to for one in await town.home.outbox.letters() if "Budget at Tesla" in one.mail.subject]
    assert mails == [OPERATOR]
