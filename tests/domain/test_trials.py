"""What was tried and came to nothing, drawn: what was seen, how many minutes ago, and what is suspected then."""

from typing import Final

import pytest

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.catalogue import CATALOGUE
from chargekey.domain.causes.cause import Stage
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.diagnosis import Diagnosis, diagnose
from chargekey.domain.evidence import ConsentEnded, KeyStatus, Listed, ScopesGranted
from chargekey.domain.findings import (
    AccountAnswered,
    Answered,
    ConsentTrip,
    HostedKey,
    KeyFile,
    MobileAccess,
    OpenedPairingLink,
    Tried,
    Trip,
)
from chargekey.domain.grant import ASKED, Scope
from chargekey.domain.trials import has_failed, went_past
from chargekey.domain.vehicle import Access, Reach
from tests.domain.case_of import Told, case_of

ALL: Final = frozenset(ASKED)
LESS: Final = ALL - {Scope.VEHICLE_CHARGING_CMDS}
DRIVER: Final = Listed(Access.DRIVER, Reach.ONLINE, None, in_service=False, mobile_access_off=False)
NO_KEY: Final = KeyStatus(paired=False, must_sign=True, keys_on_car=4, firmware="2026.38")
SEES_WELL: Final[tuple[Told, ...]] = (
    (ScopesGranted(ALL), 20),
    (AccountAnswered(1), 1),
    (DRIVER, 1),
    (NO_KEY, 1),
    (MobileAccess(allowed=True), 1),
    (HostedKey(KeyFile.RIGHT), 1),
)


def judged(case: Case, stage: Stage) -> Diagnosis:
    return diagnose(
        case,
        CATALOGUE,
        stage,
        something_failed=has_failed(case, stage),
        went_past=went_past(case, stage),
        in_vain=frozenset(Look),
    )


@pytest.mark.parametrize(
    ("told", "failed"),
    [
        ([], False),
        ([(ConsentTrip(Trip.BEGUN), 4)], False),  # he is at it
        ([(ConsentTrip(Trip.BEGUN), 6)], True),
        ([(ConsentTrip(Trip.CANCELLED), 1)], False),  # he knows why himself
        ([(ConsentTrip(Trip.REFUSED_BY_TESLA), 1)], True),
        ([(ConsentTrip(Trip.REFUSED_BY_TESLA), 3000)], False),  # of another day
        ([(ScopesGranted(LESS), 1), (ConsentTrip(Trip.ALLOWED), 1)], False),  # a box was forgotten: said, not asked
        ([(ScopesGranted(LESS), 1), (ConsentTrip(Trip.ALLOWED, repairs=True), 1)], True),
        ([(ScopesGranted(ALL), 1), (ConsentTrip(Trip.ALLOWED, repairs=True), 1)], False),
        ([(ScopesGranted(ALL), 9), (ConsentEnded("401 login_required"), 1)], True),
        ([(ScopesGranted(ALL), 9), (ConsentEnded("left"), 1)], False),  # he did it here himself
    ],
)
def test_a_trip_to_tesla_has_failed(told: list[Told], failed: bool) -> None:
    assert has_failed(case_of(*told), Stage.CONSENT) is failed


@pytest.mark.parametrize(
    ("told", "failed"),
    [
        ([(OpenedPairingLink(7), 0.5)], False),
        ([(OpenedPairingLink(7), 1)], True),
        ([(OpenedPairingLink(7), 3), (Tried(7, (Remedy.CLOSE_THE_APP,)), 1)], False),  # a new try begins
    ],
)
def test_a_link_has_failed(told: list[Told], failed: bool) -> None:
    assert has_failed(case_of(*SEES_WELL, *told), Stage.KEY) is failed


def test_what_teslas_page_showed_is_asked_and_tells_the_network_from_the_account() -> None:
    away: Told = (ConsentTrip(Trip.BEGUN), 8)
    assert judged(case_of(away), Stage.CONSENT).question is Question.TESLA_PAGE
    for answer, cause in ((Answer.ACCESS_DENIED, "A15"), (Answer.COULD_NOT_SIGN_IN, "A12"), (Answer.CLOSED_IT, "A4")):
        said = judged(case_of(away, (Answered(7, {Question.TESLA_PAGE: answer}), 1)), Stage.CONSENT)
        assert said.suspects[0].first.cause.id == cause
        assert said.question is None


def test_a_permission_asked_for_in_vain_is_asked_about() -> None:
    in_vain: tuple[Told, ...] = ((ScopesGranted(LESS), 2), (ConsentTrip(Trip.ALLOWED, repairs=True), 2))
    found = judged(case_of(*in_vain), Stage.CONSENT)
    assert {one.cause.id for one in found.present} == {"A1", "A2"}
    assert found.question is Question.MISSING_BOX
    no_box: Told = (Answered(7, {Question.MISSING_BOX: Answer.NO_SUCH_BOX}), 1)
    assert judged(case_of(*in_vain, no_box), Stage.CONSENT).suspects[0].first.cause.id == "F12"


def test_a_drivers_account_hides_nothing_else_once_the_link_was_opened_in_spite_of_it() -> None:
    before = judged(case_of(*SEES_WELL), Stage.KEY)
    assert [one.cause.id for one in before.present] == ["B1"]
    assert not before.suspects
    after = judged(case_of(*SEES_WELL, (OpenedPairingLink(7), 2)), Stage.KEY)
    assert [one.cause.id for one in after.present] == ["B1"]
    assert not after.offers_link
    assert after.question is Question.APP_SHOWED
    card: Told = (Answered(7, {Question.APP_SHOWED: Answer.KEY_CARD}), 1)
    assert judged(case_of(*SEES_WELL, (OpenedPairingLink(7), 2), card), Stage.KEY).suspects[0].first.cause.id == "C15"


def test_what_nobody_gets_past_goes_on_hiding_what_else_may_be() -> None:
    full = KeyStatus(paired=False, must_sign=True, keys_on_car=20, firmware="2026.38")
    told = [one for one in SEES_WELL if one[0] is not NO_KEY]
    found = judged(case_of(*told, (full, 1), (OpenedPairingLink(7), 2)), Stage.KEY)
    assert {one.cause.id for one in found.present} == {"B1", "E1"}
    assert not found.suspects
