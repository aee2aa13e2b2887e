"""F: our own side, from what was fetched, what Tesla holds for us, and how drivers came back."""

from typing import Final

import pytest

from chargekey.domain.causes.catalogue import BY_ID
from chargekey.domain.causes.verdict import Certainty
from chargekey.domain.evidence import ScopesGranted
from chargekey.domain.findings import (
    AppAtTesla,
    ConsentTrip,
    HostedKey,
    KeyFile,
    OperatorClock,
    Registered,
    RegisteredKeys,
    RegistrationRefused,
    RegistrationTrouble,
    Trip,
)
from chargekey.domain.grant import ASKED, REQUIRED, Scope
from tests.domain.case_of import Told, case_of

PRESENT, LIKELY, POSSIBLE = Certainty.PRESENT, Certainty.LIKELY, Certainty.POSSIBLE
RULED_OUT, UNKNOWN = Certainty.RULED_OUT, Certainty.UNKNOWN
RIGHT: Final[Told] = (HostedKey(KeyFile.RIGHT), 1)
CHARGING: Final = frozenset({Scope.VEHICLE_CHARGING_CMDS})
LOOKS: Final = ScopesGranted(REQUIRED - CHARGING)


def held(na: Registered, eu: Registered, minutes: float = 30) -> Told:
    return RegisteredKeys({"na": na, "eu": eu}), minutes


def app(
    *, secret: bool | None = True, redirect: bool | None = None, limits: bool | None = True, minutes: float = 30
) -> Told:
    return AppAtTesla(secret, redirect, limits, frozenset()), minutes


YES, OTHER, NONE = Registered.RIGHT, Registered.ANOTHER_KEY, Registered.NOTHING


@pytest.mark.parametrize(
    ("found", "minutes", "certainty", "reason"),
    [
        (KeyFile.RIGHT, 1, RULED_OUT, "loads"),
        (KeyFile.RIGHT, 60, UNKNOWN, "not_looked"),  # it may have gone since
        (KeyFile.UNREACHABLE, 1, PRESENT, "unreachable"),
        (KeyFile.MISSING, 1, PRESENT, "missing"),
        (KeyFile.MOVED, 1, PRESENT, "moved"),
        (KeyFile.NOT_A_KEY, 1, PRESENT, "not_a_key"),
        (KeyFile.AS_A_PAGE, 1, PRESENT, "as_a_page"),
        (KeyFile.ANOTHER_KEY, 1, RULED_OUT, "loads"),  # it loads, and is the wrong one: that is F2
    ],
)
def test_the_key_file_is_judged_by_what_came_back(
    found: KeyFile, minutes: float, certainty: Certainty, reason: str
) -> None:
    verdict = BY_ID["F1"].signal(case_of((HostedKey(found), minutes)))
    assert (verdict.certainty, verdict.reason) == (certainty, reason)


@pytest.mark.parametrize(
    ("cause", "region", "told", "certainty", "reason"),
    [
        ("F2", "eu", [RIGHT, held(YES, YES)], RULED_OUT, "all_alike"),
        ("F2", "eu", [RIGHT, held(YES, OTHER)], PRESENT, "registered_differs"),
        ("F2", "na", [RIGHT, held(YES, OTHER)], RULED_OUT, "all_alike"),
        ("F2", None, [RIGHT, held(YES, OTHER)], PRESENT, "registered_differs"),
        ("F2", "eu", [(HostedKey(KeyFile.ANOTHER_KEY), 1)], PRESENT, "hosted_differs"),
        ("F2", "eu", [held(YES, YES)], UNKNOWN, "not_looked"),
        ("F2", "eu", [(HostedKey(KeyFile.MISSING), 1), held(YES, YES)], POSSIBLE, "not_all_seen"),
        ("F3", "eu", [held(YES, NONE)], PRESENT, "not_registered"),
        ("F3", "na", [held(YES, NONE)], RULED_OUT, "registered"),
        ("F3", None, [held(YES, NONE)], POSSIBLE, "some_regions"),
        ("F3", None, [held(NONE, NONE)], PRESENT, "not_registered"),
        ("F3", "eu", [held(YES, YES, minutes=500)], UNKNOWN, "not_looked"),
        ("F3", "cn", [held(YES, YES)], UNKNOWN, "not_looked"),  # that region did not answer
        ("F4", "eu", [held(YES, YES)], RULED_OUT, "registered"),
        ("F4", "eu", [held(NONE, NONE)], POSSIBLE, "never_refused"),
        (
            "F4",
            "eu",
            [held(NONE, NONE), (RegistrationRefused("eu", RegistrationTrouble.KEY_OR_DOMAIN_TAKEN), 60)],
            PRESENT,
            "taken",
        ),
        (
            "F4",
            "eu",
            [held(NONE, NONE), (RegistrationRefused("eu", RegistrationTrouble.KEY_NOT_FETCHED), 60)],
            RULED_OUT,
            "refused_otherwise",
        ),
    ],
)
def test_what_tesla_holds_for_us_is_judged_where_the_account_lives(
    cause: str, region: str | None, told: list[Told], certainty: Certainty, reason: str
) -> None:
    verdict = BY_ID[cause].signal(case_of(*told, region=region))
    assert (verdict.certainty, verdict.reason) == (certainty, reason)


@pytest.mark.parametrize(
    ("cause", "told", "certainty", "reason"),
    [
        ("F5", [], UNKNOWN, "not_looked"),
        ("F5", [app()], POSSIBLE, "cannot_be_told"),
        ("F5", [app(redirect=False)], PRESENT, "not_listed"),
        ("F5", [app(redirect=True)], RULED_OUT, "listed"),
        ("F5", [app(), (ConsentTrip(Trip.BEGUN), 30)], POSSIBLE, "cannot_be_told"),
        ("F5", [app(), (ConsentTrip(Trip.CANCELLED), 30)], RULED_OUT, "came_back"),  # the way back works
        ("F5", [app(), (ConsentTrip(Trip.ALLOWED), 9000)], POSSIBLE, "cannot_be_told"),  # it did, last week
        ("F6", [], UNKNOWN, "not_looked"),
        ("F6", [app()], RULED_OUT, "app_is_well"),
        ("F6", [app(secret=False)], PRESENT, "secret_is_wrong"),
        ("F6", [app(limits=False)], PRESENT, "over_limit"),
        ("F6", [app(limits=None)], POSSIBLE, "not_all_said"),
        ("F6", [app(minutes=500)], UNKNOWN, "not_looked"),
        ("F9", [], UNKNOWN, "not_looked"),
        ("F9", [(OperatorClock(0), 1)], RULED_OUT, "goes_right"),
        ("F9", [(OperatorClock(-95), 1)], PRESENT, "off_by"),
        ("F12", [(LOOKS, 5), (AppAtTesla(True, None, True, CHARGING), 5)], LIKELY, "nobody_was_given"),
        ("F12", [(LOOKS, 5), app()], RULED_OUT, "others_were_given"),
        ("F12", [(LOOKS, 5)], UNKNOWN, "not_looked"),
        ("F12", [(ScopesGranted(frozenset(ASKED)), 5)], RULED_OUT, "all_given"),
        ("F12", [(AppAtTesla(True, None, True, CHARGING), 5)], POSSIBLE, "nobody_was_given"),
    ],
)
def test_our_app_at_tesla_is_judged_by_what_its_hosts_answered(
    cause: str, told: list[Told], certainty: Certainty, reason: str
) -> None:
    verdict = BY_ID[cause].signal(case_of(*told))
    assert (verdict.certainty, verdict.reason) == (certainty, reason)
