"""What is done next about a car that shall stream: asked once, seen to, and never asked in a loop."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chargekey.domain.told_to_stream import (
    A_DAY,
    A_WEEK,
    AT_TESLA,
    Deed,
    HowFar,
    Stands,
    Streamer,
    ToldToStream,
    due_at,
    is_too_old,
    next_deed,
    stands_by,
    went,
)
from chargekey.domain.vehicle import Vin

NOW: Final = datetime(2024, 11, 6, 18, tzinfo=UTC)
SINCE: Final = NOW - timedelta(days=3)
NEW: Final = Streamer(
    now=NOW, wanted="a", told=None, told_at=None, heard_at=None, is_online=True, too_old=False
)  # never told


def stands(as_: Stands, written: timedelta = timedelta(), since: timedelta = timedelta(), **more: object) -> Streamer:
    """It stands so since `since` ago, as was written down `written` ago."""
    told = ToldToStream(as_, "a", NOW - max(since, written), NOW + timedelta(days=90))
    return replace(NEW, told=told, told_at=NOW - written, **more)  # type: ignore[arg-type]  # members by name


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


# ── asked once ───────────────────────────────────────────────────────


def test_a_car_that_was_never_told_is_told() -> None:
    assert next_deed(NEW) == (Deed.TELL, None)


@pytest.mark.parametrize("as_", [one for one in Stands if one is not Stands.NOTHING])
def test_what_was_just_asked_or_answered_is_not_asked_again(as_: Stands) -> None:
    deed, again_at = next_deed(stands(as_))
    assert deed is None
    assert again_at and NOW + minutes(1) <= again_at <= NOW + A_DAY


@pytest.mark.parametrize("as_", Stands)
def test_another_config_is_told_at_once(as_: Stands) -> None:
    assert next_deed(replace(stands(as_), wanted="b")) == (Deed.TELL, None)


@pytest.mark.parametrize(
    ("as_", "deed"),
    [
        (Stands.NOTHING, Deed.TELL),
        (Stands.ASKED, Deed.ASK),
        (Stands.WAITS, Deed.ASK),
        (Stands.TAKEN, Deed.ASK),
        (Stands.REJECTED, Deed.TELL),
        (Stands.NO_KEY, Deed.TELL),
        (Stands.FIRMWARE, Deed.TELL),
        (Stands.FULL, Deed.TELL),
        (Stands.NOT_HIS, Deed.TELL),
        (Stands.REFUSED, Deed.TELL),
    ],
)
def test_after_its_wait_it_is_seen_to(as_: Stands, deed: Deed) -> None:
    assert next_deed(stands(as_, A_WEEK)) == (deed, None)


@pytest.mark.parametrize("as_", Stands)
def test_each_wait_is_as_long_as_it_stood_so_far_and_never_grows_beyond_its_longest(as_: Stands) -> None:
    told, waits = ToldToStream(as_, "a", NOW), []
    told_at = NOW
    for _ in range(12):
        due = due_at(told, told_at)
        waits.append(due - told_at)
        told_at = max(due, told_at + minutes(1))
    assert waits == sorted(waits)
    assert waits[-1] <= 4 * A_WEEK
    assert sum(wait < A_DAY for wait in waits) <= 12
    assert waits[-1] >= minutes(60)


# ── a sleeping car, a heard one ──────────────────────────────────────


def test_a_car_that_sleeps_is_waited_for_without_a_question() -> None:
    assert next_deed(stands(Stands.WAITS, minutes(6), is_online=False)) == (None, NOW + minutes(60))
    assert next_deed(stands(Stands.WAITS, minutes(6))) == (Deed.ASK, None)


def test_a_car_that_is_heard_is_asked_about_no_more() -> None:
    assert next_deed(stands(Stands.TAKEN, A_WEEK, heard_at=NOW - minutes(60))) == (None, NOW + A_DAY)
    assert next_deed(stands(Stands.TAKEN, A_WEEK, heard_at=NOW - A_DAY)) == (Deed.ASK, None)


def test_it_is_renewed_before_it_ends() -> None:
    nearly = replace(NEW, told=ToldToStream(Stands.TAKEN, "a", SINCE, NOW + timedelta(days=20)), told_at=SINCE)
    assert next_deed(nearly) == (Deed.TELL, None)
    not_yet = replace(nearly, told=ToldToStream(Stands.TAKEN, "a", SINCE, NOW + timedelta(days=21)), heard_at=NOW)
    assert next_deed(not_yet) == (None, NOW + A_DAY)


# ── cannot, shall not ────────────────────────────────────────────────


def test_a_firmware_that_is_too_old_is_noted_once() -> None:
    assert next_deed(replace(NEW, too_old=True)) == (Deed.NOTE_TOO_OLD, None)
    assert next_deed(stands(Stands.FIRMWARE, minutes(5), too_old=True)) == (None, NOW + A_DAY)
    assert next_deed(stands(Stands.FIRMWARE, A_WEEK)) == (Deed.TELL, None)  # it has a newer one


@pytest.mark.parametrize("as_", Stands)
def test_what_shall_stream_no_more_is_taken_back_once(as_: Stands) -> None:
    shall_not = replace(stands(as_), wanted=None)
    assert next_deed(shall_not) == ((Deed.TAKE_BACK, None) if as_ in AT_TESLA else (None, None))
    assert next_deed(replace(NEW, wanted=None)) == (None, None)


@pytest.mark.parametrize(
    ("vin", "firmware", "too_old"),
    [
        ("LRW3E7EK0NC004F21", "2024.26", False),
        ("LRW3E7EK0NC004F21", "2024.20.9", True),
        ("LRW3E7EK0NC004F21", "2023.44", True),
        ("LRW3E7EK0NC004F21", None, False),
        ("LRW3E7EK0NC004F21", "unknown", False),
        ("5YJSA7E20KF009D64", "2024.44.25", True),
        ("5YJSA7E20KF009D64", "2025.20", False),
    ],
)
def test_which_firmware_surely_does_not_stream(vin: str, firmware: str | None, too_old: bool) -> None:
    assert is_too_old(Vin(vin), firmware) is too_old


# ── since when ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "now", "goes_on"),
    [
        (Stands.ASKED, Stands.NOTHING, True),
        (Stands.NOTHING, Stands.ASKED, True),
        (Stands.WAITS, Stands.REJECTED, True),
        (Stands.WAITS, Stands.TAKEN, False),
        (Stands.TAKEN, Stands.TAKEN, True),
        (Stands.TAKEN, Stands.NOTHING, False),
    ],
)
def test_since_when_it_stands_so(before: Stands, now: Stands, goes_on: bool) -> None:
    told = went(ToldToStream(before, "a", SINCE), NOW, now, "a")
    assert told == ToldToStream(now, "a", SINCE if goes_on else NOW)
    assert went(ToldToStream(before, "b", SINCE), NOW, now, "a").since == NOW


@pytest.mark.parametrize(
    ("how_far", "as_"),
    [
        (HowFar(is_synced=False, has_config=True, is_full=False), Stands.WAITS),
        (HowFar(is_synced=True, has_config=True, is_full=False), Stands.TAKEN),
        (HowFar(is_synced=True, has_config=False, is_full=False), Stands.REJECTED),
        (HowFar(is_synced=False, has_config=False, is_full=False), Stands.NOTHING),
        (HowFar(is_synced=True, has_config=False, is_full=True), Stands.FULL),
    ],
)
def test_how_far_it_got_by_teslas_word(how_far: HowFar, as_: Stands) -> None:
    assert stands_by(how_far) is as_
