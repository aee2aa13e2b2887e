"""Whether our own side is right: every line of the operator's check, out of the evidence.

Rules of this room:

1. A line is right, wrong, not provable from here, not used, or unknown; what was seen too long ago is unknown again.
2. Wrong closes only that part of the way whose next step would fail (`closed_parts`); nothing else stops a driver.
3. No sentences: a line's words are the entrypoints' matter, under what it saw (`Saw`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from chargekey.domain.evidence import Fact, Seen
from chargekey.domain.findings import (
    AppAtTesla,
    CarbonKept,
    Certificate,
    DiskSpace,
    HostedKey,
    KeyFile,
    MailServer,
    MonthAtTesla,
    OperatorClock,
    OurDomain,
    PricesKept,
    PricesStand,
    Registered,
    RegisteredKeys,
    RegistrationRefused,
    RegistrationTrouble,
    TeslaReached,
)
from chargekey.domain.spend import is_nearly_spent

F = TypeVar("F", bound=Fact)

GOOD_FOR: Final = timedelta(hours=2)
"""All is looked at each hour: what is twice as old was missed, and says nothing more."""
RENEWED_BEFORE: Final = timedelta(days=2)
"""Who renews by himself does so with a third of its days left; the shortest that are given out last six."""
LITTLE_SPACE_BYTES: Final = 500_000_000
"""A home of a thousand cars writes some megabytes a day; this is room for weeks."""
CLOCK_MAY_DIFFER_S: Final = 30
"""Half of the last minute in which a token is renewed (tesla-fleet-api §1.3), as cause F9 has it."""


class Check(StrEnum):
    """In the order of the screen: what stops drivers first."""

    DOMAIN = "domain"
    CERTIFICATE = "certificate"
    KEY_FILE = "key_file"
    KEYS_ALIKE = "keys_alike"
    REGISTERED = "registered"
    APP = "app"
    LIMITS = "limits"
    BUDGET = "budget"
    WAY_BACK = "way_back"
    PERMISSIONS = "permissions"
    CLOCK = "clock"
    TESLA = "tesla"
    MAIL = "mail"
    DATABASE = "database"
    DISK = "disk"
    PRICES = "prices"
    CARBON = "carbon"
    TELEMETRY = "telemetry"
    STREAMING = "streaming"


class State(StrEnum):
    """What we say of a line."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_PROVABLE = "not_provable"
    NOT_USED = "not_used"
    UNKNOWN = "unknown"


CAUSES: Final[Mapping[Check, str]] = {
    Check.KEY_FILE: "F1",
    Check.KEYS_ALIKE: "F2",
    Check.REGISTERED: "F3",
    Check.APP: "F6",
    Check.LIMITS: "F6",
    Check.WAY_BACK: "F5",
    Check.PERMISSIONS: "F12",
    Check.CLOCK: "F9",
}
"""The cause of which a wrong line is the operator's view."""
TROUBLES: Final[Mapping[str, str]] = {
    "Unreachable": "silent",
    "AnswerLost": "silent",
    "TooOften": "too_often",
    "Refused": "refused",
    "Puzzling": "puzzling",
}
"""What was seen of a source of prices or of carbon, by the fault of the last question to it."""
HEARD_WITHIN: Final = timedelta(days=1)
IN_EVERY_REGION: Final = (RegistrationTrouble.KEY_OR_DOMAIN_TAKEN, RegistrationTrouble.DOMAIN_NOT_ALLOWED)
TAKEN: Final = "F4"
"""A domain that is not registered, since another app has it or its key."""


@dataclass(frozen=True, slots=True)
class Line:
    """`saw` names the words. `region`: the line is about one region of Tesla's; `market`: about one of several.

    `at` None: never looked.
    """

    check: Check
    state: State
    saw: str
    at: datetime | None
    region: str | None = None
    number: int | None = None
    market: str = ""

    @property
    def name(self) -> str:
        """What tells this line from others."""
        of = self.region or self.market
        return f"{self.check.value}.{of}" if of else self.check.value

    @property
    def cause(self) -> str:
        """The id of the cause of which this is the operator's view; "" where it is none of the catalogue."""
        return TAKEN if self.saw == RegistrationTrouble.KEY_OR_DOMAIN_TAKEN.value else CAUSES.get(self.check, "")


@dataclass(frozen=True, slots=True)
class Stream:
    """Cars are to be heard. `heard_at`: when one last said something that was written down; None: not lately."""

    heard_at: datetime | None


def check(seen: Seen, regions: Sequence[str], now: datetime, stream: Stream | None = None) -> tuple[Line, ...]:
    """Every line, in the order of the screen. `seen`: what is known of our side; `stream` None: none is set."""
    side = _Side(seen, now)
    return (
        _domain(side),
        _certificate(side),
        _key_file(side),
        _keys_alike(side),
        *(_registered(side, region) for region in regions),
        *_app(side),
        _budget(side),
        _way_back(side),
        _permissions(side),
        _clock(side),
        *(_tesla(side, host) for host in (*regions, "sign_in")),
        _mail(side),
        _database(side),
        _disk(side),
        *_prices(side),
        _carbon(side),
        _telemetry(stream, now),
    )


def _telemetry(stream: Stream | None, now: datetime) -> Line:
    """Never wrong: cars that are not heard are asked, and all of them may sleep."""
    if stream is None:
        return Line(Check.TELEMETRY, State.NOT_USED, "cars_are_asked", None)
    is_heard = stream.heard_at is not None and now - stream.heard_at < HEARD_WITHIN
    state, saw = (State.RIGHT, "cars_are_heard") if is_heard else (State.UNKNOWN, "nothing_heard")
    return Line(Check.TELEMETRY, state, saw, stream.heard_at)


def wrong(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.state is State.WRONG)


@dataclass(frozen=True, slots=True)
class _Side:
    seen: Seen
    now: datetime

    def fresh(self, kind: type[F]) -> F | None:
        for one in self.seen.latest.values():
            if isinstance(one.fact, kind) and self.now - one.observed_at <= GOOD_FOR:
                return one.fact
        return None

    def unknown(self, check: Check, kind: type[Fact], region: str | None = None) -> Line:
        return Line(check, State.UNKNOWN, "not_looked", self.seen.when(kind), region)


def _domain(side: _Side) -> Line:
    found, at = side.fresh(OurDomain), side.seen.when(OurDomain)
    if found is None:
        return side.unknown(Check.DOMAIN, OurDomain)
    if found.has_address is None:
        return Line(Check.DOMAIN, State.NOT_PROVABLE, "not_from_here", at)
    return _said(Check.DOMAIN, found.has_address, "has_address", "no_address", at)


def _certificate(side: _Side) -> Line:
    found, at = side.fresh(OurDomain), side.seen.when(OurDomain)
    if found is None:
        return side.unknown(Check.CERTIFICATE, OurDomain)
    if found.certificate is None:
        return Line(Check.CERTIFICATE, State.NOT_PROVABLE, "not_shown", at)
    if found.certificate is not Certificate.TRUSTED:
        return Line(Check.CERTIFICATE, State.WRONG, found.certificate.value, at)
    left = found.until - side.now if found.until else None
    days = left.days if left else None
    if left is not None and left < RENEWED_BEFORE:
        return Line(Check.CERTIFICATE, State.WRONG, "runs_out", at, number=days)
    return Line(Check.CERTIFICATE, State.RIGHT, "trusted", at, number=days)


def _key_file(side: _Side) -> Line:
    hosted, at = side.fresh(HostedKey), side.seen.when(HostedKey)
    if hosted is None:
        return side.unknown(Check.KEY_FILE, HostedKey)
    if hosted.found in (KeyFile.RIGHT, KeyFile.ANOTHER_KEY):
        return Line(Check.KEY_FILE, State.RIGHT, "loads", at)
    return Line(Check.KEY_FILE, State.WRONG, hosted.found.value, at)


def _keys_alike(side: _Side) -> Line:
    """Hosted, registered and signing: three copies of one key. A region that holds none is another line's matter."""
    hosted, held, at = side.fresh(HostedKey), side.fresh(RegisteredKeys), side.seen.when(RegisteredKeys)
    if hosted and hosted.found is KeyFile.ANOTHER_KEY:
        return Line(Check.KEYS_ALIKE, State.WRONG, "hosted_differs", side.seen.when(HostedKey))
    if held and Registered.ANOTHER_KEY in held.found.values():
        return Line(Check.KEYS_ALIKE, State.WRONG, "registered_differs", at)
    if hosted is None or held is None or hosted.found is not KeyFile.RIGHT or not _is_held(held):
        return Line(Check.KEYS_ALIKE, State.UNKNOWN, "not_all_seen", at)
    return Line(Check.KEYS_ALIKE, State.RIGHT, "all_alike", at)


def _is_held(held: RegisteredKeys) -> bool:
    """Somewhere: where no region has one there is no third copy to compare."""
    return Registered.RIGHT in held.found.values()


def _registered(side: _Side, region: str) -> Line:
    """What another app has, or the portal does not list, is refused in every region, whichever refused it last."""
    held, at = side.fresh(RegisteredKeys), side.seen.when(RegisteredKeys)
    found = held.found.get(region) if held else None
    if found is None:
        return side.unknown(Check.REGISTERED, RegisteredKeys, region)
    if found is not Registered.NOTHING:
        return Line(Check.REGISTERED, State.RIGHT, "registered", at, region)
    refused = side.seen.fact(RegistrationRefused)
    is_later = side.seen.is_later(RegistrationRefused, than=RegisteredKeys) or _same_hour(side)
    concerns = refused and (refused.region == region or refused.why in IN_EVERY_REGION)
    if refused and concerns and is_later and refused.why is not RegistrationTrouble.OTHER:
        return Line(Check.REGISTERED, State.WRONG, refused.why.value, side.seen.when(RegistrationRefused), region)
    return Line(Check.REGISTERED, State.WRONG, "not_registered", at, region)


def _same_hour(side: _Side) -> bool:
    at = side.seen.when(RegistrationRefused)
    return at is not None and side.now - at <= GOOD_FOR


def _app(side: _Side) -> tuple[Line, Line]:
    app, at = side.fresh(AppAtTesla), side.seen.when(AppAtTesla)
    if app is None:
        return side.unknown(Check.APP, AppAtTesla), side.unknown(Check.LIMITS, AppAtTesla)
    return (
        _said(Check.APP, app.secret_is_right, "accepted", "secret_is_wrong", at),
        _said(Check.LIMITS, app.within_limits, "within", "over_limit", at),
    )


def _budget(side: _Side) -> Line:
    """Our own, not Tesla's limit: that is another line. Drivers whose cars it has stopped are told."""
    month, at = side.fresh(MonthAtTesla), side.seen.when(MonthAtTesla)
    if month is None:
        return side.unknown(Check.BUDGET, MonthAtTesla)
    if month.cars_spent:
        return Line(Check.BUDGET, State.WRONG, "spent", at, number=month.cars_spent)
    saw = "nearly" if is_nearly_spent(month.spent_micro_usd, month.budget_micro_usd) else "within"
    percent = month.spent_micro_usd * 100 // month.budget_micro_usd
    return Line(Check.BUDGET, State.RIGHT, saw, at, number=percent)


def _said(check: Check, is_right: bool | None, right: str, not_right: str, at: datetime | None) -> Line:
    if is_right is None:
        return Line(check, State.UNKNOWN, "not_said", at)
    return Line(check, State.RIGHT, right, at) if is_right else Line(check, State.WRONG, not_right, at)


def _way_back(side: _Side) -> Line:
    """Tesla's page refuses a wrong one at once. One it shows may still be wrong: a driver who came back proves it."""
    app, at = side.fresh(AppAtTesla), side.seen.when(AppAtTesla)
    if app is None:
        return side.unknown(Check.WAY_BACK, AppAtTesla)
    if app.redirect_is_listed is None:
        return Line(Check.WAY_BACK, State.NOT_PROVABLE, "page_says_nothing", at)
    return _said(Check.WAY_BACK, app.redirect_is_listed, "not_refused", "not_listed", at)


def _permissions(side: _Side) -> Line:
    app, at = side.fresh(AppAtTesla), side.seen.when(AppAtTesla)
    if app is None:
        return side.unknown(Check.PERMISSIONS, AppAtTesla)
    if app.scopes_missing:
        return Line(Check.PERMISSIONS, State.WRONG, "nobody_was_given", at, number=len(app.scopes_missing))
    return Line(Check.PERMISSIONS, State.NOT_PROVABLE, "only_drivers_show", at)


def _clock(side: _Side) -> Line:
    clock, at = side.fresh(OperatorClock), side.seen.when(OperatorClock)
    if clock is None:
        return side.unknown(Check.CLOCK, OperatorClock)
    if abs(clock.ahead_s) > CLOCK_MAY_DIFFER_S:
        saw = "ahead" if clock.ahead_s > 0 else "behind"
        return Line(Check.CLOCK, State.WRONG, saw, at, number=abs(clock.ahead_s))
    return Line(Check.CLOCK, State.RIGHT, "goes_right", at, number=abs(clock.ahead_s))


def _tesla(side: _Side, host: str) -> Line:
    reached, at = side.fresh(TeslaReached), side.seen.when(TeslaReached)
    is_reached = reached.found.get(host) if reached else None
    if is_reached is None:
        return side.unknown(Check.TESLA, TeslaReached, host)
    return Line(
        Check.TESLA, State.RIGHT if is_reached else State.WRONG, "answers" if is_reached else "silent", at, host
    )


def _mail(side: _Side) -> Line:
    mail = side.fresh(MailServer)
    at = side.seen.when(MailServer)
    if mail and mail.takes_mail is None:
        return Line(Check.MAIL, State.NOT_USED, "none", at)
    return _said(Check.MAIL, mail.takes_mail if mail else None, "open", "shut", at)


def _database(side: _Side) -> Line:
    """Whatever was seen lately was also written down: no other proof is needed."""
    at = max((one.observed_at for one in side.seen.latest.values()), default=None)
    if at is None or side.now - at > GOOD_FOR:
        return Line(Check.DATABASE, State.UNKNOWN, "nothing_written", at)
    return Line(Check.DATABASE, State.RIGHT, "written", at)


def _disk(side: _Side) -> Line:
    disk, at = side.fresh(DiskSpace), side.seen.when(DiskSpace)
    if disk is None:
        return side.unknown(Check.DISK, DiskSpace)
    is_enough, free_gb = disk.free_bytes >= LITTLE_SPACE_BYTES, disk.free_bytes // 1_000_000_000
    saw, state = ("enough", State.RIGHT) if is_enough else ("little", State.WRONG)
    return Line(Check.DISK, state, saw, at, number=free_gb)


def _prices(side: _Side) -> Sequence[Line]:
    """A line for each market, with its name where there are several."""
    kept, at = side.fresh(PricesKept), side.seen.when(PricesKept)
    if kept is None:
        return [side.unknown(Check.PRICES, PricesKept)]
    return [_prices_of(one, at, one.market if kept.others else "") for one in (kept, *kept.others)]


def _prices_of(kept: PricesKept, at: datetime | None, market: str) -> Line:
    """Out of date is wrong; that the last question failed while all is known is not."""
    state, saw = State.WRONG, TROUBLES.get(kept.trouble, "not_out")
    if kept.stands is PricesStand.NOT_USED:
        state, saw = State.NOT_USED, "not_set"
    elif kept.stands is PricesStand.UP_TO_DATE:
        state, saw = State.RIGHT, "known"
    return Line(Check.PRICES, state, saw, at, market=market)


def _carbon(side: _Side) -> Line:
    """Never wrong: without it a plan loses little, and nobody is called for it."""
    kept, at = side.fresh(CarbonKept), side.seen.when(CarbonKept)
    if kept is None:
        return side.unknown(Check.CARBON, CarbonKept)
    if not kept.region:
        return Line(Check.CARBON, State.NOT_USED, "not_set", at)
    if kept.until is not None and kept.until > side.now:
        return Line(Check.CARBON, State.RIGHT, "known", at)
    return Line(Check.CARBON, State.UNKNOWN, TROUBLES.get(kept.trouble, "not_out"), at)
