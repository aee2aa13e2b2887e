"""At which current each hour of surplus is charged, if it is: settled by cost alone, before hours are chosen.

Why that is exact: an hour of surplus is a row of offers, the fewest amps worth it and then what each step up adds,
each dearer than the one before (`pieces.py` leaves out the others). So least cost is a fractional knapsack of offers
(reference smart-charging §3.1.1): all that are cheaper than the marginal one are taken whole, and of no hour a later
one without those before it. The one hour of which a step up is taken in part is cut in two, in whole seconds: so a plan
may cost a second's worth of one current more than the least.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple

from chargekey.domain.planning.pieces import NANO_PER_MICRO, Piece, Use, duration_s, step, within
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.planning.sun import Level, SunAhead
from chargekey.domain.surplus import Surplus


class Offer(NamedTuple):
    """Part of what fits into one piece: the cheaper first, and at one price what asks for less current."""

    weight: Fraction
    steps_up: int
    number: int
    micro_per_kwh: int
    room_ws: int


def with_sun(problem: PlanProblem, surplus: Surplus, levels: tuple[Level, ...]) -> PlanProblem:
    """The same with what the home has to spare; as it was where that is nothing, or there is no lower current."""
    tonight_w, *ahead_w = [
        tuple(surplus.mean_w(slot.start, slot.end) for slot in slots)
        for slots in (problem.slots, *(night.slots for night in problem.ahead))
    ]
    if not levels or not any(map(any, (tonight_w, *ahead_w))):
        return problem
    ahead = tuple(replace(night, surplus_w=watts) for night, watts in zip(problem.ahead, ahead_w, strict=True))
    return replace(problem, sun=SunAhead(tonight_w, surplus.feed_in_micro_per_kwh, levels), ahead=ahead)


def offers(pieces: Sequence[Piece]) -> Iterator[Offer]:
    """Of all pieces that may be taken and need not."""
    for number, piece in enumerate(pieces):
        if piece.is_owed:
            continue
        slow: Piece | None = None
        for steps_up, fast in enumerate((*piece.slower, piece)):
            if fast.is_barred:
                break
            room_ws = fast.room_ws - (slow.room_ws if slow else 0)
            micro = round(step(slow, fast, lambda one: one.price_micro_per_kwh))
            yield Offer(step(slow, fast, lambda one: one.rank.weight), steps_up, number, micro, room_ws)
            slow = fast


def at_their_currents(pieces: Sequence[Piece], need_ws: int) -> tuple[Piece, ...]:
    """Each at the current at which least cost charges it, if it does."""
    left_ws = need_ws - sum(piece.room_ws for piece in pieces if piece.is_owed)
    last = [(0, 0)] * len(pieces)
    for offer in sorted(offers(pieces)):
        take_ws = max(0, min(left_ws, offer.room_ws))
        left_ws -= take_ws
        if take_ws:
            last[offer.number] = (offer.steps_up, take_ws)
    return tuple(part for piece, it in zip(pieces, last, strict=True) for part in _parts(piece, *it))


def settled(pieces: Sequence[Piece], uses: Sequence[Use]) -> tuple[Piece, ...]:
    """What these charge gently as a given, and what they do not as barred: only full current is left to choose."""
    used = {use.piece.start: use for use in uses}
    return tuple(_given(piece, used.get(piece.start)) if piece.rate.current_a else piece for piece in pieces)


def unsettled(uses: Sequence[Use], before: Sequence[Use]) -> list[Use]:
    """The same, with what was a given as it was `before`."""
    gentle = {use.window.start: use for use in before if use.piece.rate.current_a}
    return [gentle.get(use.window.start, use) for use in uses]


def _given(piece: Piece, use: Use | None) -> Piece:
    if use is None:
        return replace(piece, is_barred=True)
    return replace(piece, start=use.window.start, end=use.window.end, room_ws=use.full_ws, is_owed=True)


def _parts(piece: Piece, steps_up: int, taken_ws: int) -> Iterator[Piece]:
    """A piece at one current, or at two after each other where the last step is taken in part: the higher one first."""
    if piece.is_owed or not piece.slower:
        yield piece
        return
    here, until = _at_step(piece, steps_up), piece.end
    if steps_up:
        below = _at_step(piece, steps_up - 1)
        seconds = duration_s(taken_ws, here.rate.full_w - below.rate.full_w)
        until = min(piece.start + timedelta(seconds=seconds), piece.end)
        if until < piece.end:
            yield within(here, piece.start, until)
            yield within(below, until, piece.end)
            return
    yield here


def _at_step(piece: Piece, steps_up: int) -> Piece:
    """It at one of its currents, with what the last and the next kilowatt-hour cost."""
    rates = (*piece.slower, piece)
    here, above = rates[steps_up], rates[steps_up + 1 :]
    last = _micro(rates[steps_up - 1] if steps_up else None, here)
    beyond = _micro(here, above[0]) if above and not above[0].is_barred else None
    return replace(here, slower=(), last_micro=last, beyond_micro=beyond)


def _micro(slow: Piece | None, fast: Piece) -> int:
    return round(step(slow, fast, lambda one: one.rank.nano_per_kwh) / NANO_PER_MICRO)
