"""One's account here, and the devices that are told."""

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
class Account:
    """Who is signed in, and what is told to which devices."""

    template: ClassVar[str] = "account.html"
    mail: str
    devices: tuple[ToldDevice, ...]
