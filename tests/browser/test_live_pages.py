"""A page that is open becomes live, however slowly its scripts come and however badly the first asking goes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Route, expect

from tests.browser.situations_walked import opened
from tests.browser.walk import ON_A_PHONE, Found, Walk, a_walk
from tests.stories.town import a_town

LIVE: Final = "**/key/live*"
ANSWERED: Final = "text/event-stream"
A_WHILE: Final = "new Promise((go) => setTimeout(go, 200))"
"""For the page itself: whatever htmx does too early it has done by then."""


@pytest.fixture(scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with opened(chromium) as started:
        yield started


@pytest.fixture
async def walk(browser: Browser, tmp_path: Path) -> AsyncIterator[Walk]:
    """A driver at the key step."""
    async with a_town(tmp_path) as town, a_walk(browser, town, ON_A_PHONE, Found()) as walk:
        await walk.plays("J1")
        await walk.connects()
        await walk.comes_to("/key")
        yield walk


async def test_when_one_script_comes_long_after_the_other(walk: Walk) -> None:
    async def comes_late(route: Route) -> None:
        await walk.page.wait_for_function("window.htmx")
        await walk.page.evaluate(A_WHILE)
        await route.continue_()

    await walk.page.route("**/hx-sse.min.js", comes_late)
    async with walk.page.expect_response(LIVE) as answer:
        await walk.page.reload(wait_until="commit")
    assert ANSWERED in ((await answer.value).headers["content-type"])
    await walk.page.unroute_all(behavior="ignoreErrors")  # the script may be asked for once more as the page ends


@pytest.mark.parametrize("status", [None, 502], ids=["no connection", "a server in front of us says no"])
async def test_when_the_first_asking_fails_it_asks_again_and_shows_what_it_showed(
    status: int | None, walk: Walk
) -> None:
    async def fails(route: Route) -> None:
        await (route.abort() if status is None else route.fulfill(status=status, body="Bad Gateway"))

    await walk.page.route(LIVE, fails, times=1)
    async with walk.page.expect_response(lambda answer: "/key/live" in answer.url and answer.ok) as answer:
        await walk.page.reload()
    assert ANSWERED in ((await answer.value).headers["content-type"])
    await expect(walk.page.get_by_role("link", name="Open the Tesla app")).to_be_visible()
    await expect(walk.page.locator("main")).not_to_contain_text("Bad Gateway")
    await walk.adds_the_key()
