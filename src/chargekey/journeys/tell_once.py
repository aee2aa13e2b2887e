"""Telling a driver once: written down with the event itself, sent by timers, shown in the app until he has read it.

Rules of this room:

1. Mail, app and the driver's devices say the same. Mail and devices have a timer each: none waits for the other, and
   what fails on the way to a device loses no mail.
2. A mail is marked as sent after it was handed over: a stop in that very instant sends it once more, rather than never.
   A message to a device is marked before (`tell_devices`): it is the lesser of the two, and is never shown twice.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.notices import ABOUT_SIGN_IN, Notice, NoticeKind, NoticeWording
from chargekey.ports.notify import Notify
from chargekey.ports.store import Store, Unit

HoldsBack = Callable[[Notice], Awaitable[datetime | None]]


async def tell(
    unit: Unit, driver_id: int, kind: NoticeKind, event: str, values: Mapping[str, str], now: datetime
) -> bool:
    """Whether it is news to him. Whoever was told of the event before is not told again."""
    notice = await unit.notices.add(driver_id, kind, event, values, now)
    if notice:
        await unit.timers.set(Work.SEND_NOTICE, notice.id, now)
        await unit.timers.set(Work.PUSH_NOTICE, notice.id, now)
    return notice is not None


class TellOnce:
    """Sends what was written down, and shows it. `holds_back`: until when a mail has to wait, None: it may go."""

    def __init__(
        self, store: Store, clock: Clock, notify: Notify, wording: NoticeWording, holds_back: HoldsBack
    ) -> None:
        self._store, self._clock = store, clock
        self._notify, self._wording, self._holds_back = notify, wording, holds_back

    async def send(self, notice_id: int) -> None:
        """The timer's work. What has been read in the app or is true no more is not sent any longer, but for what
        is about signing in.
        """
        async with self._store.unit() as unit:
            notice = await unit.notices.notice(notice_id)
        if notice is None or notice.sent_at or (notice.read_at and notice.kind not in ABOUT_SIGN_IN):
            return
        if later := await self._holds_back(notice):
            async with self._store.unit() as unit:
                await unit.timers.set(Work.SEND_NOTICE, notice_id, later)
            return
        async with self._store.unit() as unit:
            driver = await unit.people.driver(notice.driver_id)
        await self._notify.send(self._wording.notice(driver, notice))
        async with self._store.unit() as unit:
            await unit.notices.sent(notice_id, self._clock.now())

    async def unread(self, driver_id: int) -> Sequence[Notice]:
        """What his pages show."""
        async with self._store.unit() as unit:
            return await unit.notices.unread(driver_id)

    async def has_read(self, driver_id: int) -> None:
        """He pressed it away."""
        async with self._store.unit() as unit:
            await unit.notices.read(driver_id, self._clock.now())
