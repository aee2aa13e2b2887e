"""All that is known of a driver's trouble, gathered from the log in one unit of work for the domain to judge."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.causes.case import Case, HandOff, OtherCar
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.evidence import (
    ChoseVehicle,
    Listed,
    NotListed,
    ScopesGranted,
    Seen,
    Subject,
    SubjectKind,
)
from chargekey.domain.findings import Answered
from chargekey.domain.hand_off import changed_at, state
from chargekey.domain.journey import need_of_key
from chargekey.domain.tesla_health import TeslaHealth, judge
from chargekey.domain.vehicle import KeyNeed
from chargekey.journeys.lost_key import got_key_at, lost_key
from chargekey.journeys.standing import Whereabouts, about_driver, about_vehicle, whereabouts
from chargekey.ports.clock import Clock
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit

ABOUT_US: Final = Subject(SubjectKind.OPERATOR, 0)
OPEN: Final = frozenset({HandOff.WAITING, HandOff.OPENED})
LATELY: Final = timedelta(hours=6)
"""A fault of Tesla's that refuses keys mostly passes in two to four hours; what was said before is of another day."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The case, and where its driver stands. `owner_has_until`: an owner was asked, and may answer until then."""

    here: Whereabouts
    case: Case
    owner_has_until: datetime | None = None


Weather = Callable[[], Awaitable[TeslaHealth]]
"""What is known of Tesla's health just now."""


class CaseFiles:
    """Opens cases. `regions`: the base URL of each region by its name. `weather` None: nobody judges how calls went.

    `our_key`: the fingerprint of the key that we sign with; "" where nobody asks.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        regions: Mapping[str, str],
        weather: Weather | None = None,
        our_key: str = "",
    ) -> None:
        self._store, self._clock, self._weather, self._our_key = store, clock, weather, our_key
        self._region_of = {base_url: name for name, base_url in regions.items()}

    async def of(self, driver_id: int) -> CaseFile:
        """The driver's own trouble, now."""
        now = self._clock.now()
        weather = await self._weather() if self._weather else judge((), now)
        async with self._store.unit() as unit:
            return await self._gathered(unit, driver_id, now, weather)

    async def _gathered(self, unit: Unit, driver_id: int, now: datetime, weather: TeslaHealth) -> CaseFile:
        here = await whereabouts(unit, driver_id)
        cars = await unit.garage.vehicles_of(here.grant.id) if here.grant else []
        others = [car for car in cars if here.vehicle and car.id != here.vehicle.id]
        about = [ABOUT_US, about_driver(driver_id), *(about_vehicle(car.id) for car in others)]
        seen = await unit.evidence.seen_of_each(about)
        driver, vehicle = seen[about_driver(driver_id)], here.vehicle
        vehicle_seen = here.vehicle_seen
        need = need_of_key(vehicle.vin, vehicle_seen) if vehicle else KeyNeed.NOT_YET_KNOWN
        lost = await lost_key(unit, vehicle, vehicle_seen, self._our_key) if vehicle else None
        hand_off, hand_off_at, ends_at = await _hand_off(unit, vehicle, now)
        case = Case(
            now=now,
            operator=seen[ABOUT_US],
            driver=driver,
            grant=here.grant_seen if here.grant else None,
            vin=vehicle.vin if vehicle else None,
            vehicle_id=vehicle.id if vehicle else None,
            vehicle=vehicle_seen,
            need=need,
            others=await _others(unit, others, seen, driver.when(ChoseVehicle)),
            tesla=weather,
            key_was_on_until=lost.known_at if lost else None,
            our_key_changed=bool(lost and lost.ours_changed),
            in_service_before_that=bool(vehicle and lost and await _was_in_service(unit, vehicle, lost.known_at)),
            hand_off=hand_off,
            hand_off_at=hand_off_at,
            renewed_at=here.grant_seen.when(ScopesGranted),
            region=self._region_of.get(here.grant.base_url) if here.grant else None,
        )
        if case.answers.get(Question.APP_SHOWED) is Answer.TOKEN_REJECTED:
            case = replace(case, others_rejected=await _others_rejected(unit, driver_id, now))
        return CaseFile(here, case, ends_at if hand_off in OPEN else None)


async def _hand_off(
    unit: Unit, vehicle: Vehicle | None, now: datetime
) -> tuple[HandOff, datetime | None, datetime | None]:
    """How the latest page for the owner stands, since when, and when it ends."""
    page = await unit.hand_offs.latest_about(vehicle.id) if vehicle else None
    if page is None:
        return HandOff.NONE, None, None
    return state(page.course, now), changed_at(page.course, now), page.course.ends_at


async def _others_rejected(unit: Unit, driver_id: int, now: datetime) -> tuple[int, int]:
    """How many of the other drivers who said lately what their Tesla app showed, said *token rejected*."""
    said: dict[Subject, set[Answer]] = {}
    for one in await unit.evidence.of_all(Answered, now - LATELY):
        if isinstance(one.fact, Answered) and (showed := one.fact.answers.get(Question.APP_SHOWED)):
            said.setdefault(one.subject, set()).add(showed)
    said.pop(about_driver(driver_id), None)
    return sum(Answer.TOKEN_REJECTED in answers for answers in said.values()), len(said)


async def _others(
    unit: Unit, cars: Sequence[Vehicle], seen: Mapping[Subject, Seen], chosen_at: datetime | None
) -> tuple[OtherCar, ...]:
    return tuple(
        [
            OtherCar(
                car.vin,
                seen[about_vehicle(car.id)],
                await got_key_at(unit, car, seen[about_vehicle(car.id)], chosen_at),
            )
            for car in cars
            if not seen[about_vehicle(car.id)].is_later(NotListed, than=Listed)
        ]
    )


async def _was_in_service(unit: Unit, vehicle: Vehicle, since: datetime) -> bool:
    listed = await unit.evidence.since(about_vehicle(vehicle.id), Listed, since)
    return any(isinstance(one.fact, Listed) and one.fact.in_service for one in listed)


def answers_but_the_prompt(case: Case) -> Mapping[Question, Answer]:
    """What was answered, but for what the Tesla app showed: the next try may show something else."""
    return {asked: said for asked, said in case.answers.items() if asked != Question.APP_SHOWED}
