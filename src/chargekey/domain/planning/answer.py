"""What is told of the hours that were chosen: windows, energy, cost and why, out of the uses of pieces."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate, pairwise

from chargekey.domain.planning.filling import SECONDS_AN_HOUR, Curve
from chargekey.domain.planning.pieces import NANO_PER_MICRO, Piece, Use, at_once, duration_s, joined
from chargekey.domain.planning.plan import PLANNER_VERSION, ChargePlan, Gentle, SlotUse, Why
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.tariff import round_half_even


def answer(
    problem: PlanProblem,
    pieces: Sequence[Piece],
    uses: Sequence[Use],
    curve: Curve,
    least: Sequence[Use],
    *,
    without_a_plan: Sequence[Piece],
) -> ChargePlan:
    """The chosen uses as an answer; `least`: those of least cost, whatever starts cost. `without_a_plan`: all pieces at
    full current.
    """
    used_ws, goal_ws = sum(use.full_ws for use in uses), problem.full_ws_to(problem.target_percent)
    missing_wh = max(0, -(-(curve.wall_ws(goal_ws) - curve.wall_ws(used_ws)) // SECONDS_AN_HOUR))
    slots = _by_slot(problem, uses, curve)
    windows = joined(uses)
    end = windows[-1].end if windows else problem.now
    return ChargePlan(
        windows=windows,
        slots=slots,
        energy_wh=sum(slot.wall_wh for slot in slots),
        cost_nano=_cost_nano(uses, curve),
        starts=starts_of(problem, uses),
        barred_wh=min(missing_wh, _barred_ws(without_a_plan) // SECONDS_AN_HOUR),
        reached_percent=_reached_percent(problem, used_ws, missing_wh),
        missing_wh=missing_wh,
        ready_at=end + timedelta(seconds=duration_s(max(0, goal_ws - used_ws), problem.ac_power_w)),
        rests_on_guesses=any(use.window.end > problem.prices_known_until for use in uses),
        why=_why(problem, pieces, uses, curve, least, at_once_in=without_a_plan),
        inputs_hash=problem.inputs_hash,
        planner_version=PLANNER_VERSION,
        carbon_mg=_carbon_mg(uses, problem, curve),
        gentle=_gentle(uses),
        sun_wh=sum(slot.sun_wh for slot in slots),
    )


def starts_of(problem: PlanProblem, uses: Sequence[Use]) -> int:
    """How often the car has to be started; what goes on is no start."""
    windows = joined(uses)
    return len(windows) - (problem.charging and bool(windows) and windows[0].start == problem.now)


def _gentle(uses: Sequence[Use]) -> tuple[Gentle, ...]:
    """What is charged below full current, what touches and has one current as one."""
    told: list[Gentle] = []
    for use in uses:
        (start, end), rate = use.window, use.piece.rate
        if rate.current_a is None:
            continue
        if told and (told[-1].end, told[-1].current_a) == (start, rate.current_a):
            start = told.pop().start
        told.append(Gentle(start, end, rate.current_a, rate.wall_w, rate.full_w))
    return tuple(told)


def _barred_ws(pieces: Sequence[Piece]) -> int:
    """What hours would have given that cost too much, but for what the sun carries of them."""
    barred = [piece for piece in pieces if piece.is_barred]
    return sum(piece.room_ws - max((one.free_ws for one in piece.slower), default=0) for piece in barred)


def _by_slot(problem: PlanProblem, uses: Sequence[Use], curve: Curve) -> tuple[SlotUse, ...]:
    """Energy per price slot in whole Wh, rounded so that the sum is the plan's."""
    told, drawn, a_wh = [], [0, 0], curve.parts * SECONDS_AN_HOUR
    amounts = list(zip(uses, _drawn(uses, curve), strict=True))
    for slot in problem.slots:
        before = [amount // a_wh for amount in drawn]
        for use, (wall, sun) in amounts:
            if slot.start <= use.piece.start < slot.end:
                drawn = [drawn[0] + wall, drawn[1] + sun]
        wall_wh, sun_wh = (amount // a_wh - past for amount, past in zip(drawn, before, strict=True))
        told.append(SlotUse(slot.start, slot.end, slot.price_micro_per_kwh, wall_wh, sun_wh))
    return tuple(told)


def _drawn(uses: Sequence[Use], curve: Curve) -> list[tuple[int, int]]:
    """What the wall gives in each of them, and what of it is the home's own, in parts of a watt-second."""
    rates = [use.piece.rate for use in uses]
    wall = [given * rate.wall_w // rate.full_w for given, rate in zip(_given(uses, curve), rates, strict=True)]
    return [(amount, amount * rate.sun_w // rate.wall_w) for amount, rate in zip(wall, rates, strict=True)]


def _given(uses: Sequence[Use], curve: Curve) -> list[int]:
    """What the wall gives in each of them at full current, in parts of a watt-second."""
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


def _why(
    problem: PlanProblem,
    pieces: Sequence[Piece],
    uses: Sequence[Use],
    curve: Curve,
    least: Sequence[Use],
    *,
    at_once_in: Sequence[Piece],
) -> Why:
    taken = {use.piece.start: use.full_ws for use in uses}
    free = [piece for piece in pieces if not piece.is_owed and not piece.is_barred]
    dearest = max((_last_micro(piece) for piece in free if taken.get(piece.start)), default=None)
    roomy = [_weighed_micro(piece) for piece in free if taken.get(piece.start, 0) < piece.room_ws]
    roomy += [
        piece.beyond_micro
        for piece in free
        if piece.beyond_micro is not None and taken.get(piece.start) == piece.room_ws
    ]
    used_ws = sum(taken.values())
    spared = starts_of(problem, least) - starts_of(problem, uses)
    if spared or not curve.is_straight_to(used_ws):
        # a cheaper one may be left: it would take a start of its own, or push those after it into weaker hours
        roomy = [price for price in roomy if dearest is None or price >= dearest]
    goal_ws = 0 if problem.cap_micro_per_kwh is not None else problem.full_ws_to(problem.target_percent)
    wanted_ws = max(used_ws, goal_ws)  # what is left out for its price is nothing to compare with
    without_a_plan = at_once(at_once_in, wanted_ws)
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


def _last_micro(piece: Piece) -> int:
    """What the last kilowatt-hour of it costs."""
    return _weighed_micro(piece) if piece.last_micro is None else piece.last_micro
