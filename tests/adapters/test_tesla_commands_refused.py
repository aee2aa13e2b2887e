"""Commands that a car refuses, that go plain, or whose answer is lost: never sent twice on their own."""

from base64 import b64encode

import httpx2
import pytest

from chargekey.adapters.tesla.signing.refusals import FAULTS
from chargekey.ports.faults import (
    AnswerLost,
    Asleep,
    Busy,
    Fault,
    KeyMissing,
    MobileAccessOff,
    MustBeSigned,
    Puzzling,
    Refused,
    TakesPlain,
    Unreachable,
)
from tests.adapters.tesla_road import SIGN_ANEW, Order, Road, start, tell_current, tell_start, tell_stop
from tests.adapters.tesla_side import GRANT, VIN, Said, said


@pytest.fixture
def road() -> Road:
    return Road()


# ── refused ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - set(SIGN_ANEW)))
async def test_other_faults_are_not_tried_again(road: Road, fault: int) -> None:
    road.car.faults = [fault]
    with pytest.raises(Fault) as said_no:
        await start(road)
    expected = {1: Busy, 2: Busy, 11: Busy, 3: KeyMissing, 21: MobileAccessOff, 25: Puzzling}.get(fault, Refused)
    assert type(said_no.value) is expected
    assert said_no.value.request_id == "tx"
    assert road.car.heard["command"] == 1


async def test_a_fault_nobody_knows_may_hide_anything(road: Road) -> None:
    road.car.faults = [77]
    with pytest.raises(Puzzling):
        await start(road)


async def test_a_car_that_waits_is_busy(road: Road) -> None:
    road.car.waits = True
    with pytest.raises(Busy):
        await start(road)


async def test_an_error_without_a_name_is_no_success(road: Road) -> None:
    road.car.fails_unnamed = True
    with pytest.raises(Puzzling):
        await start(road)


REASONS: list[tuple[Order, str, type[Fault] | None]] = [
    (tell_start, "is_charging", None),
    (tell_start, "requested", None),
    (tell_start, "complete", None),
    (tell_start, "disconnected", Refused),
    (tell_start, "no_power", Refused),
    (tell_start, "not_charging", Refused),
    (tell_start, "", Refused),
    (tell_stop, "not_charging", None),
    (tell_stop, "is_charging", Refused),
    (tell_current, "already_set", None),
    (tell_start, "could_not_wake_buses", Busy),
    (tell_start, "unsigned_cmds_hardlocked", MustBeSigned),
]


@pytest.mark.parametrize("prefix", ["", "car could not execute command: "], ids=["bare", "prefixed"])
@pytest.mark.parametrize(("order", "reason", "means"), REASONS)
async def test_a_reason_means_the_same_signed_and_plain(
    road: Road, order: Order, reason: str, means: type[Fault] | None, prefix: str
) -> None:
    road.car.refuses = prefix + reason or " "
    plain = said(200, {"response": {"result": False, "reason": prefix + reason}}, x_txid="tx")
    for signed, client in ((True, road.client()[0]), (False, road.client(plain)[0])):
        if means is None:
            await order(client, signed)
            continue
        with pytest.raises(means) as refused:
            await order(client, signed)
        assert type(refused.value) is means
        assert refused.value.request_id == "tx"


# ── plain ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_car_without_keys_gets_plain_commands(road: Road) -> None:
    agreed = [said(200, {"response": {"result": True, "reason": ""}}) for _ in range(3)]
    commands, tesla = road.client(*agreed)
    await tell_start(commands, False)
    await tell_stop(commands, False)
    await tell_current(commands, False)
    assert [url.rsplit("/", 1)[1] for url in tesla.urls] == ["charge_start", "charge_stop", "set_charging_amps"]
    assert [tesla.body(number) for number in range(3)] == [{}, {}, {"charging_amps": 9}]


async def test_a_car_that_knows_no_signatures_says_so(road: Road) -> None:
    no = said(422, {"error": "vehicle does not support the Tesla Vehicle Command Protocol, please refer …"})
    with pytest.raises(TakesPlain):
        await road.client(no)[0].prove(GRANT, VIN)
    with pytest.raises(TakesPlain):
        await start(road, no)


async def test_a_car_that_wants_signatures_says_so(road: Road) -> None:
    no = said(403, {"error": "Tesla Vehicle Command Protocol required, please refer to the documentation"})
    with pytest.raises(MustBeSigned):
        await tell_start(road.client(no)[0], False)


@pytest.mark.parametrize("body", [{}, {"response": None}, {"response": {"result": "true"}}, "OK"], ids=repr)
async def test_a_plain_answer_that_cannot_be_read_may_hide_that_it_ran(road: Road, body: object) -> None:
    with pytest.raises(Puzzling):
        await tell_start(road.client(said(200, body))[0], False)


# ── lost ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        (httpx2.ReadTimeout("slow"), AnswerLost),
        (httpx2.RemoteProtocolError("cut"), AnswerLost),
        (said(500, {"error": "upstream internal error"}), AnswerLost),
        (said(503, {"error": "vehicle is not available"}), AnswerLost),
        (said(504, ""), AnswerLost),
        (said(200, {"response": None}), Puzzling),
        (said(200, {"response": "?"}), Puzzling),
        (said(200, {"response": b64encode(b"\xff\xff").decode()}), Puzzling),
        (said(200, {"response": b64encode(b"").decode()}), Puzzling),
        (said(200, "no json"), Puzzling),
        (httpx2.ConnectError("no"), Unreachable),
        (said(408, {"error": "vehicle unavailable: vehicle is offline or asleep"}), Asleep),
    ],
    ids=repr,
)
@pytest.mark.parametrize("signed", [True, False], ids=["signed", "plain"])
async def test_a_command_is_sent_once_whatever_becomes_of_the_answer(
    road: Road, answer: Said, means: type[Fault], signed: bool
) -> None:
    await start(road)
    commands, tesla = road.client(answer)
    with pytest.raises(means):
        await tell_start(commands, signed)
    assert len(tesla.asked) == 1
    assert road.pauses == []


async def test_a_command_that_ran_behind_a_lost_answer_ran_once(road: Road) -> None:
    def cut(request: httpx2.Request) -> httpx2.Response:
        road.car(request)
        raise httpx2.ReadError("cut")

    await road.client()[0].prove(GRANT, VIN)
    with pytest.raises(AnswerLost):
        await start(road, cut)
    assert len(road.car.done) == 1


async def test_a_stale_token_does_not_cost_a_signature(road: Road) -> None:
    await road.client()[0].prove(GRANT, VIN)
    commands, tesla = road.client(said(401, {"error": "token expired (401)"}), road.car)
    await tell_start(commands, True)
    assert tesla.asked[0].content == tesla.asked[1].content
    assert road.car.counters == [1]


async def test_a_reply_meant_for_another_request_is_no_answer(road: Road) -> None:
    await start(road)
    kept: list[httpx2.Response] = []

    def keeps(request: httpx2.Request) -> httpx2.Response:
        kept.append(road.car(request))
        return said(504, "")

    with pytest.raises(AnswerLost):
        await start(road, keeps)
    with pytest.raises(Puzzling):
        await start(road, kept[0])
