"""Whether the billed look at an awake car is worth its price just now, and whether it is for an order.

A look for an order is one that an order waits for, that follows one, or that finds the car at its target and so to be
stopped. All others are for news: rarer where the budget says so, and none where what is left is kept for orders or the
car tells its news by itself.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from chargekey.domain.charging import Outlook, next_order
from chargekey.domain.evidence import ChargeState, Listed, Source
from chargekey.domain.key_watch import is_open
from chargekey.domain.night import Order
from chargekey.domain.spend import Degree
from chargekey.domain.vehicle import Reach
from chargekey.journeys.scene import Scene

LOOK_EVERY: Final = timedelta(minutes=15)
"""The billed look at an awake car. A car that sleeps does not change, so its last word stands."""
LOOK_WHILE_CHARGING: Final = timedelta(minutes=30)
LOOK_WHILE_CAR_KEEPS: Final = timedelta(minutes=90)
"""A car that ends its windows by itself is looked at when one has begun and when one should be over; a look between
them is for one that charges more slowly than it said."""
LOOK_WHILE_WATCHED: Final = timedelta(seconds=60)
LOOK_FRUGALLY: Final = timedelta(hours=1)
"""An awake car that does not charge: one that never sleeps then costs 5 cents a day, a quarter of before. While it
charges nothing is saved: who sees too late that it falls behind has to wake it once more, which costs ten looks."""
LOOKED_AFTER: Final = frozenset(Order) - {Order.REMOVE_SCHEDULE}
"""What is gone from a car does nothing; that it is gone is seen at the next look."""
AFTER_AN_ORDER: Final = timedelta(seconds=20)
SILENT_AFTER: Final = timedelta(minutes=30)
"""A car that streamed no word for so long is looked at as others are: signals get lost (fleet-telemetry #283, #319).
While it charges it has something to say every few minutes."""


class LookFor(StrEnum):
    """What a billed look is for."""

    ORDER = "order"
    NEWS = "news"


def why_look(scene: Scene, outlook: Outlook, until_target: timedelta | None, degree: Degree) -> LookFor | None:
    """None: not worth it now. `until_target`: how long after its last word a drawing car reaches it."""
    looked_at, before = outlook.looked_at, scene.seen.fact(Listed)
    slept = before is None or before.reach is not Reach.ONLINE
    if looked_at is None:
        return _for_news(timedelta.max, timedelta(), degree)
    since = outlook.now - looked_at
    if any(one.settled_at and one.settled_at >= looked_at for one in scene.commands if one.order in LOOKED_AFTER):
        return LookFor.ORDER
    if next_order(outlook) is not None:
        return LookFor.ORDER if slept or since > AFTER_AN_ORDER else None
    if until_target is not None and since >= until_target:
        return LookFor.ORDER
    if _streams(scene, since):
        return LookFor.NEWS if _pays(degree) and _is_plug_in(scene) else None
    if slept:
        return _for_news(since, timedelta(), degree)
    if scene.watch and is_open(scene.watch, outlook.now):
        return _for_news(since, LOOK_WHILE_WATCHED, degree)
    if until_target is not None:
        return LookFor.NEWS if _pays(degree) and since >= _while_charging(outlook) else None
    return _for_news(since, LOOK_EVERY, degree)


def _streams(scene: Scene, since: timedelta) -> bool:
    """Whether its last word came by itself, `since` ago."""
    last = scene.seen.latest.get(ChargeState)
    return last is not None and last.source is Source.TELEMETRY and since < SILENT_AFTER


def _is_plug_in(scene: Scene) -> bool:
    """Whether a night is to begin: where that is and which schedules it has, a car tells only to who looks."""
    charge = scene.seen.fact(ChargeState)
    return scene.night is None and charge is not None and charge.plugged_in and charge.at_home is not False


def next_news_after(outlook: Outlook, until_target: timedelta) -> timedelta:
    """How long after the last word of a drawing car it is looked at again."""
    return min(_while_charging(outlook), until_target)


def _while_charging(outlook: Outlook) -> timedelta:
    return LOOK_WHILE_CAR_KEEPS if outlook.kept_by_car else LOOK_WHILE_CHARGING


def _for_news(since: timedelta, every: timedelta, degree: Degree) -> LookFor | None:
    """Frugally, whoever has just woken or is watched is looked at as others are otherwise."""
    if degree is Degree.FRUGAL:
        every = LOOK_EVERY if every < LOOK_EVERY else LOOK_FRUGALLY
    return LookFor.NEWS if _pays(degree) and since >= every else None


def _pays(degree: Degree) -> bool:
    return degree in (Degree.PLENTY, Degree.FRUGAL)
