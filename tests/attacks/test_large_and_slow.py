"""Too much, too deep, too many, too slow: what one connection may cost, over real sockets."""

import asyncio
import gzip
import itertools
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlencode, urlsplit

import pytest

from chargekey.entrypoints.web.limits import LARGEST_BODY, LARGEST_HEAD
from chargekey.entrypoints.web.listening import listening
from chargekey.serving import web_of
from tests.attacks.people import Person, a_new_address, a_person, operations
from tests.attacks.raw import asks, sends, sends_until_answered
from tests.simulator.served import a_door, serving_as
from tests.stories.town import Town

FORM: Final = "Content-Type: application/x-www-form-urlencoded"
WITHIN_S: Final = 0.4
MOST: Final = 10
FILLED: Final = {"{device_id}": "1", "{token}": "x" * 43, "{code}": "KEY-4F21-0000"}


@pytest.fixture(scope="module")
async def impatient(town: Town) -> AsyncIterator[str]:
    """The same house at another door that waits for less and has room for fewer."""
    door, url = a_door()
    config = listening(web_of(town.home), host="", port=0, proxies=[], most_connections=MOST, whole_within_s=WITHIN_S)
    async with serving_as(config, door):
        yield url


@pytest.fixture(scope="module")
async def driver(town: Town) -> Person:
    phone = await town.a_phone()
    await phone.signs_in(a_new_address())
    return await a_person(town, "a driver", phone)


# ── too much ─────────────────────────────────────────────────────────


async def test_what_says_that_it_is_large_is_refused_before_any_of_it_is_read(town: Town) -> None:
    for length, status in ((LARGEST_BODY + 1, 413), (10**9, 413), (10**19, 413), (10**30, 400)):
        heard = await sends(town.url, asks("POST", "/sign-in", FORM, f"Content-Length: {length}"))
        assert heard.status == status
        assert heard.headers["connection"] == "close"


async def test_so_it_is_at_every_route_of_the_house(town: Town) -> None:
    for method, path in operations(web_of(town.home)):
        for name, value in {**FILLED, "{night_id}": "1", "{arrival}": "x"}.items():
            path = path.replace(name, value)
        heard = await sends(town.url, asks(method, path, FORM, "Content-Length: 100000000"))
        assert heard.status == 413, (method, path)


async def test_what_says_nothing_of_its_size_is_cut_off_as_it_comes(town: Town) -> None:
    """Chunked, endless: it gets no further than the limit and what lies in the sockets between."""
    piece = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    head = asks("POST", "/demo/clock", "Content-Type: application/json", "Transfer-Encoding: chunked")
    heard, sent = await sends_until_answered(town.url, head, itertools.repeat(piece, 4_000))
    assert heard.status == 413
    assert sent < 60_000_000


async def test_a_length_that_lies_gains_nothing(town: Town, impatient: str) -> None:
    less = await sends(town.url, asks("POST", "/sign-in", FORM, "Content-Length: 5"), b"csrf=" + b"x" * 500_000)
    assert less.status == 403  # five bytes are the form; what follows is no request, and ends it
    assert less.answers <= 2
    more = await sends(impatient, asks("POST", "/sign-in", FORM, "Content-Length: 5000"), b"csrf=x")
    assert more.status is None


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: -5",),
        ("Content-Length: +5",),
        ("Content-Length: 5, 6",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding: xchunked",),
    ],
)
async def test_a_request_that_two_servers_would_read_differently_is_none(town: Town, headers: tuple[str, ...]) -> None:
    """Smuggling: the second request in the body must never be answered."""
    hidden = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    heard = await sends(town.url, asks("POST", "/sign-in", FORM, *headers), hidden)
    assert heard.status in (400, 501)
    assert heard.answers == 1


async def test_a_body_that_would_grow_is_not_unpacked(town: Town, driver: Person) -> None:
    bomb = gzip.compress(urlencode({"csrf": driver.csrf, "x": "y" * 5_000_000}).encode())
    assert len(bomb) < LARGEST_BODY
    told = {"Content-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}
    assert (await driver.asks("POST", "/sign-out", content=bomb, headers=told))[0] == 400


@pytest.mark.parametrize(
    "headers",
    [
        ("X-Large: " + "x" * LARGEST_HEAD,),
        tuple(f"X-{nth}: y" for nth in range(5_000)),
        ("Cookie: " + "; ".join(f"a{nth}=b" for nth in range(5_000)),),
    ],
)
async def test_a_large_head_is_refused(town: Town, headers: tuple[str, ...]) -> None:
    assert (await sends(town.url, asks("GET", "/sign-in", *headers))).status in (400, 431)


async def test_a_long_target_is_refused_and_what_fits_is_read_quickly(town: Town) -> None:
    assert (await sends(town.url, asks("GET", "/" + "x" * LARGEST_HEAD))).status in (400, 431)
    room = LARGEST_HEAD - 1_000
    for header in ("Accept-Language: " + "a-" * (room // 2), "Accept-Language: " + "en;q=0.1," * (room // 9)):
        assert (await sends(town.url, asks("GET", "/", header, "Connection: close"))).status == 200
    for header in ("User-Agent: " + "Mobi(" * (room // 5), "Cookie: " + "chargekey=x;" * (room // 12)):
        assert (await sends(town.url, asks("GET", "/sign-in", header, "Connection: close"))).status == 200


# ── too deep, too many ───────────────────────────────────────────────


@pytest.mark.parametrize("receipt", ["[" * 16_000, '{"a":' * 3_000, "[" * 8_000 + "]" * 8_000, "9" * 16_000, "NaN"])
async def test_json_in_a_form_may_be_as_deep_as_it_likes(driver: Person, receipt: str) -> None:
    assert (await driver.presses("/receipt", receipt=receipt))[0] == 400


async def test_so_may_json_that_is_the_body(town: Town) -> None:
    for body in (b"[" * 60_000, b'{"now":' * 8_000, b'{"now":"' + b"9" * 60_000 + b'"}'):
        head = asks("POST", "/demo/clock", "Content-Type: application/json", f"Content-Length: {len(body)}")
        assert (await sends(town.url, head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), body)).status in (
            400,
            404,
        )


async def test_a_form_of_thousands_of_fields_is_none(driver: Person) -> None:
    many = {f"f{nth}": "x" for nth in range(5_000)}
    assert (await driver.presses("/notices/read", **many))[0] == 400
    for body in ("&" * 60_000, "a=1&" * 10_000, "%" * 60_000, "a[b][c]=1&a[b][c]=2"):
        told = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _ = await driver.asks("POST", "/notices/read", content=f"csrf={driver.csrf}&{body}", headers=told)
        assert status == 400, body[:20]


# ── too slow, too many at once ───────────────────────────────────────


async def drips(url: str, begins: bytes, drop: bytes) -> bool:
    """One drop at a time, each well within what any server waits for; whether the other side ended it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
    ended = asyncio.ensure_future(reader.read())
    try:
        writer.write(begins)
        for _ in range(600):
            done, _pending = await asyncio.wait({ended}, timeout=WITHIN_S / 10)
            if done:
                return True
            writer.write(drop)
            await writer.drain()
    except ConnectionError:
        return True
    finally:
        ended.cancel()
        writer.close()
    return False


@pytest.mark.parametrize(
    ("begins", "drop"),
    [
        (b"", b""),
        (b"", b"G"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-a: b\r\n"),
        (asks("POST", "/sign-in", FORM, "Content-Length: 60000"), b"x"),
        (asks("POST", "/sign-in", FORM, "Transfer-Encoding: chunked"), b"1\r\nx\r\n"),
        (asks("GET", "/healthz", "Content-Length: 60000"), b"x"),
        (asks("GET", "/healthz") + b"GET / HTTP/1.1\r\n", b"X-a: b\r\n"),
    ],
    ids=["says nothing", "a letter at a time", "headers", "a form", "chunks", "what nobody reads", "a second request"],
)
async def test_who_is_slow_on_purpose_is_hung_up_on(impatient: str, begins: bytes, drop: bytes) -> None:
    assert await drips(impatient, begins, drop)


async def test_a_page_that_stays_open_is_not_taken_for_slow(impatient: str, town: Town) -> None:
    phone = await town.a_phone()
    await phone.signs_in(a_new_address())
    await phone.opens("/help")
    await phone.presses("Send", message="Hello")
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(impatient).port)
    writer.write(asks("GET", "/help/live", f"Cookie: chargekey={phone.cookies['chargekey']}"))
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    done, _ = await asyncio.wait({asyncio.ensure_future(_to_the_end(reader))}, timeout=WITHIN_S * 2)
    assert not done
    writer.close()


async def _to_the_end(reader: asyncio.StreamReader) -> None:
    while await reader.read(65536):
        pass


async def test_one_connection_more_than_there_is_room_for_is_told_so_and_the_rest_goes_on(impatient: str) -> None:
    held = [await asyncio.open_connection("127.0.0.1", urlsplit(impatient).port) for _ in range(MOST)]
    refused = await sends(impatient, asks("GET", "/healthz", "Connection: close"))
    assert refused.status == 503
    for reader, writer in held:  # they said nothing, and are hung up on
        assert await reader.read() == b""
        writer.close()
    assert (await sends(impatient, asks("GET", "/healthz", "Connection: close"))).status == 200
