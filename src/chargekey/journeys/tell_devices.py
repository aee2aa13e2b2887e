"""A driver lets a device of his be told, sees which are, and takes it back; what he is told once is shown there too.

Rules of this room:

1. A message is claimed before it leaves, and given back only if it certainly was not handed over. So no device shows
   it twice, and a stop in between loses it there: the mail has it anyway.
2. A device that its browser's vendor knows no more is forgotten. What fails for another reason is tried again by the
   timer, for that device alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chargekey.journeys.tell_once import HoldsBack
from chargekey.ports.clock import Clock
from chargekey.ports.faults import AnswerLost, Fault
from chargekey.ports.jobs import Work
from chargekey.ports.notices import Notice, NoticeWording
from chargekey.ports.people import WebSession
from chargekey.ports.push import Device, Devices, Push, PushMessage, Subscription
from chargekey.ports.store import Store


class NotTrusted(ValueError):
    """The browser named no push service that we trust, or keys that are none."""


@dataclass(frozen=True, slots=True)
class Here:
    """Whether this very browser is told, and what it needs in order to be."""

    is_told: bool
    public_key: str


class TellDevices:
    """`holds_back`: until when a message has to wait, None: it may go."""

    def __init__(
        self, store: Store, clock: Clock, devices: Devices, push: Push, wording: NoticeWording, holds_back: HoldsBack
    ) -> None:
        self._store, self._clock, self._devices = store, clock, devices
        self._push, self._wording, self._holds_back = push, wording, holds_back

    # ── what the driver asks for ─────────────────────────────────

    async def here(self, driver_id: int, session: WebSession) -> Here:
        """For a page that may offer it."""
        is_told = any(one.session_id == session.id for one in await self.told(driver_id))
        return Here(is_told, self._push.public_key)

    async def begin(self, driver_id: int, session: WebSession, subscription: Subscription, named: str) -> None:
        """From now on this browser is told, until the session ends or he takes it back. Raises `NotTrusted`."""
        if not self._push.takes(subscription):
            raise NotTrusted("not a push service that we trust")
        await self._devices.keep(driver_id, session.id, subscription, named, self._clock.now())

    async def told(self, driver_id: int) -> Sequence[Device]:
        """All of his."""
        return await self._devices.of_driver(driver_id, self._clock.now())

    async def end(self, driver_id: int, device_id: int) -> None:
        """He takes it back."""
        await self._devices.forget(driver_id, device_id)

    # ── by a timer ───────────────────────────────────────────────

    async def push(self, notice_id: int) -> None:
        """The timer's work. What was read meanwhile, or is true no more, is shown nowhere."""
        async with self._store.unit() as unit:
            notice = await unit.notices.notice(notice_id)
        if notice is None or notice.read_at:
            return
        devices = await self.told(notice.driver_id)
        if not devices:
            return
        if later := await self._holds_back(notice):
            async with self._store.unit() as unit:
                await unit.timers.set(Work.PUSH_NOTICE, notice_id, later)
            return
        async with self._store.unit() as unit:
            driver = await unit.people.driver(notice.driver_id)
        message = self._wording.message(driver, notice)
        faults = [await self._tell(device, notice, message) for device in devices]
        if fault := next((one for one in faults if one), None):
            raise fault

    async def _tell(self, device: Device, notice: Notice, message: PushMessage) -> Fault | None:
        """What stood in the way, if it is worth another try; each device has its own."""
        subscription = await self._devices.subscription(device)
        if subscription is None:  # it cannot be told: its driver shall see that, and may let it be told anew
            await self._devices.forget(notice.driver_id, device.id)
            return None
        if not await self._devices.claim(device.id, notice.id, self._clock.now()):
            return None
        try:
            is_there = await self._push.send(subscription, message)
        except AnswerLost:
            return None  # it may be shown there already
        except Fault as fault:
            await self._devices.give_back(device.id, notice.id)
            return fault
        if not is_there:
            await self._devices.forget(notice.driver_id, device.id)
        return None
