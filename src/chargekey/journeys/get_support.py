"""A driver is stuck and writes to us: he sees what goes along, unticks what he likes, sends it, and reads the answer.

Rules of this room:

1. What leaves is what was shown: the lines are written down, sealed, as the page is made, and lie there for an hour.
2. What he unticks is erased with the press that sends the rest.
3. Thirty days after the first message the whole case is erased, by a timer set when it was sent.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chargekey.domain.journey import Step
from chargekey.domain.support import (
    FIGURES,
    KEPT_FOR,
    LONGEST_MESSAGE,
    UNSENT_FOR,
    Bundle,
    ReaderLine,
    SupportCode,
    support_code,
)
from chargekey.domain.vehicle import Vin
from chargekey.journeys.support_bundle import SupportBundles
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.notify import Mail, Notify
from chargekey.ports.people import Driver
from chargekey.ports.store import Store, Unit
from chargekey.ports.support import By, Envelope, LookedAs, Message, SupportCase

DESK: Final = 0
"""On the bus: the console. Drivers are numbered from one."""
MOST_A_DAY: Final = 20
"""Messages of one driver within the life of one case that are more than this are not taken."""
TRIES: Final = 20
AnswerMail = Callable[[Driver, SupportCode, str], Mail]


class NothingSaid(ValueError):
    """The message is empty, or longer than anybody reads."""


class ShownTooLongAgo(Exception):
    """What was shown is gone, or was never shown to this driver: he looks at it anew."""


class WroteTooMuch(Exception):
    """So many messages in one case that no more are taken."""


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """One message, opened. `text` None: it does not open any more."""

    at: datetime
    by: By
    text: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Thread:
    """A case as its driver sees it. `read_at`: when an agent last read it, None: nobody has."""

    code: SupportCode
    said: tuple[Said, ...]
    lines: int
    read_at: datetime | None
    erased_at: datetime
    is_closed: bool


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """What would go along, as it was written down for this page."""

    code: SupportCode
    step: Step
    car: Vin | None
    bundle: Bundle


class GetSupport:
    """The driver's side of it."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        bus: Bus,
        bundles: SupportBundles,
        envelope: Envelope,
        notify: Notify,
        answer_mail: AnswerMail,
    ) -> None:
        self._store, self._clock, self._bus, self._bundles = store, clock, bus, bundles
        self._envelope, self._notify, self._answer_mail = envelope, notify, answer_mail

    async def thread(self, driver_id: int) -> Thread | None:
        """What he wrote last and what was answered; None: nothing that is still kept."""
        async with self._store.unit() as unit:
            case = await unit.support.of_driver(driver_id)
            if case is None or case.sent_at is None:
                return None
            looks = await unit.support.looks(case.id)
            said = opened(self._envelope, case, await unit.support.messages(case.id))
        read = [look.at for look in looks if look.what is LookedAs.READ]
        bundle = self._envelope.open_bundle(case.contents, case.code)
        lines = len(bundle.lines) if bundle else 0
        erased_at = case.sent_at + KEPT_FOR
        return Thread(case.code, said, lines, max(read, default=None), erased_at, case.closed_at is not None)

    async def show(self, driver_id: int, reader: ReaderLine) -> Shown:
        """Gather what would go along and write it down, sealed, for an hour."""
        file, bundle = await self._bundles.of(driver_id, reader)
        car, now = file.here.vehicle.vin if file.here.vehicle else None, self._clock.now()
        async with self._store.unit() as unit:
            for _ in range(TRIES):
                code = support_code(file.here.step, car, secrets.randbelow(FIGURES))
                contents = self._envelope.seal_bundle(bundle, code)
                if drafted := await unit.support.draft(driver_id, code, contents, now):
                    await unit.timers.set(Work.ERASE_SUPPORT_CASE, drafted.id, now + UNSENT_FOR)
                    return Shown(code, file.here.step, car, bundle)
        raise WroteTooMuch

    async def shown(self, driver_id: int, code: SupportCode) -> Bundle:
        """What that page showed. Raises `ShownTooLongAgo`."""
        async with self._store.unit() as unit:
            case = await self._draft(unit, driver_id, code)
        return self._opened(case)

    async def send(self, driver_id: int, code: SupportCode, text: str, ticked: Collection[int]) -> None:
        """Send the message with the lines that are ticked. Raises `NothingSaid` or `ShownTooLongAgo`."""
        message, now = readable_message(text), self._clock.now()
        async with self._store.unit() as unit:
            case = await self._draft(unit, driver_id, code)
            bundle = self._opened(case)
            kept = bundle.without(set(range(len(bundle.lines))) - set(ticked))
            await unit.support.send(case.id, self._envelope.seal_bundle(kept, code), kept.named, now)
            written = await unit.support.write(case.id, By.DRIVER, self._envelope.seal_text(message, code, now), now)
            await unit.timers.set(Work.CALL_AGENTS, written.id, now)
            await unit.timers.set(Work.ERASE_SUPPORT_CASE, case.id, now + KEPT_FOR)
        self._told(driver_id)

    async def write_more(self, driver_id: int, text: str) -> None:
        """Another message in the case he sent last. Raises `NothingSaid`, `ShownTooLongAgo` or `WroteTooMuch`."""
        message, now = readable_message(text), self._clock.now()
        async with self._store.unit() as unit:
            case = await unit.support.of_driver(driver_id)
            if case is None:
                raise ShownTooLongAgo
            if sum(one.by is By.DRIVER for one in await unit.support.messages(case.id)) >= MOST_A_DAY:
                raise WroteTooMuch
            sealed = self._envelope.seal_text(message, case.code, now)
            written = await unit.support.write(case.id, By.DRIVER, sealed, now)
            await unit.timers.set(Work.CALL_AGENTS, written.id, now)
        self._told(driver_id)

    # ── by timers ────────────────────────────────────────────────────

    async def mail_answer(self, message_id: int) -> None:
        """The answer goes by mail too. A fault of the mail server is tried again."""
        async with self._store.unit() as unit:
            message = await unit.support.message(message_id)
            case = await unit.support.by_id(message.case_id) if message else None
            if message is None or case is None or message.mailed_at:
                return
            driver = await unit.people.driver(case.driver_id)
        text = self._envelope.open_text(message.text, case.code, message.at)
        if text is None:  # he reads on his page that there was an answer, and can ask for it again
            return
        await self._notify.send(self._answer_mail(driver, case.code, text))
        async with self._store.unit() as unit:
            await unit.support.mailed(message.id, self._clock.now())

    async def erase(self, case_id: int) -> None:
        """Its time is over, or it was never sent."""
        async with self._store.unit() as unit:
            case = await unit.support.by_id(case_id)
            await unit.support.erase(case_id)
        if case:
            self._told(case.driver_id)

    # ── inside ───────────────────────────────────────────────────────

    async def _draft(self, unit: Unit, driver_id: int, code: SupportCode) -> SupportCase:
        case = await unit.support.case(code)
        if case is None or case.driver_id != driver_id or case.sent_at:
            raise ShownTooLongAgo
        return case

    def _opened(self, case: SupportCase) -> Bundle:
        """What does not open is as good as gone."""
        bundle = self._envelope.open_bundle(case.contents, case.code)
        if bundle is None:
            raise ShownTooLongAgo
        return bundle

    def _told(self, driver_id: int) -> None:
        self._bus.changed(driver_id)
        self._bus.changed(DESK)


def opened(envelope: Envelope, case: SupportCase, messages: Sequence[Message]) -> tuple[Said, ...]:
    """What was said, readable."""
    return tuple(Said(one.at, one.by, envelope.open_text(one.text, case.code, one.at)) for one in messages)


def readable_message(typed: str) -> str:
    """As it is kept. Raises `NothingSaid`."""
    text = "\n".join(line.rstrip() for line in typed.replace("\r\n", "\n").strip().splitlines())
    if not text or len(text) > LONGEST_MESSAGE:
        raise NothingSaid
    return text
