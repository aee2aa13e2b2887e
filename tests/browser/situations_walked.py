"""One situation walked in a town of its own, and what was found on the way."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.browser.look import ARGS
from tests.browser.situations import Situation
from tests.browser.walk import Found, a_walk, asked_of_tesla
from tests.stories.town import a_town


@dataclass(frozen=True)
class Walked:
    """`billed` of the `calls` cost the operator money."""

    name: str
    found: Found
    calls: int
    billed: int


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
    """`pictures`: where the screen that the situation is about is kept."""
    agent, walk = next((agent, walk) for known, agent, walk in situation.walks if known == name)
    found = Found()
    async with a_town(folder) as town:
        async with a_walk(browser, town, agent, found) as walker:
            walker.picture = pictures / f"{name}.png" if pictures else None
            await walk(walker)
        calls, billed = asked_of_tesla(town)
    return Walked(name, found, calls, billed)
