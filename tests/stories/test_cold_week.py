"""Cold nights: the first two are late and say so, then the car begins earlier and is ready, until it thaws."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.warming import WarmUp
from chargekey.entrypoints.web.drawing_night import night_chart
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


@dataclass(frozen=True)
class Lived:
    """How full it was at seven in Amsterdam, when it was wanted, and what is told of the night.

    `told_wh`: drawn at the wall until the cable came out. `evening` and `heating`: the page half an hour after the
    plug-in, and at a quarter past five.
    """

    percent: float
    night: NightShown
    told_wh: int
    evening: str
    heating: str

    @property
    def warm_ups(self) -> Sequence[int]:
        """What its first plan was made with, and its last, in seconds."""
        return [kept.problem.warm_up_s for kept in (self.night.first_plan, self.night.plan) if kept]

    @property
    def begins(self) -> timedelta:
        """How long before ready-by, as it was planned first."""
        assert self.night.first_plan
        return self.night.first_plan.problem.ready_by - self.night.first_plan.plan.windows[0].start


async def a_night(town: Town, phone: Phone, *, warms_for: timedelta) -> Lived:
    await phone.opens("/tonight")  # so that it is seen at once to be plugged in
    town.car.has_in_its_battery(50)
    town.car.battery_gets_cold(warms_for)
    town.car.plugs_in()
    since, six = town.now - timedelta(minutes=1), _six_next(town.now)
    await town.time_passes(minutes=30)
    await phone.opens("/tonight")
    evening = phone.text
    await town.until(six - timedelta(minutes=105))
    await phone.opens("/tonight")
    heating = phone.text
    await town.until(six)
    percent = town.car.soc_percent
    await town.time_passes(minutes=45)
    town.car.unplugs()
    await town.time_passes(hours=10)
    told = [night for night in await town.nights() if night.told.night.plugged_in_at > since]
    return Lived(percent, told[-1], sum(night.account.wall_wh for night in told), evening, heating)


def _six_next(moment: datetime) -> datetime:
    six = moment.replace(hour=6, minute=0, second=0, microsecond=0)
    return six if six > moment else six + timedelta(days=1)


async def test_cold_nights_are_late_twice_and_then_begun_earlier(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00", target_percent=str(TARGET_PERCENT), tariff="zones", **CHEAP_FROM_FIVE)

    # ── two nights that nobody expected to be cold: late, and told so ──
    late = []
    for _ in range(2):
        lived = await a_night(town, phone, warms_for=WARMS_FOR)
        assert lived.percent < TARGET_PERCENT - 1
        assert "Warming the battery first" in lived.heating
        assert lived.night.plan
        assert lived.night.plan.plan.missing_wh
        assert lived.night.plan.plan.reached_percent < TARGET_PERCENT
        assert lived.night.plan.plan.ready_at > lived.night.plan.problem.ready_by
        late.append(lived)

    # ── from the third on it is known, and begun so much earlier ──
    await phone.opens("/car")
    assert phone.reads("In this weather the first 4"), phone.text
    assert phone.reads("Of the newest three nights in two weeks the middle one.")
    for _ in range(2):
        lived = await a_night(town, phone, warms_for=WARMS_FOR)
        assert lived.percent >= TARGET_PERCENT - 0.5
        assert "minutes warm the battery" in lived.evening
        assert "So long it took on the last" in lived.evening
        assert lived.night.plan
        assert not lived.night.plan.plan.missing_wh
        for seconds in lived.warm_ups:
            assert abs(timedelta(seconds=seconds) - WARMS_FOR) <= WITHIN
        assert lived.begins - late[0].begins >= timedelta(minutes=20)  # the rest is what it had to spare
        drawn_wh = town.car.record.drawn_wh
        assert abs(lived.told_wh - drawn_wh) * 100 <= drawn_wh * WITHIN_PERCENT

    # ── it thaws: once two of three nights were warm, no hour is lost to it any more ──
    for expected in (True, True, False):
        lived = await a_night(town, phone, warms_for=timedelta())
        assert lived.percent >= TARGET_PERCENT - 0.5
        assert bool(lived.warm_ups[0]) is expected
        assert "Warming the battery first" not in lived.heating
    await phone.opens("/car")
    assert phone.reads("It charges at once, without warming its battery first")


async def test_the_battery_is_drawn_level_while_it_is_warmed(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00", target_percent=str(TARGET_PERCENT), tariff="zones", **CHEAP_FROM_FIVE)
    town.car.has_in_its_battery(50)
    town.car.plugs_in()
    await town.time_passes(minutes=6)
    shown = await town.home.journeys.show_charging.tonight(1)
    assert shown.plan
    (window,) = shown.plan.plan.windows
    cold = replace(shown, warm_up=WarmUp(WARMS_FOR, 3))
    warm, late = (night_chart(one, [window]).soc for one in (shown, cold))
    warmed_at = window.start + WARMS_FOR
    assert {point.percent for point in late if point.at <= warmed_at} == {50}
    assert warmed_at in [point.at for point in late]
    assert late[-1].percent < warm[-1].percent - 10

    # ── over a pause ─────────────────────────────────────────────
    halves = [(window.start, window.start + WARMS_FOR / 2), (window.end - WARMS_FOR, window.end)]
    over = night_chart(cold, halves).soc
    assert {point.percent for point in over if point.at <= window.end - WARMS_FOR / 2} == {50}
    assert over[-1].percent > 51
