"""A page for an owner: how it stands as things happen to it, and what may stand on it."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from chargekey.domain.causes.case import HandOff
from chargekey.domain.evidence import (
    ChoseVehicle,
    Fact,
    KeyStatus,
    Listed,
    Observation,
    Seen,
    Source,
    Subject,
    SubjectKind,
    fold,
)
from chargekey.domain.findings import MobileAccess, StaysReadOnly
from chargekey.domain.hand_off import (
    LONGEST_WORDS,
    VALID_FOR,
    Course,
    NameUnreadable,
    Stop,
    changed_at,
    is_open,
    readable_name,
    readable_words,
    state,
    stays_read_only,
    stops_link,
    waits_for_key,
)
from chargekey.domain.vehicle import Access, Reach

SIX = datetime(2024, 11, 6, 18, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
FINAL = (HandOff.DECLINED, HandOff.RUN_OUT, HandOff.REVOKED, HandOff.DONE)


def course(happened: str, ends_at: datetime = SIX + VALID_FOR) -> Course:
    """o: opened, a: agreed, d: declined, r: revoked, k: key there."""
    at = {letter: SIX + AN_HOUR * number for number, letter in enumerate(happened, start=1)}
    return Course(
        SIX, ends_at, opened_at=at.get("o"), agreed_at=at.get("a"), declined_at=at.get("d"), revoked_at=at.get("r"),
        done_at=at.get("k"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("happened", "after_h", "stands", "may_key_come"),
    [
        ("", 1, HandOff.WAITING, False),
        ("o", 2, HandOff.OPENED, False),
        ("oa", 3, HandOff.OPENED, True),  # who asked is not told of a yes before the key is there
        ("oak", 4, HandOff.DONE, False),
        ("od", 3, HandOff.DECLINED, False),
        ("oad", 4, HandOff.DECLINED, False),
        ("oar", 4, HandOff.REVOKED, False),
        ("r", 2, HandOff.REVOKED, False),
        ("", 72, HandOff.RUN_OUT, False),
        ("oa", 72, HandOff.RUN_OUT, False),
        ("od", 80, HandOff.DECLINED, False),
        ("oak", 80, HandOff.DONE, False),
        ("r", 80, HandOff.REVOKED, False),
    ],
)
def test_a_page_stands_as_what_happened_to_it_says(
    happened: str, after_h: float, stands: HandOff, may_key_come: bool
) -> None:
    now = SIX + AN_HOUR * after_h
    assert state(course(happened), now) is stands
    assert waits_for_key(course(happened), now) is may_key_come
    assert is_open(course(happened), now) is (stands not in FINAL)


def test_it_is_good_to_the_very_moment_that_it_names() -> None:
    ends_at = SIX + VALID_FOR
    assert state(course("o"), ends_at - timedelta(microseconds=1)) is HandOff.OPENED
    assert state(course("o"), ends_at) is HandOff.RUN_OUT


def test_what_is_final_stays_so_and_dates_from_when_it_came() -> None:
    for letters in product("oadrk", repeat=3):
        happened = "".join(dict.fromkeys(letters))
        for hours in (4, 100):
            now = SIX + AN_HOUR * hours
            stands = state(course(happened), now)
            assert stands is not HandOff.NONE
            assert changed_at(course(happened), now) <= now
            if stands in FINAL and stands is not HandOff.RUN_OUT:
                assert state(course(happened), now + VALID_FOR) is stands


# ── what may stand on it ─────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Maren Vogt", "Maren Vogt"),
        ("  Maren \t Vogt ", "Maren Vogt"),
        ("Dr. Źofia O’Neill-Çelik", "Dr. Źofia O’Neill-Çelik"),
        ("李雷", "李雷"),
        ("J. R.", "J. R."),
    ],
)
def test_a_name_stands_there_as_it_was_typed(typed: str, read: str) -> None:
    assert readable_name(typed) == read


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-", "Kim 555 123", "kim@driver.example", "tesla.com", "http://x", "a/b", "Kim<b>", "K\x00im", "K" * 61],
)
def test_what_could_pass_for_more_than_a_name_does_not(typed: str) -> None:
    with pytest.raises(NameUnreadable):
        readable_name(typed)


def test_an_owners_words_are_one_short_line() -> None:
    assert readable_words("Call me\r\n\x00 first\u202e") == "Call me first"
    assert len(readable_words("a " * 1000)) <= LONGEST_WORDS


# ── whether Tesla's link can work ────────────────────────────────


def seen(*facts: Fact) -> Seen:
    """One after another, a minute apart."""
    subject = Subject(SubjectKind.VEHICLE, 1)
    return fold(
        Observation(subject, fact, SIX + timedelta(minutes=number), Source.TESLA) for number, fact in enumerate(facts)
    )


def listed(*, in_service: bool = False, mobile_access_off: bool = False) -> Listed:
    return Listed(Access.DRIVER, Reach.ASLEEP, None, in_service, mobile_access_off)


@pytest.mark.parametrize(
    ("facts", "stop"),
    [
        ((), None),
        ((listed(),), None),  # asleep is no reason: the app wakes it
        ((KeyStatus(False, True, 19, None),), None),
        ((KeyStatus(False, True, 20, None),), Stop.KEY_LIST_FULL),
        ((KeyStatus(True, True, 20, None),), None),
        ((MobileAccess(False),), Stop.MOBILE_ACCESS_OFF),
        ((MobileAccess(False), listed()), None),  # Tesla's later list says otherwise
        ((listed(mobile_access_off=True),), Stop.MOBILE_ACCESS_OFF),
        ((listed(in_service=True),), Stop.IN_SERVICE),
    ],
)
def test_a_link_that_cannot_work_is_known(facts: tuple[Fact, ...], stop: Stop | None) -> None:
    assert stops_link(seen(*facts)) is stop


def test_who_gave_up_about_a_car_stays_so_until_he_chooses_it_anew() -> None:
    assert stays_read_only(seen(ChoseVehicle(1), StaysReadOnly(1)), 1)
    assert not stays_read_only(seen(ChoseVehicle(1), StaysReadOnly(1)), 2)
    assert not stays_read_only(seen(StaysReadOnly(1), ChoseVehicle(1)), 1)
    assert not stays_read_only(seen(ChoseVehicle(1)), 1)
