"""*Tell me on this device* in real Chromium: offered where it may be, refused without harm, and shown when it comes."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.gallery import gallery, served
from tests.browser.look import ARGS

NO_DEVICE: Final = "/gallery/25-account-no-device"
OFFER: Final = "Tell me on this device"
TOLD: Final = {"title": "Tesla answers again", "text": "We go on where we stopped.", "path": "/go", "tag": "notice-7"}
SHOWN: Final = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/static/");
  for (let tries = 0; tries < 100; tries++) {
    const shown = await registration.getNotifications();
    if (shown.length) return shown.map(({ title, body, tag, data }) => ({ title, text: body, tag, path: data.path }));
    await new Promise((go) => setTimeout(go, 50));
  }
  return [];
}"""
STARTED: Final = """async () => {
  const registration = await navigator.serviceWorker.register("/static/push-worker.js");
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  while (worker.state !== "activated") {
    await new Promise((go) => worker.addEventListener("statechange", go, { once: true }));
  }
  return registration.scope;
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(gallery()) as here:
        yield here


@pytest.fixture(scope="module")
def browser(whole_chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=whole_chromium, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    context.grant_permissions(["notifications"], origin=address)
    return context.new_page()


def test_it_is_offered_where_the_browser_may(page: Page, address: str) -> None:
    page.goto(address + NO_DEVICE)
    expect(page.get_by_role("button", name=OFFER)).to_be_visible()


@pytest.mark.parametrize("name", ["12-offline", "11-token-rejected", "11-outage", "20-our-side-key"])
def test_it_is_offered_once_where_one_waits(name: str, page: Page, address: str) -> None:
    page.goto(f"{address}/gallery/{name}")
    expect(page.get_by_role("button", name=OFFER)).to_have_count(1)
    expect(page.get_by_role("button", name=OFFER)).to_be_visible()


def test_it_is_not_offered_where_the_browser_was_told_no(context: BrowserContext, address: str) -> None:
    context.grant_permissions(["geolocation"], origin=address)  # this alone: all others are refused
    page = context.new_page()
    with page.expect_response("**/account/devices/here"):
        page.goto(address + NO_DEVICE)
    assert page.evaluate("Notification.permission") == "denied"
    expect(page.get_by_role("button", name=OFFER)).to_be_hidden()


def test_without_script_nothing_is_offered(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + NO_DEVICE)
    expect(page.get_by_role("button", name=OFFER)).to_be_hidden()
    expect(page.get_by_text("Mail comes in any case.").first).to_be_visible()
    context.close()


def test_a_maker_who_refuses_is_said_and_the_page_goes_on(page: Page, address: str) -> None:
    page.goto(address + NO_DEVICE)
    page.get_by_role("button", name=OFFER).click()
    expect(page.get_by_text("The browser did not agree")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("button", name=OFFER)).to_be_enabled()


def test_what_arrives_is_shown_once_however_often_it_comes(page: Page, address: str) -> None:
    page.goto(address + NO_DEVICE)
    tools: Any = page.context.new_cdp_session(page)
    registered: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: registered.extend(one["registrationId"] for one in said["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    assert page.evaluate(STARTED) == f"{address}/static/"
    assert registered
    for _ in range(2):
        comes = {"origin": address, "registrationId": registered[-1], "data": json.dumps(TOLD)}
        tools.send("ServiceWorker.deliverPushMessage", comes)
        assert page.evaluate(SHOWN) == [TOLD]
