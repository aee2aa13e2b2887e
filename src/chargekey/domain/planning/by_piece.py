"""The least cost where each piece decides for itself, and what plans that cost a little more could do.

With one price a piece and full power or nothing, least cost is a fractional knapsack: pieces below the marginal price
are used whole, pieces above it not at all (reference smart-charging §3.1.1). Rules of this room:

1. What a plan costs above that is a sum over pieces: what is used of one above the marginal price, and what is left of
   one below it, each times its distance from that price.
2. So a piece alone tells what is not worth looking at: whatever costs more than all the starts that could be spared.
3. One piece used in part is enough: two can be shifted into each other until one is full or empty, at no cost and no
   new start.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from chargekey.domain.planning.pieces import Piece

Take = tuple[int, int]
"""How much is taken, in watt-seconds, and what that costs above the least."""


class ByPiece:
    """The leeway. `spare`: how much more a plan may cost than the least, as `Rank.weight` times watt-seconds."""

    def __init__(self, pieces: Sequence[Piece], need_ws: int, spare: int = 0) -> None:
        marginal = _marginal_weight(pieces, need_ws)
        parts = _part_sizes(pieces, marginal, need_ws, spare)
        self._takes = [list(_takes(piece, marginal, parts, spare)) for piece in pieces]
        self._least = _sums_from_the_end([min(take_ws for take_ws, _ in takes) for takes in self._takes])
        self._most = _sums_from_the_end([max(take_ws for take_ws, _ in takes) for takes in self._takes])
        self._rooms = [piece.room_ws for piece in pieces]

    def takes(self, number: int, left_ws: int, *, part_used: bool) -> Iterator[Take]:
        """Nothing, all of it, or a part, as far as the pieces after it can take the rest and no more."""
        least, most, room_ws = self._least[number + 1], self._most[number + 1], self._rooms[number]
        for take_ws, above in self._takes[number]:
            if least <= left_ws - take_ws <= most and not (part_used and 0 < take_ws < room_ws):
                yield take_ws, above


def _marginal_weight(pieces: Sequence[Piece], need_ws: int) -> int | None:
    """Of the dearest piece that least cost needs. None: what is owed is enough."""
    left_ws = need_ws - sum(piece.room_ws for piece in pieces if piece.is_owed)
    marginal: int | None = None
    free = (piece for piece in pieces if not piece.is_owed and not piece.is_barred)
    for piece in sorted(free, key=lambda piece: piece.rank):
        if left_ws <= 0:
            break
        marginal = piece.rank.weight
        left_ws -= piece.room_ws
    return marginal


def _takes(piece: Piece, marginal: int | None, parts: Sequence[int], spare: int) -> Iterator[Take]:
    """What may be done with one piece alone."""
    room_ws = piece.room_ws
    if piece.is_owed:
        yield room_ws, 0
    elif marginal is None or piece.is_barred:
        yield 0, 0
    else:
        dearer = piece.rank.weight - marginal
        for take_ws in (0, *(part_ws for part_ws in parts if part_ws < room_ws), room_ws):
            above = dearer * take_ws if dearer > 0 else -dearer * (room_ws - take_ws)
            if above <= spare:
                yield take_ws, above


def _sums_from_the_end(numbers: Sequence[int]) -> list[int]:
    return list(accumulate(reversed(numbers), initial=0))[::-1]


def _part_sizes(pieces: Sequence[Piece], marginal: int | None, need_ws: int, spare: int) -> list[int]:
    """How big the piece used in part can be: what whole pieces, in any number, leave over.

    Nearly all rooms are equal (a quarter of an hour), so there are few sums.
    """
    rest_ws, rooms_ws = need_ws, Counter[int]()
    for piece in pieces:
        dearer = 0 if marginal is None else piece.rank.weight - marginal
        if piece.is_owed or (dearer < 0 and not spare):
            rest_ws -= piece.free_ws
        elif not piece.is_barred and (dearer == 0 or spare):
            rooms_ws[piece.room_ws] += 1
    sums = {0}
    for room_ws, count in rooms_ws.items():
        sums = {part for some in sums for times in range(count + 1) if (part := some + times * room_ws) <= rest_ws}
    return sorted({rest_ws - some for some in sums if 0 < rest_ws - some < max(rooms_ws)})
