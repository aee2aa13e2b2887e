"""What nights came to, booked. Entries are added and never changed; they go with the driver alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chargekey.domain.ledger import Booking, Entry, Outcome
from chargekey.domain.night import Night


class Ledger(Protocol):
    """The book of all nights."""

    async def book(self, night_id: int, booking: Booking) -> bool:
        """Add an entry. False: the night has one of that number already, and this one was not added."""

    async def of_night(self, night_id: int) -> Sequence[Booking]:
        """All of a night in their order, each with what it rests on; empty: it is not booked."""

    async def of_nights(self, night_ids: Sequence[int]) -> Mapping[int, tuple[Sequence[Entry], Outcome]]:
        """For each night that is booked its entries in their order, and what the last of them says besides."""

    async def unbooked(self, vehicle_id: int) -> Sequence[Night]:
        """Nights of this car that are over and not booked, oldest first."""

    async def booked(self, vehicle_id: int, since: datetime) -> Sequence[Night]:
        """Nights of this car that ended from `since` on and are booked, oldest first."""

    async def cars_with_unbooked(self) -> Sequence[int]:
        """The numbers of all cars that have such nights."""
