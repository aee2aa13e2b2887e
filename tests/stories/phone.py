"""A driver with a browser: opens addresses, presses what has words, reads what is shown. No scripts.

Everything he knows he has read on a page; what he does at Tesla he does on Tesla's pages.
"""

import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx2

from tesla_simulator.demo import EMAIL
from tesla_simulator.push_vendor import Browser, PushVendor
from tests.overhearing import OVERHEARD
from tests.stories.reading import Page

OK: Final = 200
OUTBOX: Final = "/outbox"
REFUSED: Final = (400, 403, 404, 405, 413, 500)


class Phone:
    """`base` is where Chargekey answers."""

    def __init__(self, web: httpx2.AsyncClient, base: str) -> None:
        self._web, self._base = web, base
        self.page = Page("")
        self.address, self.content = "", ""
        self.status = 0
        self.went_through: list[str] = []

    def beside(self) -> "Phone":
        """Another tab of the same browser."""
        return Phone(self._web, self._base)

    # ── seeing ───────────────────────────────────────────────────

    @property
    def shows(self) -> str:
        """The path of the page, without its query."""
        return urlsplit(self.address).path

    @property
    def text(self) -> str:
        return self.page.text

    def reads(self, words: str) -> bool:
        """Whether these words stand on the page."""
        return words in self.page.text

    @property
    def cookies(self) -> dict[str, str]:
        """What this browser brings along."""
        return dict(self._web.cookies)

    # ── browsing ─────────────────────────────────────────────────

    async def opens(self, address: str) -> None:
        """Type an address, or follow one; redirects are followed."""
        await self._lands(await self._web.get(httpx2.URL(self._base).join(address)))

    async def looks_again(self) -> None:
        await self.opens(self.address)

    async def presses(self, words: str, **typed: str) -> None:
        """Press the link or button with these words, after typing into the fields of its form."""
        pressed = self.page.button(words)
        if pressed.leads_to:
            await self.opens(str(httpx2.URL(self.address).join(pressed.leads_to)))
            return
        form = pressed.form
        assert form, f"{words} belongs to no form"
        for name, value in typed.items():
            form.types(name, value)
        sent = form.filled()
        if pressed.sends:
            sent.setdefault(pressed.sends[0], []).append(pressed.sends[1])
        where = httpx2.URL(self.address).join(form.action)
        origin = {"Origin": f"{where.scheme}://{where.netloc.decode()}", "Referer": self.address}
        await self._lands(await self._web.post(where, data=sent, headers=origin))

    def unticks(self, *values: str, name: str = "scope") -> None:
        """Boxes of that name: those of Tesla's consent page, unless said otherwise."""
        for form in self.page.forms:
            for value in values:
                if (name, value) in form.boxes:
                    form.boxes[name, value] = False

    def ticks_everything(self) -> None:
        """On Tesla's consent page."""
        for form in self.page.forms:
            form.boxes = dict.fromkeys(form.boxes, True)

    async def comes_back_to_the_page(self) -> None:
        """What the page itself says when it becomes visible again."""
        watch = self.page.watch
        answer = await self._web.post(
            httpx2.URL(self._base).join(watch["data-watch"]), data={"csrf": watch["data-csrf"]}
        )
        assert answer.status_code == 204, answer.text

    async def stays_until(self, is_there: Callable[["Phone"], bool]) -> None:
        """Keep the page open, as it is told of changes or leads on by itself, until it shows what is waited for."""
        await self.looks_again()
        while not is_there(self):
            found = re.search(r'hx-sse:connect="([^"]+)"', self.content)
            assert found, f"{self.shows} does not change by itself:\n{self.text}"
            async with self._web.stream("GET", httpx2.URL(self.address).join(unescape(found[1]))) as events:
                moves = False
                async for line in events.aiter_lines():
                    if line.startswith("event:"):
                        moves = line.removeprefix("event:").strip() == "moved"
                    elif line.startswith("data:"):
                        await self.opens(line.removeprefix("data:").strip() if moves else self.address)
                        if moves or is_there(self):
                            break

    async def _lands(self, answer: httpx2.Response) -> None:
        self.went_through = [str(one.url) for one in [*answer.history, answer]]
        self.address, self.status = str(answer.url), answer.status_code
        self.content = answer.text
        self.page = Page(answer.text if "html" in answer.headers.get("content-type", "") else "")
        if answer.status_code in REFUSED and self.address.startswith(self._base):
            OVERHEARD.pages.append(answer.text)

    # ── what a driver does ───────────────────────────────────────

    async def signs_in(self, email: str = EMAIL) -> None:
        """From the first page through the mail to wherever he stands."""
        await self.opens("/sign-in")
        await self.presses("Send me the link", address=email)
        await self.presses("Open the outbox")
        # Other mails may have come after it, with links of their own.
        await self.opens(next(link for link in self.page.links() if "/sign-in/" in link))
        await self.presses("Sign in")

    async def goes_to_tesla(self, email: str = EMAIL) -> None:
        """To Tesla's consent page, signing in there on the way."""
        await self.opens("/permissions")
        await self.presses("Go on to Tesla")
        await self.says_who_he_is(email)

    async def says_who_he_is(self, email: str = EMAIL) -> None:
        """Where Tesla asks for it."""
        if self.shows == "/auth/oauth2/v3/authorize" and self.status == OK:
            await self.presses("Sign in", email=email)

    async def allows(self, without: Iterable[str] = ()) -> None:
        """Through Tesla's pages and back."""
        await self.goes_to_tesla()
        self.unticks(*without)
        await self.presses("Allow")

    async def chooses(self, vin: str) -> None:
        """The car whose number ends so, on the page that lists them."""
        assert self.shows == "/choose-car", self.shows
        named = self.page.labels_with(f"ends in {vin[-4:]}")
        await self.presses("Go on with", car=named[0].removeprefix("car-"))

    @property
    def pairing_link(self) -> str:
        """The link on the key page."""
        return next(link for link in self.page.links() if "/_ak/" in link)

    async def adds_the_key(self) -> None:
        """In the Tesla app, and back to our page."""
        await self.opens("/key?show=phone")
        link, page, address = self.pairing_link, self.page, self.address
        await self.opens(link)
        await self.presses("Allow")
        self.page, self.address = page, address
        await self.comes_back_to_the_page()

    async def opens_the_tesla_app(self) -> None:
        """Press the link of the page, which says so by itself, and come back to it; what the app shows is another's."""
        opened, link, page, address = self.page.opened, self.pairing_link, self.page, self.address
        answer = await self._web.post(
            httpx2.URL(self._base).join(opened["data-opened"]), data={"csrf": opened["data-csrf"]}
        )
        assert answer.status_code == 204, answer.text
        await self.opens(link)
        self.page, self.address = page, address

    async def allows_in_the_app(self) -> None:
        """Open the link, agree to what is asked, and come back to our page."""
        page, address = self.page, self.address
        await self.opens_the_tesla_app()
        await self.opens(self.pairing_link)
        await self.presses("Allow")
        self.page, self.address = page, address
        await self.comes_back_to_the_page()

    async def agrees_to_be_told(self, vendor: PushVendor) -> Browser:
        """What the script of a page does that offers it, once the driver and his browser have agreed."""
        offer = self.page.push_offer
        assert offer, f"{self.shows} offers to tell no device"
        here = (await self._web.get(httpx2.URL(self._base).join("/account/devices/here"))).json()
        assert not here["told"]
        browser = vendor.a_browser(here["key"])
        said = {"csrf": offer["data-csrf"], **browser.subscription}
        answer = await self._web.post(httpx2.URL(self._base).join("/account/devices"), data=said)
        assert answer.status_code == 204, answer.text
        return browser

    async def answers(self, answer: str) -> None:
        """The question of the page, by the value of an answer."""
        words = "That is what it showed" if "app_showed" in self.page.hooks["data-question"] else "That is how it is"
        await self.presses(words, answer=answer)

    @property
    def is_told_to(self) -> list[str]:
        """The remedies that the page offers, best first."""
        return list(dict.fromkeys(self.page.hooks.get("data-remedy", [])))

    @property
    def reads_of(self) -> list[str]:
        """The causes that the page names as being there."""
        return list(dict.fromkeys(self.page.hooks.get("data-cause", [])))

    async def plans(self, **typed: str) -> None:
        """The plan form as it stands, but for what is typed."""
        await self.opens("/plan")
        await self.presses("Plan with this", **typed)

    async def opens_night(self) -> None:
        """The page of the newest night in which something was charged."""
        await self.opens("/nights")
        newest_first = [link for link in self.page.links() if re.fullmatch(r"/nights/\d+", link)]
        await self.opens(newest_first[0])

    @property
    def asked(self) -> dict[str, list[str]]:
        """The query of the page."""
        return parse_qs(urlsplit(self.address).query)

    @property
    def callback(self) -> tuple[str, dict[str, list[str]]]:
        """Where Tesla last sent the browser back to, and with what."""
        came = next(url for url in self.went_through if "/connect/callback" in url)
        return came, parse_qs(urlsplit(came).query)
