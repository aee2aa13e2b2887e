"""`chargekey init --pages`: who is let in, what is asked and written, what is never shown, and when it registers."""

import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from chargekey.domain.findings import KeyFile
from chargekey.entrypoints.setting_up.home import KeyAnswered
from chargekey.entrypoints.setting_up.questions import WillNotDo
from chargekey.entrypoints.setting_up.sitting import Sitting
from chargekey.entrypoints.web import first_run
from chargekey.entrypoints.web.first_run_door import FirstRunDoor
from chargekey.entrypoints.web.routes_first_run import Ending, KeyHost, Pace
from chargekey.env_file import in_file
from chargekey.journeys.check_operator import RegionChecked
from tests.entrypoints.desk import SECRET, Desk
from tests.stories.phone import Phone

PORT = 8709
HERE = f"http://localhost:{PORT}"
OURS = {"Origin": HERE}
AT_ONCE = Pace(0, 0)


@dataclass
class Opened:
    """The pages of one command, and the browser that opened its link. `hosted`: what is answered for meanwhile."""

    desk: Desk
    door: FirstRunDoor
    ending: Ending
    web: httpx2.AsyncClient
    transport: httpx2.ASGITransport
    hosted: list[KeyAnswered]

    @property
    def operator(self) -> Phone:
        return Phone(self.web, HERE)

    def another(self, base_url: str = HERE) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=self.transport, base_url=base_url)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, environment={})


@pytest.fixture
async def opened(desk: Desk) -> AsyncIterator[Opened]:
    async for one in opening(desk):
        yield one


async def opening(desk: Desk) -> AsyncIterator[Opened]:
    hosted: list[KeyAnswered] = []

    async def opens(key: KeyAnswered) -> bool:
        hosted.append(key)
        return True

    sitting, door, ending = (
        Sitting(desk.home(may_ask=False), {}),
        FirstRunDoor(desk.home(may_ask=False).clock),
        Ending(),
    )
    transport = httpx2.ASGITransport(first_run.build(door, sitting, KeyHost(opens), ending, AT_ONCE))
    async with httpx2.AsyncClient(transport=transport, base_url=HERE, follow_redirects=True) as web:
        yield Opened(desk, door, ending, web, transport, hosted)


async def says_where(operator: Phone, **more: str) -> None:
    said = {"domain": "charge.example.org", "operators": "kim@home.example", **more}
    await operator.presses("Go on to the app at Tesla", **said)


async def says_all(opened: Opened, **more: str) -> Phone:
    """As far as the key."""
    operator = opened.operator
    await operator.opens(opened.door.link(PORT))
    await says_where(operator, **more)
    await operator.presses("Write it down", tesla_client_id="our-app", tesla_client_secret=SECRET)
    assert operator.shows == "/key", operator.text
    return operator


# ── who is let in ────────────────────────────────────────────────────────────────────────────────


async def test_the_link_lets_in_the_browser_that_opens_it_first_and_no_other(opened: Opened) -> None:
    link = opened.door.link(PORT)
    async with opened.another() as nobody:
        for path in ("/", "/tesla", "/key", "/key/live", "/ready", "/ready/live", "/begin/guessed"):
            assert (await nobody.get(path)).status_code == 403, path

    operator = opened.operator
    await operator.opens(link)
    assert (operator.shows, operator.status) == ("/", 200)
    await operator.opens(link)  # once more, in the same browser
    assert (operator.shows, operator.status) == ("/", 200)

    async with opened.another() as late:
        answer = await late.get(link)
    assert answer.status_code == 403
    assert "These pages do not open here" in answer.text
    assert "set-cookie" not in answer.headers


async def test_a_press_of_another_page_does_nothing(opened: Opened) -> None:
    operator = await says_all(opened)
    token = re.findall(r'name="csrf" value="([^"]+)"', (await opened.web.get("/")).text)[0]
    said = {"csrf": token, "domain": "evil.example.org", "operators": "evil@home.example", "operator_name": "E"}
    for form, headers in (
        ({**said, "csrf": "guessed"}, OURS),
        (said, {"Origin": "https://evil.example"}),
        (said, {**OURS, "Sec-Fetch-Site": "cross-site"}),
    ):
        for path in ("/", "/tesla", "/register", "/close"):
            assert (await opened.web.post(path, data=form, headers=headers)).status_code == 403, path
    async with opened.another() as nobody:
        assert (await nobody.post("/close", data=said, headers=OURS)).status_code == 403
    assert not opened.ending.now.is_set()
    assert in_file(opened.desk.file)["domain"] == "charge.example.org"
    assert operator.status == 200


@pytest.mark.parametrize("name", ["evil.example:8709", "192.168.1.7:8709", "charge.example.org"])
async def test_only_this_machine_is_called_by_its_own_names(opened: Opened, name: str) -> None:
    async with opened.another() as rebound:
        answer = await rebound.get(opened.door.link(PORT), headers={"Host": name})
    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


async def test_the_cookie_is_for_these_pages_and_no_script(opened: Opened) -> None:
    async with opened.another() as web:
        given = (await web.get(opened.door.link(PORT))).headers["set-cookie"]
    assert "HttpOnly" in given
    assert "SameSite=strict" in given


# ── what is asked, and what is written ───────────────────────────────────────────────────────────


async def test_pages_alone_set_up_a_home(opened: Opened) -> None:
    operator = await says_all(opened)
    assert in_file(opened.desk.file) == {
        "domain": "charge.example.org",
        "base_url": "https://charge.example.org",
        "tesla_client_id": "our-app",
        "tesla_client_secret": SECRET,
        "operator_name": "Chargekey",
        "operators": "kim@home.example",
        "smtp_host": "",
    }
    assert opened.desk.file.stat().st_mode & 0o777 == 0o600
    assert operator.reads("Made just now")
    assert opened.hosted == [KeyAnswered(b"a public key", "127.0.0.1", 8700)]
    assert operator.reads("these pages answer for the key")
    assert opened.desk.happened == []  # nobody is registered before he presses

    # ── the key is found, and the rest follows ───────────────────
    await operator.stays_until(lambda page: page.reads("Tesla can fetch your public key"))
    await operator.presses("Register at Tesla")
    assert operator.reads("Your home is ready")
    assert operator.reads("Registered, North America.")
    assert operator.reads("https://charge.example.org")
    assert operator.reads("chargekey sign-in-link kim@home.example")

    # ── and Chargekey is started ─────────────────────────────────
    await operator.presses("Start Chargekey")
    assert operator.reads("Chargekey starts")
    assert opened.ending.starts
    assert opened.ending.now.is_set()


async def test_a_mail_server_is_asked_about_where_there_is_one(opened: Opened) -> None:
    await says_all(opened, smtp_host="mail.example.org", smtp_user="kim", smtp_password="mail-secret")
    kept = in_file(opened.desk.file)
    assert (kept["smtp_host"], kept["smtp_port"], kept["smtp_user"]) == ("mail.example.org", "587", "kim")
    assert kept["smtp_password"] == "mail-secret"


async def test_nothing_is_written_before_both_steps_are_answered(opened: Opened) -> None:
    operator = opened.operator
    await operator.opens(opened.door.link(PORT))
    await operator.opens("/key")
    assert operator.shows == "/"
    await says_where(operator)
    assert operator.reads("https://charge.example.org/back")
    assert 'data-copy="https://charge.example.org/back"' in operator.content
    await operator.presses("Write it down", tesla_client_id="our-app")
    assert operator.status == 422
    assert operator.reads("It cannot be empty.")
    assert operator.page.value("tesla_client_id") == "our-app"  # nothing that was typed is lost
    assert not opened.desk.file.exists()
    assert opened.desk.keys_made == 0


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"domain": "https://charge.example.org"}, "The domain is one of the Internet"),
        ({"domain": "my-tesla.example.org"}, "Tesla takes no domain with “tesla” in it."),
        ({"operators": "kim"}, "This does not look like a mail address: kim."),
        ({"smtp_host": "mail.example.org", "smtp_port": "70000"}, "A port is a number from 1 to 65535."),
        ({"smtp_host": "mail.example.org", "smtp_user": "kim"}, "It cannot be empty."),
    ],
)
async def test_what_is_no_answer_is_said_at_its_field(opened: Opened, typed: dict[str, str], says: str) -> None:
    operator = opened.operator
    await operator.opens(opened.door.link(PORT))
    await says_where(operator, **typed)
    assert operator.status == 422
    assert operator.reads(says)
    assert operator.content.count('aria-invalid="true"') == 1
    for name, value in typed.items():
        assert operator.page.value(name) == value


async def test_no_secret_is_ever_shown(opened: Opened) -> None:
    operator = await says_all(opened, smtp_host="mail.example.org", smtp_user="kim", smtp_password="mail-secret")
    for path in ("/", "/tesla", "/key"):
        await operator.opens(path)
        assert operator.status == 200
        assert SECRET not in operator.content
        assert "mail-secret" not in operator.content


# ── once more ────────────────────────────────────────────────────────────────────────────────────


async def test_once_more_it_leaves_alone_what_is_there_and_says_so(desk: Desk) -> None:
    async for first in opening(desk):
        await says_all(first)
    before = desk.file.read_bytes()
    async for again in opening(desk):
        operator = again.operator
        await operator.opens(again.door.link(PORT))
        assert operator.page.value("domain") == "charge.example.org"
        await operator.presses("Go on to the app at Tesla")
        assert operator.reads("It is set, and never shown. Leave this empty to keep it.")
        await operator.presses("Write it down")
        assert operator.shows == "/key"
        assert operator.reads("Left alone")
        assert operator.reads("CHARGEKEY_TESLA_CLIENT_SECRET (not shown) · left alone")
        assert not operator.reads("Made just now")
        assert not operator.reads("Start Chargekey anew")
    assert desk.file.read_bytes() == before


async def test_a_domain_put_right_takes_its_address_along(opened: Opened) -> None:
    operator = await says_all(opened, domain="chagre.example.org")
    await operator.opens("/")
    await says_where(operator)
    await operator.presses("Write it down")
    kept = in_file(opened.desk.file)
    assert (kept["domain"], kept["base_url"]) == ("charge.example.org", "https://charge.example.org")
    assert operator.reads("CHARGEKEY_DOMAIN charge.example.org (it was chagre.example.org)")


async def test_what_the_environment_outranks_is_not_written_in_vain(desk: Desk) -> None:
    desk.environment = {"operator_name": "Nordlicht"}
    async for opened in opening(desk):
        operator = opened.operator
        await operator.opens(opened.door.link(PORT))
        await says_where(operator, operator_name="Another")
        assert operator.reads("CHARGEKEY_OPERATOR_NAME is another in the environment")


# ── at Tesla ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("found", [one for one in KeyFile if one is not KeyFile.RIGHT])
async def test_it_does_not_register_before_the_key_can_be_fetched(opened: Opened, found: KeyFile) -> None:
    opened.desk.key_file = found
    operator = await says_all(opened)
    assert not operator.page.offers("Register at Tesla")
    token = re.findall(r'name="csrf" value="([^"]+)"', (await opened.web.get("/")).text)[0]
    answer = await opened.web.post("/register", data={"csrf": token}, headers=OURS)
    assert str(answer.url) == f"{HERE}/key"
    assert opened.desk.happened == []


async def test_what_is_wrong_is_said_with_what_to_do_and_looked_at_anew(opened: Opened) -> None:
    desk = opened.desk
    desk.regions = (RegionChecked("eu", False, "NotRegistered: Root domain must match"),)
    desk.is_right = False
    operator = await says_all(opened)
    await operator.stays_until(lambda page: page.reads("Tesla can fetch your public key"))
    await operator.presses("Register at Tesla")
    assert operator.reads("One thing is wrong.")
    assert operator.reads("Not registered, Europe: Root domain must match")
    assert operator.reads("Make room before the database cannot be written.")
    assert not operator.page.offers("Start Chargekey")
    assert 'hx-sse:connect="/ready/live"' in operator.content

    # ── registered anew, which Tesla takes by now ────────────────
    desk.regions = (RegionChecked("eu", True, ""),)
    await operator.presses("Register again")
    assert operator.reads("Registered, Europe.")
    assert operator.reads("One thing is wrong.")

    # ── room is made, and the page goes on by itself ─────────────
    desk.is_right = True
    await operator.stays_until(lambda page: page.reads("Your home is ready"))
    assert operator.shows == "/ready"


async def test_what_cannot_be_written_is_one_line_on_the_page(opened: Opened) -> None:
    operator = opened.operator
    await operator.opens(opened.door.link(PORT))
    await says_where(operator)
    opened.desk.file.mkdir()
    await operator.presses("Write it down", tesla_client_id="our-app", tesla_client_secret=SECRET)
    assert operator.status == 422
    assert operator.reads("cannot be")
    assert SECRET not in operator.content
    assert opened.hosted == []


async def test_who_closes_without_starting_starts_nothing(opened: Opened) -> None:
    operator = await says_all(opened)
    await operator.stays_until(lambda page: page.reads("Tesla can fetch your public key"))
    await operator.presses("Register at Tesla")
    await operator.presses("Only close these pages")
    assert operator.reads("These pages are closed")
    assert opened.ending.now.is_set()
    assert not opened.ending.starts


def test_a_port_that_is_taken_is_one_line(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WillNotDo, match=f"port {port} of this machine cannot be had"):
            first_run.run(desk.home(may_ask=False), {}, port, lambda _: None)
