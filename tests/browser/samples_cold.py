"""A battery that is warmed first, as tonight's pages can look."""

from dataclasses import replace
from typing import Final

from chargekey.entrypoints.web.screens.tonight import Tonight, Warms, WhyNot

MEASURED: Final = Warms(25, 3)
ASSUMED: Final = Warms(30, 0)


def nights(waiting: Tonight, live: Tonight) -> dict[str, Tonight]:
    """Before it is warmed, and meanwhile."""
    return {
        "13-tonight-cold": replace(waiting, warms=MEASURED),
        "13-tonight-cold-assumed": replace(waiting, warms=ASSUMED),
        "23-live-warming": replace(live, warms=Warms(12, 3, is_on=True)),
        "23-live-warming-longer": replace(live, warms=Warms(0, 0, is_on=True)),
    }


def whys(shown: WhyNot, live: Tonight) -> dict[str, WhyNot]:
    """Why it waits, and why so little has arrived."""
    return {
        "14-why-cold": replace(shown, tonight=replace(shown.tonight, warms=MEASURED)),
        "14-why-warming": replace(shown, tonight=replace(live, warms=Warms(12, 3, is_on=True))),
    }
