"""The least cost where power depends on how much was charged before, and all that it leaves open.

Which hours are cheapest is then no question of each hour by itself: the last used are charged at less than full power,
so that a dear hour late in the night costs less than the same hour early. Rules of this room:

1. How far a charge has come is told by its time alone (`filling.py`), and cost is a sum over pieces of price times
   what the curve gives between two such marks. Between the edges of the curve that is linear, so a plan of least cost
   lies in a corner: every mark is a sum of whole pieces counted from now, or back from the end, give or take quarters.
2. Only those marks are looked at, backwards from the end: the least that the rest costs from each of them. Whole
   numbers throughout, so that equal is equal.
3. Every way of least cost is kept, for `ties.py` to choose among, and where a start costs something every way that
   costs no more above it than all the starts that could be spared.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from chargekey.domain.planning.by_piece import Take
from chargekey.domain.planning.filling import SECONDS_A_QUARTER, Curve
from chargekey.domain.planning.pieces import Piece


class InOrder:
    """The leeway where it matters what was charged before.

    `spare`: how much more a plan may cost than the least, as `Rank.weight` times parts of a watt-second.
    """

    def __init__(self, pieces: Sequence[Piece], curve: Curve, need_ws: int, full_w: int, spare: int = 0) -> None:
        self._need_ws = need_ws
        marks = _marks(pieces, curve, need_ws, SECONDS_A_QUARTER * full_w)
        wall = {mark: curve.wall(mark) for row in marks for mark in row}
        self._onwards: list[dict[int, list[Take]]] = []
        rest = {need_ws: 0}
        for piece, here, then in zip(reversed(pieces), reversed(marks[:-1]), reversed(marks[1:]), strict=True):
            weight, costs, onwards = piece.rank.weight, {}, {}
            for mark in here:
                within = then[bisect_left(then, mark) : bisect_right(then, mark + piece.free_ws)]
                ways = [(weight * (wall[to] - wall[mark]) + rest[to], to - mark) for to in within if to in rest]
                if ways:
                    least = costs[mark] = min(cost for cost, _ in ways)
                    onwards[mark] = [(take_ws, cost - least) for cost, take_ws in ways if cost - least <= spare]
            rest = costs
            self._onwards.append(onwards)
        self._onwards.reverse()

    def takes(self, number: int, left_ws: int, *, part_used: bool) -> Sequence[Take]:
        """All that a plan may take; whether another piece was used in part is all one here."""
        return self._onwards[number][self._need_ws - left_ws]


def _marks(pieces: Sequence[Piece], curve: Curve, need_ws: int, quarter_ws: int) -> list[list[int]]:
    """How far a charge can have come before each piece and after the last, in order."""
    owed = [piece.room_ws for piece in pieces if piece.is_owed]
    free = [piece.free_ws for piece in pieces if not piece.is_owed]
    begins = sum(owed)
    marks = [[sum(owed[:number])] for number in range(len(owed))]
    for number in range(len(free) + 1):
        before, after = free[:number], free[number:]
        least, most = max(begins, need_ws - sum(after)), min(need_ws, begins + sum(before))
        ends = {begins + odd for odd in _odd_sums(before, quarter_ws)}
        ends |= {end - odd for odd in _odd_sums(after, quarter_ws) for end in (need_ws, curve.full_ws)}
        starts = {least + (end - least) % quarter_ws for end in ends}
        marks.append(sorted({mark for start in starts for mark in range(start, most + 1, quarter_ws)}))
    return marks


def _odd_sums(rooms: Sequence[int], quarter_ws: int) -> set[int]:
    """What pieces that are no whole quarters can add up to, but for whole quarters."""
    sums = {0}
    for room in rooms:
        if room % quarter_ws:
            sums |= {(some + room) % quarter_ws for some in sums}
    return sums
