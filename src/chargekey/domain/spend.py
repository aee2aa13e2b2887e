"""What Tesla bills for its API (tesla-fleet-api §9), and what a month of it may cost.

Rules of this room:

1. Every answer below 500 is billed, also a refusal. Tesla's month is taken to be the calendar's, by UTC.
2. Two budgets hold at once: the car's and the whole home's. What is on its way counts as spent until it is known.
3. From 80 % on less is looked at. What one night's orders cost is kept for them: a look that no order waits for leaves
   it alone, so that a night which has begun is seen through. A wake leaves alone what it is made for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chargekey.domain.tariff import Currency


class Billed(StrEnum):
    """Tesla's price categories, as far as we use them."""

    DATA = "data"
    COMMAND = "command"
    WAKE = "wake"


PRICE_MICRO_USD: Final[Mapping[Billed, int]] = {
    Billed.DATA: 1_000_000 // 500,
    Billed.COMMAND: 1_000_000 // 1_000,
    Billed.WAKE: 1_000_000 // 50,
}
"""Millionths of a dollar for one call, before Tesla's monthly discount of 10 dollars an operator."""


CENTS_A_DOLLAR: Final[Mapping[Currency, int]] = {"USD": 100, "EUR": 87, "GBP": 76, "AUD": 153}
"""Hundredths of a currency for a dollar, roughly (2025): only to tell what is worth a wake from what is not."""


def roughly_in(currency: Currency, micro_usd: int) -> int:
    """Micro-dollars as micro-units of another currency, to within a fifth or so."""
    return micro_usd * CENTS_A_DOLLAR[currency] // 100


def bill_micro_usd(calls: Mapping[Billed, int]) -> int:
    """The price of so many calls of each kind, in millionths of a dollar."""
    return sum(PRICE_MICRO_USD[kind] * count for kind, count in calls.items())


# ── a month and its budgets ──────────────────────────────────────

TONIGHT_MICRO_USD: Final = bill_micro_usd({Billed.WAKE: 1, Billed.COMMAND: 5, Billed.DATA: 4})
"""A night's orders: a wake, a greeting and current, start, stop with one to spare, a look before and after the last."""
AFTER_A_WAKE_MICRO_USD: Final = bill_micro_usd({Billed.COMMAND: 2, Billed.DATA: 3})
"""A greeting and the start, looked at before and after."""
FRUGAL_FROM_PERCENT: Final = 80
A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Budgets:
    """What a month may cost at most: each car, and all cars of this home together."""

    car_micro_usd: int
    home_micro_usd: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What a month has cost so far: a car, and the whole home. `cars`: how many were asked of, this one among them."""

    car_micro_usd: int
    home_micro_usd: int
    cars: int


class Degree(StrEnum):
    """How far a car's month has gone.

    `ONLY_ORDERS`: what is left is kept for the night that is on. `SPENT`: nothing that Tesla bills is asked any more,
    either since it costs more than is left, or since no night is on and none would be noticed.
    """

    PLENTY = "plenty"
    FRUGAL = "frugal"
    ONLY_ORDERS = "only_orders"
    SPENT = "spent"


LEFT_IN_PEACE_MICRO: Final = 4_000
"""What a start is worth not to have for the car's sake, beside what Tesla bills for it.

With an order about half a cent of euro, pound or dollar: through a month of Dutch nights that takes away two of five
starts that are above one a night, for less than a ten-thousandth of the bills (`python -m tests.month --ways planner`).
"""
SCARCE: Final = 3
"""So many times a dollar counts in a plan where the month may not have enough of them: their shadow price."""


def start_cost_micro(currency: Currency, *, keeps_hours: bool, degree: Degree) -> int:
    """What a plan reckons for starting the car once more, in micro-units of the currency.

    `keeps_hours`: it is given its windows beforehand, an order each; else it is woken, looked at, started and stopped.
    """
    calls = {Billed.COMMAND: 1} if keeps_hours else {Billed.WAKE: 1, Billed.DATA: 1, Billed.COMMAND: 2}
    billed = roughly_in(currency, bill_micro_usd(calls))
    return LEFT_IN_PEACE_MICRO + billed * (1 if degree is Degree.PLENTY else SCARCE)


def may_call(spent: Spent, budgets: Budgets, billed: Billed, *, for_order: bool) -> bool:
    """Whether one more call may be sent. `for_order`: of a look, that an order waits for it or has just been sent."""
    price, kept = PRICE_MICRO_USD[billed], 0
    if billed is Billed.WAKE:
        kept = AFTER_A_WAKE_MICRO_USD
    elif billed is Billed.DATA and not for_order:
        kept = TONIGHT_MICRO_USD
    return (
        spent.car_micro_usd + price + kept <= budgets.car_micro_usd
        and spent.home_micro_usd + price + kept * spent.cars <= budgets.home_micro_usd
    )


def pays_for_news(spent: Spent, budgets: Budgets) -> bool:
    """Whether a car is still looked at without an order, so that a night of its can begin."""
    return may_call(spent, budgets, Billed.DATA, for_order=False)


def degree(spent: Spent, budgets: Budgets, *, night_is_on: bool) -> Degree:
    """By whichever of the two budgets has less left."""
    if not may_call(spent, budgets, Billed.DATA, for_order=True):
        return Degree.SPENT
    if not pays_for_news(spent, budgets):
        return Degree.ONLY_ORDERS if night_is_on else Degree.SPENT
    is_warned = is_nearly_spent(spent.car_micro_usd, budgets.car_micro_usd)
    return Degree.FRUGAL if is_warned or home_is_nearly_spent(spent, budgets) else Degree.PLENTY


def is_nearly_spent(spent_micro_usd: int, budget_micro_usd: int) -> bool:
    """Whether it is time to warn."""
    return spent_micro_usd * 100 >= budget_micro_usd * FRUGAL_FROM_PERCENT


def home_is_nearly_spent(spent: Spent, budgets: Budgets) -> bool:
    return is_nearly_spent(spent.home_micro_usd, budgets.home_micro_usd)


def month_of(moment: datetime) -> str:
    """Tesla's billing month, such as 2026-11. `moment` is UTC."""
    return f"{moment:%Y-%m}"


def month_begins(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month_ends(moment: datetime) -> datetime:
    """When the next one begins."""
    return month_begins(month_begins(moment) + 31 * A_DAY)


def forecast_micro_usd(spent_micro_usd: int, now: datetime) -> int | None:
    """What the month comes to if it goes on as until now, rounded up; None on its first day: that is too little."""
    begins, ends = month_begins(now), month_ends(now)
    if now - begins < A_DAY:
        return None
    return -(-spent_micro_usd * ((ends - begins) // timedelta(seconds=1)) // ((now - begins) // timedelta(seconds=1)))
