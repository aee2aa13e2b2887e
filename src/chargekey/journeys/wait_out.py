"""Waiting for what nobody here can mend: a car that sleeps, is out of reach or in service; Tesla in trouble.

Rules of this room:

1. A wait is begun when a page shows it, and then goes on without any page: a durable timer, named on the page.
2. Each look is one round of free questions, as often as the causes' own rules say, and then no more.
3. The driver is told once: when he can go on, when it is his turn to try again, or when we stop looking. What he is
   told is written down with the end of the wait itself (`tell_once`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.causes.catalogue import BY_ID, CATALOGUE
from chargekey.domain.causes.cause import Cause, Stage
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.diagnosis import Diagnosis, diagnose
from chargekey.domain.evidence import Fact, Observation, Source
from chargekey.domain.findings import Answered, Tried, Waits, WaitStands
from chargekey.domain.journey import Step
from chargekey.domain.trials import went_past
from chargekey.domain.waiting import due_now, is_about, is_watched_for_all, next_look, waited_for
from chargekey.journeys.case_file import CaseFile, CaseFiles, answers_but_the_prompt
from chargekey.journeys.look_round import LookRound
from chargekey.journeys.standing import about_driver, tend_if_ready
from chargekey.journeys.tell_once import tell
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import ConsentGone, Fault, VehicleGone
from chargekey.ports.jobs import Work
from chargekey.ports.notices import CALLS_BACK, NoticeKind
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit

GIVEN_UP_FOR: Final = timedelta(days=7)


class WaitOut:
    """Begins waits, ends them, and tells the driver."""

    def __init__(self, store: Store, clock: Clock, bus: Bus, files: CaseFiles, rounds: LookRound) -> None:
        self._store, self._clock, self._bus, self._files, self._rounds = store, clock, bus, files, rounds

    async def keep_waiting(self, driver_id: int, file: CaseFile, diagnosis: Diagnosis) -> Waits | None:
        """The wait that the page shows, begun now if there is none yet; None where nothing is waited for."""
        causes = tuple(one.cause.id for one in waited_for(diagnosis) if not is_watched_for_all(one.cause))
        known, vehicle = file.case.driver.fact(Waits), file.here.vehicle
        if vehicle is None or not causes:
            return None
        if known and is_about(known, vehicle.id) and self._still_counts(known, file):
            return known
        now = self._clock.now()
        waits = Waits(vehicle.id, causes, now, WaitStands.WAITING)
        async with self._store.unit() as unit:
            await _write(unit, vehicle, waits, now)
            await no_more_called_back(unit, driver_id, now)
        return waits

    def _still_counts(self, known: Waits, file: CaseFile) -> bool:
        """A wait that was given up is not begun anew by every page; after a week it is another one."""
        at = file.case.driver.when(Waits)
        lately = at is not None and self._clock.now() - at < GIVEN_UP_FOR
        return known.stands is WaitStands.WAITING or (known.stands is WaitStands.GIVEN_UP and lately)

    async def next_look(self, waits: Waits) -> datetime | None:
        """When we look by ourselves; None: no more."""
        async with self._store.unit() as unit:
            return await unit.timers.due_at(Work.WAIT_OUT, waits.vehicle_id)

    async def look(self, vehicle_id: int) -> None:
        """The timer's work: look once, and go on waiting, or tell the driver why not."""
        async with self._store.unit() as unit:
            vehicle = await unit.garage.vehicle(vehicle_id)
        file = await self._files.of(vehicle.driver_id)
        waits, looked_at = file.case.driver.fact(Waits), file.case.driver.when(Waits)
        if waits is None or looked_at is None or waits.stands is not WaitStands.WAITING:
            return
        if waits.vehicle_id != vehicle_id or file.here.vehicle != vehicle:
            return
        if next_look(_causes(waits), waits.since, looked_at).by_time:
            await self._end(
                vehicle, waits, file, is_told=file.here.step is Step.ADD_KEY and not _tried_meanwhile(file, waits)
            )
            return
        due = due_now(_causes(waits), waits.since, looked_at, self._clock.now())
        fault, still = await self._look_at(vehicle, file, waits, due)
        if isinstance(fault, ConsentGone | VehicleGone):
            return
        if not still and fault is None:
            file = await self._files.of(vehicle.driver_id)
            await self._end(vehicle, waits, file, is_told=not _tried_meanwhile(file, waits))
            return
        await self._go_on(vehicle, waits, still)

    async def _look_at(
        self, vehicle: Vehicle, file: CaseFile, waits: Waits, due: Sequence[Cause]
    ) -> tuple[Fault | None, tuple[str, ...]]:
        """And what is to be waited for still. What is not due stays so, unless nothing else is left to wait for."""
        causes = _causes(waits)
        later = tuple(one.id for one in causes if one not in due)
        fault = await self._rounds.look(file, _looks_at(due))
        there = await self._waited_for(vehicle)
        if later and fault is None and not there:
            fault, later = await self._rounds.look(file, _looks_at(causes)), ()
            there = await self._waited_for(vehicle)
        return fault, waits.causes if fault else tuple(dict.fromkeys((*there, *later)))

    async def _waited_for(self, vehicle: Vehicle) -> tuple[str, ...]:
        file = await self._files.of(vehicle.driver_id)
        return tuple(one.cause.id for one in waited_for(self._judged(file)))

    def _judged(self, file: CaseFile) -> Diagnosis:
        stage = Stage.KEY if file.here.step is Step.ADD_KEY else Stage.CHARGING
        return diagnose(
            file.case,
            CATALOGUE,
            stage,
            something_failed=True,
            went_past=went_past(file.case, stage),
            in_vain=frozenset(Look),
        )

    async def _go_on(self, vehicle: Vehicle, waits: Waits, causes: tuple[str, ...]) -> None:
        now = self._clock.now()
        later = Waits(vehicle.id, causes, waits.since, WaitStands.WAITING)
        if next_look(_causes(later), later.since, now).at is None:
            later = replace(later, stands=WaitStands.GIVEN_UP)
        async with self._store.unit() as unit:
            await _write(unit, vehicle, later, now)
            if later.stands is WaitStands.GIVEN_UP:
                await _tell(unit, vehicle, later, now)
        self._bus.changed(vehicle.driver_id)

    async def _end(self, vehicle: Vehicle, waits: Waits, file: CaseFile, *, is_told: bool) -> None:
        """Over: what the driver answered about the prompt belongs to the try before.

        What no look can settle was waited for: should it be so still, its causes weigh less, as after any remedy.
        """
        now = self._clock.now()
        over = replace(waits, stands=WaitStands.OVER)
        facts: list[Fact] = [Answered(vehicle.id, answers_but_the_prompt(file.case))]
        if all(one.is_unseen for one in _causes(waits)) and Remedy.WAIT not in file.case.tried:
            facts.append(Tried(vehicle.id, (*file.case.tried, Remedy.WAIT)))
        async with self._store.unit() as unit:
            await _write(unit, vehicle, over, now, *facts)
            if is_told:
                await _tell(unit, vehicle, over, now)
        self._bus.changed(vehicle.driver_id)


async def no_more_called_back(unit: Unit, driver_id: int, now: datetime) -> None:
    """He is at it again, or waits anew: what called him back is shown and sent no more."""
    for kind in CALLS_BACK:
        await unit.notices.read(driver_id, now, kind)


async def _write(unit: Unit, vehicle: Vehicle, waits: Waits, now: datetime, *facts: Fact) -> None:
    """The wait and its timer."""
    due = next_look(_causes(waits), waits.since, now).at
    about = about_driver(vehicle.driver_id)
    await unit.evidence.append(Observation(about, fact, now, Source.US) for fact in (waits, *facts))
    if waits.stands is WaitStands.WAITING and due:
        await unit.timers.set(Work.WAIT_OUT, vehicle.id, due)
    else:
        await unit.timers.cancel(Work.WAIT_OUT, vehicle.id)
        await tend_if_ready(unit, vehicle.driver_id, now)


async def _tell(unit: Unit, vehicle: Vehicle, waits: Waits, now: datetime) -> None:
    """One wait, from its beginning, ends once."""
    event = f"wait:{vehicle.id}:{waits.since.isoformat()}"
    await tell(unit, vehicle.driver_id, _kind(waits), event, _values(vehicle, waits), now)


def _kind(waits: Waits) -> NoticeKind:
    if waits.stands is WaitStands.GIVEN_UP:
        return NoticeKind.WAIT_GIVEN_UP
    if all(one.is_unseen for one in _causes(waits)):
        return NoticeKind.TIME_TO_TRY_AGAIN
    return NoticeKind.WAIT_IS_OVER


def _values(vehicle: Vehicle, waits: Waits) -> Mapping[str, str]:
    return {"car": vehicle.vin.last_four, "causes": " ".join(waits.causes)}


def _causes(waits: Waits) -> Sequence[Cause]:
    """Those that the catalogue still knows."""
    return [BY_ID[one] for one in waits.causes if one in BY_ID]


def _looks_at(causes: Sequence[Cause]) -> Sequence[Look]:
    wanted = {look for one in causes for look in one.settled_by}
    return [look for look in Look if look in wanted]


def _tried_meanwhile(file: CaseFile, waits: Waits) -> bool:
    """Whether the driver opened the link since: then he is at it, and there is nothing to call him back to."""
    opened_at = file.case.link_opened_at
    return opened_at is not None and opened_at > waits.since
