"""The cheapest plan for one car.

What counts, in this order:

1. the minimum, at once;
2. the target, by ready-by, as far as no hour of it costs more than the driver would ever pay;
3. least cost, and what each start costs with it, if anything;
4. least carbon, in steps of `COARSE_G`, where it is known; with a price it is part of the cost;
5. among equals what `ties.py` says: the plan now running, few starts, an end that leaves half an
   hour, early slots.

Why it is exact: with one price per slot and full power or nothing, least cost is a fractional knapsack. Slots
below the marginal price are used whole, slots above it not at all, and how the rest is spread over slots at
the marginal price changes no cost (reference smart-charging §3.1.1). The same holds of cost and carbon, compared one
after the other, for both are sums over slots. Where a start costs something, the cheapest hours tell how many starts
could be spared at most, and so how much dearer a plan may be; all plans that are not dearer are compared (`ties.py`).
Where power falls near full, the order of use decides, and `in_order.py` says why it is exact too (§3.1.3). How much
tonight should charge for nights ahead, `ahead.py` tells first. The tests hold all of it to linear programs, and to
mixed-integer programs where order or starts decide.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate, pairwise
from typing import Final

from chargekey.domain.planning.ahead import shared_out
from chargekey.domain.planning.by_piece import ByPiece
from chargekey.domain.planning.filling import SECONDS_AN_HOUR, Curve, curve_of
from chargekey.domain.planning.in_order import InOrder
from chargekey.domain.planning.pieces import (
    COUNTS_MORE,
    NANO_PER_MICRO,
    Piece,
    Use,
    at_once,
    cut,
    duration_s,
    joined,
    whole,
)
from chargekey.domain.planning.plan import PLANNER_VERSION, ChargePlan, SlotUse, Why
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.planning.ties import Leeway, best_plan
from chargekey.domain.tariff import round_half_even

WS_OF_A_KWH: Final = 1_000 * SECONDS_AN_HOUR


def cheapest(problem: PlanProblem) -> ChargePlan:
    """The plan for these inputs, always the same one. Out of reach: every slot, and what is missing."""
    pieces = cut(problem)
    curve = curve_of(problem.filling, problem.soc_percent, problem.highest_percent)
    need_ws = _need_with_ahead(problem, pieces) if problem.ahead else curve.full_ws
    if need_ws >= sum(piece.free_ws for piece in pieces):
        least = uses = _all_there_is(problem, pieces)
    else:
        least = best_plan(problem, pieces, need_ws, _leeway(problem, pieces, curve, need_ws, spare=0))
        uses = _with_fewer_starts(problem, pieces, curve, need_ws, least)
    return _told(problem, pieces, uses, curve, least)


def _need_with_ahead(problem: PlanProblem, pieces: Sequence[Piece]) -> int:
    """What tonight charges, no less than its own goal needs, even where all of the night only warms the battery."""
    return max(shared_out(problem, pieces).by_night_ws[0], problem.full_ws_to(problem.target_percent))


def _all_there_is(problem: PlanProblem, pieces: Sequence[Piece]) -> list[Use]:
    """Every hour, or every one that is not too dear; none of them where those would only warm the battery."""
    uses = [whole(piece) for piece in pieces if not piece.is_barred]
    only_warms = sum(use.full_ws for use in uses) <= problem.filling.warm_up_ws
    return [] if only_warms and len(uses) < len(pieces) else uses


def _with_fewer_starts(
    problem: PlanProblem, pieces: Sequence[Piece], curve: Curve, need_ws: int, least: list[Use]
) -> list[Use]:
    """The best plan where a start costs something; `least` is the best of least cost alone."""
    could_spare = _starts(problem, least) - (not problem.charging)
    if not problem.start_counts_micro or could_spare <= 0:
        return least
    parts = 1 if curve.is_straight_to(need_ws) else curve.parts
    start = problem.start_counts_micro * NANO_PER_MICRO * COUNTS_MORE * WS_OF_A_KWH * parts
    leeway = _leeway(problem, pieces, curve, need_ws, spare=could_spare * start)
    return best_plan(problem, pieces, need_ws, leeway, start, _starts(problem, least) * start)


def _starts(problem: PlanProblem, uses: Sequence[Use]) -> int:
    """How often the car has to be started; what goes on is no start."""
    windows = joined(uses)
    return len(windows) - (problem.charging and bool(windows) and windows[0].start == problem.now)


def _leeway(problem: PlanProblem, pieces: Sequence[Piece], curve: Curve, need_ws: int, spare: int) -> Leeway:
    if curve.is_straight_to(need_ws):
        return ByPiece(pieces, need_ws, spare)
    return InOrder(pieces, curve, need_ws, problem.ac_power_w, spare)


def _told(
    problem: PlanProblem, pieces: Sequence[Piece], uses: Sequence[Use], curve: Curve, least: Sequence[Use]
) -> ChargePlan:
    """The chosen uses as an answer; `least`: those of least cost, whatever starts cost."""
    used_ws, goal_ws = sum(use.full_ws for use in uses), problem.full_ws_to(problem.target_percent)
    energy_ws = curve.wall_ws(used_ws)
    missing_wh = max(0, -(-(curve.wall_ws(goal_ws) - energy_ws) // SECONDS_AN_HOUR))
    windows = joined(uses)
    end = windows[-1].end if windows else problem.now
    return ChargePlan(
        windows=windows,
        slots=_by_slot(problem, uses, curve),
        energy_wh=energy_ws // SECONDS_AN_HOUR,
        cost_nano=_cost_nano(uses, curve),
        starts=_starts(problem, uses),
        barred_wh=min(missing_wh, sum(piece.room_ws for piece in pieces if piece.is_barred) // SECONDS_AN_HOUR),
        reached_percent=_reached_percent(problem, used_ws, missing_wh),
        missing_wh=missing_wh,
        ready_at=end + timedelta(seconds=duration_s(max(0, goal_ws - used_ws), problem.ac_power_w)),
        rests_on_guesses=any(use.window.end > problem.prices_known_until for use in uses),
        why=_why(problem, pieces, uses, curve, least),
        inputs_hash=problem.inputs_hash,
        planner_version=PLANNER_VERSION,
        carbon_mg=_carbon_mg(uses, problem, curve),
    )


def _by_slot(problem: PlanProblem, uses: Sequence[Use], curve: Curve) -> tuple[SlotUse, ...]:
    """Energy per price slot in whole Wh, rounded so that the sum is the plan's."""
    told, used_ws = [], 0
    for slot in problem.slots:
        before_wh = curve.wall_ws(used_ws) // SECONDS_AN_HOUR
        used_ws += sum(use.full_ws for use in uses if slot.start <= use.piece.start < slot.end)
        wall_wh = curve.wall_ws(used_ws) // SECONDS_AN_HOUR - before_wh
        told.append(SlotUse(slot.start, slot.end, slot.price_micro_per_kwh, wall_wh))
    return tuple(told)


def _given(uses: Sequence[Use], curve: Curve) -> list[int]:
    """What the wall gives in each of them, in parts of a watt-second."""
    marks = [curve.wall(used_ws) for used_ws in accumulate((use.full_ws for use in uses), initial=0)]
    return [after - before for before, after in pairwise(marks)]


def _cost_nano(uses: Sequence[Use], curve: Curve) -> int:
    return _sum_nano([use.piece.price_micro_per_kwh for use in uses], uses, curve, 1)


def _weighed_nano(uses: Sequence[Use], curve: Curve) -> int:
    """With carbon, where that has a price."""
    return _sum_nano([use.piece.rank.nano_per_kwh for use in uses], uses, curve, NANO_PER_MICRO)


def _sum_nano(per_kwh: Sequence[int], uses: Sequence[Use], curve: Curve, parts: int) -> int:
    exact = sum(price * given for price, given in zip(per_kwh, _given(uses, curve), strict=True))
    return round_half_even(exact, SECONDS_AN_HOUR * curve.parts * parts)


def _carbon_mg(uses: Sequence[Use], problem: PlanProblem, curve: Curve) -> int | None:
    if not problem.carbon_g_per_kwh:
        return None
    grams = (use.piece.g_per_kwh or 0 for use in uses)
    exact = sum(one * given for one, given in zip(grams, _given(uses, curve), strict=True))
    return round_half_even(exact, SECONDS_AN_HOUR * curve.parts)


def _reached_percent(problem: PlanProblem, used_ws: int, missing_wh: int) -> int:
    if not missing_wh:
        told = problem.filling.percent_reached(problem.soc_percent, used_ws) if problem.ahead else 0
        return max(problem.soc_percent, problem.target_percent, told)
    if problem.weakens:
        return problem.filling.percent_after(problem.soc_percent, used_ws)
    battery_ws_times_100 = max(0, used_ws - problem.filling.warm_up_ws) * problem.efficiency_percent
    return problem.soc_percent + battery_ws_times_100 // (problem.usable_wh * SECONDS_AN_HOUR)


def _why(problem: PlanProblem, pieces: Sequence[Piece], uses: Sequence[Use], curve: Curve, least: Sequence[Use]) -> Why:
    taken = {use.piece.start: use.full_ws for use in uses}
    free = [piece for piece in pieces if not piece.is_owed and not piece.is_barred]
    dearest = max((_weighed_micro(piece) for piece in free if taken.get(piece.start)), default=None)
    roomy = [_weighed_micro(piece) for piece in free if taken.get(piece.start, 0) < piece.room_ws]
    used_ws = sum(taken.values())
    spared = _starts(problem, least) - _starts(problem, uses)
    if spared or not curve.is_straight_to(used_ws):
        # a cheaper one may be left: it would take a start of its own, or push those after it into weaker hours
        roomy = [price for price in roomy if dearest is None or price >= dearest]
    goal_ws = 0 if problem.cap_micro_per_kwh is not None else problem.full_ws_to(problem.target_percent)
    wanted_ws = max(used_ws, goal_ws)  # what is left out for its price is nothing to compare with
    without_a_plan = at_once(pieces, wanted_ws, problem.ac_power_w)
    return Why(
        cost_at_once_nano=_cost_nano(without_a_plan, curve),
        dearest_price_micro_per_kwh=dearest,
        next_price_micro_per_kwh=min(roomy, default=None),
        carbon_at_once_mg=_carbon_mg(without_a_plan, problem, curve),
        starts_spared=spared,
        paid_for_that_nano=_weighed_nano(uses, curve) - _weighed_nano(least, curve) if spared else 0,
    )


def _weighed_micro(piece: Piece) -> int:
    return round_half_even(piece.rank.nano_per_kwh, NANO_PER_MICRO)
