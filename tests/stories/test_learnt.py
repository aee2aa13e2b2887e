"""A car that is not as its kind usually is: a smaller battery, one phase. After a few nights it is planned as it is."""

import json
from datetime import timedelta

from chargekey.journeys.night_shown import NightShown
from tesla_simulator.physics import Supply
from tests.stories.phone import Phone
from tests.stories.town import Town

TRUE_WH = 46_000
"""A fifth less than is assumed of a Model 3."""
TRUE_W = 207 * 16
"""On one phase, in place of three that a cable of 16 A usually has."""
WITHIN_PERCENT = 4
CHEAP_FROM_FOUR = {
    "zone_0_start": "07:00", "zone_0_end": "04:00", "zone_0_price": "30",
    "zone_1_start": "04:00", "zone_1_end": "07:00", "zone_1_price": "10",
}  # fmt: skip


async def leaves_again(town: Town) -> None:
    """For two hours, so that it is noticed: a car that keeps its hours itself is looked at rarely."""
    town.car.unplugs()
    await town.time_passes(hours=2)


async def a_night(town: Town) -> tuple[float, NightShown]:
    """How full it is a minute before seven in Amsterdam, when it is wanted, and what is told of the night."""
    town.car.has_in_its_battery(30)
    town.car.plugs_in()
    evening, morning = town.now, (town.now + timedelta(hours=12)).replace(hour=5, minute=59)
    await town.until(morning if morning > town.now else morning + timedelta(days=1))
    percent = town.car.soc_percent
    await leaves_again(town)
    since = evening - timedelta(minutes=1)
    return percent, [night for night in await town.nights() if night.told.night.plugged_in_at > since][-1]


async def charges_now(town: Town, phone: Phone) -> None:
    """For three hours in the day."""
    town.car.has_in_its_battery(30)
    town.car.plugs_in()
    await town.time_passes(minutes=15)
    await phone.opens("/tonight")
    await phone.presses("Charge now")
    await town.time_passes(hours=3)
    await leaves_again(town)


async def test_a_small_battery_on_one_phase_is_planned_right_after_a_few_nights(town: Town, phone: Phone) -> None:
    town.car.record.usable_wh = TRUE_WH
    town.car.record.supply_at_home = Supply(phases=1, max_current_a=16, voltage_v=207)
    await town.pairs(phone, ready_by="07:00", target_percent="80", tariff="zones", **CHEAP_FROM_FOUR)
    await phone.opens("/car")
    assert phone.reads("Its battery holds 57.5 kWh"), phone.text
    assert phone.reads("It draws 11.0 kW at 16 A")
    assert phone.reads("Assumed.")

    # ── Wednesday night: it is asked by how many phases it draws before it is told to wait, and so is ready ──
    percent, night = await a_night(town)
    assert night.plan
    assert (night.plan.problem.usable_wh, night.plan.problem.ac_power_w) == (57_500, 230 * 16)
    assert percent >= 79

    # ── Thursday, by day ─────────────────────────────────────────
    await charges_now(town, phone)
    await charges_now(town, phone)
    await phone.opens("/car")
    assert phone.reads("It draws 3.3 kW at 16 A"), phone.text
    assert phone.reads("Measured over 3 nights.")

    # ── Thursday night: it is planned as it is, and ready ────────
    percent, night = await a_night(town)
    assert percent >= 79
    assert night.plan
    assert night.first_plan
    for kept in (night.first_plan, night.plan):
        assert kept.problem.ac_power_w == TRUE_W
        assert abs(kept.problem.usable_wh - TRUE_WH) * 100 <= TRUE_WH * WITHIN_PERCENT
    drawn_wh = town.car.record.drawn_wh
    assert abs(night.first_plan.plan.energy_wh - drawn_wh) * 100 <= drawn_wh * WITHIN_PERCENT * 2

    # ── the driver takes his data along: what was learnt is in it ──
    await phone.opens("/my-data")
    await phone.presses("Save all of it as a file")
    (learnt,) = json.loads(phone.content)["learnt"]
    assert learnt["draw"]["power_w"] == {"value": TRUE_W, "nights": 4}
