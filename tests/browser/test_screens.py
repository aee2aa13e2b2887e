"""Every screen in real Chromium: nothing for axe, nothing on the console, nothing beyond the edge."""

from collections.abc import Iterator
from typing import Final, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.browser.gallery import gallery, served
from tests.browser.look import ARGS, DESK, PHONE
from tests.browser.samples import screens

NARROW: Final = (320, 640)
VIOLATIONS: Final = {"resultTypes": ["violations"]}
DARKER: Final = {**VIOLATIONS, "runOnly": ["color-contrast"]}
"""All that can differ from light to dark; looking for the rest twice takes minutes."""
LOADED: Final = Axe(axe_script="0")
"""Axe where its script is in the page already: loading it takes longer than looking."""
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
TOO_SMALL: Final = """() => [...document.querySelectorAll(
  "button, summary, select, a.button, .tabs a, .answer, input:not([type=hidden], [type=radio], [type=checkbox])"
)].filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML)"""
BEYOND_THE_EDGE: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(gallery()) as here:
        yield here


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=_size(PHONE), locale="en-GB", reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    opened = window.new_page()
    yield opened
    opened.close()


def _size(size: tuple[int, int]) -> ViewportSize:
    return {"width": size[0], "height": size[1]}


@pytest.mark.parametrize("name", screens())
def test_a_screen_is_for_everybody_and_keeps_to_its_policy(name: str, address: str, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/gallery/{name}")
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true })")

    page.evaluate(AXE_SCRIPT)

    for size in (PHONE, DESK):
        page.set_viewport_size(_size(size))
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found = LOADED.run(page, options=VIOLATIONS if scheme == "light" else DARKER)
            assert found.violations_count == 0, f"{size} {scheme}: {found.generate_report()}"
        assert page.evaluate(BEYOND_THE_EDGE) <= 0, f"{size}: scrolls sideways"
    page.set_viewport_size(_size(NARROW))
    assert page.evaluate(BEYOND_THE_EDGE) <= 0, "320 wide: scrolls sideways"
    assert page.evaluate(TOO_SMALL) == []
    assert page.locator("h1").count() == 1
    assert said == []


def test_a_screen_can_be_read_without_script(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=_size(PHONE))
    page = context.new_page()
    page.goto(f"{address}/gallery/06-key-phone")

    assert page.get_by_role("link", name="Open the Tesla app").is_visible()
    assert page.get_by_role("button", name="Copy the link").count() == 0
    context.close()


def test_the_plan_form_asks_in_the_currency_of_the_market_that_is_chosen(address: str, page: Page) -> None:
    """Without script: the style sheet does it."""
    page.goto(f"{address}/gallery/10-plan-markets")
    assert page.get_by_role("textbox", name="Added per kWh, in ct", exact=True).is_visible()

    page.get_by_label("Octopus Agile").check()
    assert not page.locator("#added_ct").is_visible()
    page.get_by_label("Always the same").check()
    assert page.get_by_role("textbox", name="Price per kWh, in p", exact=True).is_visible()

    page.get_by_label("SE3").check()
    assert page.get_by_role("textbox", name="Price per kWh, in ct", exact=True).is_visible()


def test_the_heading_tells_the_screens_apart(address: str, page: Page) -> None:
    titles: dict[str, str] = {}
    for name in ("02-permissions", "04-choose-car", "06-key-phone", "09-test-asleep", "10-plan", "13-tonight"):
        page.goto(f"{address}/gallery/{name}")
        titles[page.title()] = name

    assert len(titles) == 6
