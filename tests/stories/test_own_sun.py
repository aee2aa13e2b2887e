"""A home with sun on its roof: what it tells of it is charged first, at as many amps as it carries."""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx2
import pytest

from tests.stories.phone import Phone
from tests.stories.town import Town, starts_and_stops

HOUR: Final = timedelta(hours=1)
MORNING: Final = datetime(2024, 11, 7, 8, 30, tzinfo=UTC)  # half past nine in Amsterdam
FIRST_SUN: Final = datetime(2024, 11, 7, 9, tzinfo=UTC)
LAST_SUN: Final = datetime(2024, 11, 7, 14, tzinfo=UTC)
EVENING: Final = datetime(2024, 11, 7, 18, tzinfo=UTC)
FLAT: Final[dict[str, str]] = {"tariff": "flat", "flat_ct": "30", "ready_by": "19:00", "current_a": "16"}
CHEAP_NIGHTS: Final = {
    "zone_0_days": "all", "zone_0_start": "00:00", "zone_0_end": "06:00", "zone_0_price": "15",
    "zone_1_days": "all", "zone_1_start": "06:00", "zone_1_end": "00:00", "zone_1_price": "35",
}  # fmt: skip
AN_AMP_W: Final = 690


Tells = Callable[..., Awaitable[dict[str, object]]]


@pytest.fixture
async def tells(town: Town, phone: Phone) -> AsyncIterator[Tells]:
    """A driver with a key for his house, and his house, which tells something with it."""
    await town.pairs(phone, **FLAT)
    await town.home.journeys.set_surplus.follow(1, feed_in_micro_per_kwh=80_000, current_a=16)
    key = (await town.home.journeys.set_surplus.make_key(1)).reveal()
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(base_url=town.url, headers=headers, trust_env=False) as house:

        async def tell(**what: object) -> dict[str, object]:
            answer = await house.post("/api/surplus", json=what)
            assert answer.status_code == 200, answer.text
            told: dict[str, object] = answer.json()
            return told

        await town.until(MORNING)
        yield tell


def amps_by_hour(town: Town) -> dict[int, float]:
    """What the car drew, as the amps on three phases that its energy comes to."""
    wh: dict[int, float] = defaultdict(float)
    for reading in town.car.record.meter:
        wh[reading.start.hour] += reading.wall_wh if reading.start >= MORNING else 0.0
    return {hour: round(drawn / AN_AMP_W, 1) for hour, drawn in sorted(wh.items()) if drawn > 100}


def draws_w(town: Town) -> int:
    """At this moment."""
    if town.car.charging_state != "Charging":
        return 0
    return town.car.record.requested_current_a * AN_AMP_W


async def test_hours_of_forecast_sun_are_charged_at_what_it_carries(town: Town, phone: Phone, tells: Tells) -> None:
    forecast = {"start": FIRST_SUN.isoformat(), "end": LAST_SUN.isoformat(), "surplus_w": 5_000}
    assert await tells(forecast=[forecast]) == {"counted": True}
    town.car.plugs_in()
    await town.time_passes(minutes=20)
    await phone.opens("/tonight")
    assert phone.reads("Charges 10:00 to 15:00 , when power is cheapest"), phone.text
    assert phone.reads("kWh from your own sun By what your home has told of it. A kWh of it counts as the 8.0 ct")
    assert phone.reads("the same energy would have cost €5.")

    await town.until(FIRST_SUN + HOUR)
    await phone.opens("/tonight")
    assert phone.reads("7 A, as many as the sun carries"), phone.text
    assert phone.reads("A kWh now 8.0 ct")
    await phone.opens("/why")
    assert phone.reads("It is charging With 7 A, as many as your own sun carries."), phone.text

    await town.until(EVENING)
    drew = amps_by_hour(town)
    assert town.car.soc_percent == pytest.approx(80, abs=0.5)
    assert {hour: round(amps) for hour, amps in drew.items()} == {9: 7, 10: 7, 11: 7, 12: 7, 13: 7, 14: 1}, drew
    assert town.car.record.requested_current_a == 16
    assert starts_and_stops(town.car).count("set_charging_amps") <= 4
    [night] = await town.nights()
    assert night.account.sun_wh > night.account.wall_wh * 9 // 10
    await phone.opens("/nights/last")
    assert phone.reads("kWh from your own sun The grid would have paid €1.")
    assert not phone.reads("Good morning"), "it is evening"


async def test_amps_that_the_sun_does_not_carry_alone_are_told_as_such(town: Town, phone: Phone, tells: Tells) -> None:
    await tells(forecast=[{"start": FIRST_SUN.isoformat(), "end": LAST_SUN.isoformat(), "surplus_w": 3_000}])
    town.car.plugs_in()
    await phone.opens("/tonight")
    await town.time_passes(minutes=20)
    await phone.opens("/tonight")
    assert not phone.reads("partly from the sun"), "it rests"
    await town.until(FIRST_SUN + HOUR)
    await phone.opens("/tonight")
    assert phone.reads("7 A, partly from the sun"), phone.text
    await phone.opens("/why")
    assert phone.reads("It is charging With 7 A, partly from your own sun."), phone.text


async def test_a_meter_alone_leads_it_through_a_day_of_clouds(town: Town, phone: Phone, tells: Tells) -> None:
    """The house tells every minute what its meter shows; nobody has forecast anything, and nights are cheap."""
    await phone.opens("/plan")
    await phone.plans(ready_by="07:00", tariff="zones", current_a="16", **CHEAP_NIGHTS)
    await town.home.journeys.set_surplus.follow(1, feed_in_micro_per_kwh=80_000, current_a=16)
    town.car.plugs_in()
    await town.time_passes(minutes=20)
    roof_w = {9: 7_000, 10: 500, 11: 7_000, 12: 4_400, 13: 200}
    while town.world.now < LAST_SUN:
        await tells(grid_w=draws_w(town) - roof_w.get(town.world.now.hour, 0))
        await town.time_passes(minutes=1)
    drew = amps_by_hour(town)
    assert {hour: round(amps) for hour, amps in drew.items()} == {9: 10, 11: 10, 12: 6}, drew
    assert (town.car.charging_state, town.car.record.requested_current_a) == ("Stopped", 16)

    await town.until(datetime(2024, 11, 8, 6, tzinfo=UTC))
    later = {hour: amps for hour, amps in amps_by_hour(town).items() if hour not in drew}
    assert town.car.soc_percent == pytest.approx(80, abs=0.5)
    assert min(later) >= 0
    assert max(later) < 6, "what was missing was charged in the cheap night"
    assert len(starts_and_stops(town.car)) <= 12
    [night] = await town.nights()
    assert 16_500 <= night.account.sun_wh <= 18_000
