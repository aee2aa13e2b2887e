"""The operator's check, drawn: what was seen, what it says, and which part of the way it closes."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chargekey.domain.causes.catalogue import BY_ID
from chargekey.domain.closed_parts import closes
from chargekey.domain.evidence import Observation, Seen, Source, Subject, SubjectKind
from chargekey.domain.findings import (
    AppAtTesla,
    CarbonKept,
    Certificate,
    Closed,
    DiskSpace,
    Found,
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
from chargekey.domain.operator_check import CAUSES, GOOD_FOR, Check, Line, State, Stream, check, wrong

NOW = datetime(2026, 11, 26, 20, 41, tzinfo=UTC)
US = Subject(SubjectKind.OPERATOR, 0)


def lines(*found: Found, age: timedelta = timedelta()) -> tuple[Line, ...]:
    seen = Seen({type(one): Observation(US, one, NOW - age, Source.US) for one in found})
    return check(seen, ("eu", "na"), NOW)


def looked_at(these: tuple[Line, ...]) -> set[State]:
    """All but the line that no look changes: no telemetry host is set, and it says so."""
    assert [line.state for line in these if line.check is Check.TELEMETRY] == [State.NOT_USED]
    return {line.state for line in these if line.check is not Check.TELEMETRY}


def app(*, secret: bool | None = True, way_back: bool | None = True, limits: bool | None = True) -> AppAtTesla:
    return AppAtTesla(secret, way_back, limits, frozenset())


def held(eu: Registered, na: Registered) -> RegisteredKeys:
    return RegisteredKeys({"eu": eu, "na": na})


RIGHT, OTHER, NONE = Registered.RIGHT, Registered.ANOTHER_KEY, Registered.NOTHING


def test_nobody_looked_so_nothing_is_wrong_and_nothing_is_right() -> None:
    assert looked_at(lines()) == {State.UNKNOWN}


@pytest.mark.parametrize(
    ("found", "says", "consent", "key_in_eu"),
    [
        (HostedKey(KeyFile.MISSING), {"key_file"}, False, True),
        (HostedKey(KeyFile.MOVED), {"key_file"}, False, True),
        (HostedKey(KeyFile.ANOTHER_KEY), {"keys_alike"}, False, True),
        (held(NONE, RIGHT), {"registered.eu"}, False, True),
        (held(RIGHT, NONE), {"registered.na"}, False, False),  # another region is not this driver's trouble
        (held(NONE, NONE), {"registered.eu", "registered.na"}, True, True),
        (held(OTHER, RIGHT), {"keys_alike"}, False, True),
        (app(secret=False), {"app"}, True, False),  # who has connected needs no secret any more
        (app(way_back=False), {"way_back"}, True, False),
        (app(limits=False), {"limits"}, True, True),
        (OperatorClock(31), {"clock"}, False, False),
        (OperatorClock(-30), set(), False, False),
        (TeslaReached({"eu": False, "na": True}), {"tesla.eu"}, False, False),  # Tesla's own matter: see the outage
    ],
)
def test_each_finding_is_said_and_closes_only_what_would_fail(
    found: Found, says: set[str], consent: bool, key_in_eu: bool
) -> None:
    now = lines(found)
    assert {line.name for line in wrong(now)} == says
    assert bool(closes(now, Closed.CONSENT, None)) is consent
    assert bool(closes(now, Closed.KEY, "eu")) is key_in_eu


def test_what_cannot_be_proved_from_here_is_not_called_right() -> None:
    by_name = {line.name: line for line in lines(app(way_back=None))}
    assert by_name["way_back"].state is State.NOT_PROVABLE
    assert by_name["permissions"].state is State.NOT_PROVABLE


DAYS: Final = timedelta(days=1)


@pytest.mark.parametrize(
    ("found", "domain", "certificate"),
    [
        (OurDomain(True, Certificate.TRUSTED, NOW + 60 * DAYS), (State.RIGHT, None), (State.RIGHT, 60)),
        (OurDomain(True, Certificate.TRUSTED, NOW + 3 * DAYS), (State.RIGHT, None), (State.RIGHT, 3)),  # a short one
        (OurDomain(True, Certificate.TRUSTED, NOW + 1 * DAYS), (State.RIGHT, None), (State.WRONG, 1)),
        (OurDomain(True, Certificate.NOT_TRUSTED), (State.RIGHT, None), (State.WRONG, None)),
        (OurDomain(True, Certificate.NO_TLS), (State.RIGHT, None), (State.WRONG, None)),
        (OurDomain(False), (State.WRONG, None), (State.NOT_PROVABLE, None)),
        (OurDomain(None, Certificate.TRUSTED), (State.NOT_PROVABLE, None), (State.RIGHT, None)),
        (OurDomain(), (State.NOT_PROVABLE, None), (State.NOT_PROVABLE, None)),
    ],
)
def test_the_domain_and_its_certificate(
    found: OurDomain, domain: tuple[State, int | None], certificate: tuple[State, int | None]
) -> None:
    said = {line.check: (line.state, line.number) for line in lines(found)}
    assert (said[Check.DOMAIN], said[Check.CERTIFICATE]) == (domain, certificate)


def test_a_full_disk_is_wrong_before_the_database_cannot_be_written() -> None:
    states = {free: {line.check: line for line in lines(DiskSpace(free))}[Check.DISK] for free in (499_999_999, 10**12)}
    assert [one.state for one in states.values()] == [State.WRONG, State.RIGHT]


@pytest.mark.parametrize(
    ("spent_cents", "cars_spent", "state", "saw", "number"),
    [
        (0, 0, State.RIGHT, "within", 0),
        (799, 0, State.RIGHT, "within", 79),
        (800, 0, State.RIGHT, "nearly", 80),
        (800, 2, State.WRONG, "spent", 2),
        (1_000, 8, State.WRONG, "spent", 8),
    ],
)
def test_a_budget_is_wrong_once_cars_are_not_looked_at_any_more(
    spent_cents: int, cars_spent: int, state: State, saw: str, number: int
) -> None:
    these = lines(MonthAtTesla(spent_cents * 10_000, 10_000_000, cars_spent))
    [said] = [line for line in these if line.check is Check.BUDGET]
    assert (said.state, said.saw, said.number) == (state, saw, number)
    assert not closes(these, Closed.CONSENT, "eu") and not closes(these, Closed.KEY, "eu")  # nobody is stopped by it


def test_no_mail_by_choice_is_not_wrong() -> None:
    said = [{line.check: line for line in lines(MailServer(takes))}[Check.MAIL].state for takes in (True, False, None)]
    assert said == [State.RIGHT, State.WRONG, State.NOT_USED]


@pytest.mark.parametrize(
    ("found", "state", "saw"),
    [
        (PricesKept(PricesStand.NOT_USED), State.NOT_USED, "not_set"),
        (PricesKept(PricesStand.UP_TO_DATE, "energy-charts:NL", NOW), State.RIGHT, "known"),
        (PricesKept(PricesStand.UP_TO_DATE, "energy-charts:NL", NOW, "Unreachable"), State.RIGHT, "known"),
        (PricesKept(PricesStand.LATE, "energy-charts:NL", NOW), State.WRONG, "not_out"),
        (PricesKept(PricesStand.LATE, "energy-charts:NL", NOW, "AnswerLost"), State.WRONG, "silent"),
        (PricesKept(PricesStand.NONE, "energy-charts:NL", NOW, "Refused"), State.WRONG, "refused"),
        (PricesKept(PricesStand.NONE, "energy-charts:NL", NOW, "Puzzling"), State.WRONG, "puzzling"),
        (PricesKept(PricesStand.NONE, "energy-charts:NL", NOW, "TooOften"), State.WRONG, "too_often"),
    ],
)
def test_prices_are_wrong_when_what_is_out_is_not_known_and_close_no_door(
    found: PricesKept, state: State, saw: str
) -> None:
    these = lines(found)
    (line,) = [one for one in these if one.check is Check.PRICES]
    assert (line.state, line.saw) == (state, saw)
    assert all(closes(these, closed, None) == () for closed in Closed)


def test_each_of_several_markets_has_a_line_of_its_own() -> None:
    swedish = PricesKept(PricesStand.LATE, "nord-pool:SE3", NOW, "Unreachable")
    these = lines(PricesKept(PricesStand.UP_TO_DATE, "energy-charts:NL", NOW, others=(swedish,)))
    of_prices = [one for one in these if one.check is Check.PRICES]
    assert [(one.name, one.state, one.saw) for one in of_prices] == [
        ("prices.energy-charts:NL", State.RIGHT, "known"),
        ("prices.nord-pool:SE3", State.WRONG, "silent"),
    ]


@pytest.mark.parametrize(
    ("found", "state", "saw"),
    [
        (CarbonKept(), State.NOT_USED, "not_set"),
        (CarbonKept("gb-carbon:GB", NOW + timedelta(hours=5), "Unreachable"), State.RIGHT, "known"),
        (CarbonKept("gb-carbon:GB"), State.UNKNOWN, "not_out"),
        (CarbonKept("gb-carbon:GB", None, "Refused"), State.UNKNOWN, "refused"),
        (CarbonKept("gb-carbon:GB", NOW, "AnswerLost"), State.UNKNOWN, "silent"),
    ],
)
def test_carbon_that_is_not_known_is_told_and_nobody_is_called(found: CarbonKept, state: State, saw: str) -> None:
    (line,) = [one for one in lines(found) if one.check is Check.CARBON]
    assert (line.state, line.saw) == (state, saw)


def test_three_copies_are_not_alike_where_there_are_two() -> None:
    said = {line.name: line for line in lines(HostedKey(KeyFile.RIGHT), held(NONE, NONE))}
    assert (said["keys_alike"].state, said["keys_alike"].saw) == (State.UNKNOWN, "not_all_seen")
    said = {line.name: line for line in lines(HostedKey(KeyFile.RIGHT), held(NONE, RIGHT))}
    assert said["keys_alike"].state is State.RIGHT


@pytest.mark.parametrize(
    ("why", "europe"),
    [
        (RegistrationTrouble.DOMAIN_NOT_ALLOWED, "domain_not_allowed"),
        (RegistrationTrouble.KEY_OR_DOMAIN_TAKEN, "key_or_domain_taken"),
        (RegistrationTrouble.KEY_NOT_FETCHED, "not_registered"),  # one region's servers may be kept out alone
    ],
)
def test_what_the_portal_says_counts_in_every_region(why: RegistrationTrouble, europe: str) -> None:
    said = {line.name: line.saw for line in lines(held(NONE, NONE), RegistrationRefused("na", why))}
    assert (said["registered.eu"], said["registered.na"]) == (europe, why.value)


def test_a_region_that_did_not_answer_is_unknown_not_wrong() -> None:
    by_name = {line.name: line for line in lines(RegisteredKeys({"na": RIGHT}))}
    assert by_name["registered.eu"].state is State.UNKNOWN
    assert by_name["registered.na"].state is State.RIGHT


def test_old_findings_say_and_close_nothing() -> None:
    old = lines(HostedKey(KeyFile.MISSING), app(limits=False), age=GOOD_FOR + timedelta(seconds=1))
    assert looked_at(old) == {State.UNKNOWN}
    assert closes(old, Closed.KEY, "eu") == ()


def test_every_line_that_has_a_cause_names_one_of_the_catalogue() -> None:
    assert set(CAUSES.values()) <= BY_ID.keys()


@pytest.mark.parametrize(
    ("heard_at", "state", "saw"),
    [
        (NOW - timedelta(hours=23), State.RIGHT, "cars_are_heard"),
        (NOW - timedelta(hours=24), State.UNKNOWN, "nothing_heard"),
        (None, State.UNKNOWN, "nothing_heard"),
    ],
)
def test_cars_that_are_to_be_heard_are_heard_or_asked(heard_at: datetime | None, state: State, saw: str) -> None:
    line = check(Seen({}), (), NOW, Stream(heard_at))[-1]
    assert (line.check, line.state, line.saw, line.at) == (Check.TELEMETRY, state, saw, heard_at)
