"""Whoever does what the diagnosis says, and nothing else, comes to an end: a key, or the reason why there is none."""

from collections.abc import Sequence
from typing import Final

import pytest

from chargekey.domain.causes.catalogue import BY_ID
from chargekey.domain.causes.questions import MOST_ASKED
from chargekey.domain.vehicle import Access
from tests.domain.diagnosis_worlds import LASTING, MENDABLE, Measured, alone, in_pairs, row
from tests.domain.led_by_diagnosis import MOST_STEPS, End
from tests.domain.world_of_facts import TRUE_WHEN

TIMES: Final = 3
PAIRS: Final = 60
SINGLES: Final = tuple(alone(MENDABLE, TIMES))
LASTS: Final = tuple(alone(LASTING, TIMES))
AT_ONCE: Final = tuple(in_pairs(PAIRS))
EVERY: Final = (*SINGLES, *LASTS, *AT_ONCE)


def story(measured: Measured) -> str:
    return f"{measured.name}: {' > '.join(measured.diary.did)}"


def ended(measured: Sequence[Measured], *ends: End) -> list[str]:
    """Those that did not end so."""
    return [story(one) for one in measured if one.diary.end not in ends]


def test_what_is_true_is_never_ruled_out() -> None:
    wrong = [(one.name, sorted(one.diary.wrongly_ruled_out)) for one in EVERY if one.diary.wrongly_ruled_out]
    assert wrong == []


def test_each_thing_that_can_be_mended_is_mended_by_doing_what_is_said() -> None:
    assert ended(SINGLES, End.CURED) == []


def test_two_things_at_once_are_mended_one_after_the_other() -> None:
    """What stands in an owner's way and can be seen on his phone alone is told as the owner's turn, and no more."""
    assert ended([one for one in AT_ONCE if one.world.access is Access.OWNER], End.CURED) == []
    assert ended([one for one in AT_ONCE if one.world.access is not Access.OWNER], End.CURED, End.NAMED) == []


def test_what_nobody_mends_is_named_with_who_could() -> None:
    assert ended(LASTS, End.ENDED, End.NAMED) == []


def test_no_more_than_two_questions_a_try_and_twelve_things_to_do() -> None:
    assert max(one.diary.most_asked_a_try for one in EVERY) <= MOST_ASKED
    assert max(one.diary.steps for one in EVERY) <= MOST_STEPS


def test_the_first_cause_named_is_mostly_the_right_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Measured, with a floor under it: what falls below was made worse."""
    with capsys.disabled():
        print(f"\n{row('alone', SINGLES)}\n{row('what lasts', LASTS)}\n{row('two at once', AT_ONCE)}")
    told = [one for one in EVERY if one.diary.first_said]
    assert 100 * sum(one.diary.first_is_right for one in told) >= 70 * len(told)
    assert 100 * sum(one.diary.in_three for one in told) >= 85 * len(told)


def test_what_the_worlds_call_true_are_causes_of_the_catalogue() -> None:
    assert [cause for cause, _ in TRUE_WHEN if cause not in BY_ID] == []
