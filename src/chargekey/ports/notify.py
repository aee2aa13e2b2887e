"""Telling a driver something by mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True, repr=False)
class Mail:
    """One message. Its text may hold a sign-in link, so it is never printed."""

    to: str
    subject: str
    text: str


class MailPrivacy(StrEnum):
    """What keeps the way to the mail server private."""

    TLS = "tls"
    """From the first byte on (RFC 8314)."""
    STARTTLS = "starttls"
    """Asked for first thing (RFC 3207); where the server has none, nothing is sent."""
    NONE = "none"


class Notify(Protocol):
    """Mail: SMTP, the demo's outbox, or none at all."""

    async def send(self, mail: Mail) -> None:
        """Hand it over. Raises `Unreachable` or `Refused` (ports/faults) when the mail server would not take it."""

    async def is_open(self) -> bool | None:
        """Whether a mail would be taken now, as far as that can be told without sending one. None: there is no mail."""


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """A mail of the demo, and when it would have left."""

    mail: Mail
    sent_at: datetime


class Letters(Protocol):
    """The demo's mail, kept instead of sent."""

    async def letters(self) -> Sequence[Letter]:
        """The latest fifty, newest first."""
