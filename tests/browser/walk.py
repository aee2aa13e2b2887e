"""A driver who walks through a situation in real Chromium, and what each screen on the way has to be.

Every screen that is looked at has one next step, or says what it waits for; it has a way back and nothing beyond its
edge. The one that the situation is about has nothing for axe either; test_screens holds all others to that. What was
asked on the way and what Tesla was asked is counted.
"""

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, WebError, expect

from tesla_simulator.pages.routes import COOKIE
from tesla_simulator.scenarios.scenario import cast
from tesla_simulator.scenarios.table import end, play
from tests.browser.look import DESK, PHONE
from tests.stories.town import EMAIL, MODEL_3, Town

ON_A_PHONE: Final = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
IN_A_CHAT_APP: Final = f"{ON_A_PHONE} Instagram 300.0"
AT_A_DESK: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
A_LOOK_MS: Final = 20_000
A_KEY_IS_SEEN_AFTER: Final = timedelta(seconds=12)
A_MINUTE: Final = timedelta(minutes=1)
AN_ENDED_LINK: Final = "a status of 410"
"""Chromium's own word on a page that we answer so on purpose: the owner's link is used up."""
TESLAS_SITES: Final = ("fleet-auth", "na", "eu")
"""Where Chargekey itself asks; the driver's own pages are elsewhere."""
STEPS: Final = """() => {
  const seen = (css) => [...document.querySelectorAll(css)].filter((one) => one.checkVisibility()).length;
  return {
    headings: seen("h1"),
    first: seen("main .act .button:not(.quiet, .text)"),
    other: seen("main .act .button, main .qr, main .act a, .tabs, main form button"),
    waits: seen("main .status, main [data-wait-until], main [data-ends]"),
    back: seen("header a.brand") && seen("header a.help"),
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}"""


@dataclass
class Found:
    """What a walk came to.

    `rounds`: what was asked, each time that the link came to nothing; `turns` of the clock, and how `long` in all;
    `said` by the console.
    """

    rounds: list[list[str]] = field(default_factory=list)
    turns: int = 0
    long: timedelta = timedelta()
    ends_at: str = ""
    said: list[str] = field(default_factory=list)


@dataclass
class Walk:
    """One browser of one person. `picture` is where the screen that the situation is about is kept."""

    town: Town
    page: Page
    found: Found
    agent: str
    picture: Path | None = None
    _browser: Browser | None = None

    # ── other people, other devices ──────────────────────────────

    @contextlib.asynccontextmanager
    async def on_another(self, agent: str = ON_A_PHONE, *, whose_phone: str = "") -> AsyncIterator["Walk"]:
        """A browser that has never been here; `whose_phone` names a phone of somebody else's."""
        assert self._browser
        async with a_walk(self._browser, self.town, agent, self.found) as other:
            if whose_phone:
                await other.page.context.add_cookies(
                    [{"name": COOKIE, "value": whose_phone, "url": self.town.tesla_url}]
                )
            yield other

    # ── the world ────────────────────────────────────────────────

    async def plays(self, *scenarios: str) -> None:
        for scenario in scenarios:
            await play(scenario, cast(self.town.world, EMAIL, MODEL_3))

    async def ends(self, scenario: str) -> None:
        await end(scenario, cast(self.town.world, EMAIL, MODEL_3))

    async def passes(self, long: timedelta) -> None:
        self.found.turns += 1
        self.found.long += long
        await self.town.world.time_passes(long)

    # ── looking ──────────────────────────────────────────────────

    @property
    def shows(self) -> str:
        return urlsplit(self.page.url).path

    async def reads(self, words: str) -> None:
        await expect(self.page.locator("main").get_by_text(words).first).to_be_visible()

    async def comes_to(self, *paths: str) -> None:
        """By itself, for pages go on by themselves."""
        await self.page.wait_for_url(lambda url: urlsplit(url).path in paths)

    async def looks(self, *, keeps: bool = False) -> None:
        """This screen is as it should be. `keeps`: it is the one the situation is about."""
        page = self.page
        await page.wait_for_url(f"{self.town.url}/**")
        await page.wait_for_load_state()
        steps = await page.evaluate(STEPS)
        assert steps["headings"] == 1, page.url
        assert steps["first"] == 1 or (steps["first"] == 0 and (steps["waits"] or steps["other"])), (page.url, steps)
        assert steps["back"], page.url
        assert steps["over"] <= 0, f"{page.url} scrolls sideways"
        if keeps:
            found = await Axe().run(page)
            assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
        if keeps and self.picture:
            await page.screenshot(path=self.picture, animations="disabled")

    async def is_told_first(self, remedy: str) -> None:
        """The page leads with this."""
        first = self.page.locator("main [data-remedy]").first
        await expect(first).to_have_attribute("data-remedy", remedy)

    # ── doing ────────────────────────────────────────────────────

    async def opens(self, path: str) -> None:
        await self.page.goto(f"{self.town.url}{path}")

    async def presses(self, words: str) -> None:
        """The link or the button with these words."""
        button, link = (self.page.get_by_role(role, name=words) for role in ("button", "link"))
        await button.or_(link).first.click()
        await self.page.wait_for_load_state()

    async def unfolds(self, words: str) -> None:
        await self.page.locator("summary").get_by_text(words).click()

    async def answers(self, answer: str) -> None:
        """The question that the page asks."""
        form = self.page.locator("form[data-question]")
        self.found.rounds[-1].append(await form.get_attribute("data-question") or "")
        choice = form.locator(f"label[for='a-{answer}']")
        if not await choice.is_visible():
            await form.locator("summary").click()
        await choice.click()
        await self.page.locator(".act button[form=answering]").click()
        await self.page.wait_for_load_state()

    async def is_signed_in(self, email: str = EMAIL) -> None:
        """As by `signs_in`, whose pages are in no need of being walked sixteen times."""
        there = await self.town.a_phone({"User-Agent": self.agent, "Accept-Language": "en-GB"})
        await there.signs_in(email)
        await self.page.context.add_cookies(
            [{"name": name, "value": value, "url": self.town.url} for name, value in there.cookies.items()]
        )
        await self.opens("/go")

    async def signs_in(self, email: str = EMAIL) -> None:
        """By the link in a mail."""
        page = self.page
        await self.opens("/sign-in")
        await page.get_by_label("Mail address").fill(email)
        await self.presses("Send me the link")
        await self.presses("Open the outbox")
        await self.presses("Open the link in this mail")
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await page.wait_for_load_state()

    async def allows(self, *, everything: bool = False, email: str = "") -> None:
        """On Tesla's pages, and back."""
        page = self.page
        sign_in = page.get_by_role("button", name="Sign in", exact=True)
        allow = page.get_by_role("button", name="Allow", exact=True)
        await expect(sign_in.or_(allow).first).to_be_visible()
        if await sign_in.count():
            if email:
                await page.locator("input[name=email]").fill(email)
            await sign_in.click()
        await expect(allow).to_be_visible()
        for box in await page.locator("input[name=scope][type=checkbox]:enabled").all() if everything else []:
            await box.check()
        await allow.click()
        await page.wait_for_url(f"{self.town.url}/**")

    async def connects(self, vin: str = MODEL_3) -> None:
        """From the permissions to the key of this car."""
        await self.is_signed_in()
        await self.presses("Go on to Tesla")
        await self.allows()
        await self.chooses(vin)

    async def chooses(self, vin: str) -> None:
        await self.page.get_by_text(f"ends in {vin[-4:]}").click()
        await self.presses("Go on with")
        await self.page.wait_for_load_state()

    async def opens_the_app(self, *presses: str) -> str:
        """Presses the link, then in the Tesla app these in turn, if they are there; what it says at last."""
        async with self.page.expect_popup() as opened:
            await self.page.locator(".act").get_by_role("link", name="Open the Tesla app").click()
        app = await opened.value
        await app.wait_for_load_state()
        told = await in_the_app(app, presses)
        await app.close()
        await self.page.bring_to_front()
        return told

    async def adds_the_key(self, *presses: str) -> None:
        """In the app, and on to the car's own answer, which the page shows by itself."""
        told = await self.opens_the_app(*(presses or ("Allow",)))
        assert "Key added" in told, told
        await self.is_through()

    async def is_through(self) -> None:
        await self.passes(A_KEY_IS_SEEN_AFTER)
        await self.comes_to("/test", "/plan")
        await self.passes(A_KEY_IS_SEEN_AFTER)
        await self.opens("/go")
        await self.comes_to("/test", "/plan")
        self.found.ends_at = "paired"

    async def comes_back_without_a_key(self, *presses: str) -> str:
        """Nothing came of it; a minute later the page says so and offers to find out why."""
        told = await self.opens_the_app(*presses)
        await self.passes(A_MINUTE)
        await self.opens("/key")
        await self.reads("It takes longer than it should")
        await self.presses("Find out why")
        await self.page.wait_for_url("**/key/why")
        self.found.rounds.append([])
        return told


async def in_the_app(app: Page, presses: Sequence[str]) -> str:
    """What the app of the phone says after these were pressed."""
    for words in presses:
        button = app.get_by_role("button", name=words, exact=True)
        if await button.count():
            await button.click()
            await app.wait_for_load_state()
    return await app.locator("body").inner_text()


@contextlib.asynccontextmanager
async def a_walk(browser: Browser, town: Town, agent: str, found: Found) -> AsyncIterator[Walk]:
    """A new browser, of the size that belongs to what it says it is."""
    is_desk = agent == AT_A_DESK
    width, height = DESK if is_desk else PHONE
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        user_agent=agent,
        is_mobile=not is_desk,
        has_touch=not is_desk,
        locale="en-GB",
        reduced_motion="reduce",
    )
    context.set_default_timeout(A_LOOK_MS)

    def hears(message: ConsoleMessage) -> None:
        if AN_ENDED_LINK not in message.text:
            found.said.append(f"{message.page.url if message.page else ''}: {message.text}")

    def hears_of(error: WebError) -> None:
        found.said.append(str(error.error))

    context.on("console", hears)
    context.on("weberror", hears_of)
    try:
        yield Walk(town, await context.new_page(), found, agent, _browser=browser)
    finally:
        for page in context.pages:
            await page.goto("about:blank")  # so that the town hears that nobody looks any more before it ends
        await context.close()


def asked_of_tesla(town: Town, after: int) -> tuple[int, int]:
    """How many calls Chargekey made after the first so many of all, and how many of them Tesla bills."""
    calls = [call for call in town.world.calls[after:] if call.site.strip("/") in TESLAS_SITES]
    return len(calls), sum(bool(call.billed_as) for call in calls)
