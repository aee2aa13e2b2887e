"""What a month of Tesla's API has cost, car by car and for the whole home, kept so that no budget can be passed."""

from collections.abc import Mapping
from typing import Protocol

from chargekey.domain.spend import Spent
from chargekey.domain.vehicle import Vin


class SpendLog(Protocol):
    """By month, such as 2026-11. Of a car it is the VIN that counts, whoever connects it."""

    async def add(self, vin: Vin, price_micro_usd: int, month: str) -> Spent:
        """Count a call before it is sent; returns what had been spent before it.

        Nobody else counts anything for this home until the unit of work ends.
        """

    async def give_back(self, vin: Vin, price_micro_usd: int, month: str) -> None:
        """A call that was counted is not billed."""

    async def spent(self, vin: Vin, month: str) -> Spent:
        """As it stands."""

    async def by_car(self, month: str) -> tuple[int, Mapping[Vin, int]]:
        """The home's, and each car's of which anything was asked. A car whose driver left is in the home's alone."""
