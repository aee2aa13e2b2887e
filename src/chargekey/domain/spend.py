"""What Tesla bills for its API (tesla-fleet-api §9): every answer below 500 counts, also a refusal."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Billed(StrEnum):
    """Tesla's price categories, as far as we use them."""

    DATA = "data"
    COMMAND = "command"
    WAKE = "wake"


PRICE_MICRO_USD: Final[Mapping[Billed, int]] = {
    Billed.DATA: 1_000_000 // 500,
    Billed.COMMAND: 1_000_000 // 1_000,
    Billed.WAKE: 1_000_000 // 50,
}
"""Millionths of a dollar for one call, before Tesla's monthly discount of 10 dollars an operator."""


def bill_micro_usd(calls: Mapping[Billed, int]) -> int:
    """The price of so many calls of each kind, in millionths of a dollar."""
    return sum(PRICE_MICRO_USD[kind] * count for kind, count in calls.items())
