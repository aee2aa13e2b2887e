"""What plans knew of a night's prices, once the tariff is another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from chargekey.domain.plan_prices import agrees, prices_of_plans
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.tariff import Prices, PriceSlot

EIGHT: Final = datetime(2024, 1, 10, 20, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def problem(begins: float, cents: str, known: int) -> PlanProblem:
    """From that minute on a price a quarter, of which so many are known."""
    cuts = [at(begins), *(at((begins // 15 + 1 + nth) * 15) for nth in range(len(cents.split())))]
    slots = tuple(
        PriceSlot(start, end, int(cent) * 10_000)
        for start, end, cent in zip(cuts, cuts[1:], cents.split(), strict=False)
    )
    return PlanProblem(
        now=slots[0].start,
        ready_by=slots[-1].end,
        slots=slots,
        prices_known_until=cuts[known],
        soc_percent=40,
        target_percent=60,
        minimum_percent=20,
        usable_wh=50_000,
        ac_power_w=11_000,
        efficiency_percent=90,
    )


def drawn(prices: Prices | None) -> str:
    """A number a quarter from 20:00 on, - where nothing is known."""
    quarters = [prices.price_at(at(15 * nth + 1)) if prices else None for nth in range(6)]
    return " ".join("-" if price is None else str(price // 10_000) for price in quarters)


def test_what_was_known_is_kept_and_what_was_guessed_is_not() -> None:
    assert drawn(prices_of_plans([problem(0, "4 3 2 1", known=3)], "UTC")) == "4 3 2 - - -"
    assert prices_of_plans([problem(0, "4 3", known=0)], "UTC") is None
    assert prices_of_plans([], "UTC") is None


def test_the_first_price_holds_from_the_beginning_of_its_quarter() -> None:
    known = prices_of_plans([problem(7, "4 3", known=2)], "UTC")
    assert known is not None
    assert known.slots[0].start == at(0)
    assert drawn(prices_of_plans([problem(16, "4 3", known=2)], "UTC")) == "- 4 3 - - -"


def test_a_later_plan_knows_better_from_then_on() -> None:
    first, second = problem(0, "4 3 2 1", known=2), problem(15, "9 2 1 5", known=4)
    assert drawn(prices_of_plans([first, second], "UTC")) == "4 9 2 1 5 -"


def test_a_hole_between_two_plans_leaves_the_longer_side() -> None:
    first, second = problem(0, "4 3", known=1), problem(30, "2 1 5", known=3)
    assert drawn(prices_of_plans([first, second], "UTC")) == "- - 2 1 5 -"


def test_another_currency_is_another_thing() -> None:
    pounds = replace(problem(30, "2 1", known=2), currency="GBP")
    known = prices_of_plans([problem(0, "4 3", known=2), pounds], "UTC")
    assert drawn(known) == "- - 2 1 - -"
    assert known is not None
    assert known.currency == "GBP"


def test_a_tariff_is_that_nights_if_it_says_what_the_plans_went_by() -> None:
    by_plans = prices_of_plans([problem(0, "4 3 2 1", known=4)], "UTC")
    assert by_plans is not None
    slots = by_plans.slots
    same = Prices(slots[1:], slots[-1].end, "other", "UTC")
    assert agrees(same, by_plans)
    assert not agrees(replace(same, currency="GBP"), by_plans)
    assert not agrees(replace(same, slots=(replace(slots[1], price_micro_per_kwh=1), *slots[2:])), by_plans)
    assert not agrees(Prices((), at(0), "other", "UTC"), by_plans)  # it says nothing
