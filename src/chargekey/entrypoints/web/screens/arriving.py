"""Coming in: the first page, signing in by mail, and links that are worth nothing any more."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.charts import Bar
from chargekey.entrypoints.web.screens.frame import Part


@dataclass(frozen=True, slots=True)
class Welcome:
    """The first page. `bars` empty: no prices. `next_part` None: nobody is signed in here.

    `at_exchange`: the prices are those of the exchange, to which supplier and state add.
    """

    template: ClassVar[str] = "sign_in/welcome.html"
    bars: tuple[Bar, ...]
    lit_micro_per_kwh: int | None
    evening_micro_per_kwh: int | None
    next_part: Part | None
    car: Vin | None = None
    at_exchange: bool = False


@dataclass(frozen=True, slots=True)
class SignIn:
    """The mail field, and the way in by passkey. `address` is what was typed in and could not be read."""

    template: ClassVar[str] = "sign_in/ask.html"
    address: str = ""
    is_unreadable: bool = False
    mail_is_down: bool = False
    is_too_often: bool = False
    is_passkey_refused: bool = False
    are_passkeys_paused: bool = False


@dataclass(frozen=True, slots=True)
class LinkSent:
    """The mail is on its way."""

    template: ClassVar[str] = "sign_in/sent.html"
    address: str
    good_for_minutes: int
    outbox_path: str | None


@dataclass(frozen=True, slots=True)
class OpenLink:
    """The link is good; one press signs this browser in.

    It says as whom: a link that somebody else sent would lead into his account, to connect one's car there.
    """

    template: ClassVar[str] = "sign_in/open.html"
    token: str
    address: str


class WhyWorthless(StrEnum):
    """Why a link does not sign anybody in."""

    USED = "used"
    TOO_OLD = "too_old"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LinkWorthless:
    """The link was used, is too old, or is none of ours."""

    template: ClassVar[str] = "sign_in/worthless.html"
    why: WhyWorthless


@dataclass(frozen=True, slots=True)
class OutboxMail:
    """One mail of the demo's outbox. `link` is the first address in it, None if there is none."""

    to: str
    subject: str
    text: str
    link: str | None
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Outbox:
    """Demo only: mails that in production would have left. `agents`: whoever signs in so answers at /console."""

    template: ClassVar[str] = "sign_in/outbox.html"
    mails: tuple[OutboxMail, ...]
    agents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Help:
    """What to do when stuck, and who runs this service: `contact` is his mail address, "" where he named none."""

    template: ClassVar[str] = "sign_in/help.html"
    next_part: Part | None
    contact: str = ""
    is_signed_in: bool = False
