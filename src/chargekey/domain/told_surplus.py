"""What a home tells of its own sun, made into quarters of an hour.

Rules of this room:

1. A measurement is of now. It stands for its quarter of an hour, and is supposed to go on for the next.
2. The meter of a house sees the car, too. What the car draws is added again; where nobody knows that, nothing is known.
3. A forecast is cut at quarters of an hour, each with its mean. What is over is left out, and a hole tells nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chargekey.domain.evidence import ChargeState
from chargekey.domain.lesson import wall_power
from chargekey.domain.night import Agreed
from chargekey.domain.surplus import MOST_W, Surplus, SurplusSlot, SurplusUnclear, in_order
from chargekey.domain.tariff import EPOCH, QUARTER

SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(hours=24)
AHEAD: Final = timedelta(days=7)
MOST_SLOTS: Final = 700
"""A week of quarters of an hour, and some."""
ALIKE_W: Final = 250
"""Less than one amp on one phase comes to: no order would be another."""
WORD_LASTS: Final = timedelta(minutes=90)
"""So long what a car said that it draws is taken for what it draws: it goes on until it is told something else or is
full, and it is looked at when it may be."""
SETTLES_WITHIN: Final = timedelta(minutes=1)
"""Of an order a car draws as it was told, and a meter that tells a mean shows it."""


class Unheard(StrEnum):
    """Why something that was told does not count."""

    TOO_SOON = "too_soon"
    ALIKE = "alike"
    ORDERED_SINCE = "ordered_since"
    WORD_TOO_OLD = "word_too_old"
    NO_WORD_OF_POWER = "no_word_of_power"
    OVER = "over"


class DrawUnknown(Exception):
    """Nobody knows what the car draws just now."""

    def __init__(self, why: Unheard) -> None:
        super().__init__(why.value)
        self.why = why


def quarter_of(moment: datetime) -> datetime:
    """When its quarter of an hour began."""
    return moment - (moment - EPOCH) % QUARTER


def measured_slots(surplus_w: int, now: datetime) -> tuple[SurplusSlot, SurplusSlot]:
    """The quarter of an hour in which it was measured, and the one for which it is supposed to go on."""
    start = quarter_of(now)
    return SurplusSlot(start, start + QUARTER, surplus_w), SurplusSlot(start + QUARTER, start + 2 * QUARTER, surplus_w)


def is_alike(slots: Sequence[SurplusSlot], known_w: Mapping[datetime, int]) -> bool:
    """Whether for each of them nearly the same is known already, by when its quarter of an hour begins."""
    return all(one.start in known_w and abs(one.surplus_w - known_w[one.start]) <= ALIKE_W for one in slots)


def without_car(grid_w: int, car_w: int) -> int:
    """What would be fed in if the car drew nothing. `grid_w`: what comes from the grid; below 0 it is fed in."""
    return min(MOST_W, max(0, car_w - grid_w))


def car_draws_w(
    charge: ChargeState | None,
    said_at: datetime | None,
    ordered_at: datetime | None,
    now: datetime,
    agreed: Agreed | None = None,
) -> int:
    """What the car takes from this house, by its last word. Raises `DrawUnknown`.

    `ordered_at`: when it was last told to start or to stop, or how much to draw without agreeing to it. `agreed`: what
    it agreed to draw last. Elsewhere it takes nothing from here.
    """
    if charge is None or said_at is None:
        return 0
    is_new = agreed is not None and timedelta() <= now - agreed.at < SETTLES_WITHIN
    if is_new or (ordered_at is not None and ordered_at > said_at):
        raise DrawUnknown(Unheard.ORDERED_SINCE)
    if not charge.drawing or charge.at_home is False:
        return 0
    if now - said_at > WORD_LASTS:
        raise DrawUnknown(Unheard.WORD_TOO_OLD)
    power = wall_power(charge)
    if power is None:
        raise DrawUnknown(Unheard.NO_WORD_OF_POWER)
    if agreed is None or agreed.at <= said_at or not charge.current_a:
        return power[0]
    return power[0] * agreed.current_a // charge.current_a


def forecast_slots(told: Sequence[SurplusSlot], now: datetime) -> tuple[SurplusSlot, ...]:
    """Quarters of an hour from the present one on, in order. Raises `SurplusUnclear`; its text completes a sentence."""
    if not 0 < len(told) <= MOST_SLOTS:
        raise SurplusUnclear(f"there are 1 to {MOST_SLOTS} slots")
    if any(not SHORTEST <= one.end - one.start <= LONGEST for one in told):
        raise SurplusUnclear("a slot is 5 minutes to 24 hours long")
    if any(one.start > now + AHEAD for one in told):
        raise SurplusUnclear("a slot begins within 7 days from now")
    touching: dict[datetime, list[SurplusSlot]] = defaultdict(list)
    for one in in_order(told):
        start = max(quarter_of(one.start), quarter_of(now))
        while start < one.end:
            touching[start].append(one)
            start += QUARTER
    return tuple(
        SurplusSlot(start, start + QUARTER, Surplus(tuple(slots), 0).mean_w(start, start + QUARTER))
        for start, slots in sorted(touching.items())
    )
