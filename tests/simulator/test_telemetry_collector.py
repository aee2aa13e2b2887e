"""When a field is pushed: first at once, then by interval, change, least change and resend (§8.1)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tesla_simulator.cars.record import Place
from tesla_simulator.cars.watching import BUCKET
from tesla_simulator.telemetry.collector import Asked, Collector
from tesla_simulator.telemetry.signals import Reading, Scalar

START = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)
EVERY_5_S = Asked(timedelta(seconds=5))
Pushed = list[tuple[float, Scalar]]


def _drawn(asked: Asked, values: str) -> str:
    """One sign a second; a point where nothing is pushed. `x` is a value that is absent."""
    collector, drawn = Collector({"Soc": asked}), ""
    for second, sign in enumerate(values):
        at = START + timedelta(seconds=second)
        reading = Reading("double_value", None if sign == "x" else float(sign))
        drawn += sign if _looks(collector, at, reading) else "."
    return drawn


def _looks(collector: Collector, at: datetime, reading: Reading) -> bool:
    wanted = collector.wanted(at, (), has_happened=True)
    return bool(collector.collect(at, dict.fromkeys(wanted, reading)))


@pytest.mark.parametrize(
    ("asked", "values", "pushed"),
    [
        (EVERY_5_S, "1111111111", "1........."),  # the same is told once
        (EVERY_5_S, "1222222222", "1....2...."),  # a change waits for the interval
        (EVERY_5_S, "1111111222", "1......2.."),  # and goes at once when it is over
        (EVERY_5_S, "1221111111", "1........."),  # what came and went between is never seen
        (EVERY_5_S, "1234567891", "1....6...."),
        (EVERY_5_S, "11xxxxxxx1", "1....x...."),  # absent is a value too
        (EVERY_5_S, "xxxxxx1111", "x.....1..."),
        (Asked(timedelta(seconds=1), minimum_delta=2), "1122334455", "1...3...5."),
        (Asked(timedelta(seconds=1), minimum_delta=2), "1x11111111", "1x1......."),  # whatever the least change is
        (Asked(timedelta(seconds=1), resend=timedelta(seconds=4)), "1111111111", "1...1...1."),
        (Asked(timedelta(seconds=1), resend=timedelta(seconds=4)), "1122222222", "1.2...2..."),
        (Asked(timedelta(seconds=3), resend=timedelta(seconds=1)), "1111111111", "1..1..1..1"),  # not within it
    ],
)
def test_a_field_is_pushed_when_it_is_due(asked: Asked, values: str, pushed: str) -> None:
    assert _drawn(asked, values) == pushed


def test_a_tenth_of_a_float_is_a_tenth() -> None:
    collector = Collector({"Soc": Asked(timedelta(seconds=1), minimum_delta=0.1)})
    for second, value in enumerate((62.6, 62.7, 62.8)):
        assert _looks(collector, START + timedelta(seconds=second), Reading("double_value", value)), value


def test_a_place_has_changed_by_metres() -> None:
    collector = Collector({"Location": Asked(timedelta(seconds=1), minimum_delta=100)})
    home, next_door, far = Place(52.0907, 5.1214), Place(52.0911, 5.1214), Place(52.0917, 5.1214)
    seen = [_looks(collector, START + timedelta(seconds=n), Reading("location_value", place)) for n, place in
            enumerate((home, next_door, far))]  # fmt: skip
    assert seen == [True, False, True]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"interval_seconds": 60}, Asked(timedelta(seconds=60))),
        (
            {"interval_seconds": 60, "minimum_delta": 1, "resend_interval_seconds": 600},
            Asked(timedelta(seconds=60), 1.0, timedelta(seconds=600)),
        ),
        (
            {"interval_seconds": 1, "minimum_delta": "1", "resend_interval_seconds": float("nan")},
            Asked(timedelta(seconds=1)),
        ),
        ({"interval_seconds": 1, "minimum_delta": -1, "resend_interval_seconds": True}, Asked(timedelta(seconds=1))),
        ({"interval_seconds": 10**400}, Asked(timedelta(seconds=3e9))),
    ],
)
def test_a_config_is_read_and_what_is_no_number_counts_as_unset(said: Mapping[str, object], read: Asked) -> None:
    assert Asked.read("Soc", said) == read


def test_voltage_has_a_least_change_of_its_own() -> None:
    assert Asked.read("ChargerVoltage", {"interval_seconds": 1}).minimum_delta == 0.3
    assert Asked.read("ChargerVoltage", {"interval_seconds": 1, "minimum_delta": 0}).minimum_delta == 0


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────

_ASKED = st.builds(
    Asked,
    st.integers(1, 9).map(lambda seconds: timedelta(seconds=seconds)),
    st.sampled_from([0.0, 1.0, 2.5]),
    st.one_of(st.none(), st.integers(1, 12).map(lambda seconds: timedelta(seconds=seconds))),
)
_VALUES = st.lists(st.one_of(st.none(), st.integers(0, 6)), min_size=1, max_size=80)
"""At the end of each bucket."""


def _every_bucket(asked: Asked, values: list[int | None]) -> Pushed:
    collector, pushed = Collector({"Soc": asked}), Pushed()
    for number, value in enumerate(values):
        if _looks(collector, START + number * BUCKET, Reading("double_value", value)):
            pushed.append((number / 2, value))
    return pushed


def _when_asked_to(asked: Asked, values: list[int | None], flowing: tuple[str, ...]) -> Pushed:
    """Looks only where the collector wants to, or where something has happened: here, that a value is another."""
    collector, pushed, look_at = Collector({"Soc": asked}), Pushed(), START
    for number, value in enumerate(values):
        at, has_happened = START + number * BUCKET, not flowing and (number == 0 or value != values[number - 1])
        if at < look_at and not has_happened:
            continue
        wanted = collector.wanted(at, flowing, has_happened)
        if collector.collect(at, {name: Reading("double_value", value) for name in wanted}):
            pushed.append((number / 2, value))
        look_at = collector.next_look(at, flowing)
    return pushed


@given(_ASKED, _VALUES)
def test_nothing_is_pushed_within_its_interval(asked: Asked, values: list[int | None]) -> None:
    pushed = _every_bucket(asked, values)
    assert pushed[0][1] == values[0]
    for (before, _), (after, _) in pairwise(pushed):
        assert after - before >= asked.interval.total_seconds()


@given(_ASKED, _VALUES)
def test_the_same_value_goes_again_after_the_resend_interval_and_never_before(
    asked: Asked, values: list[int | None]
) -> None:
    pushed = _every_bucket(asked, values)
    for (before, was), (after, now) in pairwise(pushed):
        if was == now:
            assert asked.resend is not None
            assert after - before >= asked.resend.total_seconds()
    if asked.resend is not None:
        ends = [*(at for at, _ in pushed[1:]), (len(values) - 1) / 2]
        longest = max(asked.interval, asked.resend).total_seconds()
        assert all(end - at <= longest for (at, _), end in zip(pushed, ends, strict=True))


@given(_ASKED, _VALUES)
def test_a_smaller_change_than_the_least_is_not_told(asked: Asked, values: list[int | None]) -> None:
    pushed = _every_bucket(Asked(asked.interval, asked.minimum_delta), values)
    for (_, was), (_, now) in pairwise(pushed):
        assert was != now
        if isinstance(was, int) and isinstance(now, int):
            assert abs(was - now) >= asked.minimum_delta


@given(_ASKED, _VALUES)
def test_looking_only_when_asked_to_misses_nothing(asked: Asked, values: list[int | None]) -> None:
    """So a clock may jump: what is pushed is the same as if every bucket had been looked at."""
    everything = _every_bucket(asked, values)
    assert _when_asked_to(asked, values, flowing=()) == everything
    assert _when_asked_to(asked, values, flowing=("Soc",)) == everything
