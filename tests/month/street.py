"""The street of the month: cars and their drivers at the simulated Tesla, and what happens to each at its moment."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from tesla_simulator.cars.car import Car
from tesla_simulator.cars.record import Place
from tesla_simulator.physics import Supply
from tesla_simulator.world import World
from tests.month.judged import nights
from tests.month.lives import Life

KM_A_MINUTE: Final = 1.0
DEGREES_A_KM: Final = 0.009
A_MINUTE: Final = timedelta(minutes=1)
Deed = tuple[datetime, Callable[[], None]]


def mail_of(life: Life) -> str:
    return f"driver{life.vin[-6:]}@street.example"


def buys_a_car(world: World, life: Life) -> Car:
    """With an account for it; parked at home, the cable out."""
    world.somebody_opens_an_account(mail_of(life))
    car = world.somebody_buys_a_car(
        life.vin,
        life.kind.name,
        life.usable_kwh,
        life.begins_with_percent,
        mail_of(life),
        max_current_a=max(16, life.current_a),
        wh_per_km=life.kind.wh_per_km,
    )
    car.record.supply_at_home = Supply(phases=life.phases, max_current_a=life.current_a)
    car.record.requested_current_a = life.current_a
    return car


class Street:
    """Turns lives into moments. `soc_at`: the battery's percent at each moment that the judge asks for, by VIN."""

    def __init__(self, world: World, lives: Sequence[Life]) -> None:
        self.lives = lives
        self.soc_at: dict[str, dict[datetime, float]] = {life.vin: {} for life in lives}
        deeds = [deed for life in lives for deed in self._of(world.cars[life.vin], life)]
        self._deeds = [(at, number, deed) for number, (at, deed) in enumerate(deeds)]
        heapq.heapify(self._deeds)

    @property
    def next_at(self) -> datetime | None:
        """None: nothing happens any more."""
        return self._deeds[0][0] if self._deeds else None

    def let_happen(self, now: datetime) -> None:
        """All that is due, in order."""
        while self._deeds and self._deeds[0][0] <= now:
            heapq.heappop(self._deeds)[2]()

    def _of(self, car: Car, life: Life) -> Iterator[Deed]:
        left_at: datetime | None = None
        for stay in life.stays:
            yield from _drives(car, stay.km_before, left_at, stay.plugs_in)
            yield stay.plugs_in, car.plugs_in
            yield stay.leaves, car.unplugs
            left_at = stay.leaves
        for night in nights(life):
            for moment in (night.begins, night.ready_by):
                yield moment, partial(self._look, car, moment)

    def _look(self, car: Car, moment: datetime) -> None:
        car.settle()
        self.soc_at[car.vin][moment] = car.soc_percent


def _drives(car: Car, km: float, left_at: datetime | None, is_back_at: datetime) -> Iterator[Deed]:
    """Half of it out, if it has left, and the rest back; a minute at a time, as it would tell where it is."""
    minutes = max(2, round(km / KM_A_MINUTE))
    out = minutes // 2 if left_at is not None else 0
    for minute in range(minutes):
        is_out = minute < out
        at = left_at + (minute + 1) * A_MINUTE if is_out and left_at else is_back_at - (minutes - minute) * A_MINUTE
        away_km = (minute + 1) * KM_A_MINUTE if is_out else (minutes - minute) * KM_A_MINUTE
        yield at, partial(_is_on_its_way, car, km / minutes, away_km)
    yield is_back_at, partial(_is_home, car)


def _is_on_its_way(car: Car, km: float, away_km: float) -> None:
    car.drives(km)
    home = car.record.home
    car.record.place = Place(home.latitude + away_km * DEGREES_A_KM, home.longitude)


def _is_home(car: Car) -> None:
    car.drives(0)
