"""Presses that no page of ours sent: from other sites, without a token, with somebody else's, by the wrong method."""

from typing import Final

import pytest

from chargekey.serving import web_of
from tests.attacks.people import Person, a_new_address, a_person, csrf_of, operations
from tests.attacks.real_house import BASE_URL, RealHouse
from tests.stories.town import Town

FORBIDDEN: Final = 403
TOKEN: Final = "x" * 43
FILLED: Final = {"{device_id}": "1", "{token}": TOKEN, "{code}": "KEY-4F21-0000"}
NO_PRESS: Final = {"/demo/clock", "/api/surplus"}
"""Without a session: the demo's clock, on loopback, takes JSON alone, which no other site can send unasked; the door
of a home goes by its key alone (`test_surplus_door`)."""


def presses(town: Town) -> list[str]:
    """The path of every form of the house."""
    found = [path for method, path in operations(web_of(town.home)) if method != "GET" and path not in NO_PRESS]
    for name, value in FILLED.items():
        found = [path.replace(name, value) for path in found]
    return found


async def a_driver(town: Town) -> Person:
    phone = await town.a_phone()
    await phone.signs_in(a_new_address())
    return await a_person(town, "a driver", phone)


@pytest.mark.parametrize(
    ("csrf", "headers"), [("", {}), ("of another session", {}), ("his own", {"Origin": "https://elsewhere.example"})]
)
async def test_no_form_of_the_house_takes_a_press_that_is_not_from_its_own_page(
    town: Town, csrf: str, headers: dict[str, str]
) -> None:
    all_presses = presses(town)
    assert len(all_presses) > 40
    assert await _pressed(town, csrf, headers, all_presses) == {FORBIDDEN}


@pytest.mark.parametrize(
    ("csrf", "headers"),
    [
        ("x" * 43, {}),
        ("his own", {"Origin": "null"}),
        ("his own", {"Origin": "null", "Sec-Fetch-Site": "cross-site"}),
        ("his own", {"Sec-Fetch-Site": "cross-site"}),
        ("his own", {"Sec-Fetch-Site": "same-site"}),
        ("his own", {"Origin": "http://elsewhere.example", "Host": "elsewhere.example"}),
        ("his own", {"Origin": "http://localhost.elsewhere.example", "Host": "localhost.elsewhere.example"}),
        ("his own", {"Origin": "http://[", "Host": "["}),
    ],
)
async def test_nor_by_any_other_way_of_saying_where_it_comes_from(
    town: Town, csrf: str, headers: dict[str, str]
) -> None:
    assert await _pressed(town, csrf, headers, ["/sign-out"]) == {FORBIDDEN}


async def _pressed(town: Town, csrf: str, headers: dict[str, str], paths: list[str]) -> set[int]:
    """What a driver's browser is answered that was made to press; it is not even signed out by it."""
    driver, other = await a_driver(town), await town.a_phone()
    await other.opens("/sign-in")
    tokens = {"his own": driver.csrf, "of another session": await csrf_of(town, other.cookies["chargekey"])}
    form = {"csrf": tokens.get(csrf, csrf)}
    answers = {(await driver.asks("POST", path, data=form, headers=headers))[0] for path in paths}
    assert (await driver.asks("GET", "/account"))[0] == 200
    return answers


async def test_without_origin_and_referer_the_token_alone_decides(town: Town) -> None:
    driver = await a_driver(town)
    assert (await driver.presses("/notices/read"))[0] == 303


async def test_a_form_is_a_form_and_nothing_else(town: Town) -> None:
    """What another site can send without being asked (text/plain, multipart), and what only a script can (JSON)."""
    driver = await a_driver(town)
    for kind in ("text/plain", "application/json", "multipart/form-data; boundary=x", ""):
        body = f"csrf={driver.csrf}"
        status, _ = await driver.asks("POST", "/sign-out", content=body, headers={"Content-Type": kind})
        assert status == 400, kind
    assert (await driver.asks("GET", f"/sign-out?csrf={driver.csrf}"))[0] == 405
    assert (await driver.asks("POST", f"/sign-out?csrf={driver.csrf}", data={"x": "1"}))[0] == FORBIDDEN
    assert (await driver.asks("GET", "/account"))[0] == 200


async def test_the_demos_clock_is_turned_by_no_other_site(town: Town) -> None:
    stranger = await a_person(town, "a page of the world")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        told = {"Content-Type": kind, "Origin": "https://elsewhere.example"}
        status, _ = await stranger.asks("POST", "/demo/clock", content='{"now":"2031-01-01T00:00Z"}', headers=told)
        assert status in (400, 404, 415), kind
    assert town.home.clock.now().year == town.now.year == 2024


async def test_outside_the_demo_only_the_services_own_name_is_a_page_of_ours(house: RealHouse) -> None:
    async with house.a_browser() as web:
        page = await web.get("/sign-in")
        cookie = page.headers["set-cookie"].split(";")[0]
        token = page.text.split('name="csrf" value="', 1)[1].split('"', 1)[0]

        async def sends(**headers: str) -> int:
            told = {"Cookie": cookie, **headers}
            form = {"csrf": token, "address": "nobody"}
            return (await web.post("/sign-in", data=form, headers=told)).status_code

        assert await sends(Origin=BASE_URL) == 422  # it was read: that is no address
        for origin in (house.url, "http://charge.example", "https://charge.example:8443", "https://x.charge.example"):
            assert await sends(Origin=origin) == FORBIDDEN, origin
            assert await sends(Origin=origin, Host=origin.split("//")[1]) == FORBIDDEN, origin


async def test_the_way_back_from_a_refused_press_leads_to_no_other_host(town: Town) -> None:
    driver = await a_driver(town)
    for referer in (
        "https://elsewhere.example/account",
        f"{town.url}//elsewhere.example",
        f"{town.url}/\\elsewhere.example",
        f"{town.url}/%2f/elsewhere.example",
        "http://elsewhere.example:80/account",
        "http://[",
    ):
        told = {"Referer": referer, "Host": "elsewhere.example"}
        status, text = await driver.asks("POST", "/sign-out", data={"csrf": ""}, headers=told)
        assert (status, "elsewhere.example" in text) == (FORBIDDEN, False), referer
