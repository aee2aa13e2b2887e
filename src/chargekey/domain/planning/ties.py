"""Among plans of equal cost, the one to take.

Better is, in this order:

1. less charging outside the windows of the plan now running: a driver should not see hours dance;
2. fewer starts: each is a command, and perhaps a wake;
3. an end at least half an hour before ready-by, of those the latest: a battery that waits full ages, and
   half an hour is time to notice that something went wrong;
4. early slots.

Dynamic programming over pieces, from now on. A state is what is still to be charged, whether the car charges
at the end of the piece, and whether a piece was already used in part. Where cost decides about each piece by itself,
one is enough, for two part-used pieces of one rank can be shifted into each other until one is full or empty, at no
cost and no new start.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import Enum
from itertools import accumulate
from typing import Final, NamedTuple, Protocol

from chargekey.domain.planning.pieces import Piece, Use, head, tail, whole
from chargekey.domain.planning.problem import SECOND, PlanProblem, Window

ROOM_BEFORE_READY_BY: Final = timedelta(minutes=30)


class Freedom(Enum):
    """What cost leaves open about a piece."""

    USED = "used"
    OPEN = "open"
    LEFT = "left"


class Leeway(Protocol):
    """What cost leaves open: how much may be taken of a piece, by what is still to be charged before it."""

    def amounts(self, number: int, left_ws: int, *, part_used: bool) -> Iterable[int]:
        """All amounts of the piece of this number that least cost allows, each once."""


class State(NamedTuple):
    """Where a plan stands after some pieces."""

    left_ws: int
    charges: bool
    part_used: bool


class Worth(NamedTuple):
    """How good a plan is among its equals; the smaller the better, compared from the first on."""

    stray_s: int = 0
    starts: int = 0
    is_short_of_room: bool = False
    end_off_by_s: int = 0
    lateness: int = 0


class Choice(NamedTuple):
    """One thing that can be done with a piece, and all that is known of it whatever came before."""

    use: Use | None
    charges_then: bool
    is_part: bool
    begins_with_the_piece: bool
    stray_s: int
    lateness: int


class Way(NamedTuple):
    """The best way to a state: its worth, the last use, and the way up to it."""

    worth: Worth
    last: Use | None
    before: "Way | None"


REST: Final = Choice(None, False, False, False, 0, 0)


def best_of_equals(problem: PlanProblem, pieces: Sequence[Piece], need_ws: int, leeway: Leeway) -> list[Use]:
    """The uses of the best plan of least cost. `need_ws` fits: the leeway leaves exactly that much to take."""
    ways = {State(need_ws, problem.charging, part_used=False): Way(Worth(), None, None)}
    for number, piece in enumerate(pieces):
        choices: dict[int, list[Choice]] = {}
        following: dict[State, Way] = {}
        for state, way in ways.items():
            for take_ws in leeway.amounts(number, state.left_ws, part_used=state.part_used):
                if take_ws not in choices:
                    choices[take_ws] = list(_choices(problem, piece, take_ws))
                for choice in choices[take_ws]:
                    left_ws = state.left_ws - take_ws
                    then = State(left_ws, choice.charges_then, state.part_used or choice.is_part)
                    worth = _with(way.worth, choice, state, left_ws, problem)
                    if then not in following or worth < following[then].worth:
                        following[then] = Way(worth, choice.use, way)
        ways = following
    return _uses(min(ways.values(), key=lambda way: way.worth))


class ByPiece:
    """The leeway where cost decides about each piece by itself."""

    def __init__(self, pieces: Sequence[Piece], freedoms: Sequence[Freedom], need_ws: int) -> None:
        self._pieces, self._freedoms = pieces, freedoms
        self._least, self._most = _bounds(pieces, freedoms)
        self._parts = _part_sizes(pieces, freedoms, need_ws)

    def amounts(self, number: int, left_ws: int, *, part_used: bool) -> Iterator[int]:
        """Nothing, all of it, or a part, as far as the pieces after it can take the rest and no more."""
        room_ws, freedom = self._pieces[number].room_ws, self._freedoms[number]
        least, most = self._least[number + 1], self._most[number + 1]
        if freedom is not Freedom.USED and least <= left_ws <= most:
            yield 0
        if freedom is not Freedom.LEFT and least <= left_ws - room_ws <= most:
            yield room_ws
        if freedom is Freedom.OPEN and not part_used:
            yield from (part for part in self._parts if part < room_ws and least <= left_ws - part <= most)


def _choices(problem: PlanProblem, piece: Piece, take_ws: int) -> Iterator[Choice]:
    """What can be done to take so much of a piece: rest, all of it, its head or its tail."""
    if not take_ws:
        yield REST
    elif take_ws == piece.room_ws:
        yield _choice(problem, whole(piece), charges_then=True)
    else:
        yield _choice(problem, head(piece, take_ws, problem.ac_power_w), charges_then=False)
        yield _choice(problem, tail(piece, take_ws, problem.ac_power_w), charges_then=True)


def _choice(problem: PlanProblem, use: Use, *, charges_then: bool) -> Choice:
    return Choice(
        use,
        charges_then,
        is_part=use.full_ws < use.piece.room_ws,
        begins_with_the_piece=use.window.start == use.piece.start,
        stray_s=_stray_s(use.window, problem.running),
        lateness=use.full_ws * _twice_the_middle_s(use.window, problem.now),
    )


def _with(worth: Worth, choice: Choice, state: State, left_ws: int, problem: PlanProblem) -> Worth:
    """What a choice adds. The use that leaves nothing to charge settles when the plan ends."""
    if choice.use is None:
        return worth
    is_short_of_room, end_off_by_s = False, 0
    if not left_ws:
        spare = problem.ready_by - ROOM_BEFORE_READY_BY - choice.use.window.end
        is_short_of_room, end_off_by_s = spare < timedelta(0), abs(spare) // SECOND
    goes_on = state.charges and choice.begins_with_the_piece
    return Worth(
        worth.stray_s + choice.stray_s,
        worth.starts + (not goes_on),
        is_short_of_room,
        end_off_by_s,
        worth.lateness + choice.lateness,
    )


def _twice_the_middle_s(window: Window, now: datetime) -> int:
    """How late a window lies, in whole numbers."""
    return (window.start - now + (window.end - now)) // SECOND


def _stray_s(window: Window, running: Sequence[Window]) -> int:
    """Seconds of a window outside the plan now running, 0 if none is."""
    if not running:
        return 0
    inside = sum((_overlap(window, other) for other in running), timedelta(0))
    return (window.end - window.start - inside) // SECOND


def _overlap(one: Window, other: Window) -> timedelta:
    start: datetime = max(one.start, other.start)
    return max(timedelta(0), min(one.end, other.end) - start)


def _bounds(pieces: Sequence[Piece], freedoms: Sequence[Freedom]) -> tuple[list[int], list[int]]:
    """The least and the most that the pieces from each number on can take."""
    both = list(zip(pieces, freedoms, strict=True))
    least = [piece.room_ws if freedom is Freedom.USED else 0 for piece, freedom in both]
    most = [0 if freedom is Freedom.LEFT else piece.room_ws for piece, freedom in both]
    return _sums_from_the_end(least), _sums_from_the_end(most)


def _sums_from_the_end(numbers: Sequence[int]) -> list[int]:
    return list(accumulate(reversed(numbers), initial=0))[::-1]


def _part_sizes(pieces: Sequence[Piece], freedoms: Sequence[Freedom], need_ws: int) -> list[int]:
    """How big the piece used in part can be: what whole open pieces, in any number, leave over.

    Nearly all rooms are equal (a quarter of an hour), so there are few sums.
    """
    both = list(zip(pieces, freedoms, strict=True))
    rest = need_ws - sum(piece.room_ws for piece, freedom in both if freedom is Freedom.USED)
    rooms = Counter(piece.room_ws for piece, freedom in both if freedom is Freedom.OPEN)
    sums = {0}
    for room, count in rooms.items():
        sums = {part for some in sums for times in range(count + 1) if (part := some + times * room) <= rest}
    return sorted({rest - some for some in sums if 0 < rest - some < max(rooms)})


def _uses(way: Way) -> list[Use]:
    uses = []
    step: Way | None = way
    while step is not None:
        if step.last is not None:
            uses.append(step.last)
        step = step.before
    return uses[::-1]
