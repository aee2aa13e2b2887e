"""A9, A10 and G: a sign-in that ended, told apart as far as Tesla's word and the dates allow."""

from datetime import datetime
from typing import Final

import pytest

from chargekey.domain.causes.catalogue import BY_ID
from chargekey.domain.causes.tokens import SIGN_IN_ENDED
from chargekey.domain.causes.verdict import Certainty
from chargekey.domain.evidence import ConsentEnded, ScopesGranted
from chargekey.domain.findings import AccountAnswered
from chargekey.domain.grant import REQUIRED
from chargekey.domain.tesla_health import TeslaHealth
from tests.domain.case_of import Told, case_of, health, minutes_ago

PRESENT, LIKELY, POSSIBLE = Certainty.PRESENT, Certainty.LIKELY, Certainty.POSSIBLE
RULED_OUT, UNKNOWN = Certainty.RULED_OUT, Certainty.UNKNOWN
DAY: Final = 24 * 60
SIGNED_IN: Final[Told] = (ScopesGranted(REQUIRED), 200 * DAY)
WORDS: Final = {
    "revoked": "401 User revoked consent",
    "login": "401 login_required Login required",
    "grant": "400 invalid_grant",
    "shared": "401 Invalid API User",
    "left": "left",
    "lost": "there are no tokens for this grant",
}


@pytest.mark.parametrize(
    ("tesla_said", "verdicts"),
    [
        #            A9                          A10
        ("revoked", [(PRESENT, "ended_so"), (RULED_OUT, "ended_otherwise"), (RULED_OUT, "ended_otherwise")]),
        ("login", [(POSSIBLE, "not_renewed"), (LIKELY, "not_renewed"), (POSSIBLE, "not_renewed")]),
        ("grant", [(POSSIBLE, "not_renewed"), (LIKELY, "not_renewed"), (POSSIBLE, "not_renewed")]),
        ("shared", [(RULED_OUT, "ended_otherwise"), (RULED_OUT, "ended_otherwise"), (PRESENT, "ended_so")]),
        ("left", [(RULED_OUT, "ended_otherwise")] * 3),
        ("lost", [(RULED_OUT, "ended_otherwise")] * 3),
    ],
)
def test_revoked_password_and_shared_are_told_apart_by_teslas_word(
    tesla_said: str, verdicts: list[tuple[Certainty, str]]
) -> None:
    case = case_of(SIGNED_IN, (ConsentEnded(WORDS[tesla_said]), 5))
    found = [BY_ID[cause].signal(case) for cause in ("A9", "A10", "G1")]
    assert [(one.certainty, one.reason) for one in found] == verdicts


@pytest.mark.parametrize(
    ("renewed_at", "certainty", "reason"),
    [
        (None, POSSIBLE, "renewal_not_known"),
        (minutes_ago(120 * DAY), PRESENT, "unused_for_days"),
        (minutes_ago(20 * DAY), RULED_OUT, "renewed_lately"),
    ],
)
def test_three_months_of_rest_are_read_off_the_last_renewal(
    renewed_at: datetime | None, certainty: Certainty, reason: str
) -> None:
    verdict = BY_ID["G2"].signal(case_of(SIGNED_IN, (ConsentEnded(WORDS["login"]), 5), renewed_at=renewed_at))
    assert (verdict.certainty, verdict.reason) == (certainty, reason)


@pytest.mark.parametrize(
    ("told", "tesla", "certainty", "reason"),
    [
        ([SIGNED_IN], health(asked=6, ended=1), RULED_OUT, "others_are_signed_in"),
        ([SIGNED_IN], health(asked=6, ended=4), POSSIBLE, "others_were_signed_out"),
        ([SIGNED_IN, (ConsentEnded(WORDS["login"]), 5)], health(asked=6, ended=4), PRESENT, "many_were_signed_out"),
        ([SIGNED_IN, (ConsentEnded("left"), 5)], health(asked=6, ended=4), POSSIBLE, "others_were_signed_out"),
    ],
)
def test_many_sign_ins_that_end_at_once_are_nobodys_own_doing(
    told: list[Told], tesla: TeslaHealth, certainty: Certainty, reason: str
) -> None:
    verdict = BY_ID["G3"].signal(case_of(*told, tesla=tesla))
    assert (verdict.certainty, verdict.reason) == (certainty, reason)


@pytest.mark.parametrize("cause", ["A9", "A10", "G1", "G2", "G4", "G5"])
@pytest.mark.parametrize(
    ("told", "certainty", "reason"),
    [
        ([], RULED_OUT, "no_consent"),
        ([SIGNED_IN], UNKNOWN, "not_looked"),
        ([SIGNED_IN, (AccountAnswered(1), 1)], RULED_OUT, "account_answers"),
        ([SIGNED_IN, (AccountAnswered(1), 60)], UNKNOWN, "not_looked"),
    ],
)
def test_only_a_fresh_answer_of_teslas_shows_that_a_sign_in_holds(
    cause: str, told: list[Told], certainty: Certainty, reason: str
) -> None:
    verdict = BY_ID[cause].signal(case_of(*told))
    assert (verdict.certainty, verdict.reason) == (certainty, reason)


def test_a_pass_that_we_lost_is_ours_and_a_sign_in_after_it_ends_all_of_them() -> None:
    lost = case_of(SIGNED_IN, (ConsentEnded(WORDS["lost"]), 5))
    assert BY_ID["G5"].signal(lost).certainty is PRESENT

    again = case_of((ScopesGranted(REQUIRED), 1), (ConsentEnded(WORDS["lost"]), 5), (AccountAnswered(1), 1))
    assert {BY_ID[cause].signal(again).certainty for cause in ("A9", "A10", "G1", "G2", "G4", "G5")} == {RULED_OUT}


def test_what_nothing_parts_is_one_class() -> None:
    assert {cause.id for cause in BY_ID.values() if cause.siblings == SIGN_IN_ENDED} == {"A9", "A10", "G1", "G4"}
