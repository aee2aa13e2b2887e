"""What our own checks, the driver's words and his trips to Tesla add to the evidence, beside Tesla's lists.

They are kept in the same log under the same rules (`evidence`): dated, sourced, appended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.grant import Scope

# ── about the operator ───────────────────────────────────────────────


class KeyFile(StrEnum):
    """What came back when we fetched our own key file as Tesla would."""

    RIGHT = "right"
    UNREACHABLE = "unreachable"
    MISSING = "missing"
    MOVED = "moved"
    NOT_A_KEY = "not_a_key"
    AS_A_PAGE = "as_a_page"
    """It is our key, but said to be a web page; Tesla was seen to refuse it so (tesla-fleet-api §2)."""
    ANOTHER_KEY = "another_key"


class Registered(StrEnum):
    """What Tesla holds for our domain in a region."""

    RIGHT = "right"
    ANOTHER_KEY = "another_key"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class HostedKey:
    """Our key file, fetched from the domain over the public road."""

    found: KeyFile


class Certificate(StrEnum):
    """How our domain proves to be ours, as a program sees it that trusts what the machine trusts."""

    TRUSTED = "trusted"
    NOT_TRUSTED = "not_trusted"
    NO_TLS = "no_tls"


@dataclass(frozen=True, slots=True)
class OurDomain:
    """Our domain, from the machine we run on. None: not told, be it that a proxy stands between or nothing answered.

    `until`: the certificate's end.
    """

    has_address: bool | None = None
    certificate: Certificate | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """What is free where the data folder is."""

    free_bytes: int


@dataclass(frozen=True, slots=True)
class MonthAtTesla:
    """What Tesla's API has cost this month, and what it may. `cars_spent`: so many are not looked at any more."""

    spent_micro_usd: int
    budget_micro_usd: int
    cars_spent: int


@dataclass(frozen=True, slots=True)
class RegisteredKeys:
    """Each region that answered; one that did not is missing."""

    found: Mapping[str, Registered]


@dataclass(frozen=True, slots=True)
class AppAtTesla:
    """The operator's app at Tesla. None: not said.

    `scopes_missing`: those we ask for that no driver of this home was ever given, so that the portal is the likely
    place; empty where all were given, None where there are too few drivers to say so.
    """

    secret_is_right: bool | None
    redirect_is_listed: bool | None
    within_limits: bool | None
    scopes_missing: frozenset[Scope] | None


@dataclass(frozen=True, slots=True)
class TeslaReached:
    """Which of Tesla's hosts answered at all: each region by name, and "sign_in"."""

    found: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class MailServer:
    """Whether the mail server would take a mail from us. None: the operator has none, and hands out links himself."""

    takes_mail: bool | None


@dataclass(frozen=True, slots=True)
class FoundWrong:
    """These checks are wrong, since this was first seen so; empty: all are right again."""

    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperatorsTold:
    """The operators were told, by mail, which checks are wrong; empty: that all are right again."""

    wrong: tuple[str, ...]


class RegistrationTrouble(StrEnum):
    """Why Tesla refused to register our domain."""

    KEY_OR_DOMAIN_TAKEN = "key_or_domain_taken"
    KEY_NOT_FETCHED = "key_not_fetched"
    DOMAIN_NOT_ALLOWED = "domain_not_allowed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RegistrationRefused:
    """Tesla refused to register our domain in that region ("na", "eu")."""

    region: str
    why: RegistrationTrouble


@dataclass(frozen=True, slots=True)
class OperatorClock:
    """Our clock against the Date of Tesla's answers, in seconds; positive: ours is ahead."""

    ahead_s: int


# ── about a grant ────────────────────────────────────────────────────


class AccountTrouble(StrEnum):
    """Why Tesla refuses the whole account."""

    UNKNOWN_USER = "unknown_user"
    LOCKED = "locked"
    DATA_NOT_SHARED = "data_not_shared"
    SCOPES_DENIED = "scopes_denied"
    OTHER_REGION = "other_region"


@dataclass(frozen=True, slots=True)
class AccountRefused:
    """Tesla refused a call because of the account."""

    why: AccountTrouble


@dataclass(frozen=True, slots=True)
class AccountAnswered:
    """Tesla answered a call for the account; what was refused earlier is refused no more. `cars`: how many it lists."""

    cars: int


@dataclass(frozen=True, slots=True)
class AskedTooOften:
    """Tesla's rate limit: nothing is answered to us for this grant before `until`."""

    until: datetime


# ── about a vehicle ──────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class MobileAccess:
    """Whether the car lets anybody in from afar, Tesla's own app included."""

    allowed: bool


@dataclass(frozen=True, slots=True)
class TriedPlain:
    """One plain order was tried on this vehicle. What it told, if anything, is a fact of its own."""


@dataclass(frozen=True, slots=True)
class AskedForHome:
    """The driver said that the car is at home, and it was asked where that is. `told`: it said so."""

    told: bool


# ── about a driver ───────────────────────────────────────────────────


class Trip(StrEnum):
    """How a trip to Tesla's consent page stands or ended."""

    BEGUN = "begun"
    ALLOWED = "allowed"
    CANCELLED = "cancelled"
    STATE_UNKNOWN = "state_unknown"
    OTHER_BROWSER = "other_browser"
    CODE_STALE = "code_stale"
    OTHER_ACCOUNT = "other_account"
    KEPT_ACCOUNT = "kept_account"
    CHANGED_ACCOUNT = "changed_account"
    NOTHING_RENEWS = "nothing_renews"
    TESLA_FAILED = "tesla_failed"
    REFUSED_BY_TESLA = "refused_by_tesla"


@dataclass(frozen=True, slots=True)
class ConsentTrip:
    """The latest trip, as far as it came. `repairs`: it asked again for what an earlier one had not given."""

    came: Trip
    repairs: bool = False


class Device(StrEnum):
    """What the driver reads us on, as far as the browser says."""

    PHONE = "phone"
    IN_APP_BROWSER = "in_app_browser"
    COMPUTER = "computer"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReadOn:
    """The device of the latest page of the guide."""

    device: Device


@dataclass(frozen=True, slots=True)
class OpenedPairingLink:
    """The driver pressed the button that opens the Tesla app, or says that he did; nothing came back."""

    vehicle_id: int


@dataclass(frozen=True, slots=True)
class MailedKeyPage:
    """We mailed the driver the way to the key page, for the phone that has the Tesla app.

    `at`: the last times, as many as are counted, this one too; a later one of these replaces the earlier.
    """

    at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """All that the driver has answered about this vehicle so far; a later one holds the earlier ones too.

    `vehicle_id` None: no vehicle was chosen yet.
    """

    vehicle_id: int | None
    answers: Mapping[Question, Answer]


@dataclass(frozen=True, slots=True)
class Tried:
    """What the driver says he did about it so far; a later one holds the earlier ones too.

    `vehicle_id` None: no vehicle was chosen yet.
    """

    vehicle_id: int | None
    remedies: tuple[Remedy, ...]

    def of(self, vehicle_id: int | None) -> tuple[Remedy, ...]:
        """What he did about that vehicle."""
        return self.remedies if vehicle_id == self.vehicle_id else ()


@dataclass(frozen=True, slots=True)
class StaysReadOnly:
    """The owner said no, or the driver does not want to ask: we look, do not charge, and remind nobody."""

    vehicle_id: int


class PricesStand(StrEnum):
    """How our prices by the hour stand."""

    NOT_USED = "not_used"
    UP_TO_DATE = "up_to_date"
    LATE = "late"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PricesKept:
    """What is kept of the market's prices. `until`: how far it reaches; `trouble`: the last question's fault.

    `others`: the same of the home's further markets.
    """

    stands: PricesStand
    market: str = ""
    until: datetime | None = None
    trouble: str = ""
    others: tuple["PricesKept", ...] = ()


@dataclass(frozen=True, slots=True)
class CarbonKept:
    """How far ahead it is known how clean power will be. `region` empty: nobody is asked; `until` None: nothing is."""

    region: str = ""
    until: datetime | None = None
    trouble: str = ""


class Closed(StrEnum):
    """A part of the way that our own side closes while it is not right."""

    CONSENT = "consent"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class MetClosedDoor:
    """The driver wanted to go on, and our own side was not right. He is told when it is."""

    closed: Closed


class WaitStands(StrEnum):
    """What became of a wait."""

    WAITING = "waiting"
    OVER = "over"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Waits:
    """The driver need do nothing about these causes: we look again by ourselves, and write when they are gone.

    Written anew at each look, so that its moment is that of the last one. A later one of these replaces the earlier.
    """

    vehicle_id: int
    causes: tuple[str, ...]
    since: datetime
    stands: WaitStands


Found = (
    HostedKey
    | OurDomain
    | DiskSpace
    | MonthAtTesla
    | PricesKept
    | CarbonKept
    | RegisteredKeys
    | AppAtTesla
    | RegistrationRefused
    | OperatorClock
    | TeslaReached
    | MailServer
    | FoundWrong
    | OperatorsTold
    | AccountRefused
    | AccountAnswered
    | AskedTooOften
    | MobileAccess
    | TriedPlain
    | AskedForHome
    | ConsentTrip
    | ReadOn
    | OpenedPairingLink
    | MailedKeyPage
    | Answered
    | Tried
    | StaysReadOnly
    | MetClosedDoor
    | Waits
)
FOUND: Final[Mapping[str, type[Found]]] = {
    "hosted_key": HostedKey,
    "our_domain": OurDomain,
    "disk_space": DiskSpace,
    "month_at_tesla": MonthAtTesla,
    "prices_kept": PricesKept,
    "carbon_kept": CarbonKept,
    "registered_keys": RegisteredKeys,
    "app_at_tesla": AppAtTesla,
    "registration_refused": RegistrationRefused,
    "operator_clock": OperatorClock,
    "tesla_reached": TeslaReached,
    "mail_server": MailServer,
    "found_wrong": FoundWrong,
    "operators_told": OperatorsTold,
    "met_closed_door": MetClosedDoor,
    "account_refused": AccountRefused,
    "account_answered": AccountAnswered,
    "asked_too_often": AskedTooOften,
    "mobile_access": MobileAccess,
    "tried_plain": TriedPlain,
    "asked_for_home": AskedForHome,
    "consent_trip": ConsentTrip,
    "read_on": ReadOn,
    "opened_pairing_link": OpenedPairingLink,
    "mailed_key_page": MailedKeyPage,
    "answered": Answered,
    "tried": Tried,
    "stays_read_only": StaysReadOnly,
    "waits": Waits,
}
"""The names under which they are kept; never used again for another shape."""
