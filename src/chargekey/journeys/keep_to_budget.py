"""What Tesla may bill for a car this month: how far it has gone, and its driver told once of each turn.

Whether a call may still be sent is decided right before it (`adapters/tesla/metering`). This room makes that rare:
whoever looks at cars asks here first how frugal to be.
"""

from chargekey.domain.spend import Budgets, Degree, degree, month_ends, month_of
from chargekey.journeys.tell_once import tell
from chargekey.ports.clock import Clock
from chargekey.ports.notices import NoticeKind
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit


class KeepToBudget:
    """One for all cars of this home."""

    def __init__(self, store: Store, clock: Clock, budgets: Budgets) -> None:
        self._store, self._clock, self._budgets = store, clock, budgets

    async def degree(self, vehicle: Vehicle, *, night_is_on: bool) -> Degree:
        """How far this car's month has gone. Its driver is told where that is news."""
        async with self._store.unit() as unit:
            spent = await unit.spending.spent(vehicle.vin, month_of(self._clock.now()))
            found = degree(spent, self._budgets, night_is_on=night_is_on)
            if found is Degree.SPENT:
                await self._tell(unit, vehicle, NoticeKind.BUDGET_SPENT)
            elif found is not Degree.PLENTY:
                await self._tell(unit, vehicle, NoticeKind.BUDGET_NEARLY_SPENT)
        return found

    async def ran_out(self, vehicle: Vehicle) -> None:
        """Something of tonight was not asked, for what is left does not pay for it."""
        async with self._store.unit() as unit:
            await self._tell(unit, vehicle, NoticeKind.BUDGET_SPENT)

    async def _tell(self, unit: Unit, vehicle: Vehicle, kind: NoticeKind) -> None:
        """Once a month. Who reads that it is spent need not read any more that it nearly is."""
        now = self._clock.now()
        event = f"{kind.value}:{vehicle.id}:{month_of(now)}"
        values = {"car": vehicle.vin.last_four, "until": month_ends(now).isoformat()}
        if await tell(unit, vehicle.driver_id, kind, event, values, now) and kind is NoticeKind.BUDGET_SPENT:
            await unit.notices.read(vehicle.driver_id, now, NoticeKind.BUDGET_NEARLY_SPENT)
