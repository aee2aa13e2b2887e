"""Clickjacking, sniffing, leaking by Referer, leaving https: what every answer tells the browser, errors included."""

from collections.abc import AsyncIterator
from typing import Any, Final

import httpx2
import pytest

from chargekey.entrypoints.web import build as web
from chargekey.entrypoints.web.site import Site
from chargekey.serving import listens, web_of
from tests.attacks.people import operations
from tests.attacks.real_house import BASE_URL, NAME, RealHouse
from tests.simulator.served import a_door, serving
from tests.stories.town import Town

TOKEN: Final = "x" * 43
FILLED: Final = {"{device_id}": "1", "{token}": TOKEN, "{code}": "KEY-4F21-0000", "{night_id}": "1", "{arrival}": "x"}
STRANGE: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("GET", "/nowhere", {}),
    ("GET", "/static/nothing.css", {}),
    ("GET", "/static/chargekey.css", {}),
    ("GET", "/static/../app.py", {}),
    ("GET", "/sign-in/", {}),
    ("GET", "/nights/abc", {}),
    ("POST", "/go", {}),
    ("DELETE", "/account", {}),
    ("OPTIONS", "/account", {}),
    ("TRACE", "/account", {}),
    ("HEAD", "/", {}),
    ("POST", "/sign-in", {"content": b"x" * 70_000}),
    ("POST", "/sign-in", {"data": {"csrf": "x"}}),
    ("POST", "/sign-in", {"json": {}}),
)


def must_be_walled(answer: httpx2.Response, where: str) -> None:
    said = answer.headers
    policy = said.get("content-security-policy", "")
    assert "default-src 'self'" in policy, where
    assert "unsafe" not in policy, where
    assert "object-src 'none'" in policy and "base-uri 'none'" in policy, where
    assert "form-action 'self' http://127.0.0.1:9" in policy, where
    assert "frame-ancestors 'none'" in policy, where
    assert said["x-frame-options"] == "DENY", where
    assert said["x-content-type-options"] == "nosniff", where
    assert said["referrer-policy"] in ("same-origin", "no-referrer"), where
    assert said["strict-transport-security"].startswith("max-age=63072000"), where
    assert said["cross-origin-opener-policy"] == "same-origin", where
    assert "server" not in said and "x-powered-by" not in said, where
    if "static" not in where and "public-key" not in where:
        assert said["cache-control"] == "no-store", where


async def test_every_answer_of_every_route_is_walled(house: RealHouse) -> None:
    async with house.a_browser() as browser:
        for method, path in operations(web_of(house.home)):
            for name, value in FILLED.items():
                path = path.replace(name, value)
            must_be_walled(await browser.request(method, path), f"{method} {path}")


@pytest.mark.parametrize(("method", "path", "sent"), STRANGE)
async def test_so_is_every_refusal(house: RealHouse, method: str, path: str, sent: dict[str, Any]) -> None:
    async with house.a_browser() as browser:
        answer = await browser.request(method, path, **sent)
        must_be_walled(answer, f"{method} {path}")


@pytest.fixture
async def broken(house: RealHouse) -> AsyncIterator[str]:
    """The same house with a bug in it."""

    async def has_a_bug() -> bool:
        raise RuntimeError("kim@driver.example has a bug at 52.0907, 5.1214")

    site = Site("Chargekey", BASE_URL, NAME, "Europe/Amsterdam", "http://127.0.0.1:9", sender="a@b.example")
    home = house.home
    app = web.build(site, home.journeys, clock=home.clock, bus=home.bus, notify=home.notify, is_ready=has_a_bug)
    door, url = a_door()
    async with serving(app, door):
        yield url


async def test_so_is_the_page_of_a_bug_and_it_tells_nothing_of_it(broken: str) -> None:
    async with httpx2.AsyncClient(trust_env=False) as browser:
        answer = await browser.get(f"{broken}/readyz")
    assert answer.status_code == 500
    must_be_walled(answer, "a bug")
    assert not any(word in answer.text for word in ("RuntimeError", "Traceback", "kim@", "52.09", "has a bug"))


async def test_in_the_demo_the_stage_alone_may_frame_and_nobody_else(town: Town) -> None:
    async with httpx2.AsyncClient(base_url=town.url, trust_env=False) as browser:
        for path in ("/", "/sign-in", "/nowhere", "/owner/short"):
            policy = (await browser.get(path)).headers["content-security-policy"]
            assert f"frame-ancestors {town.tesla_url};" in policy


async def test_an_address_that_is_a_way_in_is_told_to_no_other_page(house: RealHouse) -> None:
    async with house.a_browser() as browser:
        for path in (f"/owner/{TOKEN}", f"/owner/{TOKEN}/no", "/connect/callback?code=EU_x&state=y"):
            assert (await browser.get(path)).headers["referrer-policy"] == "no-referrer", path


async def test_the_server_names_neither_itself_nor_its_version(house: RealHouse) -> None:
    async with house.a_browser() as browser:
        said = str((await browser.get("/")).headers).lower()
    assert "uvicorn" not in said
    assert listens(house.home).server_header is False
