"""How every call to Tesla went: kept for thirty days, for the driver's support and for judging Tesla itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from chargekey.domain.vehicle import Vin

KEPT_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Call:
    """One call. It says what was asked by its kind ("vehicle_data"), never by its address.

    `grant_id` None: on nobody's behalf. `vin` None: about no vehicle, or about one that we do not know.
    `status` None: no answer came. `fault` None: it was answered as asked, else the name of the Fault.
    `region` is where it went: a region's name, or `SIGN_IN`.
    """

    at: datetime
    grant_id: int | None
    vin: Vin | None
    what: str
    status: int | None
    fault: str | None
    request_id: str | None
    took_ms: int
    region: str


SIGN_IN: Final = "sign_in"
"""Tesla's token host, which serves all regions."""


class CallLog(Protocol):
    """Calls, written down as they end."""

    async def add(self, call: Call) -> None:
        """One more."""

    async def latest(self, grant_id: int, limit: int) -> Sequence[Call]:
        """The latest on behalf of that grant, newest first."""

    async def since(self, moment: datetime) -> Sequence[Call]:
        """Everybody's from `moment` on, oldest first."""

    async def last_of_each(self, moment: datetime) -> Sequence[Call]:
        """From `moment` on, of each account, question, answer and region the last that was written down, in any order.

        They say the same of who met what as all calls would, and are a few for each account, however long it lasts.
        """

    async def forget(self, before: datetime) -> None:
        """What ended before then is kept no longer."""
