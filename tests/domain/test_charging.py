"""What a plugged-in car should do, and what it is told: nights drawn in quarters of an hour."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from chargekey.domain.charging import (
    Outlook,
    Wanted,
    Window,
    next_boundary,
    next_order,
    opens_at,
    waits_for_window,
    wanted,
    woke,
)
from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState, Charging
from chargekey.domain.night import Command, Order, Wish
from chargekey.domain.vehicle import Reach

EIGHT: Final = datetime(2024, 1, 10, 20, tzinfo=UTC)
QUARTER: Final = timedelta(minutes=15)
LETTERS: Final = {Wanted.CHARGE: "#", Wanted.HOLD: ".", Wanted.LEAVE_ALONE: "-"}


def at(minutes: float = 0, seconds: float = 0) -> datetime:
    return EIGHT + timedelta(minutes=minutes, seconds=seconds)


def windows(drawn: str) -> list[Window]:
    """`#` is a quarter to charge in; neighbours are one window."""
    found: list[Window] = []
    for nth, letter in enumerate(drawn):
        if letter != "#":
            continue
        if found and found[-1][1] == EIGHT + nth * QUARTER:
            found[-1] = (found[-1][0], EIGHT + (nth + 1) * QUARTER)
        else:
            found.append((EIGHT + nth * QUARTER, EIGHT + (nth + 1) * QUARTER))
    return found


def says(charging: Charging = Charging.STOPPED, soc_percent: int | None = 50, asked_a: int | None = 16) -> ChargeState:
    return ChargeState(soc_percent, 90, charging, 0, asked_a, 16, 230, 3, 0, 0, None)


def outlook(drawn: str = "..##..", now: datetime = EIGHT, charge: ChargeState | None = None) -> Outlook:
    """An online, plugged-in, resting car at 50 of 80 %, that follows its plan."""
    return Outlook(
        now=now,
        wish=Wish.PLAN,
        wished_at=EIGHT,
        windows=windows(drawn),
        target_percent=80,
        reach=Reach.ONLINE,
        charge=charge or says(),
        looked_at=now,
        commands=(),
        current_a=None,
        drew_since_start=False,
    )


def told(order: Order, minutes: float, delivery: Delivery = Delivery.DONE, seconds: float = 0) -> Command:
    """An order that was settled at that minute."""
    moment = at(minutes, seconds)
    settled = moment if delivery in (Delivery.DONE, Delivery.REFUSED) else None
    return Command(1, 1, 1, order, None, delivery, moment, moment, settled, "")


# ── what is wanted ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("plan", "wish", "state", "soc_percent", "wants"),
    [
        ("..##..", Wish.PLAN, Charging.STOPPED, 50, "..##.."),  # the plan, and nothing but
        ("#.##.#", Wish.PLAN, Charging.STOPPED, 50, "#.##.#"),
        ("......", Wish.PLAN, Charging.CHARGING, 50, "------"),  # nothing planned: better charged than kept waiting
        ("..##..", Wish.PLAN, Charging.CHARGING, 50, "..###."),  # the last window may run over
        ("#..#..", Wish.PLAN, Charging.CHARGING, 50, "#..##."),  # the last one only
        ("..##..", Wish.PLAN, Charging.STARTING, 50, "..###."),
        ("..##..", Wish.PLAN, Charging.STOPPED, None, "..##.."),  # the car did not say how full it is
        ("..##..", Wish.PLAN, Charging.STOPPED, 80, "......"),  # full enough
        ("..##..", Wish.PLAN, Charging.CHARGING, 95, "......"),
        ("..##..", Wish.PLAN, Charging.UNPLUGGED, 50, "------"),
        ("..##..", Wish.PLAN, Charging.UNKNOWN, 50, "------"),
        ("..##..", Wish.PLAN, Charging.NO_POWER, 50, "..##.."),
        ("..##..", Wish.CHARGE_NOW, Charging.STOPPED, 50, "######"),
        ("......", Wish.CHARGE_NOW, Charging.STOPPED, 50, "######"),  # also without a plan
        ("..##..", Wish.CHARGE_NOW, Charging.STOPPED, 80, "......"),  # but not above the target
        ("..##..", Wish.CHARGE_NOW, Charging.UNPLUGGED, 50, "------"),
        ("..##..", Wish.STOP, Charging.CHARGING, 50, "......"),
        ("..##..", Wish.SKIP, Charging.STOPPED, 50, "......"),
        ("..##..", Wish.SKIP, Charging.UNPLUGGED, 50, "------"),
    ],
)
def test_what_the_car_should_do_in_each_quarter(
    plan: str, wish: Wish, state: Charging, soc_percent: int | None, wants: str
) -> None:
    sees = replace(outlook(plan, charge=says(state, soc_percent)), wish=wish)
    drawn = (wanted(replace(sees, now=EIGHT + nth * QUARTER)) for nth in range(len(plan)))
    assert "".join(LETTERS[want] for want in drawn) == wants


def test_a_car_never_looked_at_is_left_alone() -> None:
    blind = replace(outlook("######"), charge=None)
    assert wanted(blind) is Wanted.LEAVE_ALONE
    assert next_order(blind) is None


@pytest.mark.parametrize(
    ("seconds", "want"),
    [(-1.5, Wanted.HOLD), (-1, Wanted.CHARGE), (0, Wanted.CHARGE), (899, Wanted.CHARGE), (900, Wanted.HOLD)],
)
def test_a_window_counts_from_a_second_before_its_start_to_its_end(seconds: float, want: Wanted) -> None:
    assert wanted(outlook(".#..", now=at(15, seconds))) is want


# ── what it is told ──────────────────────────────────────────────────────────────────────────────

INSIDE, OUTSIDE, JUST_BEFORE = at(35), at(5), at(29)


@pytest.mark.parametrize(
    ("wish", "now", "reach", "state", "order"),
    [
        # ── by the plan, outside of its window ───────────────────────────────
        (Wish.PLAN, OUTSIDE, Reach.ONLINE, Charging.STOPPED, None),  # it does what it should
        (Wish.PLAN, OUTSIDE, Reach.ONLINE, Charging.CHARGING, Order.STOP),
        (Wish.PLAN, OUTSIDE, Reach.ONLINE, Charging.STARTING, Order.STOP),
        (Wish.PLAN, OUTSIDE, Reach.OFFLINE, Charging.CHARGING, None),  # nobody to talk to
        (Wish.PLAN, OUTSIDE, Reach.ASLEEP, Charging.STOPPED, None),  # let it sleep
        (Wish.PLAN, OUTSIDE, Reach.ONLINE, Charging.UNPLUGGED, None),
        # ── shortly before ───────────────────────────────────────────────────
        (Wish.PLAN, JUST_BEFORE, Reach.ASLEEP, Charging.STOPPED, Order.WAKE),
        (Wish.PLAN, JUST_BEFORE, Reach.OFFLINE, Charging.STOPPED, None),
        (Wish.PLAN, JUST_BEFORE, Reach.ONLINE, Charging.STOPPED, None),
        (Wish.SKIP, JUST_BEFORE, Reach.ASLEEP, Charging.STOPPED, None),  # no window for him tonight
        (Wish.STOP, JUST_BEFORE, Reach.ASLEEP, Charging.STOPPED, None),
        # ── inside ───────────────────────────────────────────────────────────
        (Wish.PLAN, INSIDE, Reach.ONLINE, Charging.STOPPED, Order.START),
        (Wish.PLAN, INSIDE, Reach.ONLINE, Charging.NO_POWER, Order.START),
        (Wish.PLAN, INSIDE, Reach.ONLINE, Charging.CHARGING, None),
        (Wish.PLAN, INSIDE, Reach.ONLINE, Charging.STARTING, None),
        (Wish.PLAN, INSIDE, Reach.ONLINE, Charging.COMPLETE, None),  # the car says that it is full
        (Wish.PLAN, INSIDE, Reach.ASLEEP, Charging.STOPPED, Order.WAKE),
        (Wish.PLAN, INSIDE, Reach.OFFLINE, Charging.STOPPED, None),
        (Wish.PLAN, INSIDE, Reach.UNKNOWN, Charging.STOPPED, None),
        (Wish.PLAN, INSIDE, Reach.ONLINE, Charging.UNPLUGGED, None),
        (Wish.STOP, INSIDE, Reach.ONLINE, Charging.CHARGING, Order.STOP),
        (Wish.STOP, INSIDE, Reach.ONLINE, Charging.STOPPED, None),
        (Wish.SKIP, INSIDE, Reach.ASLEEP, Charging.STOPPED, None),
        # ── charge now ───────────────────────────────────────────────────────
        (Wish.CHARGE_NOW, OUTSIDE, Reach.ONLINE, Charging.STOPPED, Order.START),
        (Wish.CHARGE_NOW, OUTSIDE, Reach.ONLINE, Charging.CHARGING, None),
        (Wish.CHARGE_NOW, OUTSIDE, Reach.ASLEEP, Charging.STOPPED, Order.WAKE),
        (Wish.CHARGE_NOW, OUTSIDE, Reach.ONLINE, Charging.COMPLETE, None),
    ],
)
def test_what_the_car_is_told(wish: Wish, now: datetime, reach: Reach, state: Charging, order: Order | None) -> None:
    sees = replace(outlook("..##..", now, says(state)), wish=wish, reach=reach)
    assert next_order(sees) is order


def test_a_car_above_the_target_is_stopped_inside_its_window_too() -> None:
    assert next_order(outlook("..##..", INSIDE, says(Charging.CHARGING, soc_percent=80))) is Order.STOP


def test_somebody_who_stopped_it_in_the_car_is_respected_until_the_next_window() -> None:
    started = replace(outlook("#.#...", at(10)), commands=[told(Order.START, 0)], drew_since_start=True)
    assert next_order(started) is None
    assert next_order(replace(started, now=at(31))) is Order.START


@pytest.mark.parametrize(
    ("commands", "minutes", "order"),
    [
        ([], 1, Order.START),
        ([told(Order.START, 0)], 1, None),  # still settling
        ([told(Order.START, 0)], 4.9, None),
        ([told(Order.START, 0)], 5, Order.START),  # it agreed and took no power
        ([told(Order.START, 0, Delivery.REFUSED)], 4.9, None),
        ([told(Order.START, 0, Delivery.REFUSED)], 5, Order.START),
        ([told(Order.START, 0), told(Order.START, 5)], 9.9, None),
        ([told(Order.START, 0), told(Order.START, 5)], 10, Order.START),
        ([told(Order.START, 0), told(Order.START, 5), told(Order.START, 10)], 25, None),  # three are enough
        ([told(Order.START, -20), told(Order.START, -15), told(Order.START, -10)], 1, Order.START),  # another window's
        ([told(Order.START, 0, Delivery.DROPPED)], 1, Order.START),  # that one never left
        ([told(Order.STOP, 0)], 1, Order.START),
    ],
)
def test_starts_settle_first_and_end_somewhere(commands: Sequence[Command], minutes: float, order: Order) -> None:
    assert next_order(replace(outlook("##....", at(minutes)), commands=commands)) is order


@pytest.mark.parametrize(
    ("commands", "minutes", "order"),
    [
        ((), 5, Order.STOP),  # it began by itself at plug-in
        ((told(Order.STOP, 1),), 5, None),  # stopped, and started by hand since: meant so
        ((told(Order.STOP, 1),), 80, Order.STOP),  # a window came and went: another matter
        ((told(Order.STOP, 1), told(Order.START, 3)), 5, Order.STOP),  # we started it ourselves
        ((told(Order.STOP, 1, Delivery.REFUSED),), 5, None),  # refused: each try is billed, so with pauses
        ((told(Order.STOP, 1, Delivery.REFUSED),), 7, Order.STOP),
        (tuple(told(Order.STOP, at, Delivery.REFUSED) for at in (1, 7, 13)), 20, None),  # and three times at most
    ],
)
def test_a_car_is_stopped_once_and_not_against_somebody(
    commands: Sequence[Command], minutes: float, order: Order | None
) -> None:
    sees = replace(outlook("..##..", at(minutes), says(Charging.CHARGING)), commands=commands)
    assert next_order(sees) is order


def test_charge_now_pressed_again_starts_again() -> None:
    stopped = replace(outlook("......", at(10)), wish=Wish.CHARGE_NOW, drew_since_start=True)
    tried = replace(stopped, commands=[told(Order.START, 1)])
    assert next_order(tried) is None
    assert next_order(replace(tried, wished_at=at(9))) is Order.START


@pytest.mark.parametrize(
    ("woken_at", "minutes", "order"),
    [
        ([], 0, Order.WAKE),
        ([0], 0.9, None),  # it takes up to a minute
        ([0], 1, Order.WAKE),
        ([0, 1, 2, 3], 4, Order.WAKE),
        ([0, 1, 2, 3, 4], 5, None),  # five are enough: the dearest call there is
        ([-1.5, -0.5, 1, 2, 3], 5, None),  # those just before the window count
        ([-30, -29, -28, -27, -26], 0, Order.WAKE),  # another window's do not
    ],
)
def test_a_sleeping_car_is_woken_once_a_minute_and_five_times_a_window(
    woken_at: list[float], minutes: float, order: Order | None
) -> None:
    wakes = [told(Order.WAKE, moment) for moment in woken_at]
    assert next_order(replace(outlook("##....", at(minutes)), reach=Reach.ASLEEP, commands=wakes)) is order


@pytest.mark.parametrize(
    ("wished_a", "asked_a", "commands", "order"),
    [
        (None, 16, [], Order.START),  # whatever the car is set to
        (10, 10, [], Order.START),
        (10, None, [], Order.START),  # the car did not say
        (10, 16, [], Order.SET_CURRENT),  # first the current, then the start
        (32, 16, [told(Order.SET_CURRENT, 0)], Order.START),  # its cable allows no more
        (10, 16, [told(Order.SET_CURRENT, 0, Delivery.REFUSED)], Order.START),  # then with what it has
        (10, 16, [told(Order.SET_CURRENT, 0, Delivery.DROPPED)], Order.SET_CURRENT),
        (10, 16, [told(Order.SET_CURRENT, -60)], Order.SET_CURRENT),  # somebody changed it since
    ],
)
def test_the_current_is_set_once_a_window_and_before_the_start(
    wished_a: int | None, asked_a: int | None, commands: list[Command], order: Order
) -> None:
    sees = replace(outlook("##....", at(1), says(asked_a=asked_a)), current_a=wished_a, commands=commands)
    assert next_order(sees) is order


# ── when to decide again ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("plan", "now", "wish", "reach", "boundary"),
    [
        ("..##..", at(0), Wish.PLAN, Reach.ONLINE, at(30)),
        ("..##..", at(0), Wish.PLAN, Reach.ASLEEP, at(28.5)),  # time to wake it
        ("..##..", at(0), Wish.PLAN, Reach.OFFLINE, at(28.5)),
        ("..##..", at(28.5), Wish.PLAN, Reach.ASLEEP, at(30)),
        ("..##..", at(30), Wish.PLAN, Reach.ONLINE, at(60)),
        ("..##.#", at(60), Wish.PLAN, Reach.ONLINE, at(75)),
        ("..##..", at(60), Wish.PLAN, Reach.ONLINE, None),
        ("......", at(0), Wish.PLAN, Reach.ONLINE, None),
        ("..##..", at(0), Wish.CHARGE_NOW, Reach.ONLINE, None),  # the plan has no say
        ("..##..", at(0), Wish.STOP, Reach.ONLINE, None),
        ("..##..", at(0), Wish.SKIP, Reach.ASLEEP, None),
    ],
)
def test_when_the_plan_wants_something_else(
    plan: str, now: datetime, wish: Wish, reach: Reach, boundary: datetime | None
) -> None:
    assert next_boundary(replace(outlook(plan, now), wish=wish, reach=reach)) == boundary


@pytest.mark.parametrize(
    ("plan", "minutes", "wish", "opened"),
    [
        ("..##..", 0, Wish.PLAN, None),
        ("..##..", 30, Wish.PLAN, at(30)),
        ("#..#..", 40, Wish.PLAN, at(0)),
        ("#..#..", 45, Wish.PLAN, at(45)),
        ("..##..", 40, Wish.CHARGE_NOW, EIGHT),
    ],
)
def test_since_when_it_is_wanted(plan: str, minutes: float, wish: Wish, opened: datetime | None) -> None:
    assert opens_at(replace(outlook(plan, at(minutes)), wish=wish)) == opened


@pytest.mark.parametrize(("minutes", "waits"), [(0, False), (28, False), (28.5, True), (29.9, True), (30, False)])
def test_a_window_is_waited_for_as_long_as_a_car_takes_to_wake(minutes: float, waits: bool) -> None:
    assert waits_for_window(outlook("..##..", at(minutes))) is waits


@pytest.mark.parametrize(
    ("reach", "seen_after_s", "says_so"),
    [
        (Reach.ASLEEP, 30, None),  # it may yet open its eyes
        (Reach.ASLEEP, 60, False),  # whoever sleeps on never heard it
        (Reach.ONLINE, 12, True),
        (Reach.ONLINE, -5, None),  # seen before it was sent
        (Reach.OFFLINE, 90, None),
    ],
)
def test_what_a_glance_says_of_a_wake_without_an_answer(
    reach: Reach, seen_after_s: float, says_so: bool | None
) -> None:
    assert woke(EIGHT, reach, at(seconds=seen_after_s)) is says_so


# ── a car that keeps its windows itself ──────────────────────────────────────────────────────────


def kept(drawn: str = "..##..", **otherwise: Any) -> Outlook:
    sees = outlook(drawn)
    return replace(sees, kept_by_car=sees.windows, reach=Reach.ASLEEP, **otherwise)


def test_it_is_not_woken_for_its_window_and_looked_at_when_it_should_have_begun() -> None:
    sees = kept(now=at(29))
    assert next_order(sees) is None and not waits_for_window(sees)
    assert next_boundary(sees) == at(33)
    assert next_order(outlook(now=at(29))) is None  # whereas one that does not keep it
    assert next_order(replace(outlook(now=at(29)), reach=Reach.ASLEEP)) is Order.WAKE


def test_in_its_first_minutes_the_window_is_the_cars_and_then_ours() -> None:
    assert next_order(kept(now=at(32))) is None
    assert next_order(kept(now=at(33))) is Order.WAKE  # it did not begin: stale GPS, or somebody changed it
    assert next_order(replace(kept(now=at(33)), reach=Reach.ONLINE)) is Order.START


def test_a_car_that_begins_with_the_minute_of_its_window_is_not_stopped() -> None:
    sees = replace(kept(), reach=Reach.ONLINE, charge=says(Charging.CHARGING))
    assert next_order(replace(sees, now=at(29, seconds=5))) is None
    assert next_order(replace(sees, now=at(28, seconds=59))) is Order.STOP


def test_at_its_end_it_is_the_cars_for_a_minute_and_then_ours() -> None:
    """Between two windows; at the end of the last one nobody is in a hurry."""
    sees = replace(kept("#..#.."), reach=Reach.ONLINE, charge=says(Charging.CHARGING))
    assert next_order(replace(sees, now=at(15, seconds=30))) is None
    assert next_order(replace(sees, now=at(16))) is Order.STOP
    assert next_boundary(replace(sees, now=at(15))) == at(16)


@pytest.mark.parametrize(("wish", "order"), [(Wish.CHARGE_NOW, Order.WAKE), (Wish.STOP, None)])
def test_what_the_driver_wishes_does_not_wait_for_the_car(wish: Wish, order: Order | None) -> None:
    assert next_order(replace(kept(now=at(31)), wish=wish, wished_at=at(31))) is order
