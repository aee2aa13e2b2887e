"""What the home's own sun gave a car, and what it is to give it tonight."""

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


@dataclass(frozen=True, slots=True)
class SunTonight:
    """`sun_wh` of the `of_wh` that the plan charges. `feed_in_micro`: what the grid would pay for a kWh of it.

    `current_a`: what the car draws with now, and `full_a` otherwise; None: it does not draw with fewer. `is_carried`:
    the sun carries all of it, and the grid gives none.
    """

    sun_wh: int
    of_wh: int
    feed_in_micro: int
    full_a: int
    current_a: int | None = None
    is_carried: bool = True
