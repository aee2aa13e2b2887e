"""What is wrong, drawn: what was seen and how long ago, and what is said of it, asked, and proposed."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import pytest

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.catalogue import CATALOGUE
from chargekey.domain.causes.cause import Cause, Hold, Stage, Where, Who
from chargekey.domain.causes.looks import GOOD_FOR, Look
from chargekey.domain.causes.questions import OFFERED, Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.verdict import Certainty
from chargekey.domain.diagnosis import FACTOR, Diagnosis, diagnose, expected
from chargekey.domain.evidence import KeyStatus, Listed, ScopesGranted
from chargekey.domain.findings import (
    AccountAnswered,
    Answered,
    Device,
    HostedKey,
    KeyFile,
    MobileAccess,
    OpenedPairingLink,
    ReadOn,
    Registered,
    RegisteredKeys,
    Tried,
)
from chargekey.domain.grant import ASKED
from chargekey.domain.vehicle import Access, Reach
from tests.domain.any_case import cases
from tests.domain.case_of import Told, case_of

ALL_LOOKS: Final = frozenset(Look)
ONLINE: Final = Listed(Access.OWNER, Reach.ONLINE, None, in_service=False, mobile_access_off=False)
NO_KEY: Final = KeyStatus(paired=False, must_sign=True, keys_on_car=4, firmware="2026.38")
WELL: Final[tuple[Told, ...]] = (
    (ScopesGranted(frozenset(ASKED)), 20),
    (AccountAnswered(1), 1),
    (ONLINE, 1),
    (NO_KEY, 1),
    (MobileAccess(allowed=True), 1),
    (HostedKey(KeyFile.RIGHT), 1),
    (RegisteredKeys({"eu": Registered.RIGHT, "na": Registered.RIGHT}), 60),
    (ReadOn(Device.PHONE), 15),
)
OPENED: Final[Told] = (OpenedPairingLink(7), 2)


def about(*more: Told, failed: bool = True, done: frozenset[Look] = ALL_LOOKS, **known: Any) -> Diagnosis:
    """Everything that can be seen is well and fresh, but for what is told more."""
    replaced = {type(fact) for fact, _ in more}
    told = [one for one in WELL if type(one[0]) not in replaced]
    case = case_of(*told, *more, region="eu", **known)
    return diagnose(case, CATALOGUE, Stage.KEY, something_failed=failed, in_vain=done)


def ids(found: Diagnosis) -> list[str]:
    return [one.cause.id for one in found.present]


def answered(**answers: Answer) -> Told:
    return Answered(7, {Question(question): answer for question, answer in answers.items()}), 0.5


# ── nothing wrong ────────────────────────────────────────────────────


def test_where_nothing_is_wrong_nothing_is_invented() -> None:
    found = about(failed=False)
    assert (ids(found), found.suspects, found.question, found.remedies) == ([], (), None, ())
    assert found.offers_link


# ── look first ───────────────────────────────────────────────────────


def test_while_a_look_could_tell_nobody_is_asked() -> None:
    found = about(OPENED, (NO_KEY, 60), done=frozenset())
    assert Look.KEY_STATUS in found.looks
    assert found.question is None


def test_looks_come_cheapest_first() -> None:
    case = case_of((ScopesGranted(frozenset(ASKED)), 20), region="eu")
    looks = diagnose(case, CATALOGUE, Stage.KEY, something_failed=False).looks
    assert list(looks) == sorted(looks, key=list(Look).index)
    assert len(looks) > 2


@pytest.mark.parametrize("cause", CATALOGUE, ids=lambda one: one.id)
def test_what_only_old_looks_say_is_never_ruled_out_by_them(cause: Any) -> None:
    """Verdicts that rest on a look name its moment; none that rules out by one is older than the look is good for."""
    longest = max(GOOD_FOR.values())
    for case in cases(800):
        said = cause.signal(case)
        if said.certainty is Certainty.RULED_OUT and said.seen_at and said.reason in LOOKED:
            assert case.now - said.seen_at <= longest


LOOKED: Final = frozenset({"has_room", "is_online", "switch_is_on", "listed_as_owner", "not_in_service", "keys_agree"})


# ── several at once ──────────────────────────────────────────────────


def test_all_that_is_in_the_way_is_shown_at_once_one_walk_to_the_car() -> None:
    found = about(
        (MobileAccess(allowed=False), 1), (KeyStatus(paired=False, must_sign=True, keys_on_car=20, firmware=None), 1)
    )
    assert [(place.who, place.where, [one.cause.id for one in place.findings]) for place in found.places] == [
        (Who.DRIVER, Where.CAR, ["D5", "E1"])
    ]
    assert not found.offers_link
    assert found.question is None


def test_what_is_the_drivers_own_comes_before_what_is_others() -> None:
    found = about((HostedKey(KeyFile.MISSING), 1), (MobileAccess(allowed=False), 1))
    assert [place.who for place in found.places] == [Who.DRIVER, Who.OPERATOR]


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        ((Listed(Access.OWNER, Reach.ASLEEP, None, False, False), 1), True),  # a rest; the app wakes it
        ((Listed(Access.OWNER, Reach.OFFLINE, None, False, False), 1), False),
        ((Listed(Access.OWNER, Reach.ONLINE, None, True, False), 1), False),
        ((Listed(Access.DRIVER, Reach.ONLINE, None, False, False), 1), False),  # three ways instead
        ((KeyStatus(False, True, 20, None), 1), False),
        ((KeyStatus(False, True, 19, None), 1), True),  # some cars are full at 19, so it is tried
        ((HostedKey(KeyFile.NOT_A_KEY), 1), False),
    ],
)
def test_a_link_that_cannot_work_is_not_offered(told: Told, offered: bool) -> None:
    assert about(told).offers_link is offered


# ── questions ────────────────────────────────────────────────────────


def test_what_the_app_showed_is_asked_first() -> None:
    assert about(OPENED).question is Question.APP_SHOWED


def test_no_more_than_two_questions_are_asked_and_dont_know_counts() -> None:
    asked: dict[str, Answer] = {}
    while question := about(OPENED, answered(**asked)).question:
        asked[question.value] = Answer.DONT_KNOW
    assert 1 <= len(asked) <= 2


def test_dont_know_changes_no_weight() -> None:
    def shares(found: Diagnosis) -> list[tuple[str, Fraction]]:
        return [(one.first.cause.id, one.share) for one in found.suspects]

    assert shares(about(OPENED)) == shares(about(OPENED, answered(app_showed=Answer.DONT_KNOW)))


@pytest.mark.parametrize("told", [(), (answered(app_showed=Answer.UNABLE_TO_SHARE),)], ids=["first", "second"])
def test_the_question_is_the_one_that_leaves_the_least_doubt(told: tuple[Told, ...]) -> None:
    """Against brute force: every answer of every question, judged anew from the beginning."""
    found = about(OPENED, *told)
    known = {} if not told else {Question.APP_SHOWED: Answer.UNABLE_TO_SHARE}
    weights = {cause.id: weight for cause, weight in weighed(known)}

    def left(question: Question) -> Fraction:
        total = Fraction()
        for answer in OFFERED[question]:
            classes: dict[str, Fraction] = {}
            for cause, weight in weighed({**known, question: answer}):
                name = cause.siblings or cause.id
                classes[name] = classes.get(name, Fraction()) + weight
            total += sum((one**2 for one in classes.values()), Fraction()) / sum(classes.values())
        return total / sum(weights.values())

    assert found.question is max((one for one in Question if one not in known), key=left)


def weighed(answers: Mapping[Question, Answer]) -> list[tuple[Cause, Fraction]]:
    """Each suspect of the well car, by its prior, its signal and those answers."""
    case = case_of(*WELL, OPENED, region="eu")
    weights = []
    for cause in (one for one in CATALOGUE if one.stands_in(Stage.KEY)):
        weight = cause.prior * FACTOR.get(cause.signal(case).certainty, Fraction())
        for question, answer in answers.items():
            weight *= expected(cause, question, answer)
        weights.append((cause, weight))
    return weights


# ── remedies ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        ({"app_showed": Answer.NOTHING_ASKED}, Remedy.CLOSE_THE_APP),  # S6 before S3: a minute, and the commoner one
        ({"app_showed": Answer.DID_NOT_OPEN}, Remedy.OPEN_IN_BROWSER),  # S5
        ({"app_showed": Answer.UNABLE_TO_SHARE, "phone_opens_car": Answer.NO}, Remedy.SET_UP_PHONE_KEY),  # S13
        ({"app_showed": Answer.UNABLE_TO_SHARE, "phone_opens_car": Answer.SOMETIMES}, Remedy.RENEW_PHONE_KEY),
        ({"app_showed": Answer.NOT_REACHED}, Remedy.WAKE_THE_CAR),
        ({"app_showed": Answer.SECOND_FACTOR}, Remedy.CONFIRM_SECOND_FACTOR),
    ],
)
def test_what_cures_most_for_the_least_effort_comes_first(answers: dict[str, Answer], first: Remedy) -> None:
    remedies = about(OPENED, answered(**answers)).remedies
    assert next(one for one in remedies if one is not Remedy.OPEN_THE_LINK) is first


def test_an_old_app_is_next_once_closing_it_did_not_help() -> None:
    found = about(OPENED, answered(app_showed=Answer.NOTHING_ASKED), (Tried(7, (Remedy.CLOSE_THE_APP,)), 0.7))
    todo = [one for one in found.remedies if one is not Remedy.OPEN_THE_LINK]
    assert todo[0] is Remedy.UPDATE_THE_APP
    assert todo[-1] is Remedy.CLOSE_THE_APP


def test_a_second_remedy_is_not_given_up_with_the_first() -> None:
    """J9: that changing the account in the app did not help says little about asking the owner."""
    rejected = answered(app_showed=Answer.TOKEN_REJECTED, whose_car=Answer.SOMEBODYS)
    before, after = (
        about(OPENED, rejected, *tried) for tried in ((), ((Tried(7, (Remedy.SWITCH_APP_ACCOUNT,)), 0.7),))
    )
    shares = [next(one.share for one in found.suspects if one.first.cause.id == "J9") for found in (before, after)]
    assert shares[0] > shares[1] > shares[0] / 3


def test_what_gives_something_up_comes_after_what_mends() -> None:
    found = about((Listed(Access.UNKNOWN, Reach.ONLINE, None, False, False), 1), OPENED)
    order = found.remedies
    assert order.index(Remedy.ASK_THE_OWNER) < order.index(Remedy.CHOOSE_ANOTHER_CAR)


def test_opening_the_link_again_is_no_remedy_tried_for_what_has_another() -> None:
    def share(*tried: Remedy) -> Fraction:
        found = about(OPENED, (Tried(7, tried), 0.7))
        return next(one.share for one in found.suspects if any(each.cause.id == "C5" for each in one.findings))

    assert share(Remedy.OPEN_THE_LINK) > share() > share(Remedy.CLOSE_THE_APP)


def test_causes_that_nothing_parts_are_one_suspect() -> None:
    swallowed = next(one for one in about(OPENED).suspects if one.first.cause.id == "C5")
    assert [one.cause.id for one in swallowed.findings] == ["C5", "C3"]


def test_shares_of_all_suspects_make_a_whole() -> None:
    for case in some_cases():
        found = diagnose(case, CATALOGUE, Stage.KEY, something_failed=True, in_vain=ALL_LOOKS)
        assert sum((one.share for one in found.suspects), Fraction()) in (0, 1)


def test_the_same_case_gives_the_same_answer_bit_for_bit() -> None:
    for case in some_cases():
        twice = [diagnose(case, CATALOGUE, stage, something_failed=True) for stage in (Stage.KEY, Stage.KEY)]
        assert twice[0] == twice[1]


def test_what_ends_says_so_and_forbids_the_link() -> None:
    for case in some_cases():
        found = diagnose(case, CATALOGUE, Stage.KEY, something_failed=True, in_vain=ALL_LOOKS)
        assert found.is_over == any(one.cause.hold is Hold.ENDS for one in found.present)
        assert not (found.is_over and found.offers_link)


def some_cases() -> list[Case]:
    return list(cases(300))
