"""One situation walked in a town of its own, and what was found on the way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, async_playwright

from tests.browser.look import ARGS
from tests.browser.situation_table import Situation
from tests.browser.walk import Found, a_walk, asked_of_tesla
from tests.stories.town import a_town

TO_A_PAIRED_CAR: Final = 12
"""The token, the region, the list twice, the car, its switch, its key twice, the proof; and three to spare."""
A_TURN: Final = 10
"""A page counts as open for 25 s (`domain/key_watch`), looks every 3 s at most, and may ask for the list once."""
AN_HOUR: Final = 12
"""Whoever is waited for is looked at every five minutes at most, and that look is free."""

A_WALK_TAKES_S: Final = 240
"""At most, on a machine that has much else to do. The longest takes forty seconds; whatever hangs is named so."""


@dataclass(frozen=True)
class Walked:
    """`billed` of the `calls` cost the operator money."""

    name: str
    found: Found
    calls: int
    billed: int

    @property
    def calls_at_most(self) -> int:
        """What the rules of looking allow for a walk of so many turns of the clock, and so long."""
        return TO_A_PAIRED_CAR + A_TURN * self.found.turns + AN_HOUR * round(self.found.long / timedelta(hours=1))


@contextlib.asynccontextmanager
async def opened(chromium: str) -> AsyncIterator[Browser]:
    """Debian's Chromium, until the block ends."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGS)
        try:
            yield browser
        finally:
            await browser.close()


async def is_walked(
    browser: Browser, name: str, situation: Situation, folder: Path, pictures: Path | None = None
) -> Walked:
    """`pictures`: where the screen that the situation is about is kept. Each single call is bounded by the town."""
    agent, walk = next((agent, walk) for known, agent, walk in situation.walks if known == name)
    found = Found()
    async with a_town(folder) as town:
        before = len(town.world.calls)
        async with a_walk(browser, town, agent, found) as walker:
            walker.picture = pictures / f"{name}.png" if pictures else None
            async with asyncio.timeout(A_WALK_TAKES_S):
                await walk(walker)
        calls, billed = asked_of_tesla(town, before)
    return Walked(name, found, calls, billed)
