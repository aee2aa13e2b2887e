"""What Tesla bills for a month: how far it has gone, its drivers told once of each turn, and what pages show of it.

Whether a call may still be sent is decided right before it (`adapters/tesla/metering`). This room makes that rare:
whoever looks at cars asks here first how frugal to be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chargekey.domain.night import Night
from chargekey.domain.spend import (
    Billed,
    Budgets,
    Degree,
    Spent,
    degree,
    forecast_micro_usd,
    is_nearly_spent,
    may_call,
    month_ends,
    month_of,
)
from chargekey.domain.vehicle import Vin
from chargekey.journeys.tell_once import tell
from chargekey.ports.clock import Clock
from chargekey.ports.notices import NoticeKind
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit


@dataclass(frozen=True, slots=True)
class MonthOfCar:
    """One car's month until now. `ends_at`: when the next begins, with its budgets anew."""

    spent: Spent
    budgets: Budgets
    degree: Degree
    ends_at: datetime

    @property
    def is_felt(self) -> bool:
        """Whether anything is done otherwise for it."""
        return self.degree is not Degree.PLENTY

    @property
    def pays_for_an_order(self) -> bool:
        """Whether one more order, or a greeting, which costs the same, may still be sent."""
        return may_call(self.spent, self.budgets, Billed.COMMAND, for_order=True)

    @property
    def is_by_all_cars(self) -> bool:
        """Whether it is the home's budget that says how far it is; the car's own is far from spent."""
        return not is_nearly_spent(self.spent.car_micro_usd, self.budgets.car_micro_usd)


@dataclass(frozen=True, slots=True)
class CarOfHome:
    """One line of the home's month, of which an operator sees the model alone. `degree` as of a car without a night."""

    vin: Vin
    micro_usd: int
    degree: Degree


@dataclass(frozen=True, slots=True)
class MonthOfHome:
    """The whole home's month until now, and its cars, the dearest first. `forecast_micro_usd` None: too early."""

    home_micro_usd: int
    cars: Sequence[CarOfHome]
    budgets: Budgets
    forecast_micro_usd: int | None
    ends_at: datetime

    @property
    def cars_spent(self) -> int:
        return sum(one.degree is Degree.SPENT for one in self.cars)


class KeepToBudget:
    """One for all cars of this home."""

    def __init__(self, store: Store, clock: Clock, budgets: Budgets) -> None:
        self._store, self._clock, self._budgets = store, clock, budgets

    # ── before a look, and after one that was not paid for ───────

    async def degree(self, vehicle: Vehicle, night: Night | None, looked_at: datetime | None) -> Degree:
        """How frugal to be. The driver is told where that is news."""
        async with self._store.unit() as unit:
            found = (await self.of_car(unit, vehicle, night, looked_at)).degree
            if found is Degree.SPENT:
                await self._tell(unit, vehicle, NoticeKind.BUDGET_SPENT)
            elif found is not Degree.PLENTY:
                await self._tell(unit, vehicle, NoticeKind.BUDGET_NEARLY_SPENT)
        return found

    async def ran_out(self, vehicle: Vehicle) -> None:
        """Something was not asked, for what is left does not pay for it."""
        async with self._store.unit() as unit:
            await self._tell(unit, vehicle, NoticeKind.BUDGET_SPENT)

    async def _tell(self, unit: Unit, vehicle: Vehicle, kind: NoticeKind) -> None:
        """Once a month. Who reads that it is spent need not read any more that it nearly is."""
        now = self._clock.now()
        event = f"{kind.value}:{vehicle.id}:{month_of(now)}"
        values = {"car": vehicle.vin.last_four, "until": month_ends(now).isoformat()}
        if await tell(unit, vehicle.driver_id, kind, event, values, now) and kind is NoticeKind.BUDGET_SPENT:
            await unit.notices.read(vehicle.driver_id, now, NoticeKind.BUDGET_NEARLY_SPENT)

    # ── what pages show ──────────────────────────────────────────

    async def of_car(self, unit: Unit, vehicle: Vehicle, night: Night | None, looked_at: datetime | None) -> MonthOfCar:
        """`night`: the plug-in that lasts; `looked_at`: when the car last said anything of its cable."""
        now = self._clock.now()
        spent = await unit.spending.spent(vehicle.vin, month_of(now))
        is_on = _is_seen_through(night, looked_at)
        return MonthOfCar(spent, self._budgets, degree(spent, self._budgets, night_is_on=is_on), month_ends(now))

    async def of_chosen(self, vehicle: Vehicle, looked_at: datetime | None) -> MonthOfCar:
        """The same for a page that knows no night."""
        async with self._store.unit() as unit:
            return await self.of_car(unit, vehicle, await unit.nights.open_night(vehicle.id), looked_at)

    async def of_home(self) -> MonthOfHome:
        """For its operator."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            home, cars = await unit.spending.by_car(month_of(now))
        lines = [
            CarOfHome(vin, car, degree(Spent(car, home, len(cars)), self._budgets, night_is_on=False))
            for vin, car in sorted(cars.items(), key=lambda one: -one[1])
        ]
        return MonthOfHome(home, lines, self._budgets, forecast_micro_usd(home, now), month_ends(now))


def _is_seen_through(night: Night | None, looked_at: datetime | None) -> bool:
    """A night that began with a look. With the cable still in, the next begins without one: nobody knows of it."""
    return night is not None and looked_at is not None and looked_at >= night.plugged_in_at
