"""A month or a year of nights, by the driver's calendar.

A night belongs to the day on which it ended: whoever plugs in on the 31st drives off in the next month.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)
_A_DAY = timedelta(days=1)


class SpanUnclear(ValueError):
    """What was written names no month and no year."""


@dataclass(frozen=True, slots=True)
class Span:
    """`month` None: the whole year."""

    year: int
    month: int | None = None

    @property
    def written(self) -> str:
        """2026-11, or 2026."""
        return f"{self.year:04d}" if self.month is None else f"{self.year:04d}-{self.month:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, 1)

    @property
    def last(self) -> date:
        return self.after.first - _A_DAY

    @property
    def after(self) -> "Span":
        """The next one of its kind."""
        if self.month is None:
            return Span(self.year + 1)
        return Span(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def before(self) -> "Span":
        """The one before, of its kind."""
        if self.month is None:
            return Span(self.year - 1)
        return Span(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    def days(self) -> Iterator[date]:
        """All of them, in order."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + number * _A_DAY

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From its first midnight to the one after its last, as moments."""
        midnights = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (self.first, self.after.first))
        begins, ends = (midnight.astimezone(UTC) for midnight in midnights)
        return begins, ends


def month_of(day: date) -> Span:
    """The month that holds it."""
    return Span(day.year, day.month)


def read_span(written: str) -> Span:
    """As `Span.written`. Raises `SpanUnclear`; so for years at the calendar's ends, which have none before or after."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise SpanUnclear("a month is written 2026-11, a year 2026")
    year, month = int(found[1]), int(found[2]) if found[2] else None
    if not 1 < year < MAXYEAR or (month is not None and not 1 <= month <= 12):
        raise SpanUnclear("no such month or year")
    return Span(year, month)
