"""Open redirects, and addresses made of what a request says of itself: Host, X-Forwarded-*, its target."""

from typing import Final
from urllib.parse import urlsplit

import pytest

from chargekey.serving import web_of
from tests.attacks.people import a_new_address, a_person, operations
from tests.attacks.raw import asks, sends
from tests.attacks.real_house import BASE_URL, RealHouse
from tests.stories.town import Town

EVIL: Final = "https://elsewhere.example/"
NAMES: Final = ("next", "url", "return", "return_to", "redirect", "redirect_uri", "back", "back_url", "continue", "to")
TOKEN: Final = "x" * 43
FILLED: Final = {"{device_id}": "1", "{token}": TOKEN, "{code}": "KEY-4F21-0000", "{night_id}": "1"}
LIES: Final = {
    "Host": "elsewhere.example",
    "X-Forwarded-Host": "elsewhere.example",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Prefix": "/elsewhere.example",
    "X-Original-URL": "/elsewhere.example",
    "Forwarded": "host=elsewhere.example;proto=http",
}


async def test_no_page_sends_a_browser_to_where_a_parameter_says(town: Town) -> None:
    phone = await town.a_phone()
    await phone.signs_in(a_new_address())
    driver = await a_person(town, "a driver", phone)
    query = "&".join(f"{name}={EVIL}" for name in NAMES)
    for method, path in operations(web_of(town.home)):
        if path in ("/sign-out", "/disconnect", "/demo/clock"):
            continue
        for name, value in {**FILLED, "{arrival}": "cancelled"}.items():
            path = path.replace(name, value)
        fields = {"data": {"csrf": driver.csrf, **dict.fromkeys(NAMES, EVIL)}} if method == "POST" else {}
        async with driver.web.stream(method, f"{path}?{query}", headers={"Referer": EVIL}, **fields) as answer:  # type: ignore[arg-type]  # what httpx takes
            leads_to = urlsplit(answer.headers.get("location", ""))
        assert leads_to.netloc in ("", urlsplit(town.tesla_url).netloc), (method, path)
        assert not leads_to.path.startswith(("//", "/\\")), (method, path)


@pytest.mark.parametrize("path", ["//elsewhere.example", "/sign-in//elsewhere.example", "/sign-in/", "/static", "/go/"])
async def test_no_path_is_put_right_by_leading_elsewhere(house: RealHouse, path: str) -> None:
    for target in (path, f"http://elsewhere.example{path}"):
        heard = await sends(house.url, asks("GET", target, "Host: elsewhere.example", "Connection: close"))
        assert heard.status in (404, 400)
        assert "elsewhere.example" not in heard.headers.get("location", "")


async def test_the_link_in_a_mail_leads_to_us_whatever_the_request_says_of_itself(house: RealHouse) -> None:
    """Host header injection: the victim's own link, mailed by us, must not carry its token to another host."""
    async with house.a_browser(**LIES) as web:
        page = await web.get("/sign-in")
        cookie = page.headers["set-cookie"].split(";")[0]
        token = page.text.split('name="csrf" value="', 1)[1].split('"', 1)[0]
        form = {"csrf": token, "address": a_new_address()}
        answer = await web.post("/sign-in", data=form, headers={"Cookie": cookie})
    assert answer.status_code == 200
    mail = house.mail.mails[-1].replace("=\r\n", "").replace("=3D", "=")
    assert f"{BASE_URL}/sign-in/" in mail
    assert "elsewhere.example" not in mail + page.text + answer.text


async def test_no_page_repeats_a_host_that_a_request_made_up(house: RealHouse) -> None:
    async with house.a_browser(**LIES) as web:
        for method, path in operations(web_of(house.home)):
            for name, value in {**FILLED, "{arrival}": "cancelled"}.items():
                path = path.replace(name, value)
            answer = await web.request(method, path)
            assert "elsewhere.example" not in f"{answer.headers}{answer.text}", (method, path)


async def test_where_somebody_comes_from_is_believed_of_a_named_proxy_alone(house: RealHouse) -> None:
    """Else anybody has as many networks to ask from as he likes. The whole chain is walked, from us outwards."""
    config_names = house.home.settings.proxies
    assert config_names == ["127.0.0.1/32", "::1/128"]
    assert "0.0.0.0/0" not in config_names
