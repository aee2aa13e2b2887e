"""SSRF: whatever somebody says, we ask nobody but Tesla and the push services that the operator has named."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tesla_simulator.faults import Fault, Kind
from tests.attacks.people import Person, a_new_address, a_person
from tests.attacks.real_house import RealHouse
from tests.stories.town import Town, a_town


@dataclass
class Inside:
    """A machine of the operator's own network that nobody outside should reach through us."""

    port: int
    heard: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
async def inside() -> AsyncIterator[Inside]:
    machine = Inside(0)

    async def hears(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        machine.heard.append(await reader.read(1000))
        writer.close()

    server = await asyncio.start_server(hears, "127.0.0.1", 0)
    machine.port = server.sockets[0].getsockname()[1]
    async with server:
        yield machine


async def a_driver(town: Town) -> Person:
    phone = await town.a_phone()
    await phone.signs_in(a_new_address())
    return await a_person(town, "a driver", phone)


async def test_no_browser_has_us_push_to_a_machine_of_our_own_network(town: Town, inside: Inside) -> None:
    driver = await a_driver(town)
    vendor = town.world.push_vendor.a_browser((await driver.web.get("/account/devices/here")).json()["key"])
    good = vendor.subscription
    host = urlsplit(good["endpoint"]).netloc
    for endpoint in (
        f"{inside.url}/push/x",
        f"http://{host}@127.0.0.1:{inside.port}/push/x",
        f"{good['endpoint']}/../../../control/world",
        good["endpoint"].replace("/push/", "/control/"),
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        f"gopher://127.0.0.1:{inside.port}/_x",
        f"{good['endpoint']}\r\nHost: x",
    ):
        status, _ = await driver.presses("/account/devices", **{**good, "endpoint": endpoint})
        assert status in (400, 422), endpoint
    assert (await driver.presses("/account/devices", **good))[0] == 204
    assert inside.heard == []


async def test_outside_the_demo_neither(house: RealHouse, inside: Inside) -> None:
    """By its very door: what the journey takes is what is ever asked. The list of odd endpoints: test_web_push."""
    push = house.home.settings.push_hosts
    assert not any(one.replace(".", "").isdigit() or one.endswith((".local", "localhost")) for one in push)
    assert f"127.0.0.1:{inside.port}" not in push


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Town]:
    """A town in which Tesla was never away before."""
    async with a_town(tmp_path) as built:
        yield built


async def connects(town: Town) -> None:
    """As far as it goes."""
    phone = await town.a_phone()
    await phone.signs_in()
    await phone.goes_to_tesla()
    await phone.presses("Allow")
    await phone.opens("/choose-car")


@pytest.mark.parametrize("path", ["/oauth2/v3/token", "/users/region", "/vehicles"])
async def test_where_tesla_redirects_us_nobody_goes_with_a_token(fresh: Town, inside: Inside, path: str) -> None:
    away = {"Location": f"{inside.url}/stolen"}
    met = Fault(Kind.ANSWERS, path_contains=path, status=307, body="", headers=away, count=9)
    fresh.world.meets(met)
    await connects(fresh)
    assert met.count < 9
    assert inside.heard == []


@pytest.mark.parametrize("path", ["/users/region", "/vehicles"])
async def test_no_region_that_an_answer_names_is_asked_unless_the_operator_named_it(
    fresh: Town, inside: Inside, path: str
) -> None:
    said: dict[str, tuple[int, dict[str, Any]]] = {
        "/users/region": (200, {"response": {"region": "eu", "fleet_api_base_url": inside.url}}),
        "/vehicles": (421, {"error": f"user out of region, use base URL: {inside.url}"}),
    }
    told, (status, body) = {"Alt-Svc": f'h2="127.0.0.1:{inside.port}"'}, said[path]
    astray = Fault(Kind.ANSWERS, path_contains=path, status=status, body=body, headers=told, count=9)
    fresh.world.meets(astray)
    await connects(fresh)
    assert astray.count < 9
    assert inside.heard == []
