"""Two Tesla accounts of one driver: which cars each has, and which of the two is likelier meant.

Rules of this room:

1. The driver decides. What is suggested here only says which of the two buttons is lit.
2. The other account is suggested only where nothing is lost by it: each car of the account in use is in it, too.
3. Nothing is made of what Tesla did not tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chargekey.domain.vehicle import Vin

DECIDE_WITHIN: Final = timedelta(hours=1)
"""How long tokens of an account that nobody has chosen are kept: as long as a trip to Tesla may take."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Cars of the account in use and of the one that came back. `is_known` False: Tesla did not tell the latter's."""

    only_ours: tuple[Vin, ...]
    both: tuple[Vin, ...]
    only_theirs: tuple[Vin, ...]
    is_known: bool

    @property
    def is_the_same(self) -> bool:
        """The same cars, seen from another account."""
        return bool(self.both) and not self.only_ours and not self.only_theirs


def compared(ours: Sequence[Vin], theirs: Sequence[Vin] | None) -> Compared:
    """`theirs` None: Tesla did not tell. The order of each list stays."""
    known = theirs or ()
    return Compared(
        only_ours=tuple(vin for vin in ours if vin not in known),
        both=tuple(vin for vin in ours if vin in known),
        only_theirs=tuple(vin for vin in known if vin not in ours),
        is_known=theirs is not None,
    )


def suggests_other(cars: Compared, *, has_ended: bool) -> bool:
    """Whether going on with the other account loses no car, and wins one. `has_ended`: ours is dead at Tesla."""
    if cars.only_ours or not cars.is_known:
        return False
    return bool(cars.only_theirs) or (has_ended and bool(cars.both))
