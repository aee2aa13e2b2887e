"""The two clocks: the system's, and one that can be turned."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from chargekey.adapters.clock.system import SystemClock
from chargekey.adapters.clock.turned import OffsetUnreadable, TurnedClock

SIX: Final = datetime(2024, 1, 10, 18, tzinfo=UTC)
A_MINUTE: Final = timedelta(minutes=1)  # a slow machine's leave


def machines_time(folder: Path) -> datetime:
    """What time the file system thinks it is."""
    stamp = folder / "stamp"
    stamp.touch()
    return datetime.fromtimestamp(stamp.stat().st_mtime, UTC)


def test_the_systems_clock_shows_real_time_in_utc(tmp_path: Path) -> None:
    shown = SystemClock().now()
    assert shown.tzinfo is UTC
    assert abs(shown - machines_time(tmp_path)) < A_MINUTE


def test_a_clock_nobody_turned_shows_real_time(tmp_path: Path) -> None:
    assert abs(TurnedClock().now() - machines_time(tmp_path)) < A_MINUTE


@pytest.mark.parametrize("to", [SIX, SIX + timedelta(days=4000), SIX - timedelta(days=4000)])
def test_a_turned_clock_runs_on_from_where_it_was_turned_to(to: datetime) -> None:
    clock = TurnedClock()
    clock.turn(to)
    first, second = clock.now(), clock.now()
    assert to <= first <= second < to + A_MINUTE
    assert first.tzinfo is UTC


def test_it_can_be_turned_again_and_back() -> None:
    clock = TurnedClock()
    clock.turn(SIX)
    clock.turn(SIX + timedelta(hours=9))
    clock.turn(SIX)
    assert SIX <= clock.now() < SIX + A_MINUTE


def test_where_it_was_turned_to_outlives_a_restart(tmp_path: Path) -> None:
    kept_in = tmp_path / "clock.json"
    TurnedClock(kept_in).turn(SIX)
    assert SIX <= TurnedClock(kept_in).now() < SIX + A_MINUTE
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]


def test_a_clock_without_a_file_forgets() -> None:
    TurnedClock().turn(SIX)
    assert TurnedClock().now() > SIX + timedelta(days=30)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '"offset_us"', '{"offset_us": null}', '{"offset_us": "soon"}', f'{{"offset_us": {10**30}}}'],
)
def test_a_file_that_holds_something_else_is_said(tmp_path: Path, text: str) -> None:
    kept_in = tmp_path / "clock.json"
    kept_in.write_text(text)
    with pytest.raises(OffsetUnreadable, match=r"clock\.json"):
        TurnedClock(kept_in)
