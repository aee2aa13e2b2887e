"""A case drawn from facts and their ages in minutes: `case_of((KeyStatus(…), 2), (ScopesGranted(…), 30))`."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chargekey.domain.causes.case import Case
from chargekey.domain.evidence import (
    ChargeState,
    ConsentEnded,
    Fact,
    Handshake,
    KeyStatus,
    Listed,
    NotListed,
    Observation,
    PlainCommandsTaken,
    ScopesGranted,
    Seen,
    Source,
    Subject,
    SubjectKind,
    fold,
)
from chargekey.domain.findings import (
    AccountAnswered,
    AccountRefused,
    AppAtTesla,
    AskedTooOften,
    HostedKey,
    MobileAccess,
    OperatorClock,
    RegisteredKeys,
    RegistrationRefused,
    TriedPlain,
)
from chargekey.domain.journey import need_of_key
from chargekey.domain.tesla_health import TeslaHealth, Weather
from chargekey.domain.vehicle import Vin

NOW: Final = datetime(2024, 1, 10, 20, 40, tzinfo=UTC)
MODEL_3: Final = Vin("5YJ3E7EA1PF123456")
OLD_MODEL_S: Final = Vin("5YJSA7E24GF123456")
Told = tuple[Fact, float]
_ABOUT_GRANT: Final = (ScopesGranted, ConsentEnded, AccountRefused, AccountAnswered, AskedTooOften)
_ABOUT_VEHICLE: Final = (
    Listed,
    NotListed,
    KeyStatus,
    Handshake,
    PlainCommandsTaken,
    ChargeState,
    MobileAccess,
    TriedPlain,
)
_ABOUT_OPERATOR: Final = (HostedKey, RegisteredKeys, AppAtTesla, OperatorClock, RegistrationRefused)


def minutes_ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def health(weather: Weather = Weather.FAIR, *, asked: int = 3, failing: int = 0, ended: int = 0) -> TeslaHealth:
    since = minutes_ago(30) if weather is Weather.OUTAGE else None
    return TeslaHealth(weather, since, asked, failing, ended, NOW)


def case_of(*told: Told, vin: Vin = MODEL_3, **known: Any) -> Case:
    """The vehicle is number 7. `known`: further fields of the case as they are."""
    vehicle = _seen(SubjectKind.VEHICLE, told, _ABOUT_VEHICLE)
    grant = _seen(SubjectKind.GRANT, told, _ABOUT_GRANT)
    driver = tuple(kind for kind in {type(fact) for fact, _ in told} if kind not in _OF_OTHERS)
    fields: dict[str, Any] = {
        "now": NOW,
        "operator": _seen(SubjectKind.OPERATOR, told, _ABOUT_OPERATOR),
        "driver": _seen(SubjectKind.DRIVER, told, driver),
        "grant": grant if grant.latest else None,
        "vin": vin,
        "vehicle_id": 7,
        "vehicle": vehicle,
        "need": need_of_key(vin, vehicle),
        "others": (),
        "tesla": health(),
    }
    return Case(**{**fields, **known})


_OF_OTHERS: Final = frozenset({*_ABOUT_GRANT, *_ABOUT_VEHICLE, *_ABOUT_OPERATOR})


def _seen(about: SubjectKind, told: Iterable[Told], kinds: tuple[type[Fact], ...]) -> Seen:
    return fold(
        Observation(Subject(about, 7), fact, minutes_ago(minutes), Source.TESLA)
        for fact, minutes in told
        if isinstance(fact, kinds)
    )
