"""H and J: Tesla's side against the account's, the list that lags, and the key that Tesla is wrong about."""

from datetime import timedelta
from typing import Any, Final

import pytest

from chargekey.domain.causes.catalogue import BY_ID, CATALOGUE
from chargekey.domain.causes.cause import Stage
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.verdict import Certainty
from chargekey.domain.diagnosis import diagnose
from chargekey.domain.evidence import (
    ChargeState,
    Charging,
    Handshake,
    KeyStatus,
    Listed,
    PlainCommandsTaken,
    ScopesGranted,
)
from chargekey.domain.findings import (
    AccountAnswered,
    AccountRefused,
    AccountTrouble,
    Answered,
    AppAtTesla,
    AskedTooOften,
    OpenedPairingLink,
)
from chargekey.domain.grant import ASKED, REQUIRED
from chargekey.domain.tesla_health import Weather
from chargekey.domain.vehicle import Access, KeyNeed, Reach
from tests.domain.case_of import NOW, OLD_MODEL_S, Told, case_of, health

PRESENT, LIKELY, POSSIBLE = Certainty.PRESENT, Certainty.LIKELY, Certainty.POSSIBLE
RULED_OUT, UNKNOWN = Certainty.RULED_OUT, Certainty.UNKNOWN
ALL: Final = ScopesGranted(frozenset(ASKED))
DENIED: Final = AccountRefused(AccountTrouble.SCOPES_DENIED)
PAIRED: Final = KeyStatus(paired=True, must_sign=True, keys_on_car=3, firmware=None)
UNPAIRED: Final = KeyStatus(paired=False, must_sign=True, keys_on_car=3, firmware=None)
UNLISTED: Final = KeyStatus(paired=None, must_sign=None, keys_on_car=None, firmware=None)
UNSIGNED: Final = KeyStatus(paired=False, must_sign=False, keys_on_car=3, firmware=None)
OPENED: Final = OpenedPairingLink(7)


def listed(access: Access) -> Listed:
    return Listed(access, Reach.ONLINE, None, in_service=False, mobile_access_off=False)


def plugged_in(at_home: bool | None) -> ChargeState:
    return ChargeState(50, 80, Charging.STOPPED, 0, 16, 16, 230, 1, 0, 0, at_home)


@pytest.mark.parametrize(
    ("cause", "told", "known", "certainty", "reason"),
    [
        ("H1", [], {"tesla": health()}, RULED_OUT, "tesla_answers"),
        ("H1", [], {"tesla": health(asked=3, failing=1)}, POSSIBLE, "some_calls_fail"),
        ("H1", [], {"tesla": health(Weather.UNKNOWN, asked=0)}, UNKNOWN, "not_looked"),
        ("H1", [], {"tesla": health(), "now": NOW + timedelta(hours=1)}, UNKNOWN, "not_looked"),
        ("H1", [], {"tesla": health(Weather.OUTAGE, asked=5, failing=4)}, PRESENT, "many_are_failed"),
        ("H1", [], {"tesla": health(Weather.OUTAGE, asked=1, failing=1)}, PRESENT, "only_one_asked"),
        ("H2", [(ALL, 5), (AskedTooOften(NOW + timedelta(minutes=9)), 5)], {}, PRESENT, "asked_to_wait"),
        ("H2", [(ALL, 5), (AskedTooOften(NOW - timedelta(minutes=9)), 20)], {}, UNKNOWN, "not_looked"),
        ("H2", [(ALL, 5), (AccountAnswered(1), 1)], {}, RULED_OUT, "account_answers"),
        ("H2", [(ALL, 5), (AppAtTesla(True, None, False, frozenset()), 5)], {}, PRESENT, "over_limit"),
        ("H2", [(ALL, 5), (DENIED, 1)], {}, RULED_OUT, "account_answers"),
        ("J3", [(ALL, 60), (DENIED, 2)], {}, PRESENT, "permissions_are_complete"),
        ("J3", [(ScopesGranted(frozenset()), 60), (DENIED, 2)], {}, RULED_OUT, "permissions_are_missing"),
        ("J3", [(ALL, 60), (DENIED, 2), (AccountAnswered(1), 1)], {}, RULED_OUT, "account_answers"),
        ("J3", [(ALL, 3000), (DENIED, 2)], {}, UNKNOWN, "token_is_old"),
        ("J5", [(ALL, 5), (listed(Access.DRIVER), 5), (plugged_in(None), 5)], {}, LIKELY, "tells_no_place"),
        ("J5", [(ALL, 5), (listed(Access.DRIVER), 5), (plugged_in(True), 5)], {}, RULED_OUT, "tells_its_place"),
        ("J5", [(ALL, 5), (listed(Access.OWNER), 5), (plugged_in(None), 5)], {}, RULED_OUT, "owner_sees_it"),
        ("J5", [(ScopesGranted(REQUIRED), 5), (plugged_in(None), 5)], {}, RULED_OUT, "location_not_asked"),
        ("J5", [(ALL, 5)], {}, POSSIBLE, "not_seen_plugged_in"),
    ],
)
def test_teslas_side_is_told_from_the_accounts(
    cause: str, told: list[Told], known: dict[str, Any], certainty: Certainty, reason: str
) -> None:
    verdict = BY_ID[cause].signal(case_of(*told, **known))
    assert (verdict.certainty, verdict.reason) == (certainty, reason)


@pytest.mark.parametrize(
    ("cause", "told", "certainty", "reason"),
    [
        ("H5", [(PAIRED, 1)], RULED_OUT, "key_is_there"),
        ("H5", [(UNPAIRED, 0), (OPENED, 10)], POSSIBLE, "opened_lately"),  # a fresh "unpaired" proves nothing
        ("H5", [(UNPAIRED, 0), (OPENED, 300)], POSSIBLE, "opened_long_ago"),
        ("H5", [(UNPAIRED, 0)], POSSIBLE, "link_opened_elsewhere"),
        ("H5", [(UNPAIRED, 2), (OPENED, 10), (Handshake(False), 1)], RULED_OUT, "car_itself_says_no"),
        ("H5", [(UNPAIRED, 2), (OPENED, 1), (Handshake(False), 3)], POSSIBLE, "opened_lately"),
        ("J1", [(UNPAIRED, 0)], LIKELY, "link_not_opened"),
        ("J1", [(UNPAIRED, 0), (OPENED, 0.5)], LIKELY, "opened_just_now"),
        ("J1", [(UNPAIRED, 0), (OPENED, 5)], POSSIBLE, "opened_before"),
        ("J1", [(UNPAIRED, 0), (OpenedPairingLink(8), 5)], LIKELY, "link_not_opened"),  # of another car
        ("J2", [], UNKNOWN, "not_looked"),
        ("J2", [(UNLISTED, 1)], PRESENT, "in_neither_list"),
        ("J2", [(UNLISTED, 30)], UNKNOWN, "not_looked"),
        ("J2", [(UNPAIRED, 1)], RULED_OUT, "listed_without_key"),
        ("J4", [(UNPAIRED, 1)], RULED_OUT, "tesla_says_signed"),
        ("J4", [(UNSIGNED, 1)], POSSIBLE, "too_new_for_that"),
        ("J4", [(UNSIGNED, 1), (Handshake(False), 30)], PRESENT, "car_wants_a_key"),
        ("J6", [(UNPAIRED, 1)], RULED_OUT, "never_took_plain"),
        ("J6", [(PlainCommandsTaken(), 900), (UNPAIRED, 1)], PRESENT, "wants_signed_now"),
        ("J6", [(PlainCommandsTaken(), 900), (UNPAIRED, 60)], UNKNOWN, "not_looked"),
        ("J6", [(PlainCommandsTaken(), 900), (UNSIGNED, 1)], RULED_OUT, "no_key_needed"),
        ("J6", [(PlainCommandsTaken(), 900), (Handshake(False), 60)], PRESENT, "wants_signed_now"),
        ("J7", [(UNPAIRED, 1)], POSSIBLE, "cannot_be_seen"),
        ("J7", [(PAIRED, 1)], RULED_OUT, "key_is_there"),
    ],
)
def test_what_tesla_says_of_the_key_is_weighed_with_its_lag_and_its_errors(
    cause: str, told: list[Told], certainty: Certainty, reason: str
) -> None:
    verdict = BY_ID[cause].signal(case_of(*told))
    assert (verdict.certainty, verdict.reason) == (certainty, reason)


def test_an_old_car_that_wants_no_key_lacks_none() -> None:
    case = case_of((UNSIGNED, 1), vin=OLD_MODEL_S)
    assert case.need is KeyNeed.NOT_NEEDED
    assert {BY_ID[cause].signal(case).reason for cause in ("H5", "J1", "J2", "J4", "J6", "J7", "J8", "J9")} == {
        "no_key_needed"
    }


# ── a token rejected while granting (S14) ────────────────────────────

SAID_SO: Final[Told] = (Answered(7, {Question.APP_SHOWED: Answer.TOKEN_REJECTED}), 1)


@pytest.mark.parametrize(
    ("access", "others_rejected", "weather", "order"),
    [
        (Access.OWNER, (7, 9), Weather.FAIR, ["J8", "J9"]),  # most of the others met it: Tesla
        (Access.OWNER, (0, 0), Weather.OUTAGE, ["J8", "J9"]),
        (Access.OWNER, (0, 8), Weather.FAIR, ["J8", "J9"]),  # the owner alone: Tesla sooner than his account
        (Access.DRIVER, (0, 8), Weather.FAIR, ["J9", "J8"]),  # a driver alone: the account
        (Access.DRIVER, (1, 8), Weather.FAIR, ["J9", "J8"]),
        (Access.DRIVER, (7, 9), Weather.FAIR, ["J8", "J9"]),
    ],
)
def test_a_rejected_token_is_teslas_fault_or_the_accounts_by_who_else_met_it(
    access: Access, others_rejected: tuple[int, int], weather: Weather, order: list[str]
) -> None:
    tesla = health(weather, asked=4, failing=3)
    case = case_of(
        (UNPAIRED, 1), (OPENED, 5), SAID_SO, (listed(access), 1), tesla=tesla, others_rejected=others_rejected
    )
    both = [cause for cause in CATALOGUE if cause.id in ("J8", "J9")]
    suspects = diagnose(case, both, Stage.KEY, something_failed=True).suspects
    assert [suspect.first.cause.id for suspect in suspects] == order


def test_a_rejected_token_is_waited_out_for_hours_a_day_at_most() -> None:
    assert BY_ID["J8"].remedies == (Remedy.WAIT,)
    assert BY_ID["J8"].retry.every == timedelta(hours=3)
    assert BY_ID["J8"].retry.every * BY_ID["J8"].retry.at_most == timedelta(days=1)


def test_an_outage_stops_every_stage_and_is_waited_out() -> None:
    case = case_of((UNPAIRED, 1), tesla=health(Weather.OUTAGE, asked=5, failing=4))
    for stage in Stage:
        found = diagnose(case, [BY_ID["H1"]], stage, something_failed=True)
        assert [one.cause.id for one in found.present] == ["H1"]
        assert not found.offers_link
