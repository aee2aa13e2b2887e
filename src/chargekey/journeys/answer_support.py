"""An agent reads what a driver sent, asks the next question, and answers; every look is written down.

Rules of this room:

1. An agent sees what the driver sent, and nothing else of him. Nobody acts as the driver.
2. Whatever an agent opens or does with a case is logged with his name before it is shown.
3. A fresh look adds only lines of kinds of which the driver held nothing back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chargekey.domain.causes.catalogue import BY_ID
from chargekey.domain.support import KEPT_FOR, Bundle, SupportCode, Word
from chargekey.journeys.get_support import DESK, Said, opened, readable_message
from chargekey.journeys.support_bundle import SupportBundles
from chargekey.journeys.troubleshoot import Troubleshoot
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.store import Store, Unit
from chargekey.ports.support import By, Envelope, LookedAs, LookedAt, SupportCase

ANSWERED_SHOWN: Final = 10


class NoSuchCase(Exception):
    """No driver sent a case with that code, or it is erased."""


class NoSuchCause(ValueError):
    """The catalogue has no cause of that name."""


@dataclass(frozen=True, slots=True, repr=False)
class InQueue:
    """A case as the queue shows it. `since` None: it is answered."""

    code: SupportCode
    since: datetime | None
    named: Word | None


@dataclass(frozen=True, slots=True, repr=False)
class OpenCase:
    """A case as an agent reads it. `locale`: the language in which the driver reads."""

    code: SupportCode
    locale: str
    sent_at: datetime
    erased_at: datetime
    is_closed: bool
    bundle: Bundle
    said: tuple[Said, ...]
    looks: tuple[LookedAt, ...]
    truly: Word | None


class AnswerSupport:
    """The agents' side. Whether somebody is an agent is asked at the door (`domain/role`)."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        bus: Bus,
        bundles: SupportBundles,
        envelope: Envelope,
        troubleshoot: Troubleshoot,
    ) -> None:
        self._store, self._clock, self._bus = store, clock, bus
        self._bundles, self._envelope, self._troubleshoot = bundles, envelope, troubleshoot

    async def queue(self) -> Sequence[InQueue]:
        """Who waits, the longest first; then those answered lately."""
        async with self._store.unit() as unit:
            waiting = await unit.support.waiting()
            answered = await unit.support.answered(ANSWERED_SHOWN)
        return [
            *(InQueue(one.case.code, one.since, one.case.named) for one in waiting),
            *(InQueue(one.code, None, one.named) for one in answered),
        ]

    async def judged(self) -> Sequence[tuple[Word | None, Word, int]]:
        """How often which cause was named, and which it was."""
        async with self._store.unit() as unit:
            return await unit.support.judged()

    async def read(self, agent_id: int, code: SupportCode) -> OpenCase:
        """Open it; that is logged. Raises `NoSuchCase`."""
        async with self._store.unit() as unit:
            case = await self._logged(unit, agent_id, code, LookedAs.READ)
        self._bus.changed(case.driver_id)
        return await self.shown(code)

    async def shown(self, code: SupportCode) -> OpenCase:
        """The page that is open anew, for whoever opened it: no look of its own. Raises `NoSuchCase`."""
        async with self._store.unit() as unit:
            case = await _sent(unit, code)
            driver = await unit.people.driver(case.driver_id)
            messages = await unit.support.messages(case.id)
            looks = await unit.support.looks(case.id)
        sent_at = case.sent_at or case.made_at
        return OpenCase(
            code=case.code,
            locale=driver.locale,
            sent_at=sent_at,
            erased_at=sent_at + KEPT_FOR,
            is_closed=case.closed_at is not None,
            bundle=self._envelope.open_bundle(case.contents, case.code) or Bundle(sent_at, ()),
            said=opened(self._envelope, case, messages),
            looks=tuple(looks),
            truly=case.truly,
        )

    async def answer(self, agent_id: int, code: SupportCode, text: str, what: LookedAs = LookedAs.ANSWERED) -> None:
        """Answer in the app and by mail. `what`: an answer, a question, or the link anew.

        Raises `NoSuchCase`, or `get_support.NothingSaid`.
        """
        message, now = readable_message(text), self._clock.now()
        async with self._store.unit() as unit:
            case = await self._logged(unit, agent_id, code, what)
            sealed = self._envelope.seal_text(message, case.code, now)
            written = await unit.support.write(case.id, By.AGENT, sealed, now)
            await unit.timers.set(Work.MAIL_ANSWER, written.id, now)
        self._told(case)

    async def look_again(self, agent_id: int, code: SupportCode) -> None:
        """One round of free looks for that driver, bounded as his own are. Raises `NoSuchCase`."""
        async with self._store.unit() as unit:
            case = await self._logged(unit, agent_id, code, LookedAs.LOOKED_AGAIN)
        await self._troubleshoot.look_again(case.driver_id)
        _, fresh = await self._bundles.of(case.driver_id, None)
        before = self._envelope.open_bundle(case.contents, case.code)
        if before:  # else nobody knows any more what he held back
            async with self._store.unit() as unit:
                await unit.support.renew(case.id, self._envelope.seal_bundle(before.renewed(fresh), case.code))
        self._told(case)

    async def judge(self, agent_id: int, code: SupportCode, truly: str) -> None:
        """Which cause it was in truth. Raises `NoSuchCause` or `NoSuchCase`."""
        if truly not in BY_ID:
            raise NoSuchCause("the catalogue has no such cause")
        async with self._store.unit() as unit:
            case = await self._logged(unit, agent_id, code, LookedAs.JUDGED)
            await unit.support.judge(case.id, Word(truly), self._clock.now())
        self._told(case)

    async def close(self, agent_id: int, code: SupportCode) -> None:
        """Nothing more to say; another message of the driver's opens it again. Raises `NoSuchCase`."""
        async with self._store.unit() as unit:
            case = await self._logged(unit, agent_id, code, LookedAs.CLOSED)
            await unit.support.close(case.id, self._clock.now())
        self._told(case)

    # ── inside ───────────────────────────────────────────────────────

    async def _logged(self, unit: Unit, agent_id: int, code: SupportCode, what: LookedAs) -> SupportCase:
        case = await _sent(unit, code)
        await unit.support.log_look(case.id, agent_id, what, self._clock.now())
        return case

    def _told(self, case: SupportCase) -> None:
        self._bus.changed(case.driver_id)
        self._bus.changed(DESK)


async def _sent(unit: Unit, code: SupportCode) -> SupportCase:
    case = await unit.support.case(code)
    if case is None or case.sent_at is None:
        raise NoSuchCase
    return case
