"""What the home's own sun gave a car."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OwnSun:
    """`sun_wh` of the `of_wh` that were charged. `forgone`: what the grid would have paid for it, which is a part of
    what was paid; None: no price is known.
    """

    sun_wh: int
    of_wh: int
    forgone: Decimal | None
