"""How much CO2 power stands for, as somebody publishes it: asked for over the network, and kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chargekey.domain.carbon import Carbon, CarbonSlot, Region
from chargekey.ports.prices import Asked


class PublishedCarbon(Protocol):
    """One source, for one region."""

    async def published(self, start: datetime, end: datetime) -> Sequence[CarbonSlot]:
        """What is out between, in order and without overlap; empty: nothing yet.

        Hours that the source left out are left out. Raises a `Fault`: nothing was changed by asking, so every one may
        be asked again.
        """


class CarbonIntensity(Protocol):
    """What is known of the home's region. Nothing here waits for the network: it answers from what is kept."""

    @property
    def source(self) -> str:
        """Whose word it is, as a page names him; empty: nobody tells."""

    async def carbon(self, start: datetime, end: datetime, known_at: datetime) -> Carbon | None:
        """What touches the span, as far as it was known at `known_at`; None: nothing is, or there is no source."""


class CarbonLog(Protocol):
    """What was published, by region."""

    async def keep(self, region: Region, slots: Sequence[CarbonSlot], fetched_at: datetime) -> None:
        """Add, in place of kept slots that they overlap; what is kept already stays."""

    async def slots(self, region: Region, start: datetime, end: datetime) -> Sequence[CarbonSlot]:
        """All that touch the span, whole and in order; with holes where nothing was published."""

    async def asked(self, region: Region) -> Asked | None:
        """None: it was never asked."""

    async def save_asked(self, region: Region, asked: Asked) -> None:
        """In place of what was there."""
