"""What charging in given windows costs, whoever chose them: for weighing one plan against another."""

from collections.abc import Iterator, Sequence
from itertools import repeat

from chargekey.domain.planning.filling import SECONDS_AN_HOUR, curve_of
from chargekey.domain.planning.plan import Gentle
from chargekey.domain.planning.problem import SECOND, PlanProblem, Window
from chargekey.domain.planning.sun import Rate, full_rate
from chargekey.domain.tariff import PriceSlot


def cost_nano_of(problem: PlanProblem, windows: Sequence[Window], gentle: Sequence[Gentle] = ()) -> int:
    """In nano-units of currency, as far as they lie within the slots. `gentle`: parts of them at fewer amps.

    With a price of carbon both together, as the planner weighs them. Where power falls near full, no further than to
    the highest goal.
    """
    curve = curve_of(problem.filling, problem.soc_percent, problem.highest_percent)
    weighed, reached_ws = 0, 0
    for milli_per_kwh, full_ws in _in_order(problem, windows, gentle):
        until_ws = reached_ws + full_ws
        if problem.weakens:
            until_ws = min(curve.full_ws, until_ws)
            weighed += milli_per_kwh * (curve.wall(until_ws) - curve.wall(reached_ws))
        else:
            weighed += milli_per_kwh * full_ws * curve.parts
        reached_ws = until_ws
    return weighed // curve.parts // SECONDS_AN_HOUR // 1_000


def charged_ws(problem: PlanProblem, windows: Sequence[Window], gentle: Sequence[Gentle] = ()) -> int:
    """How much of a charge they are, in watt-seconds at full current, within the slots or not."""
    full_ws = problem.ac_power_w * sum(max(0, (end - max(start, problem.now)) // SECOND) for start, end in windows)
    for one in gentle:
        seconds = max(0, (one.end - max(one.start, problem.now)) // SECOND)
        full_ws -= seconds * (problem.ac_power_w - one.full_w)
    return full_ws


def _in_order(problem: PlanProblem, windows: Sequence[Window], gentle: Sequence[Gentle]) -> Iterator[tuple[int, int]]:
    """What a kWh costs and how much is charged, slot after slot and rate after rate."""
    surplus = problem.sun.surplus_w if problem.sun else repeat(0)
    for slot, grams, surplus_w in zip(problem.slots, problem.carbon_g_per_kwh or repeat(0), surplus, strict=False):
        full_s = sum(_shared_s(slot, window) for window in windows)
        for one in gentle:
            seconds = _shared_s(slot, Window(one.start, one.end))
            rate = Rate(one.full_w, one.wall_w, min(one.wall_w, surplus_w), one.current_a)
            full_s -= seconds
            yield _milli(problem, slot, grams, rate), rate.full_w * seconds
        rate = full_rate(problem.ac_power_w, surplus_w)
        yield _milli(problem, slot, grams, rate), rate.full_w * full_s


def _milli(problem: PlanProblem, slot: PriceSlot, grams: int, rate: Rate) -> int:
    feed_in = problem.sun.feed_in_micro_per_kwh if problem.sun else 0
    price = rate.counted(slot.price_micro_per_kwh, feed_in)
    return price * 1_000 + rate.counted(grams, 0) * problem.carbon_micro_per_kg


def _shared_s(slot: PriceSlot, window: Window) -> int:
    both = min(slot.end, window.end) - max(slot.start, window.start)
    return max(0, both // SECOND)
