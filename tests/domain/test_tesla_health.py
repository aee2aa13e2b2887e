"""Drawn: a line is an account, a character a minute: `.` not asked, `o` answered, `x` failed, `e` ended."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.tesla_health import How, Weather, Went, is_over, judge, regions_down

NOON: Final = datetime(2024, 1, 10, 12, tzinfo=UTC)
MEANS: Final = {"o": How.ANSWERED, "x": How.TESLAS_FAULT, "e": How.SIGN_IN_ENDED}


def minute(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def drawn(*lines: str, region: str = "eu") -> list[Went]:
    return [
        Went(account, minute(at), MEANS[mark], region)
        for account, line in enumerate(lines)
        for at, mark in enumerate(line)
        if mark != "."
    ]


@pytest.mark.parametrize(
    ("lines", "weather", "since"),
    [
        ([""], Weather.UNKNOWN, None),
        (["o"], Weather.FAIR, None),
        (["x"], Weather.FAIR, None),  # one failure of one account is a bad moment
        (["xx"], Weather.FAIR, None),
        (["xxx"], Weather.OUTAGE, 0),  # three in a row over two minutes
        (["oxxx"], Weather.OUTAGE, 1),
        (["xxxo"], Weather.FAIR, None),
        (["x", ".x"], Weather.OUTAGE, 0),  # two accounts outweigh one
        (["xxx", "..o"], Weather.FAIR, None),  # another account gets its answers: it is not Tesla
        (["x", "x", ".o"], Weather.OUTAGE, 0),  # once may be luck
        (["x", "x", ".o", "..o"], Weather.FAIR, None),
        (["x", "x", "o", "o", "o"], Weather.FAIR, None),
        (["x.x", "ox", "..x", "o"], Weather.OUTAGE, 0),
        (["eee", "e"], Weather.FAIR, None),  # a sign-in that ended is an answer
    ],
)
def test_the_weather_by_how_calls_went(lines: list[str], weather: Weather, since: int | None) -> None:
    health = judge(drawn(*lines), minute(5))
    assert health.weather is weather
    assert health.since == (None if since is None else minute(since))


def test_what_is_long_past_counts_no_more() -> None:
    assert judge(drawn("xxx", "xxx"), minute(30)).weather is Weather.UNKNOWN


def test_a_region_that_is_down_alone_is_named_alone() -> None:
    calls = [*drawn("xxx", "x", region="na"), *drawn("", "", "ooo", region="eu")]
    assert regions_down(calls, minute(3)) == {"na": minute(0)}
    assert judge(calls, minute(3)).weather is Weather.OUTAGE


@pytest.mark.parametrize(
    ("lines", "over"),
    [
        ([""], False),  # nobody asked: not known
        (["xxo"], False),
        (["xxoo"], True),
        (["xxo", "...o"], True),  # whoever asked
        (["xxoox"], False),
        (["xo", ".o"], False),  # two answers at one moment are one
    ],
)
def test_an_outage_is_over_when_answers_last(lines: list[str], over: bool) -> None:
    assert is_over(drawn(*lines), "eu") is over


@pytest.mark.parametrize(
    ("lines", "masses"),
    [
        (["e", "e"], False),
        (["e", "e", "e"], True),
        (["e", "e", "e", "o", "o", "o"], True),
        (["e", "e", "e", "o", "o", "o", "o"], False),
        (["eo", "e", "e"], False),  # signed in again
        (["ex", "e", "e"], True),  # a fault of Tesla's does not say that it works again
    ],
)
def test_many_sign_ins_that_end_at_once_are_nobodys_own_doing(lines: list[str], masses: bool) -> None:
    assert judge(drawn(*lines), minute(5)).ends_sign_ins_in_masses is masses


CALLS: Final = st.lists(
    st.builds(
        Went, st.integers(0, 4), st.integers(0, 25).map(minute), st.sampled_from(How), st.sampled_from(["na", "eu"])
    ),
    max_size=30,
)


@given(CALLS)
def test_an_outage_always_has_a_beginning_among_the_failures(calls: list[Went]) -> None:
    health = judge(calls, minute(25))
    assert (health.since is not None) == (health.weather is Weather.OUTAGE)
    if health.since:
        assert health.since in {call.at for call in calls if call.how is How.TESLAS_FAULT}
    assert health.failing <= health.asked


@given(CALLS)
def test_without_a_failure_there_is_no_outage(calls: list[Went]) -> None:
    well = [call for call in calls if call.how is not How.TESLAS_FAULT]
    assert judge(well, minute(25)).weather is not Weather.OUTAGE
