"""Turns what the journey knows of tonight into the values of tonight's screens."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from chargekey.domain.charging import Window
from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState, Charging, Observation
from chargekey.domain.goal import target_at
from chargekey.domain.journey import Proof
from chargekey.domain.night import Command, Order, Wish
from chargekey.domain.planning.filling import SECONDS_AN_HOUR, curve_of
from chargekey.domain.planning.later import Later
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.tariff import quarter_hours, round_half_even
from chargekey.entrypoints.web.drawing_night import night_chart
from chargekey.entrypoints.web.screens.tonight import (
    Ahead,
    Compared,
    Estimated,
    IfLater,
    InCar,
    Mood,
    Once,
    Rest,
    Sent,
    Shortfall,
    Tonight,
    Warms,
    WhyNot,
    charted,
)
from chargekey.entrypoints.web.showing_sun import cost_nano_of, paid_then_micro, sun_tonight
from chargekey.entrypoints.web.words import in_units, money
from chargekey.journeys.night_shown import NightShown, TonightShown
from chargekey.journeys.plan_anew import windows_wanted
from chargekey.ports.charge_log import KeptPlan

_BY_CHARGING: Final = {Charging.NO_POWER: Mood.NO_POWER, Charging.COMPLETE: Mood.DONE}
_BY_WISH: Final = {Wish.STOP: Mood.STOPPED, Wish.SKIP: Mood.SKIPPED}


def mood(shown: TonightShown) -> Mood:
    """What the car is doing, by its own last word."""
    charge = shown.charge
    if charge is None or charge.charging is Charging.UNKNOWN:
        return Mood.NOT_YET_SEEN
    if not charge.plugged_in:
        return Mood.NOT_PLUGGED_IN
    if charge.at_home is False:
        return Mood.NOT_HOME
    if charge.drawing:
        return Mood.CHARGING
    if shown.rests_until and shown.night and charge.charging is not Charging.NO_POWER:
        return _mood_in_rest(shown, charge, shown.night.night.wish)
    if charge.charging in _BY_CHARGING:
        return _BY_CHARGING[charge.charging]
    if charge.soc_percent is not None and charge.soc_percent >= shown.target_percent:
        return Mood.DONE
    return _BY_WISH.get(shown.night.night.wish, Mood.WAITING) if shown.night else Mood.WAITING


def _mood_in_rest(shown: TonightShown, charge: ChargeState, wish: Wish) -> Mood:
    """In a holiday it is as full as it is to be once it holds the minimum, whatever else it holds."""
    is_full = shown.plan is not None and (charge.soc_percent or 0) >= shown.target_percent
    if wish is Wish.CHARGE_NOW:
        return Mood.DONE if is_full or charge.charging is Charging.COMPLETE else Mood.WAITING
    return _BY_WISH.get(wish, Mood.RESTING if is_full else Mood.WAITING)


def tonight(shown: TonightShown, until_target: timedelta | None) -> Tonight:
    """`until_target`: how long charging at once would take from now; None: the battery was never seen."""
    return replace(
        _on_any_day(shown, until_target),
        rest=_rest(shown),
        once=_once(shown),
        warms=_warms(shown),
        ahead=ahead(shown),
        month=shown.month if shown.month.is_felt else None,
        sun=sun_tonight(shown),
    )


def _on_any_day(shown: TonightShown, until_target: timedelta | None) -> Tonight:
    charge, night, feels, kept = shown.charge, shown.night, mood(shown), shown.plan
    windows, (cost, at_once) = _windows_ahead(shown, kept, until_target), _costs(night)
    return Tonight(
        mood=feels,
        wish=night.night.wish if night else Wish.PLAN,
        car=shown.vehicle.vin,
        reach=shown.reach,
        seen_at=shown.listed_at,
        charge_seen_at=shown.looked_at,
        plugged_in_at=night.night.plugged_in_at if night else None,
        soc_percent=charge.soc_percent if charge else None,
        target_percent=shown.target_percent,
        ready_by=shown.ready_by,
        windows=windows,
        has_plan=kept is not None,
        wished_at=night.night.wished_at if night else None,
        done_at=night.account.done_at if night else None,
        night_id=night.night.id if night else None,
        charging_since=_charging_since(night) if feels is Mood.CHARGING else None,
        power_w=charge.power_w if charge else None,
        limit_percent=charge.limit_percent if charge else None,
        charted=charted(night_chart(shown, windows), shown.settings.goal.zone),
        cost=cost,
        cost_so_far=money(night.account.cost_nano) if night and shown.prices.slots else None,
        price_micro_per_kwh=_price_now_micro(shown, feels),
        at_once_cost=at_once,
        shortfall=_shortfall(kept, shown),
        compared=_compared(kept.plan) if kept else None,
        later=_if_later(shown.later),
        estimated=_estimated(kept, shown),
        no_price_after=shown.prices.none_after,
        goes_by_price=shown.goes_by_price,
        carbon_avoided_mg=night.carbon_avoided_mg if night else None,
        carbon_source=night.carbon.source if night and night.carbon else "",
        is_unproved=shown.proof is Proof.NOT_YET_TRIED,
        last_sent=_last_sent(night.commands if night else ()),
        in_car=InCar(shown.is_kept_by_car, shown.drivers_schedules, shown.guard),
    )


def why_not(shown: TonightShown, until_target: timedelta | None, proved_at: datetime | None) -> WhyNot:
    """What waiting is worth, and what else could hold the car back."""
    view = tonight(shown, until_target)
    start = view.windows[0][0] if view.windows else None
    then_micro = paid_then_micro(shown.plan, start) if shown.plan and start else None
    return WhyNot(
        tonight=view,
        price_now_micro=shown.prices.price_at(shown.now),
        price_then_micro=shown.prices.price_at(start) if start and then_micro is None else then_micro,
        full_at_if_now=shown.now + until_target if until_target is not None else None,
        now_cost=_cost_at_once(shown, until_target),
        key_proved_at=proved_at if shown.proof is Proof.PROVED else None,
        needs_no_key=shown.proof is Proof.NOT_NEEDED,
    )


def sent(command: Command) -> Sent:
    """A command as the pages tell it."""
    return Sent(
        command.order,
        command.current_a,
        command.delivery,
        command.sent_at or command.wanted_at,
        command.settled_at,
        command.detail,
        command.schedule,
    )


def _price_now_micro(shown: TonightShown, feels: Mood) -> int | None:
    """What a kWh costs, or what is paid for it while some of it is the home's own sun."""
    paid = paid_then_micro(shown.plan, shown.now) if shown.plan and feels is Mood.CHARGING else None
    return shown.prices.price_at(shown.now) if paid is None else paid


def _windows_ahead(shown: TonightShown, kept: KeptPlan | None, until_target: timedelta | None) -> tuple[Window, ...]:
    now, wish = shown.now, shown.night.night.wish if shown.night else Wish.PLAN
    if wish in (Wish.STOP, Wish.SKIP):
        return ()
    if wish is Wish.CHARGE_NOW:
        return ((now, now + until_target),) if until_target else ()
    return tuple((start, end) for start, end in windows_wanted(kept) if end > now)


def _compared(plan: ChargePlan) -> Compared:
    why = plan.why
    prices = why.dearest_price_micro_per_kwh, why.next_price_micro_per_kwh
    return Compared(len(plan.slots), *prices, why.starts_spared, round_half_even(why.paid_for_that_nano, 1_000))


def _rest(shown: TonightShown) -> Rest | None:
    if shown.rests_until is None:
        return None
    return Rest(shown.rests_until, shown.settings.goal.minimum_percent, shown.goal_percent)


def _once(shown: TonightShown) -> Once | None:
    """Of the next ready-by time, if its date has a goal of its own."""
    goal, ready_by = shown.settings.goal, shown.ready_by
    day = ready_by.astimezone(ZoneInfo(goal.zone)).date() if ready_by else None
    if day is None or day not in goal.apart.one_off:
        return None
    usual = goal.target_by_day.get(day.weekday(), goal.target_percent)
    return Once(goal.target_on(day), day.weekday(), goal.ready_by[day.weekday()], usual)


def _warms(shown: TonightShown) -> Warms | None:
    if shown.warm_up is None or shown.charge is None or shown.plan is None:
        return None
    is_on = shown.charge.drawing and bool(shown.charge.heating_battery)
    minutes = -(-shown.warms_for // timedelta(minutes=1))
    is_ahead = minutes > 0 and bool(shown.plan.plan.windows)
    return Warms(minutes, shown.warm_up.nights, is_on) if is_on or is_ahead else None


def _if_later(later: Later | None) -> IfLater | None:
    return IfLater(later.ready_by, in_units(later.saves_nano)) if later else None


def _shortfall(kept: KeptPlan | None, shown: TonightShown) -> Shortfall | None:
    if kept is None or not kept.plan.missing_wh or shown.rests_until:
        return None
    cap = kept.problem.cap_micro_per_kwh if kept.plan.barred_wh else None
    return Shortfall(kept.plan.reached_percent, shown.goal_percent, kept.plan.ready_at if kept.is_late else None, cap)


def ahead(shown: TonightShown) -> Ahead | None:
    """The goal ahead that tonight charges for: the first that wants as much, or the last."""
    goal, nights = shown.settings.goal, shown.nights_ahead
    if not nights or shown.target_percent <= shown.goal_percent:
        return None
    wanted = [target_at(goal, to) for _, to in nights]
    number = next((n for n, percent in enumerate(wanted) if percent >= shown.target_percent), len(nights) - 1)
    can_charge_later = any(back < to for back, to in nights[: number + 1])
    return Ahead(shown.goal_percent, wanted[number], nights[number][1], has_other_nights=can_charge_later)


def _estimated(kept: KeptPlan | None, shown: TonightShown) -> Estimated | None:
    if kept is None or not kept.plan.rests_on_guesses:
        return None
    return Estimated(shown.prices.known_until, shown.prices.next_at, shown.is_forecast)


def _costs(night: NightShown | None) -> tuple[Decimal | None, Decimal | None]:
    """What the night costs with the latest plan, what was drawn before it included; and charging at once."""
    if night is None or night.plan is None or night.first_plan is None or not night.is_priced:
        return None, None
    before_nano, feed_in = 0, night.surplus.feed_in_micro_per_kwh if night.surplus else 0
    for reading in night.account.readings:
        price = night.prices.price_at(reading.start)
        if reading.end <= night.plan.made_at and price is not None:
            before_nano += reading.grid_wh * price + reading.sun_wh * feed_in
    at_once = night.first_plan.plan.why.cost_at_once_nano if night.first_plan.problem.knows_a_price else None
    return in_units(night.plan.plan.cost_nano + before_nano), money(at_once)


def _cost_at_once(shown: TonightShown, until_target: timedelta | None) -> Decimal | None:
    """From now on, as far as prices are known for all of it."""
    night, known_for = shown.night, shown.prices.known_until - shown.now
    if night is None or night.plan is None or until_target is None or until_target > known_for:
        return None
    problem, soc_percent = night.plan.problem, shown.charge.soc_percent if shown.charge else None
    filling = replace(problem.filling, warm_up_s=shown.warms_for // timedelta(seconds=1))
    curve = curve_of(filling, soc_percent or 0, shown.target_percent)
    gone_ws, cost_nano = 0, 0
    for slot in quarter_hours(shown.prices, shown.now, shown.now + until_target):
        full_ws = round(problem.ac_power_w * (slot.end - slot.start).total_seconds())
        then_ws = min(gone_ws + full_ws, curve.full_ws)
        wall_wh = round((curve.wall_ws(then_ws) - curve.wall_ws(gone_ws)) / SECONDS_AN_HOUR)
        cost_nano += cost_nano_of(night.surplus, slot.start, slot.end, wall_wh, slot.price_micro_per_kwh)
        gone_ws = then_ws
    return in_units(cost_nano)


def _charging_since(night: NightShown | None) -> datetime | None:
    """When the present charging began: the car's agreement to start, or the first report of drawing."""
    if night is None:
        return None
    first: datetime | None = None
    for report in _charge_reports(night.reports):
        state = report.fact
        draws = isinstance(state, ChargeState) and state.drawing
        first = (first or report.observed_at) if draws else None
    starts = [
        one.settled_at
        for one in night.commands
        if one.order is Order.START and one.delivery is Delivery.DONE and one.settled_at
    ]
    earlier = [start for start in starts if first is None or start <= first]
    if first and earlier and first - max(earlier) < timedelta(minutes=5):
        return max(earlier)
    return first


def _charge_reports(reports: Sequence[Observation]) -> list[Observation]:
    return [report for report in reports if isinstance(report.fact, ChargeState)]


def _last_sent(commands: Sequence[Command]) -> Sent | None:
    """The latest order, unless it was dropped before anybody heard of it."""
    told = [one for one in commands if one.delivery is not Delivery.DROPPED or one.sent_at]
    return sent(told[-1]) if told else None
