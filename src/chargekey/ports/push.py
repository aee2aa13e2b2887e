"""Telling a driver something on a device of his, through the vendor of its browser (web push).

A subscription is a secret: whoever has it can fill that device's screen. It is kept sealed, ends with the session in
which it was made, and is never printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chargekey.domain.secret import Secret


@dataclass(frozen=True, slots=True, repr=False)
class Subscription:
    """Where the vendor takes messages for one browser, and the two keys with which that browser alone opens them.

    Both keys are base64url, as browsers write them.
    """

    endpoint: Secret
    browser_key: Secret
    auth: Secret


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that is told. `named`: browser and system as far as it said so, "" for one that did not."""

    id: int
    session_id: int
    named: str
    since: datetime


@dataclass(frozen=True, slots=True, repr=False)
class PushMessage:
    """What the device shows: no VIN, no place. `path` is opened by a tap. A later one with the same `tag` takes its
    place.
    """

    title: str
    text: str
    path: str
    tag: str


class Push(Protocol):
    """The vendors' push services."""

    @property
    def public_key(self) -> str:
        """Which key a browser shall let in, base64url; "": no device can be told."""

    def takes(self, subscription: Subscription) -> bool:
        """Whether it leads to a push service that we trust, with keys that are keys. Nothing is asked for it."""

    async def send(self, to: Subscription, message: PushMessage) -> bool:
        """Hand it over. False: the vendor knows that browser no more, for good.

        Raises `Unreachable`, `TooOften`, `Refused` (it was not handed over) or `AnswerLost`.
        """


class Devices(Protocol):
    """Devices that are told. Each call is a transaction of its own: not within a unit of work."""

    async def keep(
        self, driver_id: int, session_id: int, subscription: Subscription, named: str, now: datetime
    ) -> None:
        """From now on it is told. A browser is told for one driver: the one who last asked for it there."""

    async def of_driver(self, driver_id: int, now: datetime) -> Sequence[Device]:
        """Those whose session lasts, oldest first."""

    async def subscription(self, device: Device) -> Subscription | None:
        """None: it was withdrawn meanwhile, or what is kept of it does not open."""

    async def forget(self, driver_id: int, device_id: int) -> None:
        """It is told no more. Another driver's device stays."""

    async def claim(self, device_id: int, notice_id: int, now: datetime) -> bool:
        """Before a message leaves: False if it was claimed before, or the device is gone. So none leaves twice."""

    async def give_back(self, device_id: int, notice_id: int) -> None:
        """It certainly was not handed over."""
