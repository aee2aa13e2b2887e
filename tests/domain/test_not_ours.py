"""Charging that began or ended by nobody's order of ours, and who it likely was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chargekey.domain.car_schedules import OUR_NUMBERS, CarSchedule
from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState, Charging, Observation, Source, Subject, SubjectKind
from chargekey.domain.night import Command, Order
from chargekey.domain.not_ours import Likely, NotOurs, not_ours

TWENTY: Final = datetime(2024, 1, 10, 20, tzinfo=UTC)
"""A Wednesday, nine in the evening in Amsterdam."""
ZONE: Final = "Europe/Amsterdam"
CAR: Final = Subject(SubjectKind.VEHICLE, 1)
WEDNESDAY: Final = 0b0001000
AT_22_30: Final = CarSchedule(1_723_624_800, WEDNESDAY, 22 * 60 + 30, 23 * 60 + 30, one_time=False)
OURS: Final = replace(AT_22_30, number=OUR_NUMBERS[0])
STATES: Final = {
    "rest": Charging.STOPPED,
    "draw": Charging.CHARGING,
    "full": Charging.COMPLETE,
    "dead": Charging.NO_POWER,
    "out": Charging.UNPLUGGED,
}


def at(minutes: float) -> datetime:
    return TWENTY + timedelta(minutes=minutes)


def night(*told: tuple[float, str], limit_percent: int = 80) -> list[Observation]:
    """What was reported so many minutes after nine; the percents rise from 50."""
    return [
        Observation(
            CAR,
            ChargeState(50 + n, limit_percent, STATES[state], 16, 16, 16, 230, 3, 0, 0, True),
            at(minute),
            Source.CAR,
        )
        for n, (minute, state) in enumerate(told)
    ]


def ordered(order: Order, minutes: float, delivery: Delivery = Delivery.DONE) -> Command:
    return Command(1, 1, 1, order, None, delivery, at(minutes), at(minutes), at(minutes), "")


RESTS_THEN_DRAWS: Final = night((0, "rest"), (30, "rest"), (100, "draw"))
"""Half past nine to twenty to eleven."""


def test_who_is_told_to_does_nothing_by_itself() -> None:
    told = night((0, "draw"), (10, "rest"), (60, "draw"), (120, "rest"))
    orders = [ordered(Order.STOP, 9), ordered(Order.START, 59, Delivery.UNKNOWN), ordered(Order.STOP, 119)]
    assert not_ours(told, orders, [], ZONE) == ()
    assert [(one.seen_at, one.began) for one in not_ours(told, [], [], ZONE)] == [
        (at(10), False),
        (at(60), True),
        (at(120), False),
    ]


@pytest.mark.parametrize(
    ("schedule", "likely"),
    [
        (None, Likely.SOMEBODY),
        (AT_22_30, Likely.HIS_SCHEDULE),
        (replace(AT_22_30, days=1), Likely.SOMEBODY),  # on Sundays
        (replace(AT_22_30, enabled=False), Likely.SOMEBODY),
        (replace(AT_22_30, start_minute=None), Likely.SOMEBODY),  # it only ends a charge
        (replace(AT_22_30, start_minute=20 * 60), Likely.SOMEBODY),
    ],
)
def test_a_schedule_that_begins_just_then_is_the_likely_one(schedule: CarSchedule | None, likely: Likely) -> None:
    (found,) = not_ours(RESTS_THEN_DRAWS, [], [schedule] if schedule else [], ZONE)
    assert found == NotOurs(at(100), True, likely, schedule if likely is Likely.HIS_SCHEDULE else None)


def test_our_own_schedule_is_ours() -> None:
    assert not_ours(RESTS_THEN_DRAWS, [], [OURS, AT_22_30], ZONE) == ()
    ends = night((0, "rest"), (110, "draw"), (160, "rest"))  # it may run over by a quarter of an hour
    assert not_ours(ends, [], [OURS], ZONE) == ()


def test_what_a_car_does_by_itself_is_nobodys() -> None:
    assert not_ours(night((0, "rest"), (3, "draw"), (4, "rest")), [], [], ZONE) == ()  # it makes up its mind
    assert not_ours(night((0, "draw"), (60, "full"), (90, "draw")), [], [], ZONE) == ()
    assert not_ours(night((0, "draw"), (60, "dead"), (90, "draw"), (99, "out")), [], [], ZONE) == ()
    assert not_ours(night((0, "draw"), (60, "rest"), limit_percent=51), [], [], ZONE) == ()


def test_a_schedule_over_midnight_ends_on_the_next_day() -> None:
    over_night = replace(AT_22_30, start_minute=22 * 60, end_minute=30)
    told = night((0, "rest"), (70, "draw"), (220, "rest"))  # ten past ten, and twenty to one
    assert [one.likely for one in not_ours(told, [], [over_night], ZONE)] == [Likely.HIS_SCHEDULE] * 2
