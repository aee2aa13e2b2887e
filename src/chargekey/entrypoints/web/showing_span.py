"""Adds up the nights of a month or a year for its page."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from chargekey.domain.span import Span, month_of
from chargekey.domain.tariff import round_half_even
from chargekey.entrypoints.web.drawing_month import front_of
from chargekey.entrypoints.web.screens.span import NightsInSpan, Row, Sums
from chargekey.entrypoints.web.words import in_units
from chargekey.journeys.show_charging import NightShown, SpanShown


def nights_in_span(shown: SpanShown, now: datetime, first_weekday: int) -> NightsInSpan:
    """`first_weekday`: with which one the driver's weeks begin (Monday is 0)."""
    span, zone = shown.span, ZoneInfo(shown.settings.goal.zone)
    today = now.astimezone(zone).date()
    by_day = _by(shown.nights, lambda one: ended_on(one, zone))
    front = None
    if span.month:
        wh_by_day = {day: sum(one.account.wall_wh for one in nights) for day, nights in by_day}
        front = front_of(span, wh_by_day, today, first_weekday)
    read = [one.reports[-1].observed_at for one in shown.nights if one.reports]
    return NightsInSpan(
        car=shown.vehicle.vin,
        span=span,
        is_running=span.holds(today),
        sums=_sums(shown.nights),
        front=front,
        rows=_days(by_day) if span.month else _months(shown.nights, zone),
        earlier=span.before if shown.has_earlier else None,
        later=span.after if span.last < today else None,
        measured_at=max(read, default=None),
    )


def ended_on(shown: NightShown, zone: ZoneInfo) -> date:
    """The day that a night belongs to, or would if it ended where it began."""
    return (shown.night.unplugged_at or shown.night.plugged_in_at).astimezone(zone).date()


def _days(by_day: Sequence[tuple[date, Sequence[NightShown]]]) -> tuple[Row, ...]:
    return tuple(Row(day, _sums(nights), f"/nights/{nights[-1].night.id}") for day, nights in by_day)


def _months(nights: Sequence[NightShown], zone: ZoneInfo) -> tuple[Row, ...]:
    by_month = _by(nights, lambda one: month_of(ended_on(one, zone)).first)
    return tuple(Row(first, _sums(some), path_of(month_of(first))) for first, some in by_month)


def path_of(span: Span) -> str:
    """Its page."""
    return f"/nights/in/{span.written}"


def _by(nights: Sequence[NightShown], when: Callable[[NightShown], date]) -> list[tuple[date, list[NightShown]]]:
    return [(day, list(some)) for day, some in groupby(nights, when)]


def _sums(nights: Sequence[NightShown]) -> Sums:
    priced = [one.account for one in nights if one.account.cost_nano is not None]
    compared = [one.saved_nano for one in priced if one.saved_nano is not None]
    paid_nano, priced_wh = sum(one.cost_nano or 0 for one in priced), sum(one.wall_wh for one in priced)
    due = [one for one in nights if one.was_due]
    return Sums(
        nights=len(nights),
        due=len(due),
        in_time=sum(one.was_in_time for one in due),
        energy_wh=sum(one.account.wall_wh for one in nights),
        unpriced=len(nights) - len(priced),
        paid=in_units(paid_nano) if priced else None,
        saved=in_units(sum(compared)) if compared else None,
        price_micro_per_kwh=round_half_even(paid_nano, priced_wh) if priced_wh else None,
        tesla_bill_micro_usd=sum(one.tesla_bill_micro_usd for one in nights),
    )
