"""A home with sun on its roof: what it tells of it is charged first, at as many amps as it carries."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx2
import pytest

from tests.stories.phone import Phone
from tests.stories.town import Town

HOUR: Final = timedelta(hours=1)
FIVE: Final = timedelta(minutes=5)
MORNING: Final = datetime(2024, 11, 7, 8, 30, tzinfo=UTC)  # half past nine in Amsterdam
FIRST_SUN: Final = datetime(2024, 11, 7, 9, tzinfo=UTC)
LAST_SUN: Final = datetime(2024, 11, 7, 14, tzinfo=UTC)
EVENING: Final = datetime(2024, 11, 7, 18, tzinfo=UTC)
FLAT: Final = {"tariff": "flat", "flat_ct": "30", "ready_by": "19:00", "current_a": "16"}
AN_AMP_W: Final = 690


@pytest.fixture
async def home(town: Town, phone: Phone) -> Callable[..., object]:
    """A driver with a key for his house; how his house tells something."""
    await town.pairs(phone, **FLAT)
    await town.home.journeys.set_surplus.follow(1, feed_in_micro_per_kwh=80_000, current_a=16)
    key = (await town.home.journeys.set_surplus.make_key(1)).reveal()
    house = httpx2.AsyncClient(base_url=town.url, headers={"Authorization": f"Bearer {key}"}, trust_env=False)

    async def tells(**what: object) -> dict[str, object]:
        answer = await house.post("/api/surplus", json=what)
        assert answer.status_code == 200, answer.text
        told: dict[str, object] = answer.json()
        return told

    await town.until(MORNING)
    return tells


def amps_by_hour(town: Town) -> dict[int, float]:
    """What the car drew, as the amps on three phases that its energy comes to."""
    wh: dict[int, int] = defaultdict(int)
    for reading in town.car.record.meter:
        wh[reading.start.hour] += reading.wall_wh if reading.start >= MORNING else 0
    return {hour: round(drawn / AN_AMP_W, 1) for hour, drawn in sorted(wh.items()) if drawn > 50}


async def test_hours_of_forecast_sun_are_charged_at_what_it_carries(
    town: Town, phone: Phone, home: Callable[..., object]
) -> None:
    forecast = {"start": FIRST_SUN.isoformat(), "end": LAST_SUN.isoformat(), "surplus_w": 5_000}
    assert await home(forecast=[forecast]) == {"counted": True}
    town.car.plugs_in()
    await town.time_passes(minutes=20)
    await phone.opens("/tonight")
    print(phone.text)
    await town.until(EVENING)
    print(amps_by_hour(town), town.car.soc_percent, town.car.record.requested_current_a, town.car.accepted_commands)
    assert town.car.soc_percent >= 79.5
    drew = amps_by_hour(town)
    assert all(6.4 <= drew[hour] <= 7.4 for hour in (9, 10, 11, 12, 13)), drew
    assert town.car.record.requested_current_a == 16
    await phone.opens("/nights/last")
    print(phone.text)
