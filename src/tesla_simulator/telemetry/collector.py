"""When a car pushes which field: the rules of its collector (§8.1). Pure: no clock, no car, only readings.

Rules of this room:

1. A first value goes at once.
2. Then a value goes when `interval_seconds` have passed since the field was last pushed and the value has changed;
   a number and a place (in metres) by `minimum_delta` at least, where that is set.
3. With `resend_interval_seconds` it goes again after so long although it is the same, but never within the interval.
4. What comes and goes between two pushes is never seen: only the value at the end of a bucket counts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tesla_simulator.cars.record import Place
from tesla_simulator.cars.watching import BUCKET, NEVER, bucket_end
from tesla_simulator.telemetry.signals import Reading

# Longer than any car: an interval beyond it never ends, and does not carry the calendar beyond its end.
_FOR_EVER_S: Final = 3e9
_AT_ONCE: Final = datetime.min.replace(tzinfo=UTC)
# A difference of floats that is this close to the wanted one reaches it: 62.7 - 62.6 is one tenth.
_AS_GOOD_AS: Final = 1e-9
_OF_THEMSELVES: Final[Mapping[str, float]] = {"ChargerVoltage": 0.3}
"""Least changes of fields for which none is set: since 2025.2.6."""


@dataclass(frozen=True)
class Asked:
    """How often one field is wanted. `resend` None: never again while it stays the same."""

    interval: timedelta
    minimum_delta: float = 0.0
    resend: timedelta | None = None

    @classmethod
    def read(cls, name: str, said: Mapping[str, object]) -> "Asked":
        """From a config that Tesla's servers have taken; what is no number there counts as unset."""
        resend_s = _number(said.get("resend_interval_seconds"))
        delta = _number(said.get("minimum_delta"))
        return cls(
            timedelta(seconds=_number(said.get("interval_seconds")) or 1.0),
            _OF_THEMSELVES.get(name, 0.0) if delta is None else delta,
            timedelta(seconds=resend_s) if resend_s else None,
        )


@dataclass(frozen=True)
class _Pushed:
    at: datetime
    reading: Reading


class Collector:
    """Of one car, for one app. Knows what it has pushed, and which fields may have changed since they were read.

    `flowing` are, here and below, fields that change by themselves just now.
    """

    def __init__(self, asked: Mapping[str, Asked]) -> None:
        self._asked = asked
        self._last: dict[str, _Pushed] = {}
        self._stirred: set[str] = set()

    def wanted(self, at: datetime, flowing: Collection[str], has_happened: bool) -> list[str]:
        """The fields to read now, in the order of the config: all others cannot be due.

        `has_happened`: any field may have changed since the last look.
        """
        if has_happened:
            self._stirred.update(self._asked)
        return [name for name in self._asked if self._due(name, flowing) <= at]

    def collect(self, at: datetime, readings: Mapping[str, Reading]) -> dict[str, Reading]:
        """What is pushed at the end of this bucket, of what was `wanted`."""
        self._stirred.difference_update(readings)
        pushed = {name: reading for name, reading in readings.items() if self._goes(name, at, reading)}
        self._last.update({name: _Pushed(at, reading) for name, reading in pushed.items()})
        return pushed

    def next_look(self, at: datetime, flowing: Collection[str]) -> datetime:
        """The first moment after `at` at which a field may be due if nothing happens before."""
        due = min((self._due(name, flowing) for name in self._last), default=NEVER)
        return max(at + BUCKET, bucket_end(due)) if due < NEVER else NEVER

    def _due(self, name: str, flowing: Collection[str]) -> datetime:
        """When it may be pushed at the earliest."""
        last, asked = self._last.get(name), self._asked[name]
        if last is None:
            return _AT_ONCE
        if name in self._stirred or name in flowing:
            return last.at + asked.interval
        return NEVER if asked.resend is None else last.at + max(asked.interval, asked.resend)

    def _goes(self, name: str, at: datetime, reading: Reading) -> bool:
        last, asked = self._last.get(name), self._asked[name]
        if last is None:
            return True
        since = at - last.at
        if since < asked.interval:
            return False
        is_due_again = asked.resend is not None and since >= asked.resend
        return is_due_again or _has_changed(reading, last.reading, asked.minimum_delta)


def _has_changed(now: Reading, before: Reading, least: float) -> bool:
    """A value that was absent, or is now, has changed whatever the least change is."""
    this, that = now.value, before.value
    if this == that or isinstance(this, bool):
        return this != that
    if isinstance(this, Place) and isinstance(that, Place):
        return this.metres_to(that) >= least
    if isinstance(this, int | float) and isinstance(that, int | float):
        return abs(this - that) >= least - _AS_GOOD_AS
    return True


def _number(said: object) -> float | None:
    """A number that is not negative, but no more than for ever; else None."""
    if isinstance(said, bool) or not isinstance(said, int | float) or not said >= 0:
        return None
    return float(min(said, _FOR_EVER_S))
