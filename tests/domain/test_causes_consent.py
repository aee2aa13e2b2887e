"""A: what the trip to Tesla, the ticked boxes and Tesla's answers say of each cause of the consent."""

from typing import Final

import pytest

from chargekey.domain.causes.catalogue import BY_ID
from chargekey.domain.causes.verdict import Certainty
from chargekey.domain.evidence import ChargeState, Charging, ConsentEnded, KeyStatus, Listed, ScopesGranted
from chargekey.domain.findings import AccountAnswered, AccountRefused, AccountTrouble, ConsentTrip, Trip
from chargekey.domain.grant import ASKED, REQUIRED, Scope
from chargekey.domain.vehicle import Access, Reach
from tests.domain.case_of import Told, case_of

PRESENT, LIKELY, POSSIBLE = Certainty.PRESENT, Certainty.LIKELY, Certainty.POSSIBLE
RULED_OUT, UNKNOWN = Certainty.RULED_OUT, Certainty.UNKNOWN
ALL: Final = ScopesGranted(frozenset(ASKED))
NO_CHARGING: Final = ScopesGranted(REQUIRED - {Scope.VEHICLE_CHARGING_CMDS})
NO_DATA: Final = ScopesGranted(REQUIRED - {Scope.VEHICLE_DEVICE_DATA})
NEITHER: Final = ScopesGranted(frozenset({Scope.OPENID, Scope.OFFLINE_ACCESS}))
NOT_LASTING: Final = ScopesGranted(frozenset(ASKED) - {Scope.OFFLINE_ACCESS})
PAIRED: Final = KeyStatus(paired=True, must_sign=True, keys_on_car=3, firmware=None)
CHARGES: Final = ChargeState(50, 80, Charging.STOPPED, 0, 16, 16, 230, 1, 0, 0, None)
OWNERS: Final = Listed(Access.OWNER, Reach.ONLINE, None, in_service=False, mobile_access_off=False)
DAY: Final = 24 * 60


def says(cause: str, certainty: Certainty, reason: str, *told: Told) -> None:
    verdict = BY_ID[cause].signal(case_of(*told))
    assert (verdict.certainty, verdict.reason) == (certainty, reason)


def came(trip: Trip, *, repairs: bool = False) -> ConsentTrip:
    return ConsentTrip(trip, repairs)


@pytest.mark.parametrize(
    ("cause", "told", "certainty", "reason"),
    [
        ("A1", [], RULED_OUT, "no_consent"),
        ("A1", [(ALL, 60)], RULED_OUT, "all_given"),
        ("A1", [(ALL, 2 * DAY)], UNKNOWN, "token_is_old"),  # a box may have been unticked since
        ("A1", [(NO_CHARGING, 60)], PRESENT, "may_not_charge"),
        ("A1", [(NO_DATA, 60)], PRESENT, "may_not_look"),
        ("A1", [(NEITHER, 60)], PRESENT, "may_do_neither"),
        ("A1", [(NO_CHARGING, 60), (ConsentEnded("401 revoked"), 5)], RULED_OUT, "no_consent"),
        ("A2", [(NO_CHARGING, 60)], RULED_OUT, "not_asked_again"),
        ("A2", [(NO_CHARGING, 5), (came(Trip.ALLOWED), 5)], RULED_OUT, "not_asked_again"),
        ("A2", [(NO_CHARGING, 5), (came(Trip.ALLOWED, repairs=True), 5)], PRESENT, "still_missing"),
        ("A2", [(ALL, 5), (came(Trip.ALLOWED, repairs=True), 5)], RULED_OUT, "all_given"),
        ("A3", [(NO_CHARGING, 60), (came(Trip.ALLOWED), 2)], PRESENT, "consent_is_newer"),
        ("A3", [(NO_CHARGING, 2), (came(Trip.ALLOWED), 2)], RULED_OUT, "token_is_newer"),
        ("A3", [(ALL, 2 * DAY)], UNKNOWN, "token_is_old"),
        ("A18", [(NOT_LASTING, 5)], PRESENT, "not_in_token"),
        ("A18", [(came(Trip.NOTHING_RENEWS), 5)], PRESENT, "came_back_so"),
        ("A18", [(came(Trip.BEGUN), 5)], RULED_OUT, "no_consent"),
        ("A18", [(ALL, 5), (came(Trip.ALLOWED), 5)], RULED_OUT, "renews"),
        ("A19", [(ALL, 5)], RULED_OUT, "location_given"),
        ("A19", [(ScopesGranted(REQUIRED), 5)], PRESENT, "location_withheld"),
    ],
)
def test_what_was_ticked_is_read_off_a_token_of_today(
    cause: str, told: list[Told], certainty: Certainty, reason: str
) -> None:
    says(cause, certainty, reason, *told)


@pytest.mark.parametrize(
    ("cause", "told", "certainty", "reason"),
    [
        ("A4", [], RULED_OUT, "never_set_out"),
        ("A4", [(came(Trip.CANCELLED), 3)], PRESENT, "came_back_so"),
        ("A4", [(came(Trip.CANCELLED), 2 * DAY)], UNKNOWN, "long_ago"),
        ("A4", [(came(Trip.CANCELLED), 30), (ALL, 3)], RULED_OUT, "allowed_since"),
        ("A4", [(came(Trip.CANCELLED), 30), (NO_CHARGING, 3)], PRESENT, "came_back_so"),  # renewed, still too little
        ("A4", [(came(Trip.BEGUN), 2)], UNKNOWN, "not_back_yet"),
        ("A4", [(came(Trip.BEGUN), 10)], LIKELY, "never_came_back"),
        ("A4", [(came(Trip.CODE_STALE), 1)], RULED_OUT, "came_back_otherwise"),
        ("A12", [(came(Trip.REFUSED_BY_TESLA), 1)], LIKELY, "came_back_so"),
        ("A12", [(came(Trip.BEGUN), 10)], POSSIBLE, "never_came_back"),
        ("A15", [(came(Trip.BEGUN), 10)], POSSIBLE, "never_came_back"),
        ("A15", [(came(Trip.CANCELLED), 10)], RULED_OUT, "came_back_otherwise"),
        ("A16", [(came(Trip.CODE_STALE), 1)], PRESENT, "came_back_so"),
        ("A16", [(came(Trip.ALLOWED), 1)], RULED_OUT, "came_back_otherwise"),
        ("A17", [(came(Trip.STATE_UNKNOWN), 1)], PRESENT, "came_back_so"),
        ("A17", [(came(Trip.OTHER_BROWSER), 1)], PRESENT, "came_back_so"),
        ("A17", [(came(Trip.OTHER_BROWSER), 20), (ALL, 1)], RULED_OUT, "allowed_since"),
    ],
)
def test_how_the_trip_to_tesla_ended_says_why_there_is_no_consent(
    cause: str, told: list[Told], certainty: Certainty, reason: str
) -> None:
    says(cause, certainty, reason, *told)


@pytest.mark.parametrize(
    ("cause", "told", "certainty", "reason"),
    [
        ("A5", [], RULED_OUT, "no_consent"),
        ("A5", [(ALL, 5)], UNKNOWN, "not_looked"),
        ("A5", [(ALL, 5), (AccountAnswered(0), 1)], LIKELY, "no_cars"),
        ("A5", [(ALL, 5), (AccountAnswered(2), 1)], RULED_OUT, "has_cars"),
        ("A5", [(ALL, 5), (AccountAnswered(2), 30)], UNKNOWN, "not_looked"),
        ("A5", [(ALL, 5), (AccountRefused(AccountTrouble.UNKNOWN_USER), 1)], POSSIBLE, "list_refused"),
        ("A5", [(ALL, 500), (came(Trip.OTHER_ACCOUNT), 1)], PRESENT, "another_account"),
        ("A6", [(ALL, 5)], POSSIBLE, "cannot_be_seen"),
        ("A6", [(ALL, 5), (PAIRED, 1)], RULED_OUT, "key_is_there"),
        ("A7", [], PRESENT, "no_consent"),
        ("A7", [(ALL, 5)], RULED_OUT, "consent_holds"),
        ("A7", [(NEITHER, 5)], PRESENT, "may_not_pair"),
        ("A7", [(ALL, 2 * DAY)], UNKNOWN, "token_is_old"),
        ("A11", [], POSSIBLE, "never_asked"),  # who cannot sign in gives no consent
        ("A11", [(ALL, 60), (AccountRefused(AccountTrouble.LOCKED), 30)], PRESENT, "refused"),
        ("A11", [(ALL, 60), (AccountRefused(AccountTrouble.LOCKED), 30), (OWNERS, 1)], RULED_OUT, "account_answers"),
        ("A11", [(ALL, 60), (AccountRefused(AccountTrouble.LOCKED), 2 * DAY)], UNKNOWN, "not_looked"),
        ("A11", [(ALL, 60), (AccountRefused(AccountTrouble.DATA_NOT_SHARED), 3)], POSSIBLE, "refused_otherwise"),
        ("A8", [(ALL, 60), (AccountRefused(AccountTrouble.UNKNOWN_USER), 1)], LIKELY, "refused"),
        ("A13", [(ALL, 60), (AccountRefused(AccountTrouble.OTHER_REGION), 1)], PRESENT, "refused"),
        ("A14", [(ALL, 60), (AccountRefused(AccountTrouble.DATA_NOT_SHARED), 1)], PRESENT, "refused"),
        ("A14", [(ALL, 60), (AccountAnswered(1), 1)], POSSIBLE, "list_says_nothing"),
        ("A14", [(ALL, 60), (AccountAnswered(1), 1), (CHARGES, 1)], RULED_OUT, "data_came"),
        ("A14", [(ALL, 60)], UNKNOWN, "not_looked"),
    ],
)
def test_the_account_is_judged_by_teslas_latest_word(
    cause: str, told: list[Told], certainty: Certainty, reason: str
) -> None:
    says(cause, certainty, reason, *told)


def test_permission_to_stay_signed_in_is_named_once_and_not_among_the_boxes_left_empty() -> None:
    says("A1", RULED_OUT, "all_given", (NOT_LASTING, 5))
    says("A18", PRESENT, "not_in_token", (NOT_LASTING, 5))
