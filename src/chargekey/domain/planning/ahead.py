"""How much of what later nights need is best charged tonight.

Rules of this room:

1. Goals are taken in the order of time, each filled from the cheapest hours before it that are still free. For goals
   that are least amounts by a moment this is exact (reference smart-charging §3.1.2): who would exchange an hour for
   another either pays more or comes too late for some goal.
2. Among hours of one price the later night is taken: tonight charges for another night only where it pays.
3. Only cost counts, and an hour counts as one at full power. What is clean and what is weak near full is weighed when
   tonight itself is planned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chargekey.domain.planning.filling import SECONDS_AN_HOUR
from chargekey.domain.planning.pieces import Piece
from chargekey.domain.planning.problem import SECOND, PlanProblem


class Room(NamedTuple):
    """An hour in which something can be charged; the smaller the sooner taken. Tonight is 0, and nights count down."""

    price_micro_per_kwh: int
    night: int
    number: int
    full_ws: int


@dataclass(frozen=True, slots=True)
class Share:
    """What each night charges, tonight first, and what all of it costs, in micro-units times watt-seconds."""

    by_night_ws: tuple[int, ...]
    cost: int


def shared_out(problem: PlanProblem, pieces: Sequence[Piece]) -> Share:
    """Tonight has to reach its own goal, each later night its own; as much as fits where there is too little time."""
    owed = [piece for piece in pieces if piece.is_owed]
    tonight = _rooms(0, [(one.price_micro_per_kwh, one.free_ws) for one in pieces if not one.is_owed])
    owed_cost = sum(piece.price_micro_per_kwh * piece.room_ws for piece in owed)
    return _filled(problem, tonight, Share((sum(piece.room_ws for piece in owed),), owed_cost))


def left_for_later(problem: PlanProblem, tonight_ws: int) -> tuple[int, int]:
    """What lacks for the highest goal at the end, in watt-seconds, and what later nights cost, in nano-units.

    If tonight charges so much, and no more than that.
    """
    share = _filled(problem, [], Share((tonight_ws,), 0))
    lacks_ws = problem.full_ws_to(problem.highest_percent) - sum(share.by_night_ws)
    return max(0, lacks_ws), share.cost // SECONDS_AN_HOUR


def _filled(problem: PlanProblem, tonight: Sequence[Room], begun: Share) -> Share:
    nights = [list(tonight)]
    for night, one in enumerate(problem.ahead, 1):
        slots = [slot for slot in one.slots if not problem.is_too_dear(slot)]
        rooms_ws = [(slot.end - slot.start) // SECOND * problem.ac_power_w for slot in slots]
        prices = [slot.price_micro_per_kwh for slot in slots]
        nights.append(_rooms(-night, list(zip(prices, rooms_ws, strict=True))))
    percents = [problem.target_percent, *(one.target_percent for one in problem.ahead)]
    charged, cost = [*begun.by_night_ws, *(0 for _ in problem.ahead)], begun.cost
    free: list[Room] = []
    for rooms, percent in zip(nights, percents, strict=True):
        left_ws = problem.full_ws_to(percent) - sum(charged)
        still_free = []
        for room in sorted([*free, *rooms]):
            take_ws = max(0, min(left_ws, room.full_ws))
            left_ws -= take_ws
            charged[-room.night] += take_ws
            cost += room.price_micro_per_kwh * take_ws
            if take_ws < room.full_ws:
                still_free.append(room._replace(full_ws=room.full_ws - take_ws))
        free = still_free
    return Share(tuple(charged), cost)


def _rooms(night: int, told: Sequence[tuple[int, int]]) -> list[Room]:
    return [Room(price, night, number, room_ws) for number, (price, room_ws) in enumerate(told)]
