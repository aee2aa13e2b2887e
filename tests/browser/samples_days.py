"""Days that are not as usual: their page, and tonight before one and in a holiday."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from chargekey.domain.days_apart import Holiday
from chargekey.domain.night import Wish
from chargekey.domain.vehicle import Reach, Vin
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.days import DaysSet, DayTyped, OneOffSet, SetDays, WrongDay
from chargekey.entrypoints.web.screens.planning import PlanTyped, SetPlan
from chargekey.entrypoints.web.screens.tonight import Charted, Mood, Once, Rest, Tonight, charted
from tests.browser.sample_chart import READY_BY

M3 = Vin("5YJ3E7EB4NF004F21")
ZONE: Final = "Europe/Amsterdam"
TODAY: Final = date(2026, 11, 27)
SET: Final = DaysSet(
    (OneOffSet(date(2026, 12, 5), time(4, 30), 100),),
    (Holiday(date(2026, 12, 5), date(2026, 12, 20)), Holiday(date(2027, 1, 1), date(2027, 1, 1))),
)
HOLIDAY: Final = timedelta(days=16)


def days(plan: SetPlan) -> dict[str, Screen]:
    """The plan, changed later, and the page of all days."""
    fresh = DayTyped("one_day", "2026-11-28", "07:00", "", "2026-11-28", "")
    nothing = SetDays(M3, DaysSet(), fresh, TODAY, 20, ZONE)
    return {
        "10-plan-later": replace(plan, typed=PlanTyped(tariff="flat"), days=DaysSet()),
        "10-plan-later-days": replace(plan, days=SET),
        "11-days": nothing,
        "11-days-set": replace(nothing, days=SET),
        "11-days-holiday": replace(nothing, typed=replace(fresh, kind="holiday", first="2026-12-05")),
        "11-days-errors": replace(
            nothing,
            typed=DayTyped("one_day", "2026-11-26", "", "45", "", ""),
            wrong={"day": WrongDay.PAST, "ready_by": WrongDay.NO_TIME, "target": WrongDay.TARGET_RANGE},
        ),
        "11-days-holiday-errors": replace(
            nothing,
            days=SET,
            typed=DayTyped("holiday", "", "", "", "", "2026-12-01"),
            wrong={"first": WrongDay.NO_DATE, "last": WrongDay.ENDS_FIRST, "kind": WrongDay.TOO_MANY},
        ),
        "11-days-too-far": replace(
            nothing,
            typed=DayTyped("one_day", "2036-12-05", "04:30", "50", "", ""),
            wrong={"day": WrongDay.TOO_FAR, "target": WrongDay.BELOW_MINIMUM},
        ),
    }


def resting(bare: Tonight) -> Tonight:
    """Plugged in for a holiday."""
    ready_by, rest = READY_BY + HOLIDAY, Rest(READY_BY + HOLIDAY - timedelta(hours=11), 20, 80)
    return replace(
        bare, mood=Mood.RESTING, ready_by=ready_by, rest=rest, target_percent=20, charted=later(bare, ready_by)
    )


def later(shown: Tonight, ready_by: datetime) -> Charted | None:
    """Its chart where the car is to be ready beyond the end of it."""
    return charted(replace(shown.charted.chart, ready_by=ready_by), ZONE) if shown.charted else None


def nights(waiting: Tonight, bare: Tonight, live: Tonight) -> dict[str, Screen]:
    """Before a day with a goal of its own, and in a holiday."""
    rests = resting(bare)
    ready_by = READY_BY + HOLIDAY
    low = replace(live, rest=rests.rest, ready_by=ready_by, soc_percent=12, target_percent=20, windows=())
    low = replace(low, charted=later(live, ready_by))
    soon = READY_BY + timedelta(days=2)
    return {
        "13-tonight-once": replace(waiting, target_percent=100, limit_percent=100, once=Once(100, 5, time(7), 80)),
        "13-tonight-once-only": replace(waiting, once=Once(80, 5, None, 80)),
        "13-tonight-in-days": replace(bare, mood=Mood.NOT_PLUGGED_IN, ready_by=soon, charted=later(bare, soon)),
        "13-tonight-resting": rests,
        "13-tonight-holiday-not-plugged-in": replace(
            rests, mood=Mood.NOT_PLUGGED_IN, plugged_in_at=None, target_percent=80
        ),
        "13-tonight-holiday-stopped": replace(rests, mood=Mood.STOPPED, wish=Wish.STOP, reach=Reach.ONLINE),
        "23-live-holiday": low,
        "23-live-holiday-at-once": replace(low, wish=Wish.CHARGE_NOW, target_percent=80, windows=live.windows),
    }
