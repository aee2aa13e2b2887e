"""Passkeys in real Chromium, with its own authenticator in software: the whole way, and each page that offers them."""

from collections.abc import Iterator
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.demo import Demo, running_demo
from tests.browser.gallery import gallery, served
from tests.browser.look import ARGS, PHONE
from tests.browser.test_screens import SCHEMES, VIOLATIONS
from tests.browser.virtual_authenticator import VirtualAuthenticator

OFFER: Final = "Next time without a mail?"
ADD, SIGN_IN, NOT_NOW = "Add a passkey", "Sign in with a passkey", "Not now"
NO_LIST: Final = "PublicKeyCredential.isConditionalMediationAvailable = async () => false"
"""A browser that shows no passkeys in a field's list: whoever has one presses. (This authenticator picks at once.)"""
SLOW_MS: Final = 30_000
"""Both sides start in a process of their own, and machines are busy."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(gallery()) as here:
        yield here


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture
def said() -> list[str]:
    """What the page's console says: nothing, under our policy."""
    return []


@pytest.fixture
def page(browser: Browser, said: list[str]) -> Iterator[Page]:
    width, height = PHONE
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(SLOW_MS)
    opened = context.new_page()
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()


def must_be_for_everybody(page: Page) -> None:
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=VIOLATIONS)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"


def signs_in_by_link(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/sign-in")
    page.get_by_label("Mail address").fill("kim@driver.example")
    page.get_by_role("button", name="Send me the link").click()
    page.get_by_role("link", name="Open the outbox").click()
    page.locator("a[href*='/sign-in/']").first.click()
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{demo.url}/permissions")


def test_offered_added_signed_out_and_in_again_with_it(page: Page, demo: Demo, said: list[str]) -> None:
    page.add_init_script(NO_LIST)
    authenticator = VirtualAuthenticator(page)
    signs_in_by_link(page, demo)

    # ── the one offer ────────────────────────────────────────────
    expect(page.get_by_text(OFFER)).to_be_visible(timeout=SLOW_MS)
    must_be_for_everybody(page)
    page.get_by_role("button", name=ADD).click()
    expect(page).to_have_url(f"{demo.url}/account", timeout=SLOW_MS)
    expect(page.get_by_text("Passkey, added")).to_be_visible()
    expect(page.get_by_text("Not used yet")).to_be_visible()
    expect(page.get_by_text(OFFER)).to_have_count(0)
    must_be_for_everybody(page)
    (kept,) = authenticator.credentials
    assert (kept["rpId"], kept["isResidentCredential"]) == ("localhost", True)
    assert "kim" not in str(kept["userHandle"])

    # ── this device has one already ──────────────────────────────
    page.get_by_role("button", name=ADD).click()
    expect(page.get_by_text("This device has a passkey of yours already.")).to_be_visible(timeout=SLOW_MS)

    # ── in again, by a press; nobody is verified, nothing comes of it ─
    page.get_by_role("button", name="Sign out", exact=True).click()
    authenticator.owner_is_not_known()
    page.goto(f"{demo.url}/sign-in")
    page.get_by_role("button", name=SIGN_IN).click()
    expect(page.get_by_text("No passkey was used.")).to_be_visible(timeout=SLOW_MS)
    authenticator.owner_is_known()
    page.get_by_role("button", name=SIGN_IN).click()
    expect(page).to_have_url(f"{demo.url}/permissions", timeout=SLOW_MS)
    page.goto(f"{demo.url}/account")
    expect(page.get_by_text("Last used")).to_be_visible()
    assert said == []


def test_one_that_was_removed_here_signs_nobody_in_and_the_page_says_what_to_do(
    page: Page, demo: Demo, said: list[str]
) -> None:
    VirtualAuthenticator(page)
    signs_in_by_link(page, demo)
    page.goto(f"{demo.url}/account")
    before = page.get_by_text("Passkey, added").count()
    page.get_by_role("button", name=ADD).click()
    expect(page.get_by_text("Passkey, added")).to_have_count(before + 1, timeout=SLOW_MS)
    page.get_by_text("Rename or remove").last.click()
    page.get_by_role("button", name="Remove it").last.click()
    expect(page.get_by_text("Passkey, added")).to_have_count(before)
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto(f"{demo.url}/sign-in")  # the field's own list picks it: this authenticator agrees to everything
    expect(page.get_by_text("That passkey was not taken")).to_be_visible(timeout=SLOW_MS)
    must_be_for_everybody(page)  # and nothing goes round in circles
    page.get_by_role("button", name=SIGN_IN).click()
    expect(page.get_by_text("That passkey was not taken")).to_be_visible(timeout=SLOW_MS)
    assert [one for one in said if "403" not in one] == []


def test_not_now_puts_the_offer_away_and_says_so(page: Page, address: str) -> None:
    VirtualAuthenticator(page)
    page.goto(f"{address}/gallery/26-passkey-offered")
    expect(page.get_by_text(OFFER)).to_be_visible()
    with page.expect_request("**/account/passkeys/offer/not-now"):
        page.get_by_role("button", name=NOT_NOW).click()
    expect(page.get_by_text(OFFER)).to_be_hidden()


def test_it_is_offered_only_where_the_device_itself_can(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery/26-passkey-offered")
    assert not page.evaluate("PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()")
    expect(page.get_by_text(OFFER)).to_be_hidden()


def test_without_script_the_pages_are_as_before(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in ("01-sign-in", "25-account-no-device", "26-passkey-offered"):
        page.goto(f"{address}/gallery/{name}")
        for words in (SIGN_IN, ADD, OFFER):
            expect(page.get_by_text(words)).to_be_hidden()
    context.close()
