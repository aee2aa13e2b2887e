"""What the plans of a night knew of its prices: what is left of them once the tariff is another.

Rules of this room:

1. Only what was known counts. What a plan took in place of a price that was not out, or that nobody knew, is none.
2. A plan begins at some second; its first price holds from the beginning of that quarter of an hour, since prices
   change at quarters.
3. From the moment of a later plan on, that one knows better.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.published import cut, unbroken
from chargekey.domain.tariff import Prices, PriceSlot

SOURCE: Final = "plans"


def prices_of_plans(problems: Sequence[PlanProblem], zone: str) -> Prices | None:
    """The longest stretch without a hole that they knew, in the currency of the last. None: they knew nothing.

    `problems` in the order in which they were made.
    """
    slots: tuple[PriceSlot, ...] = ()
    currency = problems[-1].currency if problems else None
    for problem in problems:
        known = tuple(slot for slot in problem.slots if slot.start < problem.prices_known_until)
        if problem.currency != currency or not known:
            continue
        if slots:
            slots = cut(slots, slots[0].start, known[0].start)
        else:
            known = (replace(known[0], start=_quarter(known[0].start)), *known[1:])
        slots = (*slots, *known)
    if not slots or currency is None:
        return None
    whole = unbroken(slots, slots[0].start, slots[-1].end, slots[-1].end)
    return Prices(whole, whole[-1].end, SOURCE, zone, currency, ends_at=whole[-1].end)


def agrees(prices: Prices, with_plans: Prices) -> bool:
    """Whether a tariff's prices are those that the plans went by, wherever both say something, and both do."""
    if prices.currency != with_plans.currency:
        return False
    pairs = [(prices.price_at(slot.start), slot.price_micro_per_kwh) for slot in with_plans.slots]
    both = [(of_tariff, of_plan) for of_tariff, of_plan in pairs if of_tariff is not None]
    return bool(both) and all(of_tariff == of_plan for of_tariff, of_plan in both)


def _quarter(moment: datetime) -> datetime:
    into = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment - into
