"""One's account here: how one signs in, and the devices that are told."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ToldDevice:
    """`named`: browser and system, "" for one that did not say. `is_here`: the one that reads this."""

    id: int
    named: str
    since: datetime
    is_here: bool


@dataclass(frozen=True, slots=True)
class KeptPasskey:
    """`named`: "" for a browser that did not say. `used_at` None: not yet. `is_synced`: other devices have it, too."""

    id: int
    named: str
    added_at: datetime
    used_at: datetime | None
    is_synced: bool


@dataclass(frozen=True, slots=True)
class Browser:
    """Where he is signed in. `named`: "" for one that did not say. `last_seen_at` is right to an hour."""

    id: int
    named: str
    last_seen_at: datetime
    by_passkey: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, how, and what is told to which devices. `is_full`: no more passkeys are kept of one driver.

    `is_not_added`: what the browser handed over was no passkey for this place.
    """

    template: ClassVar[str] = "account.html"
    mail: str
    devices: tuple[ToldDevice, ...]
    passkeys: tuple[KeptPasskey, ...] = ()
    browsers: tuple[Browser, ...] = ()
    is_full: bool = False
    is_not_added: bool = False
