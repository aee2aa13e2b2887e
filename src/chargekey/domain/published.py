"""What was published of a span, holes and all, and what of it can be gone by.

Rules of this room:

1. A price that is missing is not known. Nothing is made up for it, and what comes after it is not known for certain
   either, until the hole is filled: the planner wants prices without a gap.
2. What is known never begins later than the moment it is needed for.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from chargekey.domain.tariff import ForecastSlot, PriceSlot


class PublishedWrong(ValueError):
    """Slots that overlap or have no length: nothing that a source could have meant."""


def in_order(slots: Sequence[PriceSlot]) -> tuple[PriceSlot, ...]:
    """The same by time. Raises `PublishedWrong`; holes may be."""
    ordered = tuple(sorted(slots, key=lambda one: one.start))
    if any(one.end <= one.start for one in ordered):
        raise PublishedWrong("a slot has no length")
    if any(one.end > other.start for one, other in pairwise(ordered)):
        raise PublishedWrong("two slots overlap")
    return ordered


def cut(slots: Sequence[PriceSlot], start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
    """Only what lies between, the first and the last cut to it."""
    inside = (one for one in slots if one.end > start and one.start < end)
    return tuple(replace(one, start=max(one.start, start), end=min(one.end, end)) for one in inside)


def unbroken(slots: Sequence[PriceSlot], start: datetime, end: datetime, now: datetime) -> tuple[PriceSlot, ...]:
    """The stretch without a hole that can be gone by between `start` and `end`, out of slots in order.

    It is the one that holds `now`, or where `now` is not between them, the beginning. Behind us, where nothing is to be
    gone by any more, the longest. Empty where that moment has no price.
    """
    stretches = _stretches(cut(slots, start, end))
    if end <= now:
        return max(stretches, key=lambda one: one[-1].end - one[0].start, default=())
    needed = max(start, now)
    return next((one for one in stretches if one[0].start <= needed < one[-1].end), ())


def known_until(slots: Sequence[PriceSlot], now: datetime) -> datetime:
    """How far it can be gone by from `now` on; `now` itself where it has no price."""
    holding = next((one for one in _stretches(slots) if one[0].start <= now < one[-1].end), ())
    return holding[-1].end if holding else now


def certain_until(slots: Sequence[PriceSlot], now: datetime) -> datetime | None:
    """Where, in a stretch without a hole, what its source forecasts begins. None: the stretch is empty.

    The price that is paid now counts as known, though its source may still correct it.
    """
    ahead = (one.start for one in slots if isinstance(one, ForecastSlot) and one.start > now)
    return next(ahead, slots[-1].end) if slots else None


def _stretches(slots: Sequence[PriceSlot]) -> list[tuple[PriceSlot, ...]]:
    found: list[list[PriceSlot]] = []
    for slot in slots:
        if found and found[-1][-1].end == slot.start:
            found[-1].append(slot)
        else:
            found.append([slot])
    return [tuple(one) for one in found]
