"""The door at which homes tell of their sun: other keys, no key, a driver's cookie, and bodies of all kinds."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import httpx2
import pytest
from structlog.testing import capture_logs

from chargekey.journeys.hear_surplus import WORDS_IN_IT
from tests.attacks.people import a_new_address, a_person
from tests.attacks.raw import asks, sends_until_answered
from tests.stories.phone import Phone
from tests.stories.town import Town

PATH: Final = "/api/surplus"
START, END = "2024-11-06T18:00:00Z", "2024-11-06T19:00:00+00:00"
SLOT: Final = {"start": START, "end": END, "surplus_w": 1}


@pytest.fixture(scope="module")
async def driver(town: Town) -> Phone:
    phone = await town.a_phone()
    await town.pairs(phone)
    return phone


@pytest.fixture(scope="module")
async def key(town: Town, driver: Phone) -> str:
    return (await town.home.journeys.set_surplus.make_key(driver_id=1)).reveal()


@pytest.fixture
async def web(town: Town) -> AsyncIterator[httpx2.AsyncClient]:
    """A program somewhere, for which a minute has passed."""
    await town.time_passes(minutes=1)
    async with httpx2.AsyncClient(base_url=town.url, trust_env=False, timeout=30) as client:
        yield client


async def tells(web: httpx2.AsyncClient, body: Any, authorization: str | None) -> httpx2.Response:
    told = {} if authorization is None else {"Authorization": authorization}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await web.post(PATH, content=content, headers=told)


async def kept(town: Town) -> int:
    async with town.home.store.unit() as unit:
        return len(await unit.surplus.told(1, town.now - timedelta(days=9), town.now + timedelta(days=9)))


async def test_without_its_key_nobody_tells_a_home_anything(town: Town, web: httpx2.AsyncClient, key: str) -> None:
    before, answers = await kept(town), set()
    for wrong in (
        None,
        "",
        "Bearer",
        f"bearer {key}",
        f"Basic {key}",
        f"Bearer  {key}",
        f"Bearer {key}x",
        f"Bearer {key[:-1]}",
        f"Bearer {key.swapcase()}",
        "Bearer " + "x" * 43,
        "Bearer " + "x" * 5_000,
        "Bearer ' OR 1=1 --aaaaaaaaaaaaaaaaa",
        key,
    ):
        for body in ({"surplus_w": 1}, b"\xff", {}):  # what it would have told makes no difference
            answer = await tells(web, body, wrong)
            assert answer.headers["www-authenticate"] == "Bearer"
            answers.add((answer.status_code, answer.text))
    answer = await web.post(f"{PATH}?key={key}&access_token={key}", json={"surplus_w": 1, "key": key})
    answers.add((answer.status_code, answer.text))
    two = [("Authorization", f"Bearer {key}"), ("Authorization", f"Bearer {key}")]
    answer = await web.post(PATH, json={"surplus_w": 1}, headers=two)
    answers.add((answer.status_code, answer.text))
    assert len(answers) == 1
    assert answers.pop()[0] == 401
    assert await kept(town) == before


async def test_a_drivers_cookie_tells_nothing_and_a_homes_key_opens_nothing(
    town: Town, web: httpx2.AsyncClient, driver: Phone, key: str
) -> None:
    person = await a_person(town, "the driver", driver)
    assert (await person.asks("POST", PATH, content=b'{"surplus_w": 1}'))[0] == 401
    assert (await person.presses(PATH, surplus_w="1"))[0] == 401
    before = await town.home.store.everything_of(1)
    for method, path in (("GET", "/account"), ("GET", "/tonight"), ("GET", "/plan/surplus"), ("POST", "/sign-out")):
        answer = await web.request(method, path, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code in (303, 400, 404), path
    assert await town.home.store.everything_of(1) == before


async def test_a_key_tells_of_its_own_home_alone(town: Town, web: httpx2.AsyncClient, key: str) -> None:
    other = await town.a_phone()
    await other.signs_in(a_new_address())
    assert (await tells(web, {"surplus_w": 700, "vehicle_id": 2}, f"Bearer {key}")).status_code == 422
    assert (await tells(web, {"surplus_w": 700}, f"Bearer {key}")).status_code == 200
    assert (await town.home.store.everything_of(2)).get("home_surplus") is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "surplus_w or grid_w, not both"),
        ({"surplus_w": None}, "surplus_w or grid_w, not both"),
        ({"surplus_w": 1, "grid_w": 1}, "surplus_w or grid_w, not both"),
        ({"surplus_w": -1}, "surplus_w wants a whole number of watts from 0 to"),
        ({"surplus_w": 1.5}, "surplus_w wants"),
        ({"surplus_w": True}, "surplus_w wants"),
        ({"surplus_w": "1"}, "surplus_w wants"),
        ({"surplus_w": 10**40}, "surplus_w wants"),
        ({"grid_w": -1_000_001}, "grid_w wants a whole number"),
        ({"grid_w": [1]}, "grid_w wants"),
        ({"forecast": []}, "forecast wants a list of 1 to 700 slots"),
        ({"forecast": [SLOT] * 701}, "forecast wants a list of 1 to 700 slots"),
        ({"forecast": {"start": START}}, "forecast wants"),
        ({"forecast": [3]}, "forecast[0] wants start, end and surplus_w"),
        ({"forecast": [SLOT, {**SLOT, "start": "2024-11-06T18:00:00"}]}, "forecast[1].start wants a moment with its"),
        ({"forecast": [{**SLOT, "start": 1}]}, "forecast[0].start wants"),
        ({"forecast": [{**SLOT, "end": "9999-12-31T23:59:59-23:00"}]}, "forecast[0].end wants"),
        ({"forecast": [{**SLOT, "start": "0001-01-01T00:00:00+23:00"}]}, "forecast[0].start wants"),
        ({"forecast": [{**SLOT, "surplus_w": -1}]}, "forecast[0].surplus_w wants"),
        ({"forecast": [{"start": START, "end": END}]}, "forecast[0].surplus_w wants"),
        ({"forecast": [{**SLOT, "<b>": 1}]}, "A field is not known here"),
        ({"forecast": [SLOT, SLOT]}, "forecast: two slots overlap."),
        ({"forecast": [{**SLOT, "end": START}]}, "forecast: a slot is 5 minutes to 24 hours long."),
        ({"forecast": [{**SLOT, "start": END, "end": "2024-11-08T18:00:00Z"}]}, "5 minutes to 24 hours"),
        (
            {"forecast": [{**SLOT, "start": "2024-11-20T18:00:00Z", "end": "2024-11-20T19:00:00Z"}]},
            "forecast: a slot begins within 7 days from now.",
        ),
        ({"<script>": 1}, "A field is not known here"),
        ([], "The body is a JSON object"),
        (b"", "The body is a JSON object"),
        (b"surplus_w=1", "The body is a JSON object"),
        (b"\xff\xfe", "The body is a JSON object"),
        (b'{"surplus_w": NaN}', "surplus_w wants"),
        (b'{"surplus_w": 1', "The body is a JSON object"),
        (b"[" * 60_000, "The body is a JSON object"),
        (b'{"forecast":' * 5_000, "The body is a JSON object"),
    ],
    ids=str,
)
async def test_every_byte_of_a_body_is_checked_and_none_repeated(
    town: Town, web: httpx2.AsyncClient, key: str, body: Any, said: str
) -> None:
    before = await kept(town)
    answer = await tells(web, body, f"Bearer {key}")
    assert answer.status_code == 422
    told = answer.json()
    assert list(told) == ["error"]
    assert said in told["error"]
    assert "script" not in answer.text and "<b>" not in answer.text
    assert await kept(town) == before


async def test_what_is_too_large_or_no_post_is_told_so_in_json(town: Town, web: httpx2.AsyncClient, key: str) -> None:
    answer = await tells(web, b" " * 70_000, f"Bearer {key}")
    assert (answer.status_code, answer.json()) == (413, {"error": "That is more than 64 kB."})
    head = asks("POST", PATH, f"Authorization: Bearer {key}", "Transfer-Encoding: chunked")
    heard, _ = await sends_until_answered(town.url, head, [b"4000\r\n" + b" " * 0x4000 + b"\r\n"] * 40)
    assert heard.status == 413
    assert (await web.get(PATH)).json() == {"error": "This takes POST alone."}


async def test_a_home_that_talks_without_end_is_asked_to_wait_and_another_is_heard(
    town: Town, web: httpx2.AsyncClient, key: str
) -> None:
    statuses = [(await tells(web, b"", f"Bearer {key}")).status_code for _ in range(WORDS_IN_IT + 3)]
    assert statuses == [422] * WORDS_IN_IT + [429] * 3
    assert (await tells(web, b"", "Bearer " + "x" * 43)).status_code == 401
    await town.time_passes(minutes=1)
    assert (await tells(web, b"", f"Bearer {key}")).status_code == 422


async def test_no_key_of_a_home_reaches_a_log(web: httpx2.AsyncClient, key: str) -> None:
    with capture_logs() as logged:
        for body in ({"surplus_w": 40}, b"", b" " * 70_000):
            await tells(web, body, f"Bearer {key}")
            await tells(web, body, f"Bearer {key}x")
    assert key[:20] not in str(logged)
