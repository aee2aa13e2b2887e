"""Cases drawn at random from everything that can be known, so that whatever a signal can say is said by one of them."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any, Final, TypeVar

from chargekey.domain.causes.case import Case, HandOff, OtherCar
from chargekey.domain.causes.questions import OFFERED
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.evidence import (
    NOTHING_SEEN,
    ChargeState,
    Charging,
    ConsentEnded,
    Fact,
    Handshake,
    KeyStatus,
    Listed,
    NotListed,
    Observation,
    PlainCommandsTaken,
    ScopesGranted,
    Source,
    Subject,
    SubjectKind,
    fold,
)
from chargekey.domain.findings import (
    AccountAnswered,
    AccountRefused,
    AccountTrouble,
    Answered,
    AppAtTesla,
    AskedTooOften,
    ConsentTrip,
    Device,
    HostedKey,
    KeyFile,
    MobileAccess,
    OpenedPairingLink,
    OperatorClock,
    ReadOn,
    Registered,
    RegisteredKeys,
    RegistrationRefused,
    RegistrationTrouble,
    StaysReadOnly,
    Tried,
    TriedPlain,
    Trip,
)
from chargekey.domain.grant import ASKED, Scope
from chargekey.domain.tesla_health import Weather
from chargekey.domain.vehicle import Access, Reach, Vin
from tests.domain.case_of import MODEL_3, NOW, OLD_MODEL_S, Told, case_of, health, minutes_ago

T = TypeVar("T")
OTHER_VIN: Final = Vin("5YJYGDEE1MF765432")
ALL: Final = frozenset(ASKED)
HAS_OUR_KEY: Final = fold(
    [Observation(Subject(SubjectKind.VEHICLE, 8), KeyStatus(True, True, 3, None), minutes_ago(2), Source.TESLA)]
)
AGES_MIN: Final = (0, 0.5, 1, 3, 4, 8, 20, 50, 130, 300, 1000, 2000, 9000, 60_000, 200_000)
FACTS: Final[tuple[tuple[Fact, ...], ...]] = (
    tuple(map(ScopesGranted, (ALL, ALL, ALL, *(ALL - {scope} for scope in ALL), frozenset({Scope.OPENID})))),
    tuple(
        map(ConsentEnded, ("left", "401 revoked", "401 login_required", "401 Invalid API User", "there are no tokens"))
    ),
    tuple(map(AccountRefused, AccountTrouble)),
    (AccountAnswered(0), AccountAnswered(2)),
    (AskedTooOften(NOW + timedelta(minutes=5)), AskedTooOften(NOW - timedelta(minutes=5))),
    tuple(
        Listed(access, reach, None, in_service, access_off)
        for access, reach, in_service, access_off in product(Access, Reach, (False, False, True), (False, False, True))
    ),
    (NotListed(),),
    tuple(
        KeyStatus(paired, must_sign, keys, firmware)
        for paired, must_sign, keys, firmware in product(
            (True, False, False, None), (True, True, False, None), (3, 17, 19, 20, None), ("2026.38", "2023.20", None)
        )
    ),
    (Handshake(True), Handshake(False)),
    (PlainCommandsTaken(),),
    tuple(
        ChargeState(50, 80, charging, 0, 16, 16, 230, 1, 0, 0, home, heats)
        for charging, home, heats in product(Charging, (True, False, None), (True, None))
    ),
    (MobileAccess(True), MobileAccess(False)),
    (TriedPlain(),),
    tuple(map(HostedKey, KeyFile)),
    tuple(RegisteredKeys({"na": na, "eu": eu}) for na, eu in product(Registered, Registered)),
    tuple(
        AppAtTesla(secret, redirect, limits, missing if missing is None else frozenset(missing))
        for secret, redirect, limits, missing in product(
            (True, False, None), (True, False, None), (True, False, None), (None, (), (Scope.VEHICLE_CHARGING_CMDS,))
        )
    ),
    (OperatorClock(0), OperatorClock(-90), OperatorClock(400)),
    tuple(RegistrationRefused("eu", why) for why in RegistrationTrouble),
    tuple(ConsentTrip(came, repairs) for came, repairs in product(Trip, (False, True))),
    tuple(map(ReadOn, Device)),
    (OpenedPairingLink(7), OpenedPairingLink(7), OpenedPairingLink(8)),
    tuple(Answered(7, {question: answer}) for question, answers in OFFERED.items() for answer in answers),
    tuple(Tried(7, (remedy,)) for remedy in Remedy),
    (StaysReadOnly(7),),
)
"""One row a kind of fact; a kind that is missing here is missing from every drawn case."""


def cases(count: int) -> Iterator[Case]:
    """Always the same ones, in the same order."""
    draw = Random(20240110)
    for _ in range(count):
        yield case_of(*_told(draw), vin=draw.choice((MODEL_3, MODEL_3, OLD_MODEL_S)), **_known(draw))


def _told(draw: Random) -> list[Told]:
    """From hardly anything to almost everything; half of the drawn facts are of the last minutes."""
    share = draw.choice((0.15, 0.4, 0.7))
    return [
        (draw.choice(kind), draw.choice(AGES_MIN[: draw.choice((5, len(AGES_MIN)))]))
        for kind in FACTS
        if draw.random() < share
    ]


def _maybe(draw: Random, value: T) -> T | None:
    return draw.choice((value, None))


def _known(draw: Random) -> dict[str, Any]:
    asked = draw.choice((1, 5))
    weather = draw.choice((Weather.FAIR, Weather.FAIR, Weather.OUTAGE, Weather.UNKNOWN))
    gone_at = _maybe(draw, minutes_ago(draw.choice(AGES_MIN)))
    other = OtherCar(OTHER_VIN, draw.choice((NOTHING_SEEN, HAS_OUR_KEY)), _maybe(draw, minutes_ago(3)))
    hand_off = draw.choice(tuple(HandOff))
    return {
        "now": NOW + draw.choice((timedelta(), timedelta(), timedelta(hours=1))),
        "tesla": health(weather, asked=asked, failing=asked - 1, ended=draw.choice((0, asked))),
        "others": draw.choice(((), (other,))),
        "key_was_on_until": gone_at,
        "our_key_changed": gone_at is not None and draw.choice((True, False, False)),
        "in_service_before_that": draw.choice((True, False)),
        "hand_off": hand_off,
        "hand_off_at": minutes_ago(30) if hand_off is not HandOff.NONE else None,
        "renewed_at": draw.choice((None, minutes_ago(60), minutes_ago(300_000))),
        "region": draw.choice((None, "na", "eu", "cn")),
        "others_rejected": draw.choice(((0, 0), (0, 8), (7, 9))),
    }
