"""What a home tells of its own sun: kept by quarter of an hour, forecasts until they are measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from chargekey.domain.surplus import SurplusSlot

KEPT_FOR: Final = timedelta(days=35)
"""Longer than any night that the ledger still looks at. What a night was booked with stays with it, as its prices do.
"""


@dataclass(frozen=True, slots=True)
class KeptSurplus:
    """What was told last of a quarter of an hour. `measured`: by a meter, else it is a forecast."""

    slot: SurplusSlot
    measured: bool
    told_at: datetime


class SurplusLog(Protocol):
    """By our number of the vehicle."""

    async def keep(self, vehicle_id: int, slots: Sequence[SurplusSlot], now: datetime, *, measured: bool) -> None:
        """Quarters of an hour, in place of what was told of the same ones; a forecast never replaces a measurement."""

    async def told(self, vehicle_id: int, start: datetime, end: datetime) -> Sequence[KeptSurplus]:
        """All that touch the span, in order; with holes where nothing was told."""

    async def forget(self, before: datetime) -> None:
        """Quarters of an hour that began before then are kept no longer, of no car."""


@dataclass(frozen=True, slots=True)
class SurplusKey:
    """With what a home tells. `heard_at`: when something last came with it; None: nothing yet."""

    made_at: datetime
    heard_at: datetime | None


class SurplusKeys(Protocol):
    """One key a car, by our number of it. A key is known by its hash alone."""

    async def keep(self, vehicle_id: int, key_hash: str, now: datetime) -> None:
        """In place of the key before, which is worth nothing from now on."""

    async def of_vehicle(self, vehicle_id: int) -> SurplusKey | None:
        """None: there is none."""

    async def whose(self, key_hash: str) -> int | None:
        """Which vehicle's it is; None: nobody's, or not any more."""

    async def heard(self, vehicle_id: int, key_hash: str, now: datetime) -> bool:
        """Something came with it: whoever else comes with the same key waits until this unit is over.

        False: it was taken back meanwhile.
        """

    async def take_back(self, vehicle_id: int) -> None:
        """From now on it is worth nothing. One that is gone already stays so."""
