"""A driver is stuck: we look, say what is in the way and who mends it, and ask at most two questions.

Rules of this room:

1. Whatever the driver answers, does or opens is appended as a fact; what the screens show is judged anew each time.
2. Looks are done only as the diagnosis wants them and at most one round every 20 seconds for a driver; after a fault
   of Tesla's there is a minute of peace. Nothing here wakes a car or spends a billed call.
3. What only time mends is waited out durably (`wait_out`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.causes.catalogue import CATALOGUE
from chargekey.domain.causes.cause import Stage
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.questions import OFFERED, Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.diagnosis import Diagnosis, Finding, diagnose
from chargekey.domain.evidence import Fact, Listed, Observation, Source
from chargekey.domain.findings import (
    Answered,
    Device,
    OpenedPairingLink,
    ReadOn,
    Tried,
    Waits,
    WaitStands,
)
from chargekey.domain.journey import Step
from chargekey.domain.trials import has_failed, is_late, was_mended_since, went_past
from chargekey.domain.vehicle import Reach
from chargekey.domain.waiting import is_about
from chargekey.journeys.case_file import CaseFile, CaseFiles, answers_but_the_prompt
from chargekey.journeys.look_round import LookRound
from chargekey.journeys.standing import about_driver, whereabouts
from chargekey.journeys.try_plain import arm_plain_trial
from chargekey.journeys.wait_out import WaitOut, no_more_called_back
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store

A_ROUND_EVERY: Final = timedelta(seconds=20)
AFTER_A_FAULT: Final = timedelta(minutes=1)
STAGES: Final = {
    Step.GRANT_PERMISSIONS: Stage.CONSENT,
    Step.COMPLETE_PERMISSIONS: Stage.CONSENT,
    Step.CHOOSE_VEHICLE: Stage.CHOICE,
    Step.ADD_KEY: Stage.KEY,
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the screens show of it.

    `opened_at`: when the driver last opened the link for this car. `is_late`: and the key should be there by now.
    `waits` None: nothing is waited for; `next_look_at` goes with it. `checked_at`: the oldest look that still counts.
    """

    file: CaseFile
    diagnosis: Diagnosis
    opened_at: datetime | None
    is_late: bool
    waits: Waits | None
    next_look_at: datetime | None
    looked_at: datetime | None

    @property
    def vehicle(self) -> Vehicle | None:
        return self.file.here.vehicle

    @property
    def reach(self) -> Reach:
        listed = self.file.here.vehicle_seen.fact(Listed)
        return listed.reach if listed else Reach.UNKNOWN


class Troubleshoot:
    """From the first look to the last remedy."""

    def __init__(
        self, store: Store, clock: Clock, bus: Bus, files: CaseFiles, rounds: LookRound, wait_out: WaitOut
    ) -> None:
        self._store, self._clock, self._bus, self._files = store, clock, bus, files
        self._rounds, self._wait_out = rounds, wait_out
        self._quiet_until: dict[int, datetime] = {}

    # ── what the screens show ────────────────────────────────────

    async def page(self, driver_id: int, *, failed: bool = False) -> Trouble:
        """Look as far as it is due, and judge. `failed`: the driver says that it did not come about."""
        await self.look(driver_id)
        return await self.shown(driver_id, failed=failed)

    async def shown(self, driver_id: int, *, failed: bool = False) -> Trouble:
        """Judge by what is known, without a look."""
        file = await self._files.of(driver_id)
        trouble = self._judged(file, failed=failed)
        waits = await self._wait_out.keep_waiting(driver_id, file, trouble)
        if waits is None:
            return self._trouble(file, trouble, None, None)
        return self._trouble(file, trouble, waits, await self._wait_out.next_look(waits))

    async def look(self, driver_id: int, *, at_once: bool = False) -> None:
        """One round of looks, if one is due. `at_once`: the driver did something about it; old looks say nothing."""
        now = self._clock.now()
        if now < self._quiet_until.get(driver_id, now):
            return
        file = await self._files.of(driver_id)
        due = tuple(Look) if at_once else self._judged(file, failed=False, after_looks=False).looks
        wanted = [look for look in due if self._rounds.can(look, file)]
        if not wanted:
            return
        self._quiet_until = {one: until for one, until in self._quiet_until.items() if until > now}
        self._quiet_until[driver_id] = now + A_ROUND_EVERY
        if await self._rounds.look(file, wanted):
            self._quiet_until[driver_id] = now + AFTER_A_FAULT
        self._bus.changed(driver_id)

    # ── what the driver says and does ────────────────────────────

    async def look_again(self, driver_id: int) -> None:
        """He did what was asked."""
        await self.look(driver_id, at_once=True)

    async def opened_link(self, driver_id: int) -> None:
        """He opens the Tesla app with our link, or says that he did. What it showed before may be another thing now."""
        file = await self._files.of(driver_id)
        if file.here.vehicle is None:
            return
        number = file.here.vehicle.id
        async with self._store.unit() as unit:
            await no_more_called_back(unit, driver_id, self._clock.now())
        await self._say(driver_id, OpenedPairingLink(number), Answered(number, answers_but_the_prompt(file.case)))

    async def says_it_failed(self, driver_id: int) -> None:
        """He says that nothing came of the link. If we did not see him open it, he did so elsewhere."""
        file = await self._files.of(driver_id)
        if file.case.link_opened_at is None or was_mended_since(file.case):
            await self.opened_link(driver_id)

    async def answer(self, driver_id: int, question: Question, answer: Answer) -> None:
        """*Don't know* is an answer. One that is not offered is not kept."""
        if answer not in OFFERED[question] and answer is not Answer.DONT_KNOW:
            return
        case = (await self._files.of(driver_id)).case
        await self._say(driver_id, Answered(case.vehicle_id, {**case.answers, question: answer}))
        async with self._store.unit() as unit:
            await arm_plain_trial(unit, await whereabouts(unit, driver_id), driver_id, self._clock.now())

    async def tried(self, driver_id: int, remedy: Remedy) -> None:
        """He did this about it; if it did not help, its causes weigh less."""
        case = (await self._files.of(driver_id)).case
        if remedy not in case.tried:
            await self._say(driver_id, Tried(case.vehicle_id, (*case.tried, remedy)))

    async def read_on(self, driver_id: int, device: Device) -> None:
        """He reads the guide on this kind of device. Written down when it changes."""
        async with self._store.unit() as unit:
            known = (await unit.evidence.seen(about_driver(driver_id))).fact(ReadOn)
        if known is None or known.device is not device:
            await self._say(driver_id, ReadOn(device))

    # ── inside ───────────────────────────────────────────────────

    def _judged(self, file: CaseFile, *, failed: bool, after_looks: bool = True) -> Diagnosis:
        stage = STAGES.get(file.here.step, Stage.CHARGING)
        return diagnose(
            file.case,
            CATALOGUE,
            stage,
            something_failed=failed or has_failed(file.case, stage),
            went_past=went_past(file.case, stage),
            in_vain=frozenset(Look) if after_looks else frozenset(),
        )

    def _trouble(
        self, file: CaseFile, diagnosis: Diagnosis, waits: Waits | None, next_look_at: datetime | None
    ) -> Trouble:
        if not is_about(waits, file.case.vehicle_id) or (waits and waits.stands is WaitStands.OVER):
            waits = None
        return Trouble(
            file=file,
            diagnosis=diagnosis,
            opened_at=file.case.link_opened_at,
            is_late=is_late(file.case),
            waits=waits,
            next_look_at=next_look_at,
            looked_at=min((one.verdict.seen_at for one in told(diagnosis) if one.verdict.seen_at), default=None),
        )

    async def _say(self, driver_id: int, *facts: Fact) -> None:
        now = self._clock.now()
        async with self._store.unit() as unit:
            await unit.evidence.append(Observation(about_driver(driver_id), fact, now, Source.DRIVER) for fact in facts)
        self._bus.changed(driver_id)


def told(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """All that the looks found, good or bad."""
    return (*diagnosis.present, *diagnosis.ruled_out)
