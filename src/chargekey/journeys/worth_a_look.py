"""Whether the billed look at an awake car is worth its price just now, and whether it is for an order.

A look for an order is one that an order waits for, that follows one, or that finds the car at its target and so to be
stopped. All others are for news: rarer where the budget says so, and none where what is left is kept for orders or the
car tells its news by itself.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chargekey.domain.car_schedules import OVERRUN
from chargekey.domain.charging import CAR_BEGINS_WITHIN, Outlook, ends_at_its_limit, next_order
from chargekey.domain.evidence import ChargeState, Listed, Source
from chargekey.domain.key_watch import is_open
from chargekey.domain.night import Order
from chargekey.domain.spend import Degree
from chargekey.domain.told_to_stream import Stands, ToldToStream
from chargekey.domain.vehicle import Reach
from chargekey.journeys.look_at_car import may_read_place
from chargekey.journeys.scene import Scene, schedules_now, told_of_schedules_at

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
HEARD_AFTER: Final = LOOKED_AFTER - {Order.ADD_SCHEDULE}
"""The same for a car that streams. That it has a schedule it has agreed to by its own word; that it goes by it is heard
when the hour comes, and three minutes after that it is started."""
TRUSTED_FOR: Final = timedelta(days=7)
"""So long a car that streams is taken to have the schedules that it last told of, and those that it agreed to since,
unless it does not behave so. Only its driver can change them, and most never open that page."""
AFTER_AN_ORDER: Final = timedelta(seconds=20)
SILENT_AFTER: Final = timedelta(minutes=30)
"""A car that streamed no word for so long is looked at as others are: signals get lost (fleet-telemetry #283, #319).
While it charges it has something to say every few minutes."""

GLANCE_WHILE_HEARD: Final = timedelta(hours=1)
"""The free look at a plugged-in car that streams. Its line tells when it wakes and falls asleep; an hour bounds what a
stream gone unnoticed may cost, and a schedule in the car keeps it from charging meanwhile."""
GLANCE_FOR_PLUG_IN: Final = timedelta(minutes=10)
"""The same while it is not plugged in. A plug-in is streamed; where the stream has gone unnoticed, it is seen at the
look five minutes later, and so within the quarter of an hour that the pages promise."""


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
    streams = _streams(scene, since)
    after = HEARD_AFTER if streams else LOOKED_AFTER
    if any(one.settled_at and one.settled_at >= looked_at for one in scene.commands if one.order in after):
        return LookFor.ORDER
    if next_order(outlook) is not None:
        return LookFor.ORDER if slept or since > AFTER_AN_ORDER else None
    if until_target is not None and since >= until_target and not (streams and _ends_by_itself(scene, outlook)):
        return LookFor.ORDER
    if streams:
        return LookFor.NEWS if _pays(degree) and _wants_hours(scene, outlook) else None
    if slept:
        return None if _speaks_first(scene) else _for_news(since, timedelta(), degree)
    if scene.watch and is_open(scene.watch, outlook.now):
        return _for_news(since, LOOK_WHILE_WATCHED, degree)
    if until_target is not None:
        return LookFor.NEWS if _pays(degree) and since >= _while_charging(outlook) else None
    return _for_news(since, LOOK_EVERY, degree)


def glanced_at_after(scene: Scene, now: datetime, otherwise: timedelta) -> timedelta:
    """How long until the free look at a car of which no news is due. `otherwise`: at one that tells none itself."""
    if not _speaks_first(scene) or _is_silent(scene, now):
        return otherwise
    charge = scene.seen.fact(ChargeState)
    return GLANCE_WHILE_HEARD if charge and charge.plugged_in else GLANCE_FOR_PLUG_IN


def _is_silent(scene: Scene, now: datetime) -> bool:
    """Whether it is awake, as far as is known, and has nothing to say for too long. One that sleeps is not silent."""
    listed, spoke_at = scene.seen.latest.get(Listed), scene.seen.when(ChargeState)
    is_awake = listed is not None and isinstance(listed.fact, Listed) and listed.fact.reach is Reach.ONLINE
    return is_awake and (spoke_at is None or now - spoke_at >= SILENT_AFTER)


def _streams(scene: Scene, since: timedelta) -> bool:
    """Whether its last word came by itself, `since` ago."""
    last = scene.seen.latest.get(ChargeState)
    return last is not None and last.source is Source.TELEMETRY and since < SILENT_AFTER


def _speaks_first(scene: Scene) -> bool:
    """Whether a car that has just woken tells by itself what it does. If not, the next tick looks."""
    last, told = scene.seen.latest.get(ChargeState), scene.seen.fact(ToldToStream)
    was_heard = last is not None and last.source is Source.TELEMETRY
    return was_heard or (told is not None and told.stands is Stands.TAKEN and not told.trouble)


def _ends_by_itself(scene: Scene, outlook: Outlook) -> bool:
    """It says so in the same moment."""
    charge = scene.seen.fact(ChargeState)
    return charge is not None and ends_at_its_limit(charge, outlook.target_percent)


def _wants_hours(scene: Scene, outlook: Outlook) -> bool:
    """Whether its schedules, and where it stands, are to be known and are not: that a car tells only to who looks.

    Once in a plug-in, for whoever may ask. For nothing while it has all that is left of the plan.
    """
    charge, told_at = scene.seen.fact(ChargeState), told_of_schedules_at(scene.seen)
    if charge is None or not charge.plugged_in or charge.at_home is False:
        return False
    if scene.looked_since_plug_in or not may_read_place(scene.grant_seen):
        return False
    is_known = charge.at_home is True and told_at is not None and outlook.now - told_at < TRUSTED_FOR
    if charge.drawing and is_known:
        return _should_wait(scene, outlook)
    is_ahead = any(one[1] > outlook.now for one in outlook.windows if one not in outlook.kept_by_car)
    return not is_known and (scene.night is None or is_ahead)


def _should_wait(scene: Scene, outlook: Outlook) -> bool:
    """Whether a car that draws would wait, had it the schedules that we know of."""
    present = schedules_now(scene)
    if present is None or present.guard is None:
        return False
    early, late = CAR_BEGINS_WITHIN, OVERRUN
    return not any(start - early <= outlook.now < end + late for start, end in outlook.windows)


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
