"""Adds up the nights of a month or a year for its page."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from chargekey.domain.span import Span, month_of
from chargekey.domain.tariff import Currency, round_half_even
from chargekey.entrypoints.web.drawing_month import front_of
from chargekey.entrypoints.web.screens.span import NightsInSpan, Row, Sums
from chargekey.entrypoints.web.showing_sun import own_sun
from chargekey.entrypoints.web.words import in_units
from chargekey.journeys.night_shown import NightSums, SpanShown


def nights_in_span(shown: SpanShown, now: datetime, first_weekday: int) -> NightsInSpan:
    """`first_weekday`: with which one the driver's weeks begin (Monday is 0)."""
    span, zone = shown.span, ZoneInfo(shown.settings.goal.zone)
    today, currency = now.astimezone(zone).date(), currency_of(shown)
    by_day = _by(shown.nights, lambda one: ended_on(one, zone))
    front = None
    if span.month:
        wh_by_day = {day: sum(one.figures.wall_wh for one in nights) for day, nights in by_day}
        front = front_of(span, wh_by_day, today, first_weekday)
    read = [one.outcome.measured_at for one in shown.nights if one.outcome.measured_at]
    return NightsInSpan(
        car=shown.vehicle.vin,
        span=span,
        is_running=span.holds(today),
        sums=_sums(shown.nights, currency),
        front=front,
        rows=_days(by_day, currency) if span.month else _months(shown.nights, zone, currency),
        earlier=span.before if shown.has_earlier else None,
        later=span.after if span.last < today else None,
        measured_at=max(read, default=None),
    )


def currency_of(shown: SpanShown) -> Currency:
    """The one that its page is in: of its latest night, or without any the one that is set now."""
    return shown.nights[-1].figures.currency if shown.nights else shown.settings.tariff.currency


def ended_on(shown: NightSums, zone: ZoneInfo) -> date:
    """The day that a night belongs to, or would if it ended where it began."""
    return (shown.night.unplugged_at or shown.night.plugged_in_at).astimezone(zone).date()


def _days(by_day: Sequence[tuple[date, Sequence[NightSums]]], currency: Currency) -> tuple[Row, ...]:
    return tuple(Row(day, _sums(nights, currency), f"/nights/{nights[-1].night.id}") for day, nights in by_day)


def _months(nights: Sequence[NightSums], zone: ZoneInfo, currency: Currency) -> tuple[Row, ...]:
    by_month = _by(nights, lambda one: month_of(ended_on(one, zone)).first)
    return tuple(Row(first, _sums(some, currency), path_of(month_of(first))) for first, some in by_month)


def path_of(span: Span) -> str:
    """Its page."""
    return f"/nights/in/{span.written}"


def _by(nights: Sequence[NightSums], when: Callable[[NightSums], date]) -> list[tuple[date, list[NightSums]]]:
    return [(day, list(some)) for day, some in groupby(nights, when)]


def _sums(nights: Sequence[NightSums], currency: Currency) -> Sums:
    """Money is of the nights whose prices were in this currency."""
    figures = [one.figures for one in nights]
    known = [one for one in figures if one.cost_nano is not None]
    priced = [one for one in known if one.currency == currency]
    compared = [one.saved_nano for one in priced if one.saved_nano is not None]
    paid_nano, priced_wh = sum(one.cost_nano or 0 for one in priced), sum(one.wall_wh for one in priced)
    energy_wh, sun_wh = sum(one.wall_wh for one in figures), sum(one.sun_wh for one in figures)
    clean = [one.carbon_mg for one in figures if one.carbon_mg is not None]
    avoided = [one.avoided_mg for one in figures if one.avoided_mg is not None]
    due = [one for one in nights if one.was_due]
    return Sums(
        nights=len(nights),
        due=len(due),
        in_time=sum(one.was_in_time for one in due),
        energy_wh=energy_wh,
        unpriced=len(nights) - len(known),
        paid_otherwise=len(known) - len(priced),
        paid=in_units(paid_nano) if priced else None,
        saved=in_units(sum(compared)) if compared else None,
        price_micro_per_kwh=round_half_even(paid_nano, priced_wh) if priced_wh else None,
        tesla_bill_micro_usd=sum(one.tesla_bill_micro_usd for one in figures),
        carbon_unknown=len(nights) - len(clean),
        carbon_mg=sum(clean) if clean else None,
        avoided_mg=sum(avoided) if avoided else None,
        sun=own_sun(sun_wh, energy_wh, sum(one.feed_in_nano for one in priced) if priced else None),
    )
