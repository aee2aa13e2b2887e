"""Which cars stream as they were told: a line for each way in which they stand."""

from datetime import UTC, datetime
from typing import Final

import pytest

from chargekey.domain.operator_check import State
from chargekey.domain.streaming_check import StreamingLine, streaming_lines
from chargekey.domain.told_to_stream import Stands, ToldToStream
from chargekey.entrypoints.web.operator_words import DO, SAW

NOW: Final = datetime(2026, 11, 26, 20, 41, tzinfo=UTC)


def told(*stands: Stands, trouble: str = "") -> list[tuple[str, ToldToStream]]:
    return [(f"…{number:04}", ToldToStream(one, "a", NOW, None, trouble)) for number, one in enumerate(stands)]


def streaming(cars: list[tuple[str, ToldToStream]]) -> list[StreamingLine]:
    return list(streaming_lines(cars))


def test_each_way_in_which_cars_stand_has_a_line_that_names_them() -> None:
    taken, rejected = streaming(told(Stands.TAKEN, Stands.REJECTED, Stands.TAKEN))
    assert (taken.state, taken.saw, taken.number, taken.which) == (State.RIGHT, "taken", 2, "…0000, …0002")
    assert (rejected.state, rejected.which, rejected.name) == (State.WRONG, "…0001", "streaming.rejected")
    [many] = streaming(told(*[Stands.WAITS] * 7))
    assert many.which.endswith("…0004…")


def test_that_no_car_was_told_yet_is_said() -> None:
    assert [line.saw for line in streaming([])] == ["nobody_yet"]


@pytest.mark.parametrize("stands", Stands)
def test_only_what_the_operator_can_mend_is_wrong(stands: Stands) -> None:
    [line] = streaming(told(stands))
    assert (line.state is State.WRONG) is (stands in (Stands.REJECTED, Stands.REFUSED))
    assert SAW[line.name]


def test_a_car_that_took_it_and_complains_is_wrong() -> None:
    [line] = streaming(told(Stands.TAKEN, trouble="bad certificate"))
    assert (line.state, line.saw, line.trouble) == (State.WRONG, "in_trouble", "bad certificate")
    assert SAW[line.name] and DO[line.name]
