"""A car that follows the sun is told other amps while it draws, and has its own back when the sun is gone."""

from dataclasses import replace
from datetime import datetime

import pytest

from chargekey.domain.charging import Outlook, next_boundary, next_order
from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState, Charging
from chargekey.domain.night import Command, Order
from chargekey.domain.vehicle import Reach
from tests.domain.test_charging import EIGHT, at, outlook, says, told

DRAWING = Charging.CHARGING
SET = Order.SET_CURRENT


def in_the_sun(now: datetime, current_a: int, charge: ChargeState, *commands: Command) -> Outlook:
    """The plan's third quarter is charged at fewer amps; `current_a` is what is wanted at that moment."""
    sees = replace(outlook("..##..", now, charge), current_a=current_a, commands=commands, follows_sun=True)
    changes = [at(30), at(45)]
    since = max([EIGHT, *(moment for moment in changes if moment <= now)])
    return replace(sees, current_since=since, currents_change_at=changes)


@pytest.mark.parametrize(
    ("now", "current_a", "state", "asked_a", "commands", "order"),
    [
        (at(31), 7, DRAWING, 16, (), SET),  # the sun carries less
        (at(31), 7, DRAWING, 7, (), None),
        (at(31), 7, DRAWING, None, (), None),  # it does not say
        (at(31), 7, DRAWING, 16, (told(SET, 20),), SET),  # that was for the hour before
        (at(31), 7, DRAWING, 16, (told(SET, 30),), None),  # somebody else changed it since, and means it
        (at(31), 7, DRAWING, 16, (told(SET, 30, Delivery.REFUSED),), None),
        (at(46), 16, DRAWING, 7, (told(SET, 30),), SET),  # the sun is gone, the hour is not
        (at(61), 16, Charging.STOPPED, 7, (told(SET, 30),), SET),  # it rests, and was left with ours
        (at(61), 16, Charging.COMPLETE, 7, (told(SET, 30),), SET),
        (at(61), 16, Charging.STOPPED, 7, (), None),  # at rest that is its driver's affair
        (at(61), 16, Charging.UNPLUGGED, 7, (told(SET, 30),), None),
        (at(91), 16, DRAWING, 7, (told(SET, 30),), Order.STOP),  # first things first
        (at(46), 16, DRAWING, 7, tuple(told(SET, minute, Delivery.REFUSED) for minute in (1, 5, 9)), None),
        (at(31), 7, Charging.STOPPED, 16, (), SET),  # before it is started
        (at(31), 7, Charging.STOPPED, 7, (), Order.START),
    ],
)
def test_its_current_is_changed_with_the_sun(
    now: datetime,
    current_a: int,
    state: Charging,
    asked_a: int | None,
    commands: tuple[Command, ...],
    order: Order | None,
) -> None:
    assert next_order(in_the_sun(now, current_a, says(state, asked_a=asked_a), *commands)) is order


def test_a_cable_that_allows_less_is_asked_for_no_more() -> None:
    thirteen = replace(says(DRAWING, asked_a=13), current_max_a=13)
    assert next_order(in_the_sun(at(46), 16, thirteen)) is None
    assert next_order(in_the_sun(at(31), 7, thirteen)) is SET


def test_a_sleeping_car_keeps_its_current_until_it_wakes() -> None:
    sees = in_the_sun(at(61), 16, says(asked_a=7), told(SET, 30))
    assert next_order(replace(sees, reach=Reach.ASLEEP)) is None


def test_a_change_of_current_is_a_moment_to_act() -> None:
    assert next_boundary(in_the_sun(at(31), 7, says(DRAWING, asked_a=7))) == at(45)


def test_without_the_sun_a_driver_who_changes_it_while_it_draws_means_it() -> None:
    sees = replace(outlook("..##..", at(31), says(DRAWING, asked_a=7)), current_a=16)
    assert next_order(sees) is None
