"""Another Tesla account came back: both, with their cars, and the choice."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from chargekey.domain.other_account import Compared
from chargekey.domain.vehicle import Vin


@dataclass(frozen=True, slots=True)
class OtherAccount:
    """`charged` None: no car is in our care yet. `ended_at`: Tesla no longer honours the account in use since then.

    `suggests_other`: which of the two buttons is lit.
    """

    template: ClassVar[str] = "guide/other_account.html"
    cars: Compared
    charged: Vin | None
    ended_at: datetime | None
    came_at: datetime
    ends_at: datetime
    suggests_other: bool
    revoke_url: str
