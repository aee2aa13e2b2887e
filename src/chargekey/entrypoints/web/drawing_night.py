"""A night as chart input: prices known and guessed, what is chosen, what was charged, and the battery's course."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.charging import Window
from chargekey.domain.evidence import ChargeState, Observation
from chargekey.domain.planning.filling import Filling
from chargekey.domain.tariff import Prices, PriceSlot, quarter_hours
from chargekey.entrypoints.web.charts import ChartSlot, PlanChart, SocPoint
from chargekey.entrypoints.web.showing_sun import paid_micro, paid_then_micro, slower_wh
from chargekey.journeys.night_shown import NightShown, TonightShown
from chargekey.ports.charge_log import KeptPlan

HOUR: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=26)
SHORTEST: Final = timedelta(hours=12)
A_TRACE: Final = 0.05
"""Less than this of a slot's full energy is the edge of the slot before, and not shown as charged."""


def night_chart(shown: TonightShown, windows: Sequence[Window]) -> PlanChart:
    """The chart of tonight, as it stands now."""
    night, now = shown.night, shown.now
    begin = night.night.plugged_in_at if night else now
    start = max(_hour(begin), _hour(now) - LONGEST / 2)
    end = max((shown.ready_by or start) + HOUR, start + SHORTEST)
    priced = _priced(shown.prices, night.plan if night else None, start, min(end, start + LONGEST))
    slots = _lit(priced, night, windows)
    return PlanChart(slots, _course(shown, windows), now, shown.ready_by, shown.goal_percent)


def morning_chart(night: NightShown, target_percent: int, now: datetime | None) -> PlanChart:
    """The chart of a night behind us; `now` where its cable is still in."""
    began, over = night.night.plugged_in_at, night.night.unplugged_at
    start = _hour(began)
    end = max(night.night.ready_by or start, over or now or start, start + SHORTEST)
    slots = _lit(_priced(night.prices, night.plan, start, min(end, start + LONGEST)), night, ())
    return PlanChart(slots, _measured(night.reports), now, night.night.ready_by, target_percent)


def preview_slots(prices: Prices) -> tuple[ChartSlot, ...]:
    """Prices alone, for the first page."""
    return (
        tuple(
            ChartSlot(slot.start, slot.end, slot.price_micro_per_kwh)
            for slot in _quarters(prices, prices.slots[0].start, prices.known_until)
        )
        + tuple(
            ChartSlot(slot.start, slot.end, slot.price_micro_per_kwh, guessed=True)
            for slot in _forecast(prices, prices.known_until, prices.slots[-1].end)
        )
        if prices.slots
        else ()
    )


# ── prices ───────────────────────────────────────────────────────


def _quarters(prices: Prices, start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
    return quarter_hours(prices, start, end)


def _forecast(prices: Prices, start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
    return _quarters(prices, start, end) if prices.forecast_until else ()


def _priced(prices: Prices, kept: KeptPlan | None, start: datetime, end: datetime) -> list[tuple[PriceSlot, bool]]:
    """Quarter hours with their price, and whether it is a guess: the source's own forecast, beyond it the plan's.

    Where no price will ever come, nothing is drawn: what the plan takes in its place is no price.
    """
    known = _quarters(prices, start, min(end, prices.known_until))
    priced = [(slot, False) for slot in known]
    priced += [(slot, True) for slot in _forecast(prices, max(start, prices.known_until), end)]
    reach = priced[-1][0].end if priced else start
    is_alike = kept is not None and kept.problem.currency == prices.currency
    if kept and is_alike and kept.problem.knows_a_price and prices.none_after is None:
        priced += [
            (PriceSlot(use.start, use.end, use.price_micro_per_kwh), True)
            for use in kept.plan.slots
            if use.start >= reach and use.end <= end
        ]
    return priced


def _lit(
    priced: Iterable[tuple[PriceSlot, bool]], night: NightShown | None, windows: Sequence[Window]
) -> tuple[ChartSlot, ...]:
    kept = night.plan if night else None
    power_w = kept.problem.ac_power_w if kept else 0
    readings = night.account.readings if night else ()
    lit = []
    for slot, guessed in priced:
        seconds = (slot.end - slot.start).total_seconds()
        full_wh = power_w * seconds / 3600
        planned = sum(_overlap_s(slot, start, end) for start, end in windows) * power_w / 3600
        planned -= slower_wh(kept, slot.start, slot.end) if kept and planned else 0
        done = sum(
            one.wall_wh * _overlap_s(slot, one.start, one.end) / max((one.end - one.start).total_seconds(), 1)
            for one in readings
        )
        done = done if done > full_wh * A_TRACE else 0
        planned = planned if planned > full_wh * A_TRACE else 0
        price = _paid_micro(slot, night, done=done > 0, planned=planned > 0)
        lit.append(ChartSlot(slot.start, slot.end, price, round(planned), round(done), guessed))
    return tuple(lit)


def _paid_micro(slot: PriceSlot, night: NightShown | None, *, done: bool, planned: bool) -> int:
    """The grid's price, or what is paid where some of it is the home's own sun."""
    paid = paid_micro(night, slot.start, slot.end, slot.price_micro_per_kwh) if night and done else None
    if paid is None and planned and night and night.plan:
        paid = paid_then_micro(night.plan, slot.start)
    return slot.price_micro_per_kwh if paid is None else paid


def _overlap_s(slot: PriceSlot, start: datetime, end: datetime) -> float:
    return max((min(slot.end, end) - max(slot.start, start)).total_seconds(), 0)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


# ── battery ──────────────────────────────────────────────────────


def _measured(reports: Sequence[Observation]) -> tuple[SocPoint, ...]:
    return tuple(
        SocPoint(report.observed_at, report.fact.soc_percent, measured=True)
        for report in reports
        if isinstance(report.fact, ChargeState) and report.fact.soc_percent is not None
    )


def _course(shown: TonightShown, windows: Sequence[Window]) -> tuple[SocPoint, ...]:
    """Measured up to now; from there along the windows, at the plan's own power, weaker near full.

    Level as long as the battery is warmed.
    """
    night, charge = shown.night, shown.charge
    if night is None or charge is None or charge.soc_percent is None:
        return ()
    percent, at = float(charge.soc_percent), shown.now
    points = [*_measured(night.reports), SocPoint(at, percent, measured=True)]
    kept = night.plan
    if kept is None or not windows:
        return tuple(points)
    target, warms_for = shown.target_percent, shown.warms_for
    for start, end in windows:
        points.append(SocPoint(max(start, at), percent, measured=False))
        if warms := max(timedelta(), min(warms_for, end - points[-1].at)):
            points.append(SocPoint(points[-1].at + warms, percent, measured=False))
            warms_for -= warms
        points += _filling(kept.problem.filling, points[-1], end, max(target, percent))
        percent, at = points[-1].percent, end
    if shown.ready_by and shown.ready_by > at:
        points.append(SocPoint(shown.ready_by, percent, measured=False))
    return tuple(points)


def _filling(filling: Filling, since: SocPoint, end: datetime, most: float) -> Iterator[SocPoint]:
    """Where the line bends, up to the end of a window."""
    percent, at = since.percent, since.at
    while percent < most and at < end:
        battery_w, until = filling.battery_w(percent)
        a_second = battery_w / filling.usable_wh / 36
        took_s = min((end - at).total_seconds(), (min(until, most) - percent) / a_second)
        percent, at = min(percent + took_s * a_second, most), at + timedelta(seconds=took_s)
        percent = round(percent, 9)  # on a bend, not just before it
        yield SocPoint(at, percent, measured=False)
    yield SocPoint(end, percent, measured=False)
