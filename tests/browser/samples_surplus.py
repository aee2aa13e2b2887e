"""Solar surplus: nothing set, followed, told, told long ago, a key just made, and what was typed wrong."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.days import DaysSet
from chargekey.entrypoints.web.screens.planning import PlanTyped, SetPlan, Wrong
from chargekey.entrypoints.web.screens.surplus import (
    HomeKey,
    KeyMade,
    SolarSurplus,
    Spare,
    Sun,
    SurplusTyped,
    WrongSurplus,
)
from tests.browser.sample_chart import NOW

M3 = Vin("5YJ3E7EB4NF004F21")
SUN: Final = Sun(80_000, "8", "EUR", 16)
KEY: Final = HomeKey(NOW - timedelta(days=3), NOW - timedelta(minutes=2))
TYPED: Final = SurplusTyped("8", "16")
ADDRESS: Final = "https://charge.example.org/api/surplus"
TOLD: Final = Spare(3_200, NOW - timedelta(minutes=2), NOW + timedelta(hours=25))


def _made() -> KeyMade:
    key = "Q2hhcmdla2V5IHNhbXBsZSBrZXksIG5vdCBhIHJlYWwx"
    told = f"curl -H 'Authorization: Bearer {key}' -d "
    forecast = '{"forecast": [{"start": "2026-11-28T12:00:00Z", "end": "2026-11-28T14:00:00Z", "surplus_w": 2500}]}'
    return KeyMade(ADDRESS, key, f"{told}'{{\"grid_w\": -1400}}' {ADDRESS}", f"{told}'{forecast}' {ADDRESS}")


def surplus(plan: SetPlan) -> dict[str, Screen]:
    """The page itself, and the plan that leads to it."""
    nothing = SolarSurplus(M3, SurplusTyped("", ""))
    followed = SolarSurplus(M3, TYPED, SUN, TOLD, KEY)
    return {
        "10-plan-later-sun": replace(plan, days=DaysSet(), sun=SUN, typed=PlanTyped(current_a="16")),
        "10-plan-later-sun-errors": replace(
            plan, days=DaysSet(), sun=SUN, typed=PlanTyped(), wrong={"current_a": Wrong.CURRENT_BESIDE_SUN}
        ),
        "11-surplus": nothing,
        "11-surplus-followed": followed,
        "11-surplus-followed-untold": replace(followed, spare=Spare(), key=replace(KEY, heard_at=None)),
        "11-surplus-old": replace(
            followed, spare=Spare(2_100, NOW - timedelta(hours=9)), key=replace(KEY, heard_at=NOW - timedelta(hours=9))
        ),
        "11-surplus-forecast": replace(
            nothing, typed=SurplusTyped("", "16"), spare=Spare(forecast_until=NOW + timedelta(hours=20)), key=KEY
        ),
        "11-surplus-key-made": replace(nothing, key=HomeKey(NOW), made=_made()),
        "11-surplus-errors": replace(
            nothing,
            typed=SurplusTyped("eight", "5"),
            wrong={"feed_in_ct": WrongSurplus.NO_NUMBER, "current_a": WrongSurplus.CURRENT_RANGE},
        ),
        "11-surplus-out-of-range": replace(
            followed, typed=SurplusTyped("-1", "16"), wrong={"feed_in_ct": WrongSurplus.FEED_IN_RANGE}
        ),
    }
