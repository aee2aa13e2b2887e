"""The night cut into pieces that the planner takes whole, in part or not at all.

A piece is a price slot, or what is left of one after the minimum was charged. What must be charged at once
comes first and is marked as owed: the planner has no say in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import repeat
from typing import Final, NamedTuple

from chargekey.domain.planning.problem import PlanProblem, Window
from chargekey.domain.planning.sun import Rate, full_rate
from chargekey.domain.tariff import PriceSlot, round_half_even

NANO_PER_MICRO: Final = 1_000
COARSE_G: Final = 10
"""How finely carbon tells hours apart: forecasts for Britain were off by some ten grams (2026). With a finer step a car
would be started and stopped for differences that nobody knows."""


COUNTS_MORE: Final = 1 << 100
"""A nano-unit of currency outweighs all carbon of a night, in steps of grams per kWh times parts of a watt-second."""


class Rank(NamedTuple):
    """What makes a slot dearer than another: its cost, with carbon where that has a price; among equals its carbon.

    The first is whole nano-units per kWh, the second whole steps of `COARSE_G` per kWh, 0 where nobody knows.
    """

    nano_per_kwh: int
    carbon: int = 0

    @property
    def weight(self) -> int:
        """Both as one number, per kWh: the sums over a night compare as cost does, and among equals as carbon."""
        return self.nano_per_kwh * COUNTS_MORE + self.carbon


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of one slot. `room_ws` is what fits at its `rate`, in watt-seconds at full current, as all amounts here; an
    owed piece is always filled.

    Price and grams are per kWh at full current. `g_per_kwh` None: nobody knows. `is_barred`: it costs more than the
    driver would ever pay. `slower`: the same at fewer amps, as far as that is worth it, the fewest first. What the last
    kWh of it costs, and the next one at more amps, with carbon where that has a price: `last_micro` and `beyond_micro`;
    None: as the others, and none.
    """

    start: datetime
    end: datetime
    price_micro_per_kwh: int
    g_per_kwh: int | None
    rank: Rank
    room_ws: int
    rate: Rate
    is_owed: bool = False
    is_barred: bool = False
    slower: "tuple[Piece, ...]" = ()
    last_micro: int | None = None
    beyond_micro: int | None = None

    @property
    def free_ws(self) -> int:
        """What a plan may take of it."""
        return 0 if self.is_barred else self.room_ws


@dataclass(frozen=True, slots=True)
class Use:
    """What is taken of one piece: less than all of it stands at its head or at its tail.

    `full_ws` is the energy at the wall, at full current and where the battery takes full power (`filling.py`).
    """

    piece: Piece
    full_ws: int
    window: Window


def cut(problem: PlanProblem) -> tuple[Piece, ...]:
    """All pieces in order: first those that the minimum is owed, from now on, then the free ones.

    The minimum is owed in whole seconds, so that what follows begins with one.
    """
    least_ws = problem.full_ws_to(problem.minimum_percent)
    most_ws = problem.full_ws_to(problem.target_percent)
    owed_ws = min(problem.ac_power_w * duration_s(least_ws, problem.ac_power_w), most_ws)
    surplus_w = problem.sun.surplus_w if problem.sun else ()
    pieces: list[Piece] = []
    for piece in free_pieces(problem, problem.slots, problem.carbon_g_per_kwh, surplus_w):
        pieces += _split(piece, owed_ws)
        owed_ws -= min(piece.room_ws, owed_ws)
    return tuple(pieces)


def free_pieces(
    problem: PlanProblem, slots: Sequence[PriceSlot], g_per_kwh: Sequence[int] = (), surplus_w: Sequence[int] = ()
) -> list[Piece]:
    """Slots with nothing owed, each as one piece."""
    at_full = full_rate(problem.ac_power_w)
    told = zip(slots, g_per_kwh or repeat(None), surplus_w or repeat(0), strict=False)
    return [_piece(problem, *one, at_full) for one in told]


def within(piece: Piece, start: datetime, end: datetime) -> Piece:
    """What of it lies between."""
    slower = tuple(within(one, start, end) for one in piece.slower)
    return replace(piece, start=start, end=end, room_ws=piece.rate.full_w * _seconds(start, end), slower=slower)


def _split(piece: Piece, owed_ws: int) -> list[Piece]:
    """What of it is owed, and the rest; either may be nothing."""
    if not owed_ws:
        return [piece]
    room_ws = min(piece.room_ws, owed_ws)
    until = piece.start + timedelta(seconds=duration_s(room_ws, piece.rate.full_w))
    owed = replace(piece, end=until, room_ws=room_ws, is_owed=True, is_barred=False, slower=())
    return [owed, within(piece, until, piece.end)] if until < piece.end else [owed]


def duration_s(full_ws: int, power_w: int) -> int:
    """How long it takes, in seconds, the last one begun counted as whole."""
    return -(-full_ws // power_w)


def whole(piece: Piece) -> Use:
    """All of a piece."""
    return Use(piece, piece.room_ws, Window(piece.start, piece.end))


def head(piece: Piece, full_ws: int) -> Use:
    """The beginning of a piece."""
    end = piece.start + timedelta(seconds=duration_s(full_ws, piece.rate.full_w))
    return Use(piece, full_ws, Window(piece.start, end))


def tail(piece: Piece, full_ws: int) -> Use:
    """The end of a piece."""
    start = piece.end - timedelta(seconds=duration_s(full_ws, piece.rate.full_w))
    return Use(piece, full_ws, Window(start, piece.end))


def at_once(pieces: Sequence[Piece], full_ws: int) -> list[Use]:
    """Plug in and charge: from now on until the target."""
    uses = []
    for piece in pieces:
        take = min(full_ws, piece.room_ws)
        if take:
            uses.append(head(piece, take))
            full_ws -= take
    return uses


def joined(uses: Sequence[Use]) -> tuple[Window, ...]:
    """The windows of uses in order, those that touch made one."""
    windows: list[Window] = []
    for use in uses:
        if windows and windows[-1].end == use.window.start:
            windows[-1] = Window(windows[-1].start, use.window.end)
        else:
            windows.append(use.window)
    return tuple(windows)


def _piece(problem: PlanProblem, slot: PriceSlot, g_per_kwh: int | None, surplus_w: int, at_full: Rate) -> Piece:
    """All of a slot at full current, and at fewer amps where the sun makes them cheaper."""
    if problem.sun is None or not surplus_w:
        room_ws = at_full.full_w * _seconds(slot.start, slot.end)
        told = (slot.price_micro_per_kwh, g_per_kwh, _rank(problem, slot.price_micro_per_kwh, g_per_kwh))
        return Piece(slot.start, slot.end, *told, room_ws, at_full, is_barred=problem.is_too_dear(slot))
    rates = problem.sun.rates(surplus_w, problem.ac_power_w)
    feed_in = problem.sun.feed_in_micro_per_kwh
    *slower, full = _worth_it([_at_rate(problem, slot, g_per_kwh, rate, feed_in) for rate in rates])
    if not slower:
        return full
    imports = problem.is_too_dear(slot)
    dear = [imports and one.rate.sun_w < one.rate.wall_w for one in (*slower[1:], full)]
    slower[1:] = [replace(one, is_barred=is_dear) for one, is_dear in zip(slower[1:], dear, strict=False)]
    return replace(full, slower=tuple(slower), is_barred=dear[-1])


def _at_rate(problem: PlanProblem, slot: PriceSlot, g_per_kwh: int | None, rate: Rate, feed_in: int) -> Piece:
    price = rate.counted(slot.price_micro_per_kwh, feed_in)
    grams = None if g_per_kwh is None else rate.counted(g_per_kwh, 0)
    is_barred = problem.is_too_dear(slot, rate.mean(slot.price_micro_per_kwh, feed_in))
    room_ws = rate.full_w * _seconds(slot.start, slot.end)
    return Piece(slot.start, slot.end, price, grams, _rank(problem, price, grams), room_ws, rate, is_barred=is_barred)


def _worth_it(rising: Sequence[Piece]) -> list[Piece]:
    """Those of which no two others, taken in turns, charge as much for less: each step up is dearer than the one before
    it. The fastest is always one of them.
    """
    kept: list[Piece] = []
    for piece in rising:
        while kept and step(kept[-1], piece, _weight) <= step(kept[-2] if len(kept) > 1 else None, kept[-1], _weight):
            kept.pop()
        kept.append(piece)
    return kept


def step(slow: Piece | None, fast: Piece, each: Callable[[Piece], int]) -> Fraction:
    """What each kilowatt-hour more of a faster rate costs, by what `each` costs at either; None: there is no slower."""
    if slow is None:
        return Fraction(each(fast))
    return Fraction(each(fast) * fast.room_ws - each(slow) * slow.room_ws, fast.room_ws - slow.room_ws)


def _weight(piece: Piece) -> int:
    return piece.rank.weight


def _rank(problem: PlanProblem, micro_per_kwh: int, g_per_kwh: int | None) -> Rank:
    nano = micro_per_kwh * NANO_PER_MICRO
    if g_per_kwh is None:
        return Rank(nano)
    return Rank(nano + g_per_kwh * problem.carbon_micro_per_kg, round_half_even(g_per_kwh, COARSE_G))


def _seconds(start: datetime, end: datetime) -> int:
    return (end - start) // timedelta(seconds=1)
