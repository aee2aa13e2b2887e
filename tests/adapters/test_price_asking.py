"""Whatever a source of prices answers becomes a price or a Fault, and no question goes where it was not set to go."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest

from chargekey.adapters.tariffs.asking import LONGEST
from chargekey.domain.market import SOURCES
from chargekey.ports.faults import AnswerLost, Fault, Puzzling, Refused, TooOften, Unreachable
from tests.adapters.price_road import BASE, Answer, a_road, says_text

MARKETS = [f"{name}:{source.example}" for name, source in SOURCES.items()]
KEY = "a-key-of-nobodys"
HTML = "<!doctype html><title>Down for maintenance</title>"


async def fault_of(name: str, answer: Answer) -> Fault:
    async with a_road(name, answer, key=KEY) as road:
        with pytest.raises(Fault) as raised:
            await road.brings()
    assert all(str(one.url).startswith(BASE) for one in road.asked)
    assert len(road.asked) == 1
    told = f"{raised.value!r} {raised.value.detail} {raised.value.__cause__}"
    assert KEY not in told
    assert "prices.example" not in told
    return raised.value


@pytest.mark.parametrize("name", MARKETS)
@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (httpx2.ConnectError("no such host"), Unreachable),
        (httpx2.ConnectTimeout("nobody there"), Unreachable),
        (httpx2.ReadTimeout("too slow"), AnswerLost),
        (httpx2.RemoteProtocolError("cut off"), AnswerLost),
        (httpx2.Response(500), Unreachable),
        (httpx2.Response(503, html=HTML), Unreachable),
        (httpx2.Response(301, headers={"location": "https://elsewhere.example/"}), Refused),
        (httpx2.Response(302, headers={"location": "http://169.254.169.254/"}), Refused),
        (httpx2.Response(401), Refused),
        (httpx2.Response(403), Refused),
        (httpx2.Response(404), Refused),
        (httpx2.Response(200, html=HTML), Puzzling),
        (says_text(""), Puzzling),
        (says_text("null"), Puzzling),
        (says_text("{"), Puzzling),
        (says_text("[" * 100_000), Puzzling),
        (says_text(b"\xff\xfe\x00"), Puzzling),
        (says_text(b" " * (LONGEST + 1)), Puzzling),
    ],
)
async def test_every_answer_has_its_fault(name: str, answer: Answer, fault: type[Fault]) -> None:
    assert type(await fault_of(name, answer)) is fault


@pytest.mark.parametrize("name", MARKETS)
async def test_an_empty_list_says_something_only_where_a_list_is_told(name: str) -> None:
    if name == "comed:IL":
        async with a_road(name, says_text("[]")) as road:
            assert await road.brings() == ()
        return
    assert type(await fault_of(name, says_text("[]"))) is (Refused if name == "amber:AUD" else Puzzling)


@pytest.mark.parametrize(
    ("said", "wait"),
    [("120", timedelta(minutes=2)), ("", timedelta(minutes=10)), ("later", timedelta(minutes=10)), ("9" * 8, None)],
)
async def test_what_a_source_asks_for_is_heeded_within_reason(said: str, wait: timedelta | None) -> None:
    fault = await fault_of(MARKETS[0], httpx2.Response(429, headers={"retry-after": said}))
    assert isinstance(fault, TooOften)
    assert fault.wait == (wait or timedelta(hours=6))


@pytest.mark.parametrize("name", MARKETS)
async def test_no_content_is_nothing_out_yet(name: str) -> None:
    async with a_road(name, httpx2.Response(204)) as road:
        assert await road.brings() == ()


async def test_a_body_that_does_not_end_is_left_before_it_is_whole() -> None:
    sent: list[int] = []

    async def without_end() -> AsyncIterator[bytes]:
        while True:
            sent.append(1)
            yield b" " * 65_536

    fault = await fault_of(MARKETS[0], lambda _: httpx2.Response(200, content=without_end()))
    assert isinstance(fault, Puzzling)
    assert len(sent) * 65_536 < 2 * LONGEST


async def test_what_an_answer_held_is_not_repeated() -> None:
    fault = await fault_of(MARKETS[0], says_text('{"unix_seconds": "a secret of theirs", "price": [], "unit": ""}'))
    assert "secret" not in fault.detail
