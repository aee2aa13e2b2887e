"""A driver is told by mail, once, what came of his page for the owner: the key arrived, or the owner said no."""

from collections.abc import Callable
from dataclasses import dataclass

from chargekey.domain.causes.case import HandOff
from chargekey.domain.hand_off import Reason, state
from chargekey.domain.vehicle import Vin
from chargekey.ports.clock import Clock
from chargekey.ports.notify import Mail, Notify
from chargekey.ports.people import Driver
from chargekey.ports.store import Store


@dataclass(frozen=True, slots=True)
class News:
    """What the mail says. `state` is DONE or DECLINED; `reason` and `words` go with a no."""

    state: HandOff
    cars: tuple[Vin, ...]
    reason: Reason | None
    words: str


class TellOfOwner:
    """`letter` finds the words."""

    def __init__(self, store: Store, clock: Clock, notify: Notify, letter: Callable[[Driver, News], Mail]) -> None:
        self._store, self._clock, self._notify, self._letter = store, clock, notify, letter

    async def tell(self, vehicle_id: int) -> None:
        """The timer's work, set where the answer or the key was noticed. A fault of the mail server is tried again."""
        async with self._store.unit() as unit:
            page = await unit.hand_offs.latest_about(vehicle_id)
            stands = state(page.course, self._clock.now()) if page else HandOff.NONE
            if page is None or stands not in (HandOff.DONE, HandOff.DECLINED):
                return
            driver = await unit.people.driver(page.driver_id)
            cars = tuple([(await unit.garage.vehicle(number)).vin for number in page.vehicles])
        await self._notify.send(self._letter(driver, News(stands, cars, page.reason, page.words)))
