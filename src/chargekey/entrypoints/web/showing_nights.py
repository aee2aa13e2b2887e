"""Turns what the journey knows of nights behind us into the morning's screens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from chargekey.domain.ledger import How
from chargekey.domain.not_ours import not_ours
from chargekey.domain.spend import Billed
from chargekey.domain.tariff import Currency
from chargekey.entrypoints.web.drawing_night import morning_chart
from chargekey.entrypoints.web.screens.tonight import Booked, Happened, Morning, NightLine, charted
from chargekey.entrypoints.web.showing_sun import own_sun
from chargekey.entrypoints.web.showing_tonight import sent
from chargekey.entrypoints.web.words import money
from chargekey.journeys.night_shown import NightShown, NightSums

NOTHING_PLANNED_TARGET: Final = 80
NOON: Final = 12


def morning(shown: NightShown, now: datetime, zone: str) -> Morning:
    """One night in full."""
    night, sums = shown.night, shown.account
    target = NOTHING_PLANNED_TARGET if shown.target_percent is None else shown.target_percent
    is_open = night.unplugged_at is None
    reached = shown.reached_at(target)
    return Morning(
        car=shown.vehicle.vin,
        began_at=night.plugged_in_at,
        ended_at=night.unplugged_at,
        woke_to=night.unplugged_at or now,
        soc_start_percent=sums.soc_before_percent,
        soc_end_percent=sums.soc_after_percent,
        target_percent=target,
        ready_by=night.ready_by,
        reached_at=reached,
        planned_end=shown.plan.plan.windows[-1].end if shown.plan and shown.plan.plan.windows else None,
        paid=money(sums.cost_nano),
        saved=money(sums.saved_nano),
        at_once_cost=money(sums.at_once_nano) if sums.wall_wh else None,
        energy_wh=sums.wall_wh,
        charted=charted(morning_chart(shown, target, now if is_open else None), zone),
        happened=_happened(shown, target, reached, zone),
        tesla_bill_micro_usd=shown.tesla_bill_micro_usd,
        calls_data=shown.calls.get(Billed.DATA, 0),
        calls_commands=shown.calls.get(Billed.COMMAND, 0),
        calls_wakes=shown.calls.get(Billed.WAKE, 0),
        measured_at=shown.reports[-1].observed_at if shown.reports else None,
        is_open=is_open,
        booked=_booked(shown),
        carbon_mg=sums.carbon_mg,
        avoided_mg=sums.avoided_mg,
        carbon_source=shown.carbon.source if shown.carbon else "",
        greets=night.unplugged_at is not None and night.unplugged_at.astimezone(ZoneInfo(zone)).hour < NOON,
        sun=own_sun(sums.sun_wh, sums.wall_wh, None if sums.cost_nano is None else sums.feed_in_nano),
    )


def _booked(shown: NightShown) -> Booked | None:
    if not shown.booked:
        return None
    first, last = shown.booked[0], shown.booked[-1]
    return Booked(first.booked_at, first.how is How.RECKONED, last.booked_at if len(shown.booked) > 1 else None)


def lines(nights: Sequence[NightSums], zone: str, currency: Currency) -> tuple[NightLine, ...]:
    """The list, one line a night. What was paid in another currency is told on the night's own page."""
    return tuple(_line(one, ZoneInfo(zone), currency) for one in nights)


def _line(shown: NightSums, zone: ZoneInfo, currency: Currency) -> NightLine:
    night, sums = shown.night, shown.figures
    is_over = night.unplugged_at is not None
    has_cost = is_over and sums.wall_wh > 0 and sums.currency == currency
    return NightLine(
        id=night.id,
        day=(night.unplugged_at or night.plugged_in_at).astimezone(zone).date(),
        began_at=night.plugged_in_at,
        ended_at=night.unplugged_at,
        energy_wh=sums.wall_wh,
        paid=money(sums.cost_nano) if has_cost else None,
        saved=money(sums.saved_nano) if has_cost else None,
        lacks_a_price=is_over and sums.cost_nano is None,
    )


def _happened(shown: NightShown, target: int, reached_at: datetime | None, zone: str) -> tuple[Happened, ...]:
    """A night begins when the cable is seen in, or where the one before was over with the cable still in."""
    night, sums = shown.night, shown.account
    seen_at = {report.observed_at for report in shown.reports}
    began = "plugged_in" if night.plugged_in_at in seen_at else "still_in"
    told = [Happened(night.plugged_in_at, began, percent=sums.soc_before_percent)]
    if shown.first_plan:
        told.append(Happened(shown.first_plan.made_at, "planned"))
    if shown.plan and shown.first_plan and shown.plan.id != shown.first_plan.id:
        told.append(Happened(shown.plan.made_at, "planned_anew"))
    told += [Happened(one.sent_at, "sent", sent(one)) for one in shown.commands if one.sent_at]
    for one in not_ours(shown.reports, shown.commands, shown.told.schedules, zone):
        told.append(Happened(one.seen_at, "began_not_ours" if one.began else "ended_not_ours", schedule=one.schedule))
    if reached_at:
        told.append(Happened(reached_at, "reached", percent=target))
    if night.unplugged_at:
        ended = "over" if night.unplugged_at == night.ready_by else "unplugged"
        told.append(Happened(night.unplugged_at, ended, percent=sums.soc_after_percent))
    return tuple(sorted(told, key=lambda one: one.at))
