"""A sleeping car that keeps its plan by itself is woken for another only if that saves more than the wake costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

import pytest

from chargekey.adapters.carbon.kept_carbon import KeptCarbon
from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.evidence import ChargeState, Charging
from chargekey.domain.goal import ChargeGoal
from chargekey.domain.market import Market, market
from chargekey.domain.tariff import DayAheadTariff, Prices, PriceSlot, Tariff
from chargekey.journeys.plan_charge import PlanCharge
from chargekey.ports.charge_log import ChargeSettings, KeptPlan
from tests.contract.household import SIX, Household
from tests.contract.test_vault import StandingClock

HOUR: Final = timedelta(hours=1)
SETTINGS: Final = ChargeSettings(
    ChargeGoal({day: time(7) for day in range(7)}, 80, 0, "UTC"), DayAheadTariff(0, 0, "EUR"), None
)
RESTS: Final = ChargeState(60, 80, Charging.STOPPED, 0, 16, 16, 230, 3, 0, 0, None)
"""Of 20 % and some 15 kWh away from its goal: an hour and a half at 11 kW."""


@dataclass
class ByTheHour:
    """`ports.tariffs.Tariffs`: every hour costs 30 ct, but for a few."""

    cheap_ct: dict[int, float]
    markets: Sequence[Market] = (market("energy-charts:NL"),)

    async def prices(self, tariff: Tariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        hours = range((end - SIX) // HOUR + 1)
        slots = tuple(
            PriceSlot(SIX + n * HOUR, SIX + (n + 1) * HOUR, int(self.cheap_ct.get(n, 30) * 10_000)) for n in hours
        )
        return Prices(slots, slots[-1].end, "made up", "UTC")


async def half_a_cent() -> int:
    return 5_000


class Planned:
    """A night that was planned when its fourth and fifth hour were at 10 ct."""

    def __init__(self, store: KeptStore, anna: Household) -> None:
        self.store, self.car, self.prices = store, anna.car, ByTheHour({4: 10, 5: 10})
        self.clock = StandingClock()
        self.planner = PlanCharge(store, self.clock, InProcessBus(), self.prices, KeptCarbon(store, None))

    async def plan(self) -> KeptPlan | None:
        async with self.store.unit() as unit:
            night = await unit.nights.open_night(self.car.id)
            return await unit.nights.plan_of(night.id) if night else None

    async def changes(
        self, *, sleeps_with_it: bool, settings: ChargeSettings = SETTINGS, charge: ChargeState = RESTS
    ) -> bool:
        async with self.store.unit() as unit:
            night = await unit.nights.open_night(self.car.id) or await unit.nights.begin_night(self.car.id, SIX)
        present = await self.plan()
        return await self.planner.keep_planned(
            self.car,
            night,
            present,
            settings,
            charge,
            self.clock.now(),
            start_cost_micro=half_a_cent,
            sleeps_with_it=sleeps_with_it,
        )


@pytest.fixture
async def planned(store: KeptStore, anna: Household) -> Planned:
    one = Planned(store, anna)
    assert await one.changes(sleeps_with_it=False)
    return one


@pytest.mark.parametrize(
    ("cheap_ct", "is_woken"),
    [
        ({4: 10, 5: 10, 8: 9.9, 9: 9.9}, False),  # a cent and a half in all
        ({4: 10, 5: 10, 8: 7, 9: 7}, True),  # half a euro
        ({8: 10, 9: 10}, True),  # what was cheap is dear now
        ({4: 9, 5: 9}, False),  # the same hours, cheaper still
    ],
)
async def test_other_prices_are_worth_a_wake_or_not(
    planned: Planned, cheap_ct: dict[int, float], is_woken: bool
) -> None:
    planned.prices.cheap_ct = cheap_ct
    assert await planned.changes(sleeps_with_it=True) is is_woken
    assert await planned.changes(sleeps_with_it=False) is not is_woken  # awake it costs next to nothing


async def test_what_the_driver_wants_otherwise_is_worth_it_whatever_it_saves(planned: Planned) -> None:
    fuller = ChargeSettings(ChargeGoal({day: time(7) for day in range(7)}, 81, 0, "UTC"), SETTINGS.tariff, None)
    assert await planned.changes(sleeps_with_it=True, settings=fuller)
