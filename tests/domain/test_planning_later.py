"""Who can wait saves: by how much, and by when it would be ready."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chargekey.domain.planning.later import STEP, Later, leaving_later
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.tariff import PriceSlot
from tests.domain.drawn import MICRO_PER_CENT, QUARTER, night

CENT_NANO = 10_000_000


def after(problem: PlanProblem, prices: str, *, gap: bool = False) -> tuple[PriceSlot, ...]:
    """Prices of quarters from ready-by on, in cents."""
    start = problem.ready_by + QUARTER * gap
    return tuple(
        PriceSlot(start + n * QUARTER, start + (n + 1) * QUARTER, int(cents) * MICRO_PER_CENT)
        for n, cents in enumerate(prices.split())
    )


@pytest.mark.parametrize(
    ("prices", "quarters", "later", "half_hours", "saves_cents"),
    [
        ("40 40 30 30", 2, "5 5 5 5", 1, 50),  # two quarters at 5 for two at 30
        ("40 40 30 30", 3, "5 5 5 5", 2, 85),  # half an hour saves 50: the third waits for the next
        ("40 40 30 30", 2, "30 30 5 5 9 9", 2, 50),  # nothing is cheaper before
        ("40 40 30 30", 2, "30 30 26 30", 0, 0),  # 4 ct: who moves his morning for that?
        ("40 40 30 30", 2, "5", 0, 0),  # a quarter that is known is no half hour
        ("5 5 30 30", 2, "6 6 6 6", 0, 0),
        ("40 40", 3, "5 5 5 5", 0, 0),  # out of reach: it would charge more, not pay less
    ],
)
def test_what_waiting_saves(prices: str, quarters: int, later: str, half_hours: int, saves_cents: int) -> None:
    problem = night(prices, quarters)
    told = leaving_later(problem, after(problem, later))
    assert told == (Later(problem.ready_by + half_hours * STEP, saves_cents * CENT_NANO) if half_hours else None)


def test_a_gap_in_what_is_known_ends_it() -> None:
    problem = night("40 40 30 30", 2)
    assert leaving_later(problem, after(problem, "5 5 5 5", gap=True)) is None
    assert leaving_later(problem, ()) is None


def test_estimates_promise_nothing() -> None:
    problem = night("40 40 30 30", 2)
    guessed = replace(problem, prices_known_until=problem.ready_by - QUARTER)
    assert leaving_later(guessed, after(guessed, "5 5 5 5")) is None


def test_a_start_more_is_paid_for() -> None:
    problem = night("1 40 30 40", 2, start_cents=13)
    told = leaving_later(problem, after(problem, "5 5"))
    assert told == Later(problem.ready_by + timedelta(minutes=30), 31 * CENT_NANO)  # 1 and 40 in one go, for 5 and 5
