"""The night cut into pieces that the planner takes whole, in part or not at all.

A piece is a price slot, or what is left of one after the minimum was charged. What must be charged at once
comes first and is marked as owed: the planner has no say in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import repeat
from typing import Final, NamedTuple

from chargekey.domain.planning.problem import PlanProblem, Window
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
    """Part of one slot. `room_ws` is what fits at full power, as all amounts here; an owed piece is always filled.

    `g_per_kwh` None: nobody knows. `is_barred`: it costs more than the driver would ever pay.
    """

    start: datetime
    end: datetime
    price_micro_per_kwh: int
    g_per_kwh: int | None
    rank: Rank
    room_ws: int
    is_owed: bool
    is_barred: bool = False

    @property
    def free_ws(self) -> int:
        """What a plan may take of it."""
        return 0 if self.is_barred else self.room_ws


@dataclass(frozen=True, slots=True)
class Use:
    """What is taken of one piece: less than all of it stands at its head or at its tail.

    `full_ws` is the energy at the wall, where the battery takes full power (`filling.py`).
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
    pieces: list[Piece] = []
    for slot, g_per_kwh in zip(problem.slots, problem.carbon_g_per_kwh or repeat(None), strict=False):
        start, told = slot.start, (slot.price_micro_per_kwh, g_per_kwh, _rank(problem, slot, g_per_kwh))
        if owed_ws:
            room = min(problem.ac_power_w * _seconds(start, slot.end), owed_ws)
            until = start + timedelta(seconds=duration_s(room, problem.ac_power_w))
            pieces.append(Piece(start, until, *told, room, is_owed=True))
            owed_ws -= room
            start = until
        if start < slot.end:
            room = problem.ac_power_w * _seconds(start, slot.end)
            pieces.append(Piece(start, slot.end, *told, room, is_owed=False, is_barred=problem.is_too_dear(slot)))
    return tuple(pieces)


def duration_s(full_ws: int, power_w: int) -> int:
    """How long it takes, in seconds, the last one begun counted as whole."""
    return -(-full_ws // power_w)


def whole(piece: Piece) -> Use:
    """All of a piece."""
    return Use(piece, piece.room_ws, Window(piece.start, piece.end))


def head(piece: Piece, full_ws: int, power_w: int) -> Use:
    """The beginning of a piece."""
    end = piece.start + timedelta(seconds=duration_s(full_ws, power_w))
    return Use(piece, full_ws, Window(piece.start, end))


def tail(piece: Piece, full_ws: int, power_w: int) -> Use:
    """The end of a piece."""
    start = piece.end - timedelta(seconds=duration_s(full_ws, power_w))
    return Use(piece, full_ws, Window(start, piece.end))


def at_once(pieces: Sequence[Piece], full_ws: int, power_w: int) -> list[Use]:
    """Plug in and charge: from now on until the target."""
    uses = []
    for piece in pieces:
        take = min(full_ws, piece.room_ws)
        if take:
            uses.append(head(piece, take, power_w))
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


def _rank(problem: PlanProblem, slot: PriceSlot, g_per_kwh: int | None) -> Rank:
    nano = slot.price_micro_per_kwh * NANO_PER_MICRO
    if g_per_kwh is None:
        return Rank(nano)
    return Rank(nano + g_per_kwh * problem.carbon_micro_per_kg, round_half_even(g_per_kwh, COARSE_G))


def _seconds(start: datetime, end: datetime) -> int:
    return (end - start) // timedelta(seconds=1)
