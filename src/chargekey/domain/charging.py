"""What a plugged-in vehicle should be doing just now, and what to tell it.

Rules of this room:

1. We look, decide with `wanted`, act by `next_order`, and look again. Nothing here remembers.
2. A vehicle that does what it should is told nothing.
3. What somebody else did in the car or the Tesla app is respected until the next window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chargekey.domain.car_schedules import OVERRUN
from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState, Charging
from chargekey.domain.night import Command, Order, Wish
from chargekey.domain.vehicle import Reach

WHOLE_SECOND: Final = timedelta(seconds=1)
"""A plan made now begins at the next whole second."""
STARTS_A_WINDOW: Final = 3
STOPS_AT_MOST: Final = 3
REFUSALS_AT_MOST: Final = 3
"""Of another current, in one night."""
BETWEEN_STARTS: Final = timedelta(minutes=5)
WAKE_BEFORE: Final = timedelta(seconds=90)
"""A car wakes in 10 to 60 seconds (tesla-fleet-api §4.3); it should be awake when its window opens."""
BETWEEN_WAKES: Final = timedelta(seconds=60)
WAKES_A_WINDOW: Final = 5
CAR_BEGINS_EARLY: Final = timedelta(minutes=1)
CAR_BEGINS_WITHIN: Final = timedelta(minutes=3)
CAR_ENDS_WITHIN: Final = timedelta(minutes=1)
"""So long a car that keeps its windows itself is left to it: it knows no seconds, so that it begins with the minute in
which a window opens, and starting takes it some."""

Window = tuple[datetime, datetime]


class Wanted(StrEnum):
    """What the vehicle should be doing."""

    CHARGE = "charge"
    HOLD = "hold"
    LEAVE_ALONE = "leave_alone"


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that the decision follows from. `charge` None: the car was never looked at.

    `kept_by_car`: windows that the car has as its own schedules and so begins and ends by itself. `is_too_dear`: hours
    were left out for what they cost, if need be all of them. `current_a`: what the car should draw with now; None:
    whatever it is set to. `current_since`: when that may have become another than before; None: it stays what it is.
    `follows_sun`: it changes while the car draws.
    """

    now: datetime
    wish: Wish
    wished_at: datetime
    windows: Sequence[Window]
    target_percent: int
    reach: Reach
    charge: ChargeState | None
    looked_at: datetime | None
    commands: Sequence[Command]
    current_a: int | None
    drew_since_start: bool
    kept_by_car: Sequence[Window] = ()
    is_too_dear: bool = False
    current_since: datetime | None = None
    currents_change_at: Sequence[datetime] = ()
    follows_sun: bool = False


def wanted(sees: Outlook) -> Wanted:
    """Charge, hold, or leave the car alone, by the driver's wish and the plan."""
    if sees.charge is None or not sees.charge.plugged_in:
        return Wanted.LEAVE_ALONE
    if sees.charge.soc_percent is not None and sees.charge.soc_percent >= sees.target_percent:
        is_left = sees.charge.drawing and ends_at_its_limit(sees.charge, sees.target_percent)
        return Wanted.LEAVE_ALONE if is_left else Wanted.HOLD
    if sees.wish in (Wish.STOP, Wish.SKIP):
        return Wanted.HOLD
    if sees.wish is Wish.CHARGE_NOW:
        return Wanted.CHARGE
    if not sees.windows and not sees.is_too_dear:
        return Wanted.LEAVE_ALONE  # nothing is planned: better a car that charges than one that waits for nothing
    return Wanted.CHARGE if _within(sees) else Wanted.HOLD


def next_order(sees: Outlook) -> Order | None:
    """What to tell the car now, None if nothing. A sleeping car is told to wake shortly before its window."""
    charge, want = sees.charge, wanted(sees)
    if charge is None:
        return None
    if sees.follows_sun and _is_to_be_set(sees, charge, want):
        return Order.SET_CURRENT
    if charge.charging is Charging.COMPLETE:
        return None
    if want is Wanted.HOLD:
        if charge.drawing and sees.reach is Reach.ONLINE:
            is_left = _begins_about_now(sees) or _ends_about_now(sees)
            return Order.STOP if _may_stop(sees) and not is_left else None
        return _early_wake(sees)
    if want is Wanted.LEAVE_ALONE or charge.drawing or _begins_about_now(sees):
        return None
    if sees.reach is not Reach.ONLINE:
        return Order.WAKE if sees.reach is Reach.ASLEEP and _may_wake(sees) else None
    if not _may_start(sees):
        return None
    if charge.current_asked_a not in (None, sees.current_a) and _may_set_current(sees):
        return Order.SET_CURRENT
    return Order.START


def opens_at(sees: Outlook) -> datetime | None:
    """When what is wanted last became so: the window's start, or the driver's wish. None outside of both."""
    if sees.wish is Wish.CHARGE_NOW:
        return sees.wished_at
    return next((start for start, _ in reversed(sees.windows) if start <= sees.now), None)


def next_boundary(sees: Outlook) -> datetime | None:
    """The next moment at which the plan wants something else, with time to wake a sleeping car before it."""
    if sees.wish is not Wish.PLAN:
        return None
    moments = list(sees.currents_change_at)
    for window in sees.windows:
        start, end = window
        if window in sees.kept_by_car:
            moments += [start + CAR_BEGINS_WITHIN, end + CAR_ENDS_WITHIN]
            continue
        if sees.reach is not Reach.ONLINE:
            moments.append(start - WAKE_BEFORE)
        moments += [start, end]
    return min((moment for moment in moments if moment > sees.now), default=None)


def waits_for_window(sees: Outlook) -> bool:
    """Whether a window opens within the time that a car takes to wake."""
    return any(
        window not in sees.kept_by_car and sees.now < window[0] <= sees.now + WAKE_BEFORE for window in sees.windows
    )


def is_waking(sees: Outlook) -> bool:
    """Whether it was told to wake so lately that it may yet open its eyes (10 to 60 seconds)."""
    wakes = [one.sent_at for one in sees.commands if one.order is Order.WAKE and one.sent_at]
    return sees.reach is Reach.ASLEEP and any(sees.now - sent_at < BETWEEN_WAKES for sent_at in wakes)


def woke(sent_at: datetime, reach: Reach, seen_at: datetime) -> bool | None:
    """What a free look says of a wake whose answer was lost; None: it may yet open its eyes, or cannot be seen."""
    if reach is Reach.ASLEEP:
        return False if seen_at - sent_at >= BETWEEN_WAKES else None
    return True if reach is Reach.ONLINE and seen_at > sent_at else None


def ends_at_its_limit(charge: ChargeState, target_percent: int) -> bool:
    """Whether the limit set in the car stops it no later than we would: then it needs no order, and is exact."""
    return charge.limit_percent is not None and charge.limit_percent <= target_percent


def _within(sees: Outlook) -> bool:
    if any(start - WHOLE_SECOND <= sees.now < end for start, end in sees.windows):
        return True
    if sees.is_too_dear:
        return False
    over = bool(sees.windows) and sees.windows[-1][1] <= sees.now < sees.windows[-1][1] + OVERRUN
    return over and sees.charge is not None and sees.charge.drawing


def _begins_about_now(sees: Outlook) -> bool:
    """The car is to begin by itself: it may not have yet, or a moment ago."""
    return sees.wish is Wish.PLAN and any(
        start - CAR_BEGINS_EARLY <= sees.now < start + CAR_BEGINS_WITHIN for start, _ in sees.kept_by_car
    )


def _ends_about_now(sees: Outlook) -> bool:
    return sees.wish is Wish.PLAN and any(end <= sees.now < end + CAR_ENDS_WITHIN for _, end in sees.kept_by_car)


def _early_wake(sees: Outlook) -> Order | None:
    if sees.wish is Wish.PLAN and sees.reach is Reach.ASLEEP and waits_for_window(sees) and _may_wake(sees):
        return Order.WAKE
    return None


def _may_wake(sees: Outlook) -> bool:
    wakes = [one for one in sees.commands if one.order is Order.WAKE and one.sent_at]
    since = opens_at(sees) or sees.now
    recent = [one for one in wakes if one.sent_at and one.sent_at >= since - 2 * WAKE_BEFORE]
    last = max((one.sent_at for one in recent if one.sent_at), default=None)
    return len(recent) < WAKES_A_WINDOW and (last is None or sees.now - last >= BETWEEN_WAKES)


def _is_to_be_set(sees: Outlook, charge: ChargeState, want: Wanted) -> bool:
    """Whether a car that follows the sun draws with another current than it should, or rests and was left with one.

    What it draws at rest is its driver's own affair, until we have changed it.
    """
    if sees.reach is not Reach.ONLINE or not charge.plugged_in or _is_set(sees, charge):
        return False
    if charge.drawing:
        return want is Wanted.CHARGE and _may_set_current(sees)
    was_ours = any(one.order is Order.SET_CURRENT and one.delivery is Delivery.DONE for one in sees.commands)
    return want is not Wanted.CHARGE and was_ours and _may_set_current(sees)


def _is_set(sees: Outlook, charge: ChargeState) -> bool:
    """Whether it is set to the current that is wanted, as far as its cable allows, or does not say."""
    most_a = charge.current_max_a or sees.current_a
    return charge.current_asked_a in (None, sees.current_a and most_a and min(sees.current_a, most_a))


def _may_set_current(sees: Outlook) -> bool:
    """Once a window, and once for each current in it: a car that refused, or took less because its cable allows no
    more, charges with what it took. One that refuses for good is not asked for ever: each refusal is billed.
    """
    begins = [moment for moment in (opens_at(sees), sees.current_since) if moment]
    since = max(begins, default=None)
    answers = [one for one in sees.commands if one.order is Order.SET_CURRENT and one.settled_at]
    answers = [one for one in answers if one.delivery in (Delivery.DONE, Delivery.REFUSED)]
    refusals = sum(one.delivery is Delivery.REFUSED for one in answers)
    if sees.current_a is None or refusals >= REFUSALS_AT_MOST:
        return False
    return all(since is not None and one.settled_at < since for one in answers if one.settled_at)


def _may_stop(sees: Outlook) -> bool:
    """Once since the plan, the driver or our own start last changed things: who starts it again by hand means it.

    A car that refused is asked three times at most, with pauses: each refusal is billed.
    """
    boundaries = [moment for window in sees.windows for moment in window if moment <= sees.now]
    ours = [one.settled_at for one in sees.commands if one.order is Order.START and one.settled_at]
    since = max([sees.wished_at, *boundaries, *ours]) - WHOLE_SECOND
    settled = [one for one in sees.commands if one.order is Order.STOP and one.settled_at and one.settled_at >= since]
    if any(one.delivery is Delivery.DONE for one in settled):
        return False
    refused_at = [one.settled_at for one in settled if one.delivery is Delivery.REFUSED and one.settled_at]
    return len(refused_at) < STOPS_AT_MOST and all(sees.now - moment >= BETWEEN_STARTS for moment in refused_at)


def _may_start(sees: Outlook) -> bool:
    """Not while a start is still settling, not against somebody who stopped it, not for ever."""
    since = opens_at(sees)
    done = [
        one
        for one in sees.commands
        if one.order is Order.START
        and one.delivery in (Delivery.DONE, Delivery.REFUSED)
        and one.settled_at
        and since
        and one.settled_at >= since - WHOLE_SECOND
    ]
    if not done:
        return True
    last = max(one.settled_at for one in done if one.settled_at)
    if sees.drew_since_start or len(done) >= STARTS_A_WINDOW:
        return False
    return sees.now - last >= BETWEEN_STARTS
