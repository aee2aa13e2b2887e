"""How much of what later nights need is best charged tonight.

Rules of this room:

1. Goals are taken in the order of time, each filled from the cheapest hours before it that are still free. For goals
   that are least amounts by a moment this is exact (reference smart-charging §3.1.2): who would exchange an hour for
   another either pays more or comes too late for some goal.
2. Among hours of one price the later night is taken: tonight charges for another night only where it pays.
3. Only cost counts, and an hour counts as one at full power. What is clean and what is weak near full is weighed when
   tonight itself is planned.
4. A cold battery is warmed once in every night that charges, out of that night's own hours. Which nights do is tried
   out, for there are few; none does that would only warm it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from chargekey.domain.planning.by_sun import offers
from chargekey.domain.planning.filling import SECONDS_AN_HOUR
from chargekey.domain.planning.pieces import Piece, free_pieces
from chargekey.domain.planning.problem import PlanProblem


class Room(NamedTuple):
    """An hour in which something can be charged; the smaller the sooner taken. Tonight is 0, and nights count down."""

    price_micro_per_kwh: int
    night: int
    number: int
    full_ws: int


@dataclass(frozen=True, slots=True)
class Share:
    """What each night charges, tonight first, and what all of it costs, in micro-units times watt-seconds.

    `brought_ws`: what of it does more than warm the battery. `lacks_ws`: what lacks for each goal at its time.
    """

    by_night_ws: tuple[int, ...]
    cost: int
    brought_ws: int
    lacks_ws: tuple[int, ...] = ()


def shared_out(problem: PlanProblem, pieces: Sequence[Piece]) -> Share:
    """Tonight has to reach its own goal, each later night its own; as much as fits where there is too little time."""
    owed = [piece for piece in pieces if piece.is_owed]
    tonight = _rooms(0, [(one.micro_per_kwh, one.room_ws) for one in offers(pieces)])
    owed_cost = sum(piece.price_micro_per_kwh * piece.room_ws for piece in owed)
    return _best(problem, tonight, sum(piece.room_ws for piece in owed), owed_cost)


def left_for_later(problem: PlanProblem, tonight_ws: int) -> tuple[int, int]:
    """What lacks for the highest goal at the end, in watt-seconds, and what later nights cost, in nano-units.

    If tonight charges so much, and no more than that.
    """
    share = _best(problem, [], tonight_ws, 0)
    lacks_ws = _warm_ws_to(problem, problem.highest_percent) - share.brought_ws
    return max(0, lacks_ws), share.cost // SECONDS_AN_HOUR


def _best(problem: PlanProblem, tonight: Sequence[Room], begun_ws: int, begun_cost: int) -> Share:
    """Whichever nights charge: that the goals lack least, in their order, then that all of it costs least."""
    nights = [tonight, *(_later_rooms(problem, night) for night in range(1, len(problem.ahead) + 1))]
    warm_ups_ws = _warm_ups_ws(problem)
    warmed_ws = min(begun_ws, warm_ups_ws[0])
    warm_ups_ws[0] -= warmed_ws
    begun = Share((begun_ws, *(0 for _ in problem.ahead)), begun_cost, begun_ws - warmed_ws)
    may_rest = [(rooms, ()) if warm_ws else (rooms,) for rooms, warm_ws in zip(nights, warm_ups_ws, strict=True)]
    shares = [_filled(problem, chosen, warm_ups_ws, begun) for chosen in product(*may_rest)]
    return min(shares, key=lambda one: (one.lacks_ws, _only_warm(one, warm_ups_ws), one.cost, one.by_night_ws[0]))


def _filled(problem: PlanProblem, nights: Sequence[Sequence[Room]], warm_ups_ws: Sequence[int], begun: Share) -> Share:
    percents = [problem.target_percent, *(one.target_percent for one in problem.ahead)]
    charged, cost, brought_ws, lacks = list(begun.by_night_ws), begun.cost, begun.brought_ws, []
    free: list[Room] = []
    for rooms, warm_ws, percent in zip(nights, warm_ups_ws, percents, strict=True):
        warms, own = _cheapest_of(rooms, warm_ws)
        fills, free = _cheapest_of([*free, *own], _warm_ws_to(problem, percent) - brought_ws)
        for room in (*warms, *fills):
            charged[-room.night] += room.full_ws
            cost += room.price_micro_per_kwh * room.full_ws
        brought_ws += sum(room.full_ws for room in fills)
        lacks.append(max(0, _warm_ws_to(problem, percent) - brought_ws))
    return Share(tuple(charged), cost, brought_ws, tuple(lacks))


def _cheapest_of(rooms: Sequence[Room], need_ws: int) -> tuple[list[Room], list[Room]]:
    """So much of these hours, or all of them, and what is left."""
    taken, left = [], []
    for room in sorted(rooms):
        take_ws = max(0, min(need_ws, room.full_ws))
        need_ws -= take_ws
        if take_ws:
            taken.append(room._replace(full_ws=take_ws))
        if take_ws < room.full_ws:
            left.append(room._replace(full_ws=room.full_ws - take_ws))
    return taken, left


def _later_rooms(problem: PlanProblem, night: int) -> list[Room]:
    one = problem.ahead[night - 1]
    pieces = free_pieces(problem, one.slots, surplus_w=one.surplus_w)
    return _rooms(-night, [(offer.micro_per_kwh, offer.room_ws) for offer in offers(pieces)])


def _rooms(night: int, told: Sequence[tuple[int, int]]) -> list[Room]:
    return [Room(price, night, number, room_ws) for number, (price, room_ws) in enumerate(told)]


def _warm_ups_ws(problem: PlanProblem) -> list[int]:
    """What warming takes in each night, if it charges."""
    ways = [problem.filling, *(replace(problem.filling, warm_up_s=night.warm_up_s) for night in problem.ahead)]
    return [filling.warm_up_ws for filling in ways]


def _warm_ws_to(problem: PlanProblem, percent: int) -> int:
    """How long a warm battery takes until then."""
    return replace(problem.filling, warm_up_s=0).full_ws(problem.soc_percent, percent)


def _only_warm(share: Share, warm_ups_ws: Sequence[int]) -> int:
    """How many nights bring the battery nothing."""
    return sum(0 < charged_ws <= warm_ws for charged_ws, warm_ws in zip(share.by_night_ws, warm_ups_ws, strict=True))
