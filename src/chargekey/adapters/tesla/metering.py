"""The one gate before every call that Tesla bills: no budget is ever passed, whoever asks and whatever happens then.

Rules of this room:

1. The price is counted before the call leaves, in the same unit of work that finds it affordable: of two who come at
   once, the second finds what the first has counted.
2. It is given back only where Tesla certainly bills nothing: its own fault (500 and above), or no connection. Where the
   answer never came, or we ended before it was written down, it stays counted.
3. A call on its way while the month changes counts for both months.
4. What a car is told to stream has no price that Tesla names: it is counted as a look, so that the count is never too
   low.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from chargekey.adapters.tesla.call_record import Ended, Record, unrecorded
from chargekey.domain.spend import PRICE_MICRO_USD, Billed, Budgets, may_call, month_ends, month_of
from chargekey.domain.vehicle import Vin
from chargekey.ports.clock import Clock
from chargekey.ports.faults import BudgetSpent, Unreachable
from chargekey.ports.store import Store

_BILLED: Final = (
    (
        re.compile(r"/api/1/vehicles/([A-Z0-9]{17})/(?:vehicle_data|fleet_telemetry_config|fleet_telemetry_errors)$"),
        Billed.DATA,
    ),
    (re.compile(r"/api/1/vehicles/([A-Z0-9]{17})/(?:signed_command|command/[a-z_]+)$"), Billed.COMMAND),
    (re.compile(r"/api/1/vehicles/([A-Z0-9]{17})/wake_up$"), Billed.WAKE),
)
"""Paths by price category (tesla-fleet-api §9). The list and fleet_status are in none."""
_WITHOUT_A_VIN: Final = {"/api/1/vehicles/fleet_telemetry_config_jws": Billed.DATA}
"""The same for paths that name no car: its number is in the body."""


class Meter(Protocol):
    """Asked right before each request."""

    async def lets_through(self, path: str, *, for_order: bool, about: Vin | None = None) -> Record:
        """Returns what wants to be told how it ended. Raises `BudgetSpent`: nothing may be sent.

        `about`: the car, where the path names none.
        """


def billed(path: str, about: Vin | None = None) -> tuple[Vin, Billed] | None:
    """Of which car and in which category Tesla bills a path, None if it does not."""
    if about and path in _WITHOUT_A_VIN:
        return about, _WITHOUT_A_VIN[path]
    for shape, category in _BILLED:
        if found := shape.search(path):
            return Vin(found[1]), category
    return None


class Unmetered:
    """For whoever has no budget."""

    async def lets_through(self, path: str, *, for_order: bool, about: Vin | None = None) -> Record:
        return unrecorded


class BudgetMeter:
    """`Meter` over the store."""

    def __init__(self, store: Store, clock: Clock, budgets: Budgets) -> None:
        self._store, self._clock, self._budgets = store, clock, budgets

    async def lets_through(self, path: str, *, for_order: bool, about: Vin | None = None) -> Record:
        found = billed(path, about)
        if found is None:
            return unrecorded
        vin, category = found
        now = self._clock.now()
        month = month_of(now)
        async with self._store.unit() as unit:
            spent = await unit.spending.add(vin, PRICE_MICRO_USD[category], month)
            if not may_call(spent, self._budgets, category, for_order=for_order):
                raise BudgetSpent(f"not asked: {category.value}", wait=month_ends(now) - now)  # and nothing is counted
        return self._settles(vin, category, month)

    def _settles(self, vin: Vin, category: Billed, month: str) -> Callable[[Ended], Awaitable[None]]:
        async def ended(how: Ended) -> None:
            now, price = self._clock.now(), PRICE_MICRO_USD[category]
            async with self._store.unit() as unit:
                if _is_free(how):
                    await unit.spending.give_back(vin, price, month)
                    return
                if month_of(now) != month:
                    await unit.spending.add(vin, price, month_of(now))
                if how.status is not None:
                    await unit.bills.add_call(vin, category, now)

        return ended


def _is_free(how: Ended) -> bool:
    if how.status is None:
        return how.fault == Unreachable.__name__
    return how.status >= 500
