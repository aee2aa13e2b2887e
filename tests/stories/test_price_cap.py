"""A driver who says what a kWh may cost at most: dearer hours are left out, and the pages say what that comes to."""

from datetime import UTC, datetime
from typing import Final

import pytest

from tests.stories.phone import Phone
from tests.stories.test_prices_by_the_hour import hours_it_charged_in
from tests.stories.town import Town

ONE_CHEAP_HOUR: Final = {
    "zone_0_days": "all", "zone_0_start": "02:00", "zone_0_end": "03:00", "zone_0_price": "20",
    "zone_1_days": "all", "zone_1_start": "03:00", "zone_1_end": "02:00", "zone_1_price": "40",
}  # fmt: skip
SEVEN: Final = datetime(2024, 11, 7, 6, tzinfo=UTC)  # in Amsterdam
NINE: Final = datetime(2024, 11, 7, 8, tzinfo=UTC)


async def plugs_in_with_a_cap(town: Town, phone: Phone, cap_ct: str) -> None:
    await town.pairs(phone, tariff="zones", cap_ct=cap_ct, **ONE_CHEAP_HOUR)
    town.car.plugs_in()
    await town.time_passes(minutes=20)
    await phone.opens("/tonight")


async def test_only_hours_below_it_are_used_and_what_is_missing_stays_so(town: Town, phone: Phone) -> None:
    await plugs_in_with_a_cap(town, phone, "25")
    shown = await town.home.journeys.show_charging.tonight(driver_id=1)
    assert shown.plan
    reaches = shown.plan.plan.reached_percent
    assert reaches < shown.goal_percent
    assert phone.reads(f"By 7:00 it reaches {reaches}% . More would take hours above 25 ct a kWh"), phone.text

    await town.until(SEVEN)
    assert await hours_it_charged_in(town) - {18} == {2}
    assert town.car.soc_percent == pytest.approx(reaches, abs=1.5)

    # ── the cable is still in: nobody knows what a late hour will cost, so it is none ──
    percent = town.car.soc_percent
    await town.until(NINE)
    assert town.car.soc_percent == pytest.approx(percent, abs=0.5)


async def test_where_every_hour_costs_too_much_it_says_so_and_charges_for_who_asks(town: Town, phone: Phone) -> None:
    await plugs_in_with_a_cap(town, phone, "15")
    percent = town.car.soc_percent
    await phone.opens("/why")
    assert phone.reads("Power costs more than you want to pay No hour until 7:00 costs 15 ct a kWh or less."), (
        phone.text
    )

    await town.time_passes(minutes=60)
    assert town.car.soc_percent == pytest.approx(percent, abs=0.5)
    await phone.opens("/tonight")
    await phone.presses("Charge now")
    await town.time_passes(minutes=30)
    assert town.car.soc_percent > percent + 2
