"""Of all plans that cost least, or little more, the one to take.

Better is, in this order:

1. less cost above the least, with what starts cost;
2. less charging outside the windows of the plan now running: a driver should not see hours dance;
3. fewer starts, also where they cost nothing;
4. an end at least half an hour before ready-by, of those the latest: a battery that waits full ages, and
   half an hour is time to notice that something went wrong; but not where the home's own sun is charged, for who waits
   for the last of it may be left without;
5. early slots.

Dynamic programming over pieces, from now on. A state is what is still to be charged, whether the car charges
at the end of the piece, and whether a piece was already used in part. What may be done with a piece, and what that
costs above the least, is for a `Leeway` to say.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

from chargekey.domain.planning.pieces import Piece, Use, head, tail, whole
from chargekey.domain.planning.problem import SECOND, PlanProblem, Window

ROOM_BEFORE_READY_BY: Final = timedelta(minutes=30)


class Leeway(Protocol):
    """What cost leaves open: how much may be taken of a piece, by what is still to be charged before it."""

    def takes(self, number: int, left_ws: int, *, part_used: bool) -> Iterable[tuple[int, int]]:
        """All amounts of the piece of this number that may be taken, each once, and what each costs above the least."""


class State(NamedTuple):
    """Where a plan stands after some pieces."""

    left_ws: int
    charges: bool
    part_used: bool


class Worth(NamedTuple):
    """How good a plan is among its equals; the smaller the better, compared from the first on."""

    above: int = 0
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


def best_plan(
    problem: PlanProblem, pieces: Sequence[Piece], need_ws: int, leeway: Leeway, start: int = 0, most: int | None = None
) -> list[Use]:
    """The uses of the best plan. `need_ws` fits: the leeway leaves exactly that much to take.

    `start` is what one costs, in the leeway's unit; `most`: no plan that costs more above the least is looked for.
    """
    ways = {State(need_ws, problem.charging, part_used=False): Way(Worth(), None, None)}
    for number, piece in enumerate(pieces):
        choices: dict[int, list[Choice]] = {}
        following: dict[State, Way] = {}
        for state, way in ways.items():
            for take_ws, above in leeway.takes(number, state.left_ws, part_used=state.part_used):
                if take_ws not in choices:
                    choices[take_ws] = list(_choices(problem, piece, take_ws))
                left_ws = state.left_ws - take_ws
                for choice in choices[take_ws]:
                    then = State(left_ws, choice.charges_then, state.part_used or choice.is_part)
                    worth = _with(way.worth, choice, state, left_ws, problem, above, start)
                    if most is not None and worth.above > most:
                        continue
                    if then not in following or worth < following[then].worth:
                        following[then] = Way(worth, choice.use, way)
        ways = following
    return _uses(min(ways.values(), key=lambda way: way.worth))


def _choices(problem: PlanProblem, piece: Piece, take_ws: int) -> Iterator[Choice]:
    """What can be done to take so much of a piece: rest, all of it, its head or its tail."""
    if not take_ws:
        yield REST
    elif take_ws == piece.room_ws:
        yield _choice(problem, whole(piece), charges_then=True)
    else:
        yield _choice(problem, head(piece, take_ws), charges_then=False)
        yield _choice(problem, tail(piece, take_ws), charges_then=True)


def _choice(problem: PlanProblem, use: Use, *, charges_then: bool) -> Choice:
    return Choice(
        use,
        charges_then,
        is_part=use.full_ws < use.piece.room_ws,
        begins_with_the_piece=use.window.start == use.piece.start,
        stray_s=_stray_s(use.window, problem.running),
        lateness=use.full_ws * _twice_the_middle_s(use.window, problem.now),
    )


def _with(
    worth: Worth, choice: Choice, state: State, left_ws: int, problem: PlanProblem, above: int, start: int
) -> Worth:
    """What a choice adds. The use that leaves nothing to charge settles when the plan ends."""
    if choice.use is None:
        return worth._replace(above=worth.above + above) if above else worth
    is_short_of_room, end_off_by_s = False, 0
    if not left_ws and problem.sun is None:
        spare = problem.ready_by - ROOM_BEFORE_READY_BY - choice.use.window.end
        is_short_of_room, end_off_by_s = spare < timedelta(0), abs(spare) // SECOND
    starts = not (state.charges and choice.begins_with_the_piece)
    return Worth(
        worth.above + above + starts * start,
        worth.stray_s + choice.stray_s,
        worth.starts + starts,
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


def _uses(way: Way) -> list[Use]:
    uses = []
    step: Way | None = way
    while step is not None:
        if step.last is not None:
            uses.append(step.last)
        step = step.before
    return uses[::-1]
