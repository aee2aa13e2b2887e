"""Cold nights: the first two are late and say so, then the car begins earlier and is ready, until it thaws."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from chargekey.journeys.night_shown import NightShown
from tests.stories.phone import Phone
from tests.stories.town import Town

WARMS_FOR: Final = timedelta(minutes=45)
WITHIN: Final = timedelta(minutes=3)
WITHIN_PERCENT: Final = 2
TARGET_PERCENT: Final = 80
CHEAP_FROM_FIVE: Final = {
    "zone_0_start": "07:00", "zone_0_end": "05:00", "zone_0_price": "30",
    "zone_1_start": "05:00", "zone_1_end": "07:00", "zone_1_price": "10",
}  # fmt: skip


async def a_night(town: Town, phone: Phone, *, warms_for: timedelta) -> tuple[float, list[NightShown]]:
    """How full it is at seven in Amsterdam, when it is wanted, and what is told of it: the night, and what came after
    that hour with the cable still in.
    """
    await phone.opens("/tonight")  # so that it is seen at once to be plugged in
    town.car.has_in_its_battery(50)
    town.car.battery_gets_cold(warms_for)
    town.car.plugs_in()
    evening = town.now
    await town.until(_six_next(evening))
    percent = town.car.soc_percent
    await town.time_passes(minutes=45)
    town.car.unplugs()
    await town.time_passes(hours=10)
    since = evening - timedelta(minutes=1)
    return percent, [night for night in await town.nights() if night.told.night.plugged_in_at > since][::-1]


def _six_next(moment: datetime) -> datetime:
    six = moment.replace(hour=6, minute=0, second=0, microsecond=0)
    return six if six > moment else six + timedelta(days=1)


def warm_ups(night: NightShown) -> Sequence[int]:
    """What its first plan was made with, and its last, in seconds."""
    return [kept.problem.warm_up_s for kept in (night.first_plan, night.plan) if kept]


def begins(night: NightShown) -> timedelta:
    """How long before ready-by."""
    assert night.first_plan
    return night.first_plan.problem.ready_by - night.first_plan.plan.windows[0].start


async def test_cold_nights_are_late_twice_and_then_begun_earlier(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00", target_percent=str(TARGET_PERCENT), tariff="zones", **CHEAP_FROM_FIVE)

    # ── two nights that nobody expected to be cold: late, and told so ──
    late = []
    for _ in range(2):
        percent, (night, *_) = await a_night(town, phone, warms_for=WARMS_FOR)
        assert percent < TARGET_PERCENT - 1
        assert warm_ups(night)[0] == 0
        assert night.plan
        assert night.plan.plan.missing_wh
        assert night.plan.plan.reached_percent < TARGET_PERCENT
        assert night.plan.plan.ready_at > night.plan.problem.ready_by
        late.append(night)

    # ── from the third on it is known, and begun so much earlier ──
    for _ in range(2):
        percent, (night, *rest) = await a_night(town, phone, warms_for=WARMS_FOR)
        assert percent >= TARGET_PERCENT - 0.5
        assert night.plan
        assert not night.plan.plan.missing_wh
        for seconds in warm_ups(night):
            assert abs(timedelta(seconds=seconds) - WARMS_FOR) <= WITHIN
        assert begins(night) - begins(late[0]) >= timedelta(minutes=20)  # the rest is what it had to spare
        told_wh, drawn_wh = sum(one.account.wall_wh for one in (night, *rest)), town.car.record.drawn_wh
        assert abs(told_wh - drawn_wh) * 100 <= drawn_wh * WITHIN_PERCENT

    # ── it thaws: once two of three nights were warm, no hour is lost to it any more ──
    for expected in (True, True, False):
        percent, (night, *_) = await a_night(town, phone, warms_for=timedelta())
        assert percent >= TARGET_PERCENT - 0.5
        assert bool(warm_ups(night)[0]) is expected
