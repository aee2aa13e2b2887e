"""The whole house over real sockets: its pages and forms, Tesla's callback, and a Tesla whose words are spoiled.

Whatever comes in, no page answers 500 and nothing is logged as our mistake. A driver who was lost on the way is brought
back before the next case.
"""

from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
from structlog.testing import capture_logs

from chargekey.domain.secret import Secret
from chargekey.serving import web_of
from tesla_simulator.demo import MODEL_3
from tesla_simulator.faults import Fault, Kind
from tests.fuzz import bodies
from tests.fuzz.answers import Answer, an_error, headers
from tests.fuzz.dice import Dice
from tests.fuzz.door import Broke, Door
from tests.fuzz.odd import WORDS, a_word, spoiled, written
from tests.stories.phone import Phone
from tests.stories.town import PHONE, Town, a_town

BUG: Final = 500
LAST: Final = ("/disconnect", "/sign-out")
"""After these there is nobody left to try the others with; a stranger tries them."""
FIELDS: Final = (
    *("address", "token", "car", "wish", "same", "ready_by", "ready_by_0", "target_percent", "minimum_percent"),
    *("tariff", "added_ct", "vat_percent", "flat_ct", "current_a", "zone_0_days", "zone_0_start", "as", "cause"),
    *("code", "erase", "line", "mail", "message", "name", "reason", "receipt", "text", "way", "yes", "csrf"),
    *("kind", "day", "first", "last", "target", "feed_in_ct"),
)
TYPED: Final = ("80", "-1", "1e9", "07:00", "24:00", "day_ahead", "plan", "٣", "9" * 300, "a@b.nl", "on", MODEL_3)
DAYS: Final = ("one_day", "holiday", "2024-11-09", "0001-01-01", "9999-12-31", "2024-W46-1")
KINDS_OF_BODY: Final = (
    *("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x"),
    *("multipart/form-data", "text/plain", "application/x-www-form-urlencoded; charset=utf-16"),
)
SPOKEN: Final[dict[str, Any]] = {
    "/vehicle_data": bodies.DATA,
    "/fleet_status": bodies.STATUS,
    "/oauth2/v3/token": bodies.TOKENS,
    "/users/region": bodies.REGION,
    "/mobile_enabled": bodies.MOBILE,
    "/wake_up": bodies.WOKEN,
    "/signed_command": {"response": "Og=="},
    "/vehicles": bodies.LIST,
}
SUN: Final[dict[str, Any]] = {
    "grid_w": -1_400,
    "forecast": [
        {"start": "2024-11-06T18:00:00Z", "end": "2024-11-06T19:00:00+00:00", "surplus_w": 2_500},
        {"start": "2024-11-06T19:00:00Z", "end": "2024-11-07T09:00:00+02:00", "surplus_w": 0},
    ],
}
KEY: Final = Secret("a-key-of-a-home-that-nobody-else-has")
AT_PACE_S: Final = 4
PAGES: Final = (
    "/tonight",
    "/go",
    "/choose-car",
    "/permissions",
    "/plan",
    "/plan/days",
    "/plan/surplus",
    "/account",
    "/key",
)


@dataclass(frozen=True)
class Asked:
    """A request to our pages."""

    method: str
    path: str
    query: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    content: bytes = b""


@dataclass(frozen=True)
class Spoken:
    """Tesla's next words about a path, for a while."""

    about: str
    answer: Answer


@dataclass
class House:
    """A driver's browser and a stranger's, before a running house. `web` asks with the driver's cookies what no page
    offers, and follows nothing.
    """

    town: Town
    phone: Phone
    web: httpx2.AsyncClient
    stranger: httpx2.AsyncClient
    logged: list[MutableMapping[str, Any]]
    operations: list[tuple[str, str]]

    async def stranger_asks(self, asked: Asked) -> None:
        await self._asks(self.stranger, asked)

    async def driver_asks(self, asked: Asked) -> None:
        await self._is_at_home()
        fields = {**asked.fields, "csrf": asked.fields.get("csrf", self._csrf)}
        content = b"" if asked.fields else asked.content
        await self._asks(self.web, Asked(asked.method, asked.path, asked.query, fields, asked.kind, content))

    async def comes_back(self, case: tuple[dict[str, str], Answer | None]) -> None:
        """Through Tesla's callback, on a trip that was begun; `$` stands for its state."""
        asked, answer = case
        await self._is_at_home()
        gone = await self.web.post("/permissions", data={"csrf": self._csrf})
        state = parse_qs(urlsplit(gone.headers.get("location", "")).query).get("state", [""])[0]
        if answer:
            self._tesla_says("/oauth2/v3/token", answer)
        query = "&".join(f"{name}={quote(word.replace('$', state), errors='replace')}" for name, word in asked.items())
        await self._asks(self.web, Asked("GET", "/connect/callback", query))
        await self._asks(self.web, Asked("GET", "/connect/callback", query))
        self.town.world.faults.clear()

    async def hears_tesla(self, spoken: Spoken) -> None:
        """A while passes under those words; then all pages are opened."""
        await self._is_at_home()
        self._tesla_says(spoken.about, spoken.answer)
        await self.town.time_passes(minutes=35)
        for page in PAGES:
            await self._asks(self.web, Asked("GET", page))
        self.town.world.faults.clear()
        self.must_have_logged_no_bug()

    async def hears_home(self, body: bytes) -> None:
        """At the pace that is allowed, with its key, whatever the driver has made or taken back meanwhile."""
        await self.town.time_passes(seconds=AT_PACE_S)
        async with self.town.home.store.unit() as unit:
            await unit.surplus_keys.keep(1, KEY.hashed(), self.town.now)
        told = {"Authorization": f"Bearer {KEY.reveal()}"}
        answer = await self.stranger.post("/api/surplus", content=body, headers=told)
        if answer.status_code not in (200, 413, 422):
            raise Broke(f"the home's word {body[:200]!r}: {answer.status_code}")
        self.must_have_logged_no_bug()

    def must_have_logged_no_bug(self) -> None:
        bugs = [line for line in self.logged if line.get("log_level") in ("error", "critical")]
        self.logged.clear()
        if bugs:
            raise Broke(f"logged as our mistake: {bugs[0]!r}"[:1_000]) from bugs[0].get("exc_info")

    # ── inside ───────────────────────────────────────────────────

    def _tesla_says(self, about: str, answer: Answer) -> None:
        body = answer.content.decode()
        told = Fault(
            Kind.ANSWERS, path_contains=about, status=answer.status, body=body, headers=answer.headers, count=50
        )
        self.town.world.meets(told)

    async def _asks(self, web: httpx2.AsyncClient, asked: Asked) -> None:
        path = f"{asked.path}?{asked.query}" if asked.query else asked.path
        sent: dict[str, Any] = {"data": asked.fields} if asked.fields else {"content": asked.content}
        told = {"Content-Type": asked.kind} if asked.kind and not asked.fields else {}
        async with web.stream(asked.method, path, headers=told, **sent) as answer:  # open pages never end
            if answer.status_code == BUG:
                raise Broke(f"{asked.method} {path[:200]}: 500; {self.logged[-1:]!r}"[:1_500])
        self.must_have_logged_no_bug()

    async def _is_at_home(self) -> None:
        """The driver signed in and connected, as far as the last case left him out."""
        self.town.world.faults.clear()
        await self.phone.opens("/tonight")
        if self.phone.shows in ("/", "/sign-in"):
            await self.phone.signs_in()
        if self.phone.shows.startswith("/permissions"):
            await self.phone.allows()
        self._csrf = next((dict(form.fields).get("csrf", "") for form in self.phone.page.forms), "")
        self.web.cookies = httpx2.Cookies(self.phone.cookies)
        self.must_have_logged_no_bug()

    # ── cases ────────────────────────────────────────────────────

    def doors(self) -> list[Door]:
        return [
            Door("any page, a stranger", 60, self._anything, self.stranger_asks),
            Door("any form, a driver", 40, self._any_form, self.driver_asks),
            Door("the callback", 15, _a_return, self.comes_back),
            Door("a home's word of its sun", 20, _word_of_a_home, self.hears_home),
            Door("Tesla's words in the whole house", 3, _words_of_tesla, self.hears_tesla),
        ]

    def _anything(self, dice: Dice) -> Asked:
        method, path = dice.one_of(self.operations)
        if dice.rarely(8):
            method = dice.one_of(("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"))
        query = "&".join(f"{_said(dice)}={_said(dice)}" for _ in range(dice.below(3)))
        if method == "POST" and dice.rarely(2):
            content = dice.one_of((b"", b"{" * 50_000, b"a" * 300_000, b"--x\r\n", b"\xff\xfe", b"&=" * 2_000))
            return Asked(method, _filled(path, dice), query, kind=dice.one_of(KINDS_OF_BODY), content=content)
        return Asked(method, _filled(path, dice), query, _fields(dice) if method == "POST" else {})

    def _any_form(self, dice: Dice) -> Asked:
        forms = [path for method, path in self.operations if method == "POST" and path not in LAST]
        return Asked("POST", _filled(dice.one_of(forms), dice), "", _fields(dice) or {"yes": "yes"})


def _said(dice: Dice) -> str:
    return quote(a_word(dice)[:400].encode(errors="replace"), safe="")


def _filled(path: str, dice: Dice) -> str:
    """A route's path with any word for each of its names."""
    parts = [_said(dice) or "x" if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


def _fields(dice: Dice) -> dict[str, str]:
    fields = {}
    for _ in range(dice.below(8)):
        name = dice.one_of(FIELDS)
        typed = dice.one_of((*TYPED, *DAYS)) if dice.rarely(2) else a_word(dice)
        fields[name] = typed.encode(errors="replace").decode()
    return {name: typed for name, typed in fields.items() if name != "csrf" or dice.rarely(10)}


def _a_return(dice: Dice) -> tuple[dict[str, str], Answer | None]:
    asked = {}
    if not dice.rarely(5):
        asked["state"] = "$" if not dice.rarely(4) else dice.one_of(("$$", "$\x00", *WORDS))
    if not dice.rarely(4):
        asked["code"] = "EU_code" if not dice.rarely(2) else a_word(dice)
    if dice.rarely(3):
        asked["error"] = dice.one_of(("login_cancelled", "access_denied", "server_error", *WORDS))
    words = {name: word.encode(errors="replace").decode() for name, word in asked.items()}
    if not dice.rarely(2):
        return words, None
    return words, _answer(dice, {**bodies.TOKENS, "access_token": "e30.e30.c2ln"})


def _word_of_a_home(dice: Dice) -> bytes:
    body = spoiled(dice, {**SUN, "surplus_w": 3} if dice.rarely(8) else SUN)
    return written(body) if not dice.rarely(8) else dice.one_of((b"", b"null", b"[" * 9_000, b"7", b"\xff\xfe{}"))


def _words_of_tesla(dice: Dice) -> Spoken:
    about = dice.one_of(tuple(SPOKEN))
    return Spoken(about, _answer(dice, SPOKEN[about]))


def _answer(dice: Dice, sound: Any) -> Answer:
    """One that the simulated Tesla can say: text."""
    is_success = dice.below(10) < 7
    body = spoiled(dice, sound) if is_success else an_error(dice)
    text = written(body) if not dice.rarely(8) else dice.one_of((b"", b"null", b"<html>", b"[" * 9_000, b"7"))
    return Answer(
        200 if is_success else dice.one_of((400, 401, 403, 404, 408, 412, 421, 429, 500, 503)), text, headers(dice)
    )


@asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    """A driver is charging tonight, and a stranger has never been here."""
    with capture_logs() as logged:
        async with a_town(folder) as town:
            phone = await town.a_phone()
            await town.pairs(phone)
            town.car.plugs_in()
            await town.time_passes(minutes=20)
            paths = web_of(town.home).openapi()["paths"]
            operations = sorted((method.upper(), path) for path, ways in paths.items() for method in ways)
            async with _a_browser(town) as web, _a_browser(town) as stranger:
                yield House(town, phone, web, stranger, logged, operations)
            town.world.calls.clear()  # how often Tesla is asked is for the stories to bound, not for noise


def _a_browser(town: Town) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=town.url, trust_env=False, timeout=20, headers=PHONE)
