"""Whether a plan still holds: what it rests on, how far the car is, and what another one would be worth."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from chargekey.domain.car_schedules import OVERRUN
from chargekey.domain.planning.ahead import left_for_later
from chargekey.domain.planning.cost import charged_ws, cost_nano_of
from chargekey.domain.planning.filling import SECONDS_AN_HOUR
from chargekey.domain.planning.plan import ChargePlan, Gentle
from chargekey.domain.planning.problem import SECOND, PlanProblem, Window
from chargekey.domain.spend import Billed, bill_micro_usd, roughly_in
from chargekey.domain.told_surplus import ALIKE_W
from chargekey.ports.charge_log import KeptPlan

OFF_COURSE_PERCENT: Final = 3
"""By how much of the battery the windows left may fall short of the target before the plan is made anew."""
CARBON_OFF_G: Final = 30
"""By how many grams per kWh a forecast may move before the plan is made anew: three steps of those that it weighs."""
WS_OF_A_KWH: Final = 3_600_000


def windows_wanted(kept: KeptPlan | None) -> tuple[Window, ...]:
    """The plan's windows; where it goes on beyond ready-by, also the time it takes then."""
    if kept is None:
        return ()
    if not kept.is_late or not kept.plan.windows:
        return kept.plan.windows
    end = kept.plan.windows[-1].end
    return (*kept.plan.windows, Window(end, max(kept.plan.ready_at, end + SECOND)))


def _wants_other(then: PlanProblem, now: PlanProblem) -> bool:
    """Whether the goal or the car is not what the plan was made with."""
    car, price = ("usable_wh", "ac_power_w", "weakens"), ("currency", "carbon_micro_per_kg", "cap_micro_per_kwh")
    fixed = ("ready_by", "target_percent", "minimum_percent", *car, *price)
    goals = [[night.target_percent for night in problem.ahead] for problem in (then, now)]
    return goals[0] != goals[1] or any(getattr(then, name) != getattr(now, name) for name in fixed)


def is_worth_a_wake(kept: KeptPlan, problem: PlanProblem, plan: ChargePlan) -> bool:
    """Whether a sleeping car that keeps the one plan is to be woken for the other."""
    if _wants_other(kept.problem, problem) or is_off_course(kept, problem):
        return True
    calls = {Billed.WAKE: 1, Billed.COMMAND: max(1, len(plan.windows)), Billed.DATA: 1}
    costs_micro = roughly_in(problem.currency, bill_micro_usd(calls))
    lacked_kwh, then_nano = _in_all(problem, windows_wanted(kept), kept.plan.gentle)
    lacks_kwh, now_nano = _in_all(problem, plan.windows, plan.gentle)
    return lacks_kwh < lacked_kwh or then_nano - now_nano > costs_micro * 1_000


def _in_all(problem: PlanProblem, windows: Sequence[Window], gentle: Sequence[Gentle]) -> tuple[int, int]:
    """What lacks for goals ahead if tonight charges in these windows, in kWh, and what all nights cost together."""
    nano = cost_nano_of(problem, windows, gentle)
    if not problem.ahead:
        return 0, nano
    within = [Window(start, min(end, problem.ready_by)) for start, end in windows]
    lacks_ws, later_nano = left_for_later(problem, charged_ws(problem, within, gentle))
    return lacks_ws // WS_OF_A_KWH, nano + later_nano


def rests_on_other(then: PlanProblem, now: PlanProblem) -> bool:
    """Whether the goal, the car or a price still ahead is not what the plan was made with."""
    if _wants_other(then, now):
        return True
    if max(then.prices_known_until, now.now) != max(now.prices_known_until, now.now):
        return True
    prices = {slot.end: slot.price_micro_per_kwh for slot in then.slots}
    if any(prices.get(slot.end) != slot.price_micro_per_kwh for slot in now.slots):
        return True
    if [night.slots for night in then.ahead] != [night.slots for night in now.ahead]:
        return True
    return _is_otherwise_clean(then, now) or _is_otherwise_sunny(then, now)


def _is_otherwise_clean(then: PlanProblem, now: PlanProblem) -> bool:
    """Whether carbon became known, or is known no more, or moved by more than a little in any slot still ahead."""
    if not then.carbon_g_per_kwh or not now.carbon_g_per_kwh:
        return bool(then.carbon_g_per_kwh) != bool(now.carbon_g_per_kwh)
    was = {slot.end: grams for slot, grams in zip(then.slots, then.carbon_g_per_kwh, strict=True)}
    ahead = zip(now.slots, now.carbon_g_per_kwh, strict=True)
    return any(abs(was.get(slot.end, grams) - grams) > CARBON_OFF_G for slot, grams in ahead)


def _is_otherwise_sunny(then: PlanProblem, now: PlanProblem) -> bool:
    """Whether surplus is worth something else, or moved by more than a little in any slot still ahead."""
    worth = [(one.sun.feed_in_micro_per_kwh, one.sun.levels) for one in (then, now) if one.sun]
    if len(set(worth)) > 1:
        return True
    was, is_now = _surplus_by_end(then), _surplus_by_end(now)
    return any(abs(was.get(end, 0) - surplus_w) > ALIKE_W for end, surplus_w in is_now.items())


def _surplus_by_end(problem: PlanProblem) -> Mapping[datetime, int]:
    nights = [(problem.slots, problem.sun.surplus_w if problem.sun else (0,) * len(problem.slots))]
    nights += [(night.slots, night.surplus_w or (0,) * len(night.slots)) for night in problem.ahead]
    return {slot.end: watts for slots, surplus_w in nights for slot, watts in zip(slots, surplus_w, strict=True)}


def is_off_course(kept: KeptPlan, problem: PlanProblem) -> bool:
    """Whether what is left of the windows brings the car clearly short of the target."""
    ahead = [window for window in windows_wanted(kept) if window.end > problem.now]
    if not ahead and kept.plan.windows and problem.now < kept.plan.windows[-1].end + OVERRUN and problem.charging:
        return False
    wanted = max(problem.target_percent, kept.plan.reached_percent if kept.problem.ahead else 0)
    if kept.plan.barred_wh:
        wanted = kept.plan.reached_percent  # more of it costs too much
    short_ws = problem.full_ws_to(wanted) - charged_ws(problem, ahead, kept.plan.gentle)
    allowed_wh = problem.usable_wh * OFF_COURSE_PERCENT // problem.efficiency_percent
    return short_ws > (allowed_wh * SECONDS_AN_HOUR if ahead else 0)
