"""Who can wait is told what it saves, takes it for once, and has it ready by then for less."""

from datetime import UTC, datetime
from typing import Final

from tests.stories.phone import Phone
from tests.stories.test_days_apart import sets_a_day
from tests.stories.town import Town

CHEAP_FROM_SEVEN: Final = {
    "zone_0_days": "all", "zone_0_start": "07:00", "zone_0_end": "12:00", "zone_0_price": "10",
    "zone_1_days": "all", "zone_1_start": "12:00", "zone_1_end": "00:00", "zone_1_price": "30",
    "zone_2_days": "all", "zone_2_start": "00:00", "zone_2_end": "07:00", "zone_2_price": "25",
}  # fmt: skip
NINE: Final = datetime(2024, 11, 7, 8, tzinfo=UTC)  # in Amsterdam


async def cost_micro(town: Town) -> int:
    plan = (await town.home.journeys.show_charging.tonight(driver_id=1)).plan
    assert plan
    return plan.plan.cost_micro


async def test_half_an_hour_later_may_save_and_is_taken_for_once(town: Town, phone: Phone) -> None:
    await town.pairs(phone, tariff="zones", ready_by="07:00", **CHEAP_FROM_SEVEN)
    town.car.plugs_in()
    await town.time_passes(minutes=20)
    await phone.opens("/tonight")
    assert phone.reads("Ready by 9:00, it would cost €3."), phone.text
    dear = await cost_micro(town)

    await sets_a_day(phone, "2024-11-07", "09:00")
    await town.time_passes(minutes=2)
    await phone.opens("/tonight")
    assert phone.reads("Ready by 9:00")
    assert phone.reads("Ready by 9:30, it would cost €0."), phone.text  # two hours are not quite enough
    assert await cost_micro(town) < dear - 3_000_000

    await town.until(NINE)
    assert town.car.soc_percent >= 79.5
