"""When Tesla as a whole did not answer, region by region: noticed, and over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outage:
    """`region` is a region's name or `call_log.SIGN_IN`. `over_at` None: it lasts."""

    id: int
    region: str
    since: datetime
    over_at: datetime | None


class Outages(Protocol):
    """Kept for good: they tell why a night went as it did."""

    async def lasting(self) -> Sequence[Outage]:
        """Those that are not over, oldest first."""

    async def begin(self, region: str, since: datetime) -> Outage:
        """One more."""

    async def end(self, outage_id: int, at: datetime) -> None:
        """Over."""
