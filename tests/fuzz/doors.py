"""All doors together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fuzz import car_replies, tesla_bodies
from tests.fuzz.door import Door
from tests.fuzz.house import a_house


@asynccontextmanager
async def all_doors(folder: Path) -> AsyncIterator[list[Door]]:
    """`folder` keeps what the house keeps meanwhile."""
    async with a_house(folder) as house:
        yield [*tesla_bodies.doors(), *car_replies.doors(), *house.doors()]
