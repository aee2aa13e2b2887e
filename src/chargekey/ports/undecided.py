"""A grant of another Tesla account than the one in use, until its driver has said which of the two it shall be.

Its tokens lie sealed where all tokens lie, and are never renewed: a refresh token is good once. It is no grant of the
driver (`Garage.grant_of`) until it is settled, and after an hour it ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chargekey.domain.vehicle import Vin
from chargekey.ports.people import Grant


@dataclass(frozen=True, slots=True)
class Undecided:
    """`looked_at` None: its cars were not asked for yet. `cars` None: Tesla did not tell them."""

    grant: Grant
    came_at: datetime
    ends_at: datetime
    looked_at: datetime | None
    cars: tuple[Vin, ...] | None


class UndecidedGrants(Protocol):
    """At most one for each driver."""

    async def add(self, driver_id: int, account: str, base_url: str, now: datetime, ends_at: datetime) -> Grant:
        """A grant that counts for nothing yet. Its tokens are the vault's matter."""

    async def of(self, driver_id: int) -> Undecided | None:
        """The one whose tokens were saved; None: there is nothing to decide."""

    async def looked(self, grant_id: int, cars: Sequence[Vin] | None, now: datetime) -> None:
        """What Tesla said of its cars."""

    async def settle(self, grant_id: int) -> bool:
        """It is decided; from now on it is a grant like any other. False: it was decided before."""
