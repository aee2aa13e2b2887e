"""The short form of `make fuzz`: some odd cases at every door, and the holes it found once, each kept shut.

`python -m tests.fuzz` plays 100,000 and tells how to play again what broke.
"""

import gzip
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2
import pytest

from chargekey.adapters.tesla.signing.messages import ReplyUnreadable, handshake, read_reply
from chargekey.adapters.tesla.signing.session import from_kept
from chargekey.ports.faults import Fault, Puzzling, Refused, TeslaFails
from tests.adapters.tesla_road import OURS
from tests.adapters.tesla_side import GRANT, VIN
from tests.fuzz import bodies, car_replies, tesla_bodies
from tests.fuzz.answers import Answer
from tests.fuzz.dice import Dice, Throws, made_small
from tests.fuzz.door import Broke, Door
from tests.fuzz.house import a_house
from tests.fuzz.odd import DEPTH, written
from tests.fuzz.round import play
from tests.fuzz.tesla_bodies import TOKENS, VEHICLES, Asks, Wire

SHORT: int = 1_500
AT_THE_HOUSE: int = 80
SEED: int = 20
DEEP_ARRAY = b"[" * DEPTH + b"]" * DEPTH


def nobody_hears(_: str, __: int) -> None:
    """Here only what broke is told."""


async def test_nothing_but_answers_and_faults_comes_of_what_tesla_and_its_cars_say() -> None:
    holes = await play([*tesla_bodies.doors(), *car_replies.doors()], SHORT, SEED, nobody_hears)
    assert not holes, "\n".join(map(str, holes))


async def test_no_page_no_callback_and_no_word_of_tesla_is_our_mistake(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        holes = await play(house.doors(), AT_THE_HOUSE, SEED, nobody_hears)
    assert not holes, "\n".join(map(str, holes))


# ── holes that were found ────────────────────────────────────────────────────────────────────────


async def hears(ask: Asks, status: int, content: bytes, **headers: str) -> Fault:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(Fault) as met:
        await ask(Wire(Answer(status, content, told)))
    return met.value


LOOK, STATUS = VEHICLES["vehicle_data"][0], VEHICLES["fleet_status"][0]


async def test_an_error_deeper_than_we_read_is_still_that_error() -> None:
    assert isinstance(await hears(LOOK, 500, b'{"error": ' + DEEP_ARRAY + b"}"), TeslaFails)


async def test_an_error_in_another_encoding_than_it_claims_is_still_that_error() -> None:
    kind = "text/plain; charset=utf-16"
    assert isinstance(await hears(LOOK, 500, b"<p>odd", content_type=kind), TeslaFails)
    assert await Wire(Answer(200, b"<p>odd", {"content-type": kind})).oauth.takes_our_way_back() == (True, True)


async def test_the_name_of_a_field_that_is_a_car_is_not_told() -> None:
    body = {"response": {"vehicle_info": {VIN.whole: None}}}
    puzzling = await hears(STATUS, 200, written(body))
    assert isinstance(puzzling, Puzzling)
    assert VIN.whole not in puzzling.detail


@pytest.mark.parametrize("number", [2**31, -(2**40), 10**30], ids=str)
async def test_a_number_that_no_car_has_is_not_believed(number: int) -> None:
    charge = {**bodies.CHARGE, "charger_actual_current": number}
    assert isinstance(await hears(LOOK, 200, written({"response": {"charge_state": charge}})), Puzzling)


async def test_the_reason_of_a_refusal_can_be_kept() -> None:
    told = {"response": {"result": False, "reason": f"a\x00b {VIN.whole}"}}
    refused = await hears(VEHICLES["plain command"][0], 200, written(told))
    assert isinstance(refused, Refused)
    assert refused.detail == f"a b …{VIN.whole[-4:]}"


async def test_a_name_keeps_its_letters_alone() -> None:
    car = {**bodies.CAR, "display_name": " Bl\x00ue\u202e "}
    answer = await Wire(Answer(200, written({"response": car}))).vehicles.glance(GRANT, VIN)
    assert answer.value.display_name == "Blue"


@pytest.mark.parametrize("token", ["e30.e30.é", "a b", "", "x" * 20_000], ids=["letters", "space", "none", "long"])
async def test_a_token_that_no_header_can_hold_is_none(token: str) -> None:
    body = written({**bodies.TOKENS, "access_token": token})
    for ask in TOKENS.values():
        assert isinstance(await hears(ask, 200, body), Puzzling)


async def test_a_date_beyond_all_years_tells_no_time() -> None:
    date = f"Mon, 01 Jan {'9' * 30} 00:00:00 GMT"
    good = Answer(200, written({**bodies.TOKENS, "access_token": "e30.e30.c2ln"}))
    wire = Wire(good, Answer(200, written(bodies.REGISTERED), {"date": date}))
    assert (await wire.registration.look("eu", "charge.example")).ahead is None


async def test_a_body_that_is_not_packed_as_it_says_is_no_answer() -> None:
    cut = gzip.compress(written(bodies.ONE), mtime=0)[:20]
    for content in (cut, b"{}"):
        assert isinstance(await hears(LOOK, 200, content, content_encoding="gzip"), TeslaFails | Puzzling)


def test_a_fault_below_nought_is_no_reply() -> None:
    request = handshake(3, OURS.public_bytes, address=bytes(16), uuid=bytes(16))
    reply = bytes.fromhex("62 0c 08 02 10 ff ff ff ff ff ff ff ff ff 01")  # error, and -1
    with pytest.raises(ReplyUnreadable):
        read_reply(request, reply, vin=VIN.whole, shared=None)


@pytest.mark.parametrize(
    "kept",
    [
        b'{"car_public_key": "", "epoch": "", "counter": Infinity, "clock_s": 0, "told_at": ""}',
        b'{"car_public_key":"","epoch":"","counter":1,"clock_s":0,"told_at":"0001-01-01T00:00:00+23:00"}',
        DEEP_ARRAY,
    ],
    ids=["infinite", "before all years", "deep"],
)
def test_a_kept_session_beyond_reading_costs_a_handshake(kept: bytes) -> None:
    assert from_kept(kept) is None


# ── the fuzz itself ──────────────────────────────────────────────────────────────────────────────


async def test_a_hole_is_found_made_small_and_found_again_by_its_throws() -> None:
    door = Door("of paper", 1, lambda dice: [dice.below(100) for _ in range(dice.below(20))], tears_above(70))
    [hole] = await play([door], 200, SEED, nobody_hears)
    assert hole.case == "[70]"
    assert door.makes(Dice(hole.throws)) == [70]


def tears_above(most: int) -> Callable[[list[int]], Awaitable[None]]:
    async def plays(case: list[int]) -> None:
        if any(number >= most for number in case):
            raise Broke("torn")

    return plays


async def test_what_never_breaks_stays_as_it_is() -> None:
    async def holds(_: Throws) -> bool:
        return False

    assert await made_small((3, 2, 1), holds) == (3, 2, 1)


async def test_the_far_end_says_what_it_is_told() -> None:
    wire = Wire(Answer(200, b"{}", {"x-txid": "tx"}))
    assert (await wire.http.get("https://eu.example/")).headers["x-txid"] == "tx"
    assert isinstance(wire.http, httpx2.AsyncClient)
