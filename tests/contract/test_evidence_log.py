"""The log of observations: appended, and read back as it was."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from chargekey.adapters.store import tables
from chargekey.adapters.store.shapes import readable_fact, write_fact
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.car_schedules import CarSchedule, SchedulesInCar
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.evidence import (
    FACTS,
    NOTHING_SEEN,
    AskedForProof,
    ChargeState,
    Charging,
    ChoseVehicle,
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
    SubjectKind,
    WentOnUnproved,
)
from chargekey.domain.evidence import Subject as About
from chargekey.domain.findings import (
    AccountAnswered,
    AccountRefused,
    AccountTrouble,
    Answered,
    AppAtTesla,
    AskedForHome,
    AskedTooOften,
    CarbonKept,
    Certificate,
    Closed,
    ConsentTrip,
    Device,
    DiskSpace,
    FoundWrong,
    HostedKey,
    KeyFile,
    MailedKeyPage,
    MailServer,
    MetClosedDoor,
    MobileAccess,
    MonthAtTesla,
    OpenedPairingLink,
    OperatorClock,
    OperatorsTold,
    OurDomain,
    PricesKept,
    PricesStand,
    ReadOn,
    Registered,
    RegisteredKeys,
    RegistrationRefused,
    RegistrationTrouble,
    StaysReadOnly,
    TeslaReached,
    Tried,
    TriedPlain,
    Trip,
    Waits,
    WaitStands,
)
from chargekey.domain.grant import REQUIRED, Scope
from chargekey.domain.told_to_stream import Stands, ToldToStream
from chargekey.domain.vehicle import Access, Reach
from tests.contract.household import SIX, at

CAR: Final = About(SubjectKind.VEHICLE, 1)
OTHER_CAR: Final = About(SubjectKind.VEHICLE, 2)
GRANT: Final = About(SubjectKind.GRANT, 1)
FACTS_SEEN: Final[list[Fact]] = [
    ScopesGranted(REQUIRED),
    ScopesGranted(frozenset()),
    ConsentEnded("revoked"),
    Listed(Access.DRIVER, Reach.ASLEEP, "Žofie's ⚡", in_service=False, mobile_access_off=True),
    Listed(Access.OWNER, Reach.ONLINE, None, in_service=True, mobile_access_off=False),
    NotListed(),
    KeyStatus(paired=None, must_sign=None, keys_on_car=None, firmware=None),
    KeyStatus(paired=True, must_sign=False, keys_on_car=4, firmware="2024.2.7"),
    Handshake(proved=False),
    Handshake(proved=True, key="0123456789abcdef"),
    PlainCommandsTaken(),
    ChargeState(50, 80, Charging.CHARGING, 16, 16, 32, 229, 3, 11000, 12345, at_home=True),
    ChargeState(50, 80, Charging.CHARGING, 16, 16, 32, 229, 3, 11000, 12345, at_home=True, heating_battery=True),
    ChargeState(None, None, Charging.UNKNOWN, None, None, None, None, None, None, None, None),
    ChoseVehicle(7),
    AskedForProof(),
    WentOnUnproved(),
    ToldToStream(Stands.WAITS, "9f1c", SIX, SIX + timedelta(days=90)),
    ToldToStream(Stands.REJECTED, "9f1c", SIX, trouble="verification error"),
    SchedulesInCar(()),
    SchedulesInCar(
        (CarSchedule(8_650_000_000, 127, 180, None, one_time=False), CarSchedule(1, 1, None, 0, True, False))
    ),
    SchedulesInCar((), elsewhere=3, most=4),
    HostedKey(KeyFile.MOVED),
    OurDomain(),
    OurDomain(has_address=True, certificate=Certificate.NO_TLS, until=at(9)),
    DiskSpace(7_000_000_000),
    MonthAtTesla(3_100_000, 10_000_000, 2),
    PricesKept(PricesStand.LATE, "energy-charts:NL", at(300), "Unreachable"),
    PricesKept(PricesStand.NONE, "energy-charts:NL", others=(PricesKept(PricesStand.LATE, "nord-pool:SE3", at(300)),)),
    CarbonKept("gb-carbon:GB", at(300), "Unreachable"),
    RegisteredKeys({"na": Registered.RIGHT, "eu": Registered.ANOTHER_KEY}),
    RegisteredKeys({}),
    AppAtTesla(True, None, False, frozenset({Scope.VEHICLE_CHARGING_CMDS})),
    RegistrationRefused("eu", RegistrationTrouble.KEY_OR_DOMAIN_TAKEN),
    OperatorClock(-95),
    AccountRefused(AccountTrouble.OTHER_REGION),
    AccountAnswered(2),
    AskedTooOften(at(90)),
    MobileAccess(False),
    TriedPlain(),
    AskedForHome(told=True),
    ConsentTrip(Trip.ALLOWED, repairs=True),
    ReadOn(Device.IN_APP_BROWSER),
    OpenedPairingLink(7),
    MailedKeyPage((at(1), at(2))),
    Answered(7, {Question.APP_SHOWED: Answer.NOTHING_ASKED, Question.CLOSED_APP: Answer.DONT_KNOW}),
    Tried(7, (Remedy.CLOSE_THE_APP, Remedy.OPEN_THE_LINK)),
    StaysReadOnly(7),
    Waits(7, ("D2", "D4"), at(3), WaitStands.GIVEN_UP),
    TeslaReached({"eu": True, "sign_in": False}),
    MailServer(takes_mail=False),
    OperatorsTold(("key_file",)),
    OperatorsTold(()),
    FoundWrong(("key_file",)),
    MetClosedDoor(Closed.KEY),
]


def saw(proved: bool, minutes: float, about: About = CAR) -> Observation:
    return Observation(about, Handshake(proved), at(minutes), Source.CAR)


async def append(store: KeptStore, *observations: Observation) -> None:
    async with store.unit() as unit:
        await unit.evidence.append(observations)


def test_every_kind_of_fact_is_tried_here() -> None:
    assert {type(fact) for fact in FACTS_SEEN} == set(FACTS.values())


@pytest.mark.parametrize("fact", FACTS_SEEN, ids=lambda fact: type(fact).__name__)
async def test_a_fact_comes_back_as_it_was(store: KeptStore, fact: Fact) -> None:
    seen = Observation(CAR, fact, SIX.replace(microsecond=123456), Source.TESLA, "request 7")
    await append(store, seen)
    async with store.unit() as unit:
        assert (await unit.evidence.seen(CAR)).latest == {type(fact): seen}


def test_what_was_written_before_cars_told_of_heating_reads_as_before() -> None:
    told = ChargeState(50, 80, Charging.CHARGING, 16, 16, 32, 229, 3, 11000, 12345, at_home=True)
    then = {name: value for name, value in json.loads(write_fact(told)).items() if name != "heating_battery"}
    assert readable_fact("charge_state", json.dumps(then)) == told


async def test_the_view_holds_the_latest_of_each_kind_by_when_it_was_seen(store: KeptStore) -> None:
    listed = Observation(CAR, FACTS_SEEN[3], at(1), Source.TESLA)
    await append(store, saw(False, 5), listed, saw(True, 2))  # the older one is heard of later
    async with store.unit() as unit:
        view = await unit.evidence.seen(CAR)
    assert view.fact(Handshake) == Handshake(proved=False)
    assert view.when(Handshake) == at(5)
    assert view.fact(Listed) == listed.fact


async def test_of_two_at_one_moment_the_one_written_later_counts(store: KeptStore) -> None:
    await append(store, saw(False, 5), saw(True, 5))
    async with store.unit() as unit:
        assert (await unit.evidence.seen(CAR)).fact(Handshake) == Handshake(proved=True)


async def test_subjects_are_kept_apart(store: KeptStore) -> None:
    await append(store, saw(True, 1), saw(False, 2, OTHER_CAR), saw(False, 3, GRANT))
    async with store.unit() as unit:
        each = await unit.evidence.seen_of_each([CAR, OTHER_CAR, About(SubjectKind.VEHICLE, 3)])
        assert await unit.evidence.seen_of_each([]) == {}
    assert each[CAR].fact(Handshake) == Handshake(proved=True)
    assert each[OTHER_CAR].fact(Handshake) == Handshake(proved=False)
    assert each[About(SubjectKind.VEHICLE, 3)] == NOTHING_SEEN


async def test_all_of_one_kind_whomever_they_are_about(store: KeptStore) -> None:
    await append(store, saw(True, 1), saw(False, 2, OTHER_CAR), saw(True, 3))
    async with store.unit() as unit:
        found = await unit.evidence.of_all(Handshake, at(2))
        assert await unit.evidence.of_all(KeyStatus, at(0)) == []
    assert [(one.subject, one.observed_at) for one in found] == [(OTHER_CAR, at(2)), (CAR, at(3))]


@pytest.mark.parametrize(
    ("since", "minutes"),
    [
        (0, [1, 2, 3]),  # nothing lies before
        (1, [1, 2, 3]),
        (1.5, [1, 2, 3]),  # the last one before stands in front
        (2, [1, 2, 3]),
        (3, [2, 3]),
        (9, [3]),
    ],
)
async def test_all_since_a_moment_and_the_last_before(store: KeptStore, since: float, minutes: list[int]) -> None:
    other_kind = Observation(CAR, PlainCommandsTaken(), at(2), Source.TESLA)
    await append(store, saw(True, 3), saw(True, 1), other_kind, saw(True, 2, OTHER_CAR), saw(False, 2))
    async with store.unit() as unit:
        found = await unit.evidence.since(CAR, Handshake, at(since))
    assert [seen.observed_at for seen in found] == [at(minute) for minute in minutes]
    assert all(seen.subject == CAR and isinstance(seen.fact, Handshake) for seen in found)


async def test_nothing_later_than_what_is_asked_for(store: KeptStore) -> None:
    await append(store, saw(True, 1), saw(True, 2), saw(False, 3), saw(True, 4))
    async with store.unit() as unit:
        found = await unit.evidence.since(CAR, Handshake, at(2), until=at(3))
    assert [seen.observed_at for seen in found] == [at(1), at(2), at(3)]


async def test_nothing_seen_is_nothing_since(store: KeptStore) -> None:
    async with store.unit() as unit:
        assert list(await unit.evidence.since(CAR, Handshake, SIX)) == []


async def test_the_same_seen_twice_is_written_twice(store: KeptStore) -> None:
    await append(store, saw(True, 1), saw(True, 1))
    async with store.unit() as unit:
        assert len(await unit.evidence.since(CAR, Handshake, SIX)) == 2


async def test_moments_are_kept_to_the_microsecond_in_utc(store: KeptStore) -> None:
    seen = replace(saw(True, 0), observed_at=SIX.replace(microsecond=1))
    await append(store, seen)
    async with store.unit() as unit:
        found = (await unit.evidence.seen(CAR)).when(Handshake)
    assert found == seen.observed_at
    assert found.utcoffset() == SIX.utcoffset()


@pytest.mark.parametrize(
    "values", [{"fact": '{"proved": "perhaps, said the secret car"}'}, {"kind": "a_kind_of_later", "fact": "{}"}]
)
async def test_what_this_version_cannot_read_is_as_good_as_unseen_and_said_without_its_words(
    store: KeptStore, engine: AsyncEngine, values: dict[str, str]
) -> None:
    await append(store, saw(True, 1))
    async with engine.begin() as connection:
        await connection.execute(update(tables.observation).values(**values))
    with capture_logs() as logged:
        async with store.unit() as unit:
            assert (await unit.evidence.seen(CAR)).fact(Handshake) is None
            assert await unit.evidence.latest([CAR], 10) == []
            await unit.evidence.append([saw(True, 2)])  # what is looked at anew is understood
            assert (await unit.evidence.seen(CAR)).fact(Handshake) == Handshake(proved=True)
    assert {line["event"] for line in logged} == {"what another version wrote is left out"}
    assert "secret" not in str(logged)
