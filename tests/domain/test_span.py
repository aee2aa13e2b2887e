"""Months and years of nights: their days, their neighbours, and where they begin in time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.span import Span, SpanUnclear, month_of, read_span

MONTHS = st.builds(Span, st.integers(2, 9997), st.integers(1, 12))
SPANS = MONTHS | st.builds(Span, st.integers(2, 9997))


@given(SPANS)
def test_what_is_written_is_read_again(span: Span) -> None:
    assert read_span(span.written) == span


@given(SPANS)
def test_each_touches_its_neighbours(span: Span) -> None:
    assert span.after.before == span == span.before.after
    assert span.before.last + timedelta(days=1) == span.first
    assert span.last + timedelta(days=1) == span.after.first


@given(MONTHS)
def test_a_month_holds_its_days_and_no_others(month: Span) -> None:
    days = list(month.days())
    assert all(month_of(day) == month and month.holds(day) for day in days)
    assert not month.holds(days[0] - timedelta(days=1))
    assert not month.holds(days[-1] + timedelta(days=1))


def test_a_year_is_its_months() -> None:
    year = Span(2024)
    assert len(list(year.days())) == 366
    assert [day for month in range(1, 13) for day in Span(2024, month).days()] == list(year.days())
    assert (year.first, year.last) == (date(2024, 1, 1), date(2024, 12, 31))


def test_it_begins_and_ends_at_the_drivers_midnights() -> None:
    begins, ends = Span(2024, 3).bounds(ZoneInfo("Europe/Amsterdam"))
    assert (begins, ends) == (datetime(2024, 2, 29, 23, tzinfo=UTC), datetime(2024, 3, 31, 22, tzinfo=UTC))
    assert ends - begins == timedelta(days=31) - timedelta(hours=1)  # a spring has an hour less


@pytest.mark.parametrize(
    "written",
    ["", "2026-13", "2026-00", "26-11", "2026-1", "2026-11-01", " 2026", "0000", "0001", "9999", "٢٠٢٦", "1/2"],
)
def test_what_names_no_month_and_no_year_is_refused(written: str) -> None:
    with pytest.raises(SpanUnclear):
        read_span(written)
