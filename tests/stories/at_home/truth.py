"""What was so in the simulated world, minute by minute, and what a page promised that is yet to come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from tesla_simulator.cars.car import Car
from tests.stories.town import Town, starts_and_stops

STEP: Final = timedelta(minutes=4)
PERCENT_OFF: Final = 1.0
"""The car tells whole percents."""


@dataclass(frozen=True)
class Moment:
    """The car itself, whatever anybody knows of it."""

    at: datetime
    state: str
    charging: str
    percent: float
    is_plugged_in: bool
    is_home: bool
    limit_percent: int
    has_his_schedule: bool
    current_a: int

    @property
    def draws(self) -> bool:
        return self.charging in ("Charging", "Starting")


@dataclass(frozen=True)
class Promise:
    """What a page said will be so between two moments, unless somebody does something before."""

    said: str
    since: datetime
    until: datetime
    holds: Callable[[Moment], bool]


def now(town: Town, his_schedule: int) -> Moment:
    """The car, asked beside Tesla and without being woken."""
    car: Car = town.car
    car.settle()
    record = car.record
    return Moment(
        at=town.now,
        state=car.state,
        charging=car.charging_state,
        percent=car.soc_percent,
        is_plugged_in=record.is_plugged_in,
        is_home=record.place is None,
        limit_percent=record.charge_limit_percent,
        has_his_schedule=his_schedule in record.schedules,
        current_a=record.requested_current_a,
    )


@dataclass
class Diary:
    """All moments so far; promises that are open; and what turned out to be untrue."""

    moments: list[Moment] = field(default_factory=list)
    open: list[Promise] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    kept: int = 0
    last_deed_at: datetime | None = None

    def around(self, at: datetime | None) -> Sequence[Moment]:
        """The car just before and just after a look; [] where nobody looked."""
        return [one for one in self.moments if at and abs(one.at - at) <= STEP + timedelta(seconds=30)]

    def holds(self, page: str, said: str, truths: Sequence[Moment], is_so: Callable[[Moment], bool]) -> None:
        """A page said so of a look; one of the moments around it has to agree."""
        if not any(is_so(one) for one in truths):
            seen = "; ".join(f"{one.at:%a %H:%M} {one.state} {one.charging} {one.percent:.1f} %" for one in truths)
            self.untrue.append(f"{page}: {said!r}, but {seen or 'nobody looked'}")

    def somebody_did_something(self, moment: Moment | None = None) -> None:
        """Nothing that was promised before counts any more. `moment`: the car after it, if it was done there."""
        if moment and self.moments and replace(moment, at=self.moments[-1].at) != self.moments[-1]:
            self.last_deed_at = moment.at
        self.open.clear()

    def knew_of_it(self, looked_at: datetime | None) -> bool:
        """Whether who looked then can know of all that was done at the car."""
        return self.last_deed_at is None or (looked_at is not None and looked_at >= self.last_deed_at)

    def goes_on(self, town: Town, his_schedule: int) -> None:
        """A step later: which promises have come true, and which never will."""
        moment = now(town, his_schedule)
        self.moments.append(moment)
        for promise in list(self.open):
            if promise.since <= moment.at and promise.holds(moment):
                self.open.remove(promise)
                self.kept += 1
            elif moment.at > promise.until:
                self.open.remove(promise)
                told = f"{moment.charging} {moment.percent:.1f} % after {starts_and_stops(town.car)[-4:]}"
                self.untrue.append(f"promised {promise.said!r} by {promise.until:%a %H:%M}, and now {told}")
