"""What Tesla bills for one car on a day like any other: the figures of `docs/how-to/what-tesla-bills.md`."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from chargekey.domain.spend import Billed, bill_micro_usd
from tests.architecture.tree import ROOT
from tests.stories.hearing import A_STEP, Hears
from tests.stories.phone import Phone
from tests.stories.test_told_to_stream import a_town_that_tells_its_cars
from tests.stories.town import Town

HALF_A_MINUTE: Final = timedelta(seconds=30)
SIGNALS_A_MICRO_USD: Final = 150_000 / 1_000_000
"""How many are one millionth of a dollar (tesla-fleet-api §9)."""
DRIVING_SIGNALS: Final = 60 + 30 + 12
"""What a real car says of 60 km that the simulated one drives in no time: an hour of places by the minute, of percents
by two, and some more as it wakes."""
WEEKLY_LOOKS: Final = 2
"""One at a plug-in to see which schedules it has, one to spare; they fall on no day that is measured here."""
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


@pytest.mark.long
async def test_a_weekday_of_a_car_that_we_told_to_stream_costs_less_than_ten_cents_a_month(tmp_path: Path) -> None:
    async with a_town_that_tells_its_cars(tmp_path) as town:
        hears, phone = Hears(town), await town.a_phone()
        await town.pairs(phone, ready_by="07:00", target_percent="80")

        async def passes(long: timedelta) -> None:
            """By half minutes while it charges, so that what it says of a window is heard before we ask after it."""
            ends = town.now + long
            while town.now < ends:
                await hears.until(min(ends, town.now + (HALF_A_MINUTE if 1 <= town.now.hour < 4 else A_STEP)))

        await a_weekday(town, passes)  # the first, with the page still open, and its home learnt
        since, before = town.now, signals(town)
        await a_weekday(town, passes)
        assert town.car.soc_percent < 80
        asked, said = billed(town, since), signals(town) - before
        assert asked[Billed.WAKE] == 0
        month_cents = (bill_micro_usd(asked) + said / SIGNALS_A_MICRO_USD) * 30 / 10_000
        page = " ".join(PAGE.read_text(encoding="utf-8").split())
        looks, orders = counted(asked[Billed.DATA], "look"), counted(asked[Billed.COMMAND], "order")
        assert f"{looks}, {orders} and {said} signals a day" in page, (asked, said, month_cents)
        beside = WEEKLY_LOOKS * 4.3 * 0.2 + DRIVING_SIGNALS * 30 / SIGNALS_A_MICRO_USD / 10_000
        assert month_cents + beside <= 10, (month_cents, beside)
        assert f"${(month_cents + beside) / 100:.2f} a month, streaming" in page, (month_cents, beside)


async def a_weekday(town: Town, passes: Callable[[timedelta], Awaitable[None]] | None = None) -> None:
    """From one evening to the next: plugged in, asleep by night and by day, 60 km in between."""
    car = town.car

    async def so_long(**long: float) -> None:
        await (passes(timedelta(**long)) if passes else town.time_passes(**long))

    car.plugs_in()
    await so_long(minutes=20)
    car.falls_asleep()
    await so_long(hours=13, minutes=10)
    assert round(car.soc_percent) == 80
    car.wakes_up()
    car.unplugs()
    car.drives(60)
    await so_long(hours=1)
    car.falls_asleep()
    await so_long(hours=8, minutes=30)
    car.wakes_up()
    await so_long(hours=1)


def signals(town: Town) -> int:
    return town.world.record.billed["2024-11"].get("signal", 0)


def billed(town: Town, since: datetime) -> Mapping[Billed, int]:
    """By the paths that Tesla has a price for."""
    ends = {"/vehicle_data": Billed.DATA, "/signed_command": Billed.COMMAND, "/wake_up": Billed.WAKE}
    calls = [call for call in town.world.calls if call.at >= since]
    return Counter(kind for call in calls for end, kind in ends.items() if call.path.endswith(end))
