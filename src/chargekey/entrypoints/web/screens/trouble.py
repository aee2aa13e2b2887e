"""Pages for what went wrong between browser and server, and for our own mistakes."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class OurMistake:
    """A bug, by its number. `retry_path` None: it came of a press, which is not repeated blindly."""

    template: ClassVar[str] = "trouble/our_mistake.html"
    number: str
    at: datetime
    retry_path: str | None
    is_signed_in: bool


@dataclass(frozen=True, slots=True)
class NotFound:
    """No such page."""

    template: ClassVar[str] = "trouble/not_found.html"


@dataclass(frozen=True, slots=True)
class OpenTooLong:
    """A form came without its session's token: the page was open too long, or it is not ours."""

    template: ClassVar[str] = "trouble/open_too_long.html"
    back_path: str


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A request whose form could not be read: too large, or not a form of ours."""

    template: ClassVar[str] = "trouble/not_understood.html"


@dataclass(frozen=True, slots=True)
class TeslaFails:
    """Tesla did not answer what this page needs. `detail` is small print for support."""

    template: ClassVar[str] = "trouble/tesla_fails.html"
    retry_path: str
    detail: str
    at: datetime
