"""A proof of the key ends when the key is seen to be gone, and does not come back with the key."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.evidence import Fact, Handshake, KeyStatus, Observation, Source, Subject, SubjectKind, fold
from chargekey.domain.journey import Proof, proof_of_key
from chargekey.domain.vehicle import Vin

SIX: Final = datetime(2024, 1, 10, 18, tzinfo=UTC)
CAR: Final = Subject(SubjectKind.VEHICLE, 1)
MODEL_3: Final = Vin("5YJ3E7EA1PF123456")
FACTS: Final[dict[str, Fact]] = {
    "unlisted": KeyStatus(paired=None, must_sign=None, keys_on_car=None, firmware=None),
    "unpaired": KeyStatus(paired=False, must_sign=True, keys_on_car=1, firmware=None),
    "paired": KeyStatus(paired=True, must_sign=True, keys_on_car=2, firmware=None),
    "proved": Handshake(proved=True),
    "refused": Handshake(proved=False),
}


def seen(word: str, minutes: float) -> Observation:
    return Observation(CAR, FACTS[word], SIX + timedelta(minutes=minutes), Source.TESLA)


@pytest.mark.parametrize(
    ("told", "proof"),
    [
        ("paired proved", Proof.PROVED),
        ("paired proved paired", Proof.PROVED),
        ("paired proved unlisted", Proof.PROVED),  # in neither list: nobody said that it is gone
        ("unpaired refused paired proved", Proof.PROVED),
        ("paired proved unpaired", Proof.NOT_YET_TRIED),
        ("paired proved unpaired paired", Proof.NOT_YET_TRIED),  # deleted on the screen, and added once more
        ("paired proved refused paired", Proof.NOT_YET_TRIED),
        ("paired proved unpaired paired unlisted paired", Proof.NOT_YET_TRIED),
        ("paired proved unpaired paired proved", Proof.PROVED),
        ("paired proved refused proved", Proof.PROVED),
    ],
)
def test_a_key_that_came_back_is_proved_anew(told: str, proof: Proof) -> None:
    view = fold(seen(word, minute) for minute, word in enumerate(told.split()))
    assert proof_of_key(MODEL_3, view) is proof


def test_a_proof_of_the_moment_at_which_the_key_was_gone_is_none() -> None:
    assert proof_of_key(MODEL_3, fold([seen("proved", 0), seen("unpaired", 0)])) is Proof.NOT_YET_TRIED
    assert proof_of_key(MODEL_3, fold([seen("unpaired", 0), seen("proved", 0)])) is Proof.NOT_YET_TRIED


@given(st.dictionaries(st.integers(0, 12), st.sampled_from(sorted(FACTS))), st.randoms(use_true_random=False))
def test_the_order_in_which_we_hear_of_it_changes_no_verdict(told: dict[int, str], shuffled: object) -> None:
    in_order = [seen(word, minute) for minute, word in sorted(told.items())]
    mixed = list(in_order)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis hands a random.Random, typed loosely
    assert proof_of_key(MODEL_3, fold(mixed)) is proof_of_key(MODEL_3, fold(in_order))


@given(st.lists(st.sampled_from(sorted(FACTS)), max_size=12))
def test_a_proof_stands_only_where_nothing_after_it_says_that_the_key_is_gone(told: list[str]) -> None:
    view = fold(seen(word, minute) for minute, word in enumerate(told))
    after = told[::-1].index("proved") if "proved" in told else None
    stands = after is not None and not {"unpaired", "refused"} & set(told[len(told) - after :])
    assert (proof_of_key(MODEL_3, view) is Proof.PROVED) is stands
