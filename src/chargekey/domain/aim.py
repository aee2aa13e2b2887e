"""What a plug-in is planned for: its next ready-by time, or in a holiday the evening until which the car rests."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chargekey.domain.goal import (
    ChargeGoal,
    ends_a_rest,
    next_evening,
    next_ready_by,
    nights_to_higher_goals,
    rests_until,
    target_at,
)
from chargekey.domain.night import Night, Wish


@dataclass(frozen=True, slots=True)
class Aim:
    """`due`: when this plug-in is over although the cable stays in. `nights`: from when to when the car can be charged
    for what it is planned for, tonight first. `rests`: until `due` there is nothing to charge but the minimum.
    """

    due: datetime
    nights: tuple[tuple[datetime, datetime], ...]
    rests: bool = False


def ready_by_of(goal: ChargeGoal, night: Night, now: datetime) -> datetime | None:
    """The first ready-by time after plug-in. None: there is none.

    From `now` on where that one has passed although the night was not planned for it: the driver wants something else
    since. A night that was and is late has no other before it is over.
    """
    ready_by = next_ready_by(goal, night.plugged_in_at)
    is_late = night.ready_by is not None and night.ready_by <= now
    return ready_by if ready_by is None or ready_by > now or is_late else next_ready_by(goal, now)


def aim_at(
    goal: ChargeGoal, ready_by: datetime, now: datetime, *, needs: timedelta, looks_ahead_until: datetime
) -> Aim:
    """`needs`: how long charging for it takes. A rest is planned evening by evening, for it may last for weeks."""
    if rests := rests_until(goal, now, needs):
        return Aim(rests, ((now, min(rests, next_evening(goal, now))),), rests=True)
    return Aim(ready_by, ((now, ready_by), *nights_to_higher_goals(goal, ready_by, looks_ahead_until)))


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a driver is told that comes next: a ready-by time, None if no day has one, and the evening until which the
    car rests before it, None if it does not.
    """

    ready_by: datetime | None
    rests_until: datetime | None = None


def awaited(goal: ChargeGoal, due: datetime | None, now: datetime) -> Awaited:
    """`due`: what the night is planned for; None: the cable is not in, or nothing is planned yet."""
    if due is None:
        return Awaited(next_ready_by(goal, now), rests_until(goal, now))
    return Awaited(next_ready_by(goal, due), due) if ends_a_rest(goal, due) else Awaited(due)


def goal_tonight(goal: ChargeGoal, due: datetime | None, wish: Wish) -> int:
    """How full the car is to be in a night that is planned for this moment. None: it is not planned.

    Who wants it charged at once in a holiday wants what he wants after it.
    """
    if due is not None and wish is Wish.CHARGE_NOW and ends_a_rest(goal, due):
        return target_at(goal, next_ready_by(goal, due))
    return target_at(goal, due)
