"""Line breaks, markup and terminal codes in whatever somebody can type: answers, mails, log lines, pages."""

import json
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import quote

import httpx2
import pytest
from fastapi import APIRouter

from chargekey.adapters.notify.smtp import SmtpMail
from chargekey.domain.hand_off import NameUnreadable, readable_name, readable_words
from chargekey.entrypoints.logs import masked_text
from chargekey.entrypoints.web import build as web
from chargekey.entrypoints.web.site import Site
from chargekey.ports.notify import Mail
from chargekey.serving import web_of
from tests.attacks.people import a_new_address, a_person, operations
from tests.attacks.raw import asks, sends
from tests.attacks.real_house import BASE_URL, NAME, RealHouse
from tests.overhearing import Overheard
from tests.simulator.served import a_door, serving
from tests.stories.town import Town

BREAK: Final = "%0d%0aX-Injected:%20yes%0d%0a%0d%0a<script>alert(1)</script>"
MARKUP: Final = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>{{7*7}}"
FORGED: Final = (
    '\n{"event":"forged","level":"info"}',
    '\r\n{"event":"forged"}',
    "\x1b[2J\x1b[1;31mforged",
    "\u2028{forged}",
    "\x85{forged}",
    "\u202edegrof",
    "\x00forged",
)


async def test_a_line_break_in_a_path_or_query_adds_no_header(house: RealHouse) -> None:
    for method, path in operations(web_of(house.home)):
        for name in ("{device_id}", "{token}", "{code}", "{night_id}", "{arrival}"):
            path = path.replace(name, BREAK)
        heard = await sends(house.url, asks(method, f"{path}?show={BREAK}&back={BREAK}", "Connection: close"))
        assert "x-injected" not in heard.headers, (method, path)
        assert "<script>" not in heard.text, (method, path)


async def test_a_line_break_in_a_header_ends_the_request(house: RealHouse) -> None:
    for header in ("X-A: b\n Host: elsewhere", "X-A: b\r X-B: c", "X-\x00: a", "X-A: \x00", " X-A: b", "X A: b"):
        assert (await sends(house.url, asks("GET", "/healthz", header, "Connection: close"))).status in (400, 200)
        assert (await sends(house.url, asks("GET", "/healthz", header, "Connection: close"))).answers == 1


@pytest.mark.parametrize(
    "mail",
    [
        Mail("kim@driver.example", "Hello\r\nBcc: lee@owner.example", "text"),
        Mail("kim@driver.example\r\nRCPT TO:<lee@owner.example>", "Hello", "text"),
        Mail("kim@driver.example, lee@owner.example", "Hello", "text"),
        Mail("kim@driver.example", "Hello", "text\r\n.\r\nMAIL FROM:<lee@owner.example>\r\n"),
        Mail("kim@driver.example", "Héllo\u2028Bcc: lee@owner.example", "text"),
    ],
)
async def test_a_mail_goes_to_one_and_says_what_we_wrote(house: RealHouse, mail: Mail) -> None:
    """Were something odd to come through our own doors, it would still end here."""
    server = house.home.settings
    before = len(house.mail.envelopes)
    notify = SmtpMail(server.smtp_host, server.smtp_port, server.mail_privacy, server.sender, None, None)
    try:
        await notify.send(mail)
    except (ValueError, ConnectionError) as refused:  # by the standard library, or by the library that sends mail
        assert any(word in str(refused) for word in ("linefeed", "newline", "not permitted"))
    for envelope, text in zip(house.mail.envelopes[before:], house.mail.mails[before:], strict=True):
        assert [line for line in envelope if line.startswith("RCPT")] in (
            ["RCPT TO:<kim@driver.example>"],
            [f"RCPT TO:<{mail.to}>"],
        )
        head = text.split("\r\n\r\n", 1)[0]
        assert not any(line.lower().startswith("bcc:") for line in head.splitlines())
    assert len(house.mail.envelopes) <= before + 1


def test_a_name_on_the_owners_page_is_letters_and_what_an_owner_writes_is_one_line() -> None:
    for typed in ("Kim\r\nBcc: x", "Kim\u202e", "Kim <b>", "Kim https://x", "Kim\x00", "Kim@x", "tesla.com"):
        try:
            assert readable_name(typed).replace(" ", "").isalpha()
        except NameUnreadable:
            continue
    assert "\n" not in readable_words("no\r\nBcc: x\u2028\x1b[2J")
    assert "\x1b" not in readable_words("no\x1b[2J")


# ── logs ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("said", FORGED)
def test_nothing_that_is_logged_becomes_a_second_line_or_moves_a_terminal(said: str) -> None:
    written = masked_text(f"a path: {said}")
    assert len(written.splitlines()) == 1
    assert all(one.isprintable() for one in written)


@pytest.fixture
async def broken(house: RealHouse) -> AsyncIterator[str]:
    """The same house with a bug under every path."""
    router = APIRouter()

    @router.get("/bug/{anything:path}")
    async def bug(said: str) -> None:
        raise RuntimeError(said)

    site = Site("Chargekey", BASE_URL, NAME, "Europe/Amsterdam", BASE_URL, sender="a@b.example")
    home = house.home
    app = web.build(
        site,
        home.journeys,
        clock=home.clock,
        bus=home.bus,
        notify=home.notify,
        is_ready=home.store.is_reachable,
        others=[router],
    )
    door, url = a_door()
    async with serving(app, door):
        yield url


async def test_whatever_stands_in_a_path_a_bug_is_one_line_of_the_log(broken: str, overheard: Overheard) -> None:
    async with httpx2.AsyncClient(trust_env=False) as browser:
        for said in FORGED[:-1]:
            before = len(overheard.lines())
            path = quote(said.replace("\r", "").replace("\n", ""))  # with one, no route would take it
            asked = f"{broken}/bug/{path}kim@driver.example?said={quote(said)}"
            assert (await browser.get(asked)).status_code == 500
            ours = [json.loads(line) for line in overheard.lines()[before:] if "our mistake" in line]
            assert [line["event"] for line in ours] == ["our mistake"]
            assert not any('{"event":"forged"' in line[:30] for line in overheard.lines()[before:])
            assert "(mail)" in ours[0]["path"]


# ── pages ────────────────────────────────────────────────────────────


async def test_markup_that_somebody_typed_is_text_wherever_it_is_shown(town: Town) -> None:
    phone = await town.a_phone({"User-Agent": f"Mobi {MARKUP}"})
    await phone.signs_in(a_new_address())
    driver = await a_person(town, "a driver", phone)
    await phone.opens("/help")
    await phone.presses("Send", message=MARKUP)
    agent = await town.a_phone()
    await agent.signs_in("agent@home.example")
    shown = [phone.content]
    for path in ("/help", "/help/more", "/account"):
        await phone.opens(path)
        shown.append(phone.content)
    await agent.opens("/console")
    for link in [one for one in agent.page.links() if one.startswith("/console/")]:
        await agent.opens(link)
        shown.append(agent.content)
    for fields in ({"address": MARKUP}, {"code": MARKUP}):
        shown.append((await driver.presses("/sign-in", **fields))[1])
    for path in (f"/permissions/back/{quote(MARKUP)}", f"/{quote(MARKUP)}", f"/connect/callback?error={quote(MARKUP)}"):
        shown.append((await driver.asks("GET", path))[1])
    assert sum("&lt;script&gt;alert(1)" in page for page in shown) >= 3
    assert not any("<script>alert" in page or "<img src=x" in page for page in shown)
    assert not any("49" in page and "{{7*7}}" not in page and "&lt;script&gt;" in page for page in shown)
