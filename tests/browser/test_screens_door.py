"""The door of the web side: cookies, presses, headers, and pages for what goes wrong."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from httpx2 import Response

from chargekey.adapters.store.migrate import migrate
from chargekey.adapters.tesla.command_key import make_command_key
from chargekey.entrypoints.web import build as web
from chargekey.entrypoints.web.site import Site
from chargekey.serving import Home, compose
from chargekey.settings import Settings

HERE = "http://localhost:8700"
TESLA = "http://localhost:8701"
PRESS = {"Origin": HERE, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}


class Browser:
    """A browser without script, pressing what a page shows."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def opens(self, path: str) -> Response:
        return await self.client.get(path)

    async def presses(self, page: Response, path: str, headers: dict[str, str] | None = None, **typed: str) -> Response:
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found, "no form on this page"
        return await self.client.post(path, data={"csrf": found[1], **typed}, headers={**PRESS, **(headers or {})})

    async def signs_in(self, address: str = "maren@post.example") -> Response:
        await self.presses(await self.opens("/sign-in"), "/sign-in", address=address)
        link = re.search(rf'href="{HERE}(/sign-in/[\w-]+)"', (await self.opens("/outbox")).text)
        assert link
        token = link[1].removeprefix("/sign-in/")
        return await self.presses(await self.opens(link[1]), "/sign-in/link", token=token)


def broken() -> APIRouter:
    router = APIRouter()

    @router.get("/broken")
    async def breaks() -> None:
        raise ZeroDivisionError("a VIN such as LRW3E7EK0NC004F21 must not be shown")

    return router


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    make_command_key(tmp_path / "command-key.pem")
    tesla = {
        f"tesla_{name}": TESLA for name in ("auth_url", "token_url", "fleet_api_na", "fleet_api_eu", "pairing_url")
    }
    ours = {"demo": True, "data_dir": tmp_path, "base_url": HERE, "stage_url": TESLA}
    settings = Settings.model_validate({**ours, **tesla})
    put_together = compose(settings)
    await migrate(put_together.engine)
    yield put_together
    await put_together.http.aclose()
    await put_together.engine.dispose()


Build = Callable[[bool], FastAPI]


@pytest.fixture
def build(home: Home) -> Build:
    def built(demo: bool) -> FastAPI:
        where = HERE if demo else "https://charge.nordlicht.example"
        site = Site("Chargekey", where, "charge.nordlicht.example", "Europe/Amsterdam", TESLA, TESLA, demo=demo)
        return web.build(
            site,
            home.journeys,
            clock=home.clock,
            bus=home.bus,
            notify=home.notify,
            is_ready=home.store.is_reachable,
            letters=home.outbox,
            others=[broken()],
        )

    return built


@pytest.fixture
async def browser(build: Build) -> AsyncIterator[Browser]:
    transport = httpx2.ASGITransport(build(True), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=HERE) as client:
        yield Browser(client)


async def test_looking_at_the_first_page_sets_no_cookie(browser: Browser) -> None:
    page = await browser.opens("/")

    assert page.status_code == 200
    assert "set-cookie" not in page.headers


async def test_a_mailed_link_signs_in_once_and_under_a_new_cookie(browser: Browser) -> None:
    await browser.opens("/sign-in")
    before = dict(browser.client.cookies)
    came = await browser.signs_in()

    assert (came.status_code, came.headers["location"]) == (303, "/go")
    assert dict(browser.client.cookies) != before
    assert (await browser.opens("/go")).headers["location"] == "/permissions"
    assert "Chargekey" in (await browser.opens("/permissions")).text


async def test_opening_a_link_uses_nothing_up_and_a_used_link_says_so(browser: Browser) -> None:
    await browser.signs_in()
    link = re.search(rf'href="{HERE}(/sign-in/[\w-]+)"', (await browser.opens("/outbox")).text)
    assert link
    again = await browser.opens(link[1])

    assert again.status_code == 410
    assert "This link was used already" in again.text


async def test_a_driver_page_asks_a_stranger_to_sign_in(browser: Browser) -> None:
    assert (await browser.opens("/tonight")).headers["location"] == "/sign-in"
    assert (await browser.opens("/tonight/live")).status_code == 204


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
async def test_a_press_from_another_site_does_nothing(browser: Browser, headers: dict[str, str]) -> None:
    page = await browser.opens("/sign-in")
    refused = await browser.presses(page, "/sign-in", headers, address="maren@post.example")

    assert refused.status_code == 403
    assert "No mail yet" in (await browser.opens("/outbox")).text


async def test_a_press_needs_the_token_of_its_own_session(browser: Browser) -> None:
    page = await browser.opens("/sign-in")
    browser.client.cookies.clear()
    refused = await browser.presses(page, "/sign-in", address="maren@post.example")

    assert refused.status_code == 403
    assert "This page was open too long" in refused.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("csrf=x&csrf=y", PRESS["Content-Type"]),
        ("&".join(f"f{n}=1" for n in range(200)), PRESS["Content-Type"]),
        ("csrf=%ff", PRESS["Content-Type"]),
        ("no form at all", PRESS["Content-Type"]),
        ('{"csrf": "x"}', "application/json"),
    ],
)
async def test_what_is_no_form_of_ours_is_not_read(browser: Browser, body: str, kind: str) -> None:
    answer = await browser.client.post("/sign-in", content=body, headers={**PRESS, "Content-Type": kind})

    assert answer.status_code == 400


async def test_what_is_larger_than_a_form_is_refused_before_it_is_read(browser: Browser) -> None:
    answer = await browser.client.post("/sign-in", content="csrf=x&" + "a" * 70_000, headers=PRESS)

    assert answer.status_code == 413


async def test_a_mail_address_that_is_none_stays_in_its_field(browser: Browser) -> None:
    again = await browser.presses(await browser.opens("/sign-in"), "/sign-in", address='"><b>maren')

    assert again.status_code == 422
    assert "&#34;&gt;&lt;b&gt;maren" in again.text


async def test_every_answer_carries_the_policy_a_bug_too(browser: Browser) -> None:
    for path in ("/", "/nowhere", "/static/chargekey.css", "/healthz", "/broken"):
        headers = (await browser.opens(path)).headers
        assert "default-src 'self'" in headers["content-security-policy"], path
        assert f"form-action 'self' {TESLA}" in headers["content-security-policy"]
        assert f"frame-ancestors {TESLA};" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


async def test_a_bug_is_shown_as_a_number_and_nothing_of_it_leaves(browser: Browser) -> None:
    page = await browser.opens("/broken")

    assert page.status_code == 500
    assert re.search(r"E-\d{8}-\d{4}-[0-9A-F]{2}", page.text)
    assert "VIN such as" not in page.text


async def test_outside_the_demo_nobody_may_frame_and_the_cookie_is_bound_to_this_host(build: Build) -> None:
    where = "https://charge.nordlicht.example"
    transport = httpx2.ASGITransport(build(False))
    async with httpx2.AsyncClient(transport=transport, base_url=where) as client:
        page = await client.get("/sign-in")

    cookie = page.headers["set-cookie"]
    assert cookie.startswith("__Host-chargekey=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["strict-transport-security"].startswith("max-age=")


async def test_health_is_told_to_machines(browser: Browser) -> None:
    assert (await browser.opens("/healthz")).text == "ok\n"
    assert (await browser.opens("/readyz")).text == "ok\n"


@pytest.mark.parametrize("path", ["/nowhere", "/nights/x", "/nights/0", "/sign-in/x", "/permissions/back/nonsense"])
async def test_a_page_that_is_not_there_says_so(browser: Browser, path: str) -> None:
    await browser.signs_in()
    page = await browser.opens(path)

    assert page.status_code == 404
    assert "There is no page here" in page.text
