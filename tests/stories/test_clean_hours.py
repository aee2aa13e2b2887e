"""A home with one price for all hours is told how clean power will be: its cars charge then, and the page says so."""

import csv
from datetime import UTC, datetime
from pathlib import Path

from chargekey.domain.operator_check import Check, State
from tests.stories.phone import Phone
from tests.stories.price_server import CLEAN, DIRTY, a_price_server
from tests.stories.test_prices_by_the_hour import hours_it_charged_in, is_set_to
from tests.stories.town import Town, a_town

FRIDAY_EVENING = datetime(2026, 11, 27, 17, 20, tzinfo=UTC)
AT_SEVEN = datetime(2026, 11, 28, 6, tzinfo=UTC)  # in Amsterdam


async def test_at_one_price_the_clean_hours_are_chosen_and_what_is_avoided_is_told(tmp_path: Path) -> None:
    async with a_town(tmp_path, starts_at=FRIDAY_EVENING) as town, a_price_server(lambda: town.now) as server:
        phone = await town.a_phone()
        await town.pairs(phone, tariff="flat", flat_ct="31")
        await phone.opens("/tonight")
        assert phone.reads("CO₂") is False
        await is_set_to(town, server, "", carbon="gb-carbon:GB", carbon_url=server.url)

        # ── the evening: the plan goes by what is forecast ───────
        town.car.plugs_in()
        await town.time_passes(minutes=20)
        await phone.opens("/tonight")
        shown = await town.home.journeys.show_charging.tonight(driver_id=1)
        assert shown.night
        assert shown.night.plan
        avoided_mg = shown.night.carbon_avoided_mg
        assert avoided_mg is not None
        assert avoided_mg > 0.9 * (DIRTY - CLEAN) * shown.night.plan.plan.energy_wh
        assert phone.reads("of CO₂ avoided"), phone.text
        assert phone.reads("by the forecast of Carbon Intensity API")

        # ── a driver may say what a kilogram is worth to him ──────
        await phone.opens("/plan")
        assert phone.reads("Pay for cleaner hours")
        await phone.presses("Plan with this", carbon_ct="20")
        await town.time_passes(minutes=2)
        weighed = (await town.home.journeys.show_charging.tonight(driver_id=1)).night
        assert weighed
        assert weighed.plan
        assert weighed.plan.problem.carbon_micro_per_kg == 200_000

        # ── the morning: it was in the clean hours that it charged ─
        await town.until(AT_SEVEN)
        assert town.car.soc_percent >= 79.5
        town.car.unplugs()
        await town.time_passes(minutes=30)
        until_it_was_seen = {18}
        assert await hours_it_charged_in(town) - until_it_was_seen <= {2, 3, 4}
        await what_it_stood_for_is_booked(town, phone)


async def what_it_stood_for_is_booked(town: Town, phone: Phone) -> None:
    """It is told of the night and of its month, stands in the file, and the check has a line for its source."""
    (night,) = await town.nights()
    assert night.booked
    assert night.account.carbon_mg is not None
    assert night.account.avoided_mg is not None
    await phone.opens("/nights/last")
    assert phone.reads("less than charging at once"), phone.text
    await phone.opens("/nights/in/2026-11")
    assert phone.reads("less than charging at once"), phone.text
    await phone.presses("Take it along as a table (CSV)")
    (row,) = csv.DictReader(phone.content.splitlines())
    assert int(row["co2_g"]) == round(night.account.carbon_mg / 1_000)
    assert int(row["co2_avoided_g"]) == round(night.account.avoided_mg / 1_000)
    side = await town.home.journeys.check_operator.look(anew=True)
    assert [one.state for one in side.lines if one.check is Check.CARBON] == [State.RIGHT]
