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
tonight should charge for nights ahead, `ahead.py` tells first. Where the home has sun to spare, `by_sun.py` settles at
which current each hour would be charged, and what is charged at fewer amps is settled with it: starts are then spared
among the other hours, and none where power falls near full as well. The tests hold all of it to linear programs, and to
mixed-integer programs where order or starts decide.
"""

from collections.abc import Sequence
from typing import Final

from chargekey.domain.planning.ahead import shared_out
from chargekey.domain.planning.answer import answer, starts_of
from chargekey.domain.planning.by_piece import ByPiece
from chargekey.domain.planning.by_sun import at_their_currents, settled, unsettled
from chargekey.domain.planning.filling import SECONDS_AN_HOUR, Curve, curve_of
from chargekey.domain.planning.in_order import InOrder
from chargekey.domain.planning.pieces import COUNTS_MORE, NANO_PER_MICRO, Piece, Use, cut, whole
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.planning.ties import Leeway, best_plan

WS_OF_A_KWH: Final = 1_000 * SECONDS_AN_HOUR


def cheapest(problem: PlanProblem) -> ChargePlan:
    """The plan for these inputs, always the same one. Out of reach: every slot, and what is missing."""
    uncut = cut(problem)
    curve = curve_of(problem.filling, problem.soc_percent, problem.highest_percent)
    need_ws = _need_with_ahead(problem, uncut) if problem.ahead else curve.full_ws
    pieces = at_their_currents(uncut, need_ws) if problem.sun else uncut
    if need_ws >= sum(piece.free_ws for piece in pieces):
        least = uses = _all_there_is(problem, pieces)
    else:
        least = best_plan(problem, pieces, need_ws, _leeway(problem, pieces, curve, need_ws, spare=0))
        uses = _with_fewer_starts(problem, pieces, curve, need_ws, least)
    return answer(problem, pieces, uses, curve, least, without_a_plan=uncut)


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
    """The best plan where a start costs something; `least` is the best of least cost alone, and stays what it is where
    the sun carries it.
    """
    could_spare = starts_of(problem, least) - (not problem.charging)
    if not problem.start_counts_micro or could_spare <= 0:
        return least
    if problem.sun and not curve.is_straight_to(need_ws):
        return least
    pieces = settled(pieces, least) if problem.sun else pieces
    parts = 1 if curve.is_straight_to(need_ws) else curve.parts
    start = problem.start_counts_micro * NANO_PER_MICRO * COUNTS_MORE * WS_OF_A_KWH * parts
    leeway = _leeway(problem, pieces, curve, need_ws, spare=could_spare * start)
    uses = best_plan(problem, pieces, need_ws, leeway, start, starts_of(problem, least) * start)
    return unsettled(uses, least) if problem.sun else uses


def _leeway(problem: PlanProblem, pieces: Sequence[Piece], curve: Curve, need_ws: int, spare: int) -> Leeway:
    if curve.is_straight_to(need_ws):
        return ByPiece(pieces, need_ws, spare)
    return InOrder(pieces, curve, need_ws, problem.ac_power_w, spare)
