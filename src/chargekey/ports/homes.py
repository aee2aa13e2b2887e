"""Where each car is at home, kept sealed: nobody who reads the database learns where a driver lives."""

from typing import Protocol

from chargekey.domain.place import Home


class Homes(Protocol):
    """Homes by our number of the vehicle. Each call is a transaction of its own: not within a unit of work."""

    async def home_of(self, vehicle_id: int) -> Home | None:
        """None until it was learnt, after it was forgotten, and where what is kept does not open: it is learnt anew."""

    async def keep(self, vehicle_id: int, home: Home) -> None:
        """In place of what was there."""

    async def forget(self, vehicle_id: int) -> bool:
        """Erase it unopened; whether there was one."""
