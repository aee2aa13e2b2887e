"""A number that a source gave as grams, made one to reckon with."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from chargekey.domain.carbon import CarbonSlot, CarbonWrong, in_order
from chargekey.ports.faults import Puzzling

DIRTIEST_G: Final = 2_000
"""The oldest lignite plants stay below 1,300 g per kWh. Beyond it the unit is another one than we think."""


def grams(told: Decimal) -> int:
    """Whole grams per kWh, half to even. Raises `Puzzling` for what no grid ever was."""
    if not 0 <= told <= DIRTIEST_G:  # compared before it is reckoned with: 1e999999 is a number, too
        raise Puzzling("an intensity is out of all bounds")
    return int(told.to_integral_value(ROUND_HALF_EVEN))


def checked(slots: Sequence[CarbonSlot], start: datetime, end: datetime) -> tuple[CarbonSlot, ...]:
    """In order, and no more than was asked for. Raises `Puzzling`."""
    try:
        return tuple(one for one in in_order(slots) if one.end > start and one.start < end)
    except CarbonWrong as wrong:
        raise Puzzling(str(wrong)) from wrong
