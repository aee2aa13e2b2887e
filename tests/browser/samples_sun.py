"""What of nights came from the home's own sun, as their pages can look."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from chargekey.entrypoints.web.screens.span import NightsInSpan
from chargekey.entrypoints.web.screens.sun import OwnSun, SunTonight
from chargekey.entrypoints.web.screens.tonight import Morning, Tonight, WhyNot

A_NIGHT: Final = OwnSun(4_200, 31_100, Decimal("0.34"))
A_MONTH: Final = OwnSun(118_000, 354_000, Decimal("9.44"))


TONIGHT: Final = SunTonight(23_500, 25_300, 80_000, 16)


def nights(waiting: Tonight, live: Tonight) -> dict[str, Tonight]:
    """Before, and while it charges: at as many amps as the sun carries."""
    now_at = replace(TONIGHT, current_a=7)
    return {
        "13-tonight-sun": replace(waiting, sun=TONIGHT),
        "13-tonight-sun-for-nothing": replace(waiting, sun=replace(TONIGHT, feed_in_micro=0)),
        "23-live-sun-and-grid": replace(live, sun=replace(now_at, current_a=6, is_carried=False), power_w=4_100),
        "23-live-sun": replace(live, sun=now_at, power_w=4_800, price_micro_per_kwh=80_000),
    }


def why(shown: WhyNot, live: Tonight) -> WhyNot:
    """It charges, and slowly."""
    return replace(shown, tonight=replace(live, sun=replace(TONIGHT, current_a=7)))


def mornings(morning: Morning) -> dict[str, Morning]:
    """`morning` as it is otherwise."""
    sunny = replace(morning, sun=A_NIGHT, carbon_mg=2_950_000, avoided_mg=6_280_000, carbon_source="Electricity Maps")
    return {
        "15-morning-sun": sunny,
        "15-morning-sun-for-nothing": replace(morning, sun=replace(A_NIGHT, forgone=Decimal(0))),
        "15-morning-sun-no-prices": replace(
            morning, charted=None, paid=None, saved=None, at_once_cost=None, sun=replace(A_NIGHT, forgone=None)
        ),
    }


def months(month: NightsInSpan) -> dict[str, NightsInSpan]:
    """The same of a month."""
    return {"16-month-sun": replace(month, sums=replace(month.sums, sun=A_MONTH))}
