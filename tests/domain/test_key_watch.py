"""The whole schedule by which we look for the key."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chargekey.domain.key_watch import KeyWatch, is_open, next_look

OPENED: Final = datetime(2024, 1, 10, 18, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return OPENED + timedelta(seconds=seconds)


def looks(*, open_for_s: int, returned_s: int | None, until_s: int) -> list[int]:
    """The seconds at which we look, while the page is open and for a while after. It beats every ten seconds."""
    moments: list[int] = []
    now = OPENED
    while True:
        since_s = int((now - OPENED).total_seconds())
        back = returned_s is not None and since_s >= returned_s
        beat_s = min(since_s, open_for_s) // 10 * 10
        watch = KeyWatch(OPENED, at(beat_s), at(returned_s) if back and returned_s is not None else None)
        upcoming = next_look(watch, now)
        if upcoming is None or upcoming > at(until_s):
            return moments
        now = upcoming
        moments.append(int((now - OPENED).total_seconds()))


def test_an_open_page_is_looked_for_every_ten_seconds_then_every_minute() -> None:
    assert looks(open_for_s=600, returned_s=None, until_s=600) == [
        *range(10, 301, 10),  # five minutes
        *range(360, 601, 60),
    ]


def test_who_comes_back_from_the_tesla_app_sees_the_key_within_three_seconds() -> None:
    assert looks(open_for_s=600, returned_s=60, until_s=420) == [
        *range(10, 61, 10),
        *range(63, 91, 3),  # thirty seconds from the return on
        *range(100, 301, 10),
        360,
        420,
    ]


def test_coming_back_counts_also_after_the_first_five_minutes() -> None:
    assert looks(open_for_s=900, returned_s=420, until_s=570) == [
        *range(10, 301, 10),
        360,
        420,
        *range(423, 451, 3),
        510,
        570,
    ]


CLOSED: Final = KeyWatch(OPENED, at(600), None)
HOUR: Final = timedelta(hours=1)


def test_a_closed_page_is_looked_for_after_5_15_and_60_minutes_then_hourly_for_a_day() -> None:
    found, now = [], CLOSED.last_open_at + timedelta(seconds=25)
    while upcoming := next_look(CLOSED, now):
        found.append(upcoming - CLOSED.last_open_at)
        now = upcoming
    assert found == [timedelta(minutes=5), timedelta(minutes=15), *(HOUR * n for n in range(1, 25))]


@pytest.mark.parametrize("late", [timedelta(hours=24), timedelta(hours=24, seconds=1), timedelta(days=400)])
def test_a_day_after_closing_we_stop(late: timedelta) -> None:
    assert next_look(CLOSED, CLOSED.last_open_at + late) is None


def test_a_look_that_comes_late_leaves_out_what_it_missed() -> None:
    late = CLOSED.last_open_at + timedelta(hours=7, minutes=20)
    assert next_look(CLOSED, late) == CLOSED.last_open_at + 8 * HOUR


def test_two_missed_beats_are_a_closed_page() -> None:
    beat = CLOSED.last_open_at
    assert is_open(CLOSED, beat)
    assert is_open(CLOSED, beat + timedelta(seconds=24))
    assert not is_open(CLOSED, beat + timedelta(seconds=25))


def test_a_closed_page_that_is_opened_again_is_looked_for_briskly_again() -> None:
    reopened = KeyWatch(at(7200), at(7200), None)
    assert next_look(reopened, at(7200)) == at(7210)


def test_there_is_always_a_next_look_and_it_lies_ahead_for_a_day() -> None:
    for minutes in range(24 * 60):
        now = CLOSED.last_open_at + timedelta(minutes=minutes)
        upcoming = next_look(CLOSED, now)
        assert upcoming is not None
        assert timedelta() < upcoming - now <= HOUR
