"""The five-minute story by hand: a new driver, his consent, his car, his key, and the clock turned to the morning.

Every page on the way is looked at by axe, light and dark, and says nothing on the console.
"""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.demo import Demo, running_demo
from tests.browser.look import ARGS

DARKER: Final = {"runOnly": ["color-contrast"]}
A_PHONE: Final = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
A_LOOK_MS: Final = 30_000
A_NIGHT_MS: Final = 120_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo")) as started:
        yield started


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture
def said() -> list[str]:
    """What pages said on the console."""
    return []


@pytest.fixture
def context(browser: Browser, said: list[str]) -> Iterator[BrowserContext]:
    """A phone that has never been here."""
    opened = browser.new_context(
        viewport={"width": 390, "height": 844},
        user_agent=A_PHONE,
        is_mobile=True,
        has_touch=True,
        locale="en-GB",
        reduced_motion="reduce",
    )
    opened.set_default_timeout(A_LOOK_MS)

    def hears(message: ConsoleMessage) -> None:
        said.append(f"{message.page.url if message.page else ''}: {message.text}")

    opened.on("console", hears)
    opened.on("weberror", lambda error: said.append(str(error.error)))
    yield opened
    opened.close()


def test_a_new_driver_has_a_full_car_by_seven(demo: Demo, context: BrowserContext, said: list[str]) -> None:
    page = context.new_page()
    _signs_in(page, demo)
    _allows(page)
    _adds_the_key(page)

    # ── 80 % by 07:00 ────────────────────────────────────────────
    page.get_by_label("Every day at").fill("07:00")
    page.get_by_label("Charged to").select_option("80")
    _is_for_everybody(page)
    page.get_by_role("button", name="Plan with this").click()
    expect(page).to_have_url(f"{demo.url}/tonight")
    _is_for_everybody(page)

    # ── on the stage: the cable in, an hour on ───────────────────
    stage = context.new_page()
    stage.set_viewport_size({"width": 1280, "height": 800})
    stage.goto(f"{demo.tesla_url}/stage")
    stage.get_by_role("button", name="Is plugged in").click()
    stage.get_by_role("button", name="1 hour on").click(timeout=A_NIGHT_MS)
    expect(stage.locator("#clock-face time")).to_have_text(re.compile("19:[23]"), timeout=A_NIGHT_MS)
    expect(page.get_by_text("when power is cheapest")).to_be_visible()
    _is_for_everybody(page)

    # ── and to the morning ───────────────────────────────────────
    stage.get_by_role("button", name="To the morning").click()
    expect(stage.locator("#clock-face time")).to_have_text(re.compile("07:0"), timeout=A_NIGHT_MS)
    expect(stage.locator("#car-face")).to_contain_text("80%", timeout=A_LOOK_MS)

    # ── the morning's page ───────────────────────────────────────
    page.get_by_role("link", name="Nights", exact=True).click()
    _is_for_everybody(page)
    page.locator("ul.nights a").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("80%")
    expect(page.get_by_text("Reached 80%")).to_be_visible()
    _is_for_everybody(page)
    assert said == []


def test_the_stage_shows_the_drivers_phone_beside_teslas_app(
    demo: Demo, context: BrowserContext, said: list[str]
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{demo.tesla_url}/stage")
    drivers, app = page.frame_locator("#chargekey"), page.frame_locator("#app")

    expect(app.get_by_role("heading", level=1)).to_contain_text("4F21")
    drivers.get_by_role("link", name="Start", exact=True).click()
    drivers.get_by_label("Mail address").fill("sam@driver.example")
    drivers.get_by_role("button", name="Send me the link").click()
    expect(drivers.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    assert said == []

    _is_for_everybody(page)  # last, for axe itself stumbles over frames of another origin, and says so


def _signs_in(page: Page, demo: Demo) -> None:
    page.goto(demo.url)
    _is_for_everybody(page)
    page.get_by_role("link", name="Start", exact=True).click()
    _is_for_everybody(page)
    page.get_by_label("Mail address").fill("kim@driver.example")
    page.get_by_role("button", name="Send me the link").click()
    _is_for_everybody(page)
    page.get_by_role("link", name="Open the outbox").click()
    _is_for_everybody(page)
    page.get_by_role("link", name="Open the link in this mail").first.click()
    _is_for_everybody(page)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{demo.url}/permissions")
    _is_for_everybody(page)


def _allows(page: Page) -> None:
    """At Tesla, and the car chosen after it."""
    page.get_by_role("button", name="Go on to Tesla").click()
    _is_for_everybody(page)
    page.get_by_role("button", name="Sign in", exact=True).click()
    _is_for_everybody(page)
    page.get_by_role("button", name="Allow", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which car shall we charge?")
    _is_for_everybody(page)
    page.get_by_text("ends in 4F21").click()
    page.get_by_role("button", name="Go on with this car").click()


def _adds_the_key(page: Page) -> None:
    """In Tesla's app, which the link opens beside our page; our page goes on by itself."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Add the key to")
    _is_for_everybody(page)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open the Tesla app").click()
    app = opened.value
    expect(app.get_by_role("heading", name="Allow third-party access?")).to_be_visible()
    _is_for_everybody(app)
    app.get_by_role("button", name="Allow", exact=True).click()
    expect(app.get_by_role("heading", name="Key added")).to_be_visible()
    _is_for_everybody(app)
    app.close()
    page.bring_to_front()
    expect(page.get_by_role("heading", level=1)).to_have_text("The car knows our key", timeout=A_LOOK_MS)
    _is_for_everybody(page)
    page.get_by_role("link", name="Go on to the plan").click()


def _is_for_everybody(page: Page) -> None:
    """Nothing for axe in light, nor by its colours in dark; nothing beyond the edge."""
    for scheme, options in (("light", None), ("dark", DARKER)):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, f"{page.url} {scheme}: {found.generate_report()}"
    over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url} scrolls sideways"
