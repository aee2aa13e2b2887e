"""The stage in real Chromium: it moves without reloading, its phone follows, and axe finds nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

from tesla_simulator.app_screens import Shows
from tesla_simulator.clock import system_time
from tesla_simulator.local_network.trust_page import Leads, trust_page
from tesla_simulator.tesla_names.authority import Authority
from tests.simulator.stages import BLUE, a_world, app_of, asks, served

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

_ARGUMENTS: Final = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


@asynccontextmanager
async def browsing(chromium: str, address: str, width: int = 1280, height: int = 800) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
        page = await browser.new_page(viewport={"width": width, "height": height})
        await page.goto(address)
        yield page
        await browser.close()


async def test_the_stage_moves_without_reloading(chromium: str) -> None:
    world = a_world()
    async with served(app_of(world)) as address, browsing(chromium, f"{address}/stage") as page:
        await page.evaluate("window.stillHere = true")

        await page.get_by_role("button", name="1 hour on").click()
        await expect(page.locator("#clock-face time")).to_have_text("21:58")

        await page.get_by_role("button", name="Is plugged in").click()
        await expect(page.locator("#car-face")).to_contain_text("Plugged in")
        await expect(page.get_by_role("button", name="Is unplugged")).to_be_visible()
        await expect(page.locator("#happened")).to_have_text("The car was plugged in.")

        assert await page.evaluate("window.stillHere")


async def test_the_phone_on_the_stage_shows_what_a_link_elsewhere_brought_up(chromium: str) -> None:
    world = a_world()
    async with served(app_of(world)) as address, browsing(chromium, f"{address}/stage") as page:
        app = page.frame_locator("#app")
        await expect(app.get_by_role("heading", level=1)).to_contain_text("4F21")
        await expect(page.locator("#clock-face time")).to_have_text("20:58")

        asks(world, Shows.KEY_CARD)

        await expect(app.get_by_role("heading", level=2)).to_have_text("Confirm in the car")
        await app.get_by_role("button", name="Tap the key card").click()
        await expect(app.get_by_role("heading", level=2)).to_have_text("Key added")
        await expect(page.locator("#car-face")).to_contain_text("Key on the car")


async def test_everybody_can_use_the_pages(chromium: str) -> None:
    world = a_world()
    asks(world)
    world.cars[BLUE].takes_key(b"\x04" * 65, "somebody.example")
    async with served(app_of(world)) as address, browsing(chromium, address) as page:
        for width in (390, 1280):
            await page.set_viewport_size({"width": width, "height": 844})
            for path in ("/stage", "/app", "/app/locks", "/app/third-parties"):
                await page.goto(address + path)
                found = await Axe().run(page)
                assert found.response["violations"] == [], (path, width)
                assert await page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


async def test_everybody_can_read_what_to_trust(chromium: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path, "Tesla simulator on a-machine-with-a-rather-long-name.local")
    authority.prepare(("192.168.1.7", "a-machine-with-a-rather-long-name.local"), system_time())
    leads = Leads("https://192.168.1.7:8700", "https://192.168.1.7:8701/stage", "https://192.168.1.7:8701/app")
    async with served(trust_page(authority, leads)) as address, browsing(chromium, address, 390, 844) as page:
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            await page.goto(address)
            for kind in await page.locator("summary").all():
                await kind.click()
            found = await Axe().run(page)
            assert found.response["violations"] == [], scheme
            assert await page.evaluate("document.documentElement.scrollWidth") <= 390
