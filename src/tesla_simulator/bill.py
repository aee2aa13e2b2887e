"""What Tesla would bill an app for a month: answers below 500 by category, signals streamed, less the discount (§9).

Prices as its developer site told them in August 2026. Signing in and the list of cars are in no category.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

Counted = dict[str, dict[str, int]]
"""By month, such as 2024-11, and category."""


@dataclass(frozen=True)
class Price:
    """So many of a category for one US dollar."""

    category: str
    name: str
    per_usd: int


STREAMED: Final = "signal"
PRICES: Final = (
    Price(STREAMED, "Streaming signals", 150_000),
    Price("command", "Commands", 1000),
    Price("data", "Data", 500),
    Price("wake", "Wakes", 50),
)
DISCOUNT_USD: Final = Decimal(10)
_CENT_OF_A_CENT: Final = Decimal("0.0001")


def count(counted: Counted, month: str, category: str, number: int = 1) -> None:
    """So many more."""
    if category:
        of_month = counted.setdefault(month, {})
        of_month[category] = of_month.get(category, 0) + number


def bill(counted: Mapping[str, Mapping[str, int]], month: str) -> dict[str, object]:
    """The month's bill; categories that nothing was asked of are left out."""
    counts = counted.get(month, {})
    asked = [(price, counts[price.category]) for price in PRICES if counts.get(price.category)]
    amounts = [Decimal(number) / price.per_usd for price, number in asked]
    total = sum(amounts, Decimal())
    discount = min(total, DISCOUNT_USD)
    return {
        "month": month,
        "lines": [
            {"category": price.name, "count": number, "per_usd": price.per_usd, "usd": _usd(amount)}
            for (price, number), amount in zip(asked, amounts, strict=True)
        ],
        "usd": _usd(total),
        "discount_usd": _usd(-discount),
        "due_usd": _usd(total - discount),
    }


def _usd(amount: Decimal) -> str:
    return str(amount.quantize(_CENT_OF_A_CENT))
