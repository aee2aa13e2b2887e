"""What Tesla bills for one car on a day like any other: the figures of `docs/how-to/what-tesla-bills.md`."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import pytest

from chargekey.domain.spend import Billed, bill_micro_usd
from tests.architecture.tree import ROOT
from tests.stories.phone import Phone
from tests.stories.town import Town

PAGE = ROOT / "docs" / "how-to" / "what-tesla-bills.md"


@pytest.mark.long
async def test_a_weekday_of_a_car_that_may_sleep_costs_what_the_page_says(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00", target_percent="80")
    await a_weekday(town)  # the first, with the page still open
    since = town.now
    await a_weekday(town)
    assert town.car.soc_percent < 80  # it was full in the morning, and has been driven since
    asked = billed(town, since)
    month_cents = bill_micro_usd(asked) * 30 / 10_000
    assert asked[Billed.WAKE] == 0  # it keeps its hours itself
    told = f"{asked[Billed.DATA]} looks and {counted(asked[Billed.COMMAND], 'order')} a day"
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"{told}: ${month_cents / 100:.2f} a month" in page


def counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


async def a_weekday(town: Town) -> None:
    """From one evening to the next: plugged in, asleep by night and by day, 60 km in between."""
    car = town.car
    car.plugs_in()
    await town.time_passes(minutes=20)
    car.falls_asleep()
    await town.time_passes(hours=13, minutes=10)
    assert round(car.soc_percent) == 80
    car.wakes_up()
    car.unplugs()
    car.drives(60)
    await town.time_passes(hours=1)
    car.falls_asleep()
    await town.time_passes(hours=8, minutes=30)
    car.wakes_up()
    await town.time_passes(hours=1)


def billed(town: Town, since: datetime) -> Mapping[Billed, int]:
    """By the paths that Tesla has a price for."""
    ends = {"/vehicle_data": Billed.DATA, "/signed_command": Billed.COMMAND, "/wake_up": Billed.WAKE}
    calls = [call for call in town.world.calls if call.at >= since]
    return Counter(kind for call in calls for end, kind in ends.items() if call.path.endswith(end))
