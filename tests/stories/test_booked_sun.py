"""A home tells of its own sun: the night is booked with it, its pages say so, and a meter corrects the forecast."""

import csv
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.surplus import SurplusSlot
from chargekey.domain.tariff import QUARTER
from chargekey.journeys.replay_night import ReplayNight
from tests.stories.phone import Phone
from tests.stories.town import Town

FORECAST_W, MEASURED_W, EIGHT_CENTS = 4_000, 1_000, 80_000
A_NIGHT: Final = timedelta(hours=15)


async def feeds_in(town: Town, micro_per_kwh: int) -> None:
    async with town.home.store.unit() as unit:
        settings = await unit.settings.settings(1)
        assert settings
        settings = replace(settings, current_a=16, feed_in_micro_per_kwh=micro_per_kwh)
        await unit.settings.save_settings(1, settings, town.now)


async def tells(town: Town, begins: datetime, surplus_w: int, *, measured: bool) -> None:
    """As much in every quarter of the night."""
    start = begins.replace(minute=0, second=0, microsecond=0)
    slots = [
        SurplusSlot(at, at + QUARTER, surplus_w) for at in (start + n * QUARTER for n in range(A_NIGHT // QUARTER))
    ]
    async with town.home.store.unit() as unit:
        await unit.surplus.keep(1, slots, town.now, measured=measured)


async def the_row(phone: Phone) -> dict[str, str]:
    await phone.opens("/nights/in/2024-11")
    await phone.presses("Take it along as a table (CSV)")
    (row,) = csv.DictReader(phone.content.splitlines())
    return row


async def test_a_night_with_sun_is_told_by_page_month_and_file_and_corrected_by_a_meter(
    town: Town, phone: Phone
) -> None:
    # ── the evening: the home has told what it expects ───────────
    await town.pairs(phone, ready_by="07:00", target_percent="60", tariff="flat", flat_ct="25")
    await feeds_in(town, EIGHT_CENTS)
    begins = town.now
    await tells(town, begins, FORECAST_W, measured=False)
    town.car.plugs_in()
    await town.time_passes(hours=14)
    town.car.unplugs()
    await town.time_passes(minutes=30)

    # ── the morning: it is booked with it, and says so ───────────
    [night] = await town.nights()
    assert night.booked
    sun_wh, wall_wh = night.account.sun_wh, night.account.wall_wh
    assert 0 < sun_wh < wall_wh
    assert night.account.cost_nano == sun_wh * EIGHT_CENTS + (wall_wh - sun_wh) * 250_000
    said = f"{sun_wh / 1_000:.1f} of {wall_wh / 1_000:.1f} kWh from your own sun"
    await phone.opens("/nights/last")
    assert phone.reads(said), phone.text
    assert phone.reads(f"The grid would have paid €{sun_wh * 8 / 100_000:.2f} for it"), phone.text
    await phone.opens("/nights/in/2024-11")
    assert phone.reads(said), phone.text
    row = await the_row(phone)
    assert list(row)[-2:] == ["sun_wh", "feed_in_forgone"]
    assert (int(row["sun_wh"]), float(row["feed_in_forgone"])) == (sun_wh, round(sun_wh * 8 / 100_000, 4))

    # ── the meter tells that there was less of it ────────────────
    await tells(town, begins, MEASURED_W, measured=True)
    await town.time_passes(hours=25)
    [corrected] = await town.nights()
    assert len(corrected.booked) == 2
    assert corrected.account.wall_wh == wall_wh
    assert 0 < corrected.account.sun_wh < sun_wh
    assert int((await the_row(phone))["sun_wh"]) == corrected.account.sun_wh
    assert (await ReplayNight(town.home.store, town.home.clock).replay(night.night.id)).is_the_same


async def test_a_night_without_sun_says_nothing_of_it(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00", target_percent="60", tariff="flat", flat_ct="25")
    town.car.plugs_in()
    await town.time_passes(hours=14)
    town.car.unplugs()
    await town.time_passes(minutes=30)
    for page in ("/nights/last", "/nights/in/2024-11"):
        await phone.opens(page)
        assert phone.reads("sun") is False, phone.text
    row = await the_row(phone)
    assert (row["sun_wh"], row["feed_in_forgone"]) == ("0", "0.0000")
