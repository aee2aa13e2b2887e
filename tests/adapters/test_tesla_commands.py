"""Commands to a car that checks every signature: agreed, refused, resynced, lost, and never sent twice."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from chargekey.adapters.tesla.command_key import CommandKey
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.signing.refusals import FAULTS, Next
from chargekey.adapters.tesla.vehicle_commands import SignedCommands
from chargekey.ports.faults import (
    AnswerLost,
    Asleep,
    Busy,
    Fault,
    KeyMissing,
    MustBeSigned,
    Puzzling,
    Refused,
    TakesPlain,
    TeslaFails,
    Unreachable,
)
from tests.adapters.tesla_car import INVALID_COUNTER, Car
from tests.adapters.tesla_side import (
    EU,
    GRANT,
    TRUSTED,
    VIN,
    PocketSessions,
    PocketVault,
    Said,
    StillClock,
    Tesla,
    said,
)

SIGN_ANEW = [number for number, row in FAULTS.items() if row.next is Next.SIGN_ANEW]
OURS = CommandKey(ec.generate_private_key(ec.SECP256R1()))


@dataclass
class Road:
    """Our client and the car, with Tesla between them."""

    clock: StillClock = field(default_factory=StillClock)
    sessions: PocketSessions = field(default_factory=PocketSessions)
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.car = Car(self.clock, OURS.public_bytes)

    def client(self, *answers: Said) -> tuple[SignedCommands, Tesla]:
        """A client just started, and what Tesla answers: the car itself, ten times, unless said otherwise."""
        tesla = Tesla(*(answers or [self.car] * 10))
        api = FleetApi(tesla.http, PocketVault("second"), TRUSTED)
        return SignedCommands(api, OURS, self.sessions, self.clock, self._pause), tesla

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.passes(seconds)


@pytest.fixture
def road() -> Road:
    return Road()


async def start(road: Road, *answers: Said) -> None:
    commands, _ = road.client(*answers)
    await commands.start_charging(GRANT, VIN, signed=True)


# ── agreed ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_car_starts_and_stops_charging_and_sets_its_current(road: Road) -> None:
    commands, tesla = road.client()
    answer = await commands.start_charging(GRANT, VIN, signed=True)
    await commands.set_charging_current(GRANT, VIN, 16, signed=True)
    await commands.stop_charging(GRANT, VIN, signed=True)
    first, second, third = [action.vehicleAction for action in road.car.done]
    assert first.chargingStartStopAction.WhichOneof("charging_action") == "start"
    assert second.setChargingAmpsAction.charging_amps == 16
    assert third.chargingStartStopAction.WhichOneof("charging_action") == "stop"
    assert answer.request_id == "tx"
    assert set(tesla.urls) == {f"{EU}/api/1/vehicles/{VIN.whole}/signed_command"}
    assert road.car.heard == {"handshake": 1, "command": 3}
    assert road.car.counters == [1, 2, 3]


async def test_a_current_below_five_ampere_is_asked_for_as_five(road: Road) -> None:
    commands, _ = road.client()
    await commands.set_charging_current(GRANT, VIN, 3, signed=True)
    assert road.car.done[0].vehicleAction.setChargingAmpsAction.charging_amps == 5


async def test_a_sealed_answer_is_read(road: Road) -> None:
    road.car.seals = True
    await start(road)
    road.car.refuses = "disconnected"
    with pytest.raises(Refused, match="disconnected"):
        await start(road)


async def test_after_a_restart_the_session_goes_on_and_no_counter_is_used_twice(road: Road) -> None:
    await start(road)
    await start(road)
    assert road.car.heard == {"handshake": 1, "command": 2}
    assert road.car.counters == [1, 2]


async def test_a_counter_is_saved_before_it_is_sent(road: Road) -> None:
    await start(road)
    with pytest.raises(AnswerLost):
        await start(road, httpx2.ReadTimeout("slow"))
    await start(road)
    assert road.car.counters == [1, 3]


async def test_one_request_at_a_time_for_each_car(road: Road) -> None:
    at_once, most = 0, 0

    async def slow_road(request: httpx2.Request) -> httpx2.Response:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1
        return road.car(request)

    commands, _ = road.client(*[slow_road] * 5)
    await asyncio.gather(*(commands.start_charging(GRANT, VIN, signed=True) for _ in range(4)))
    assert most == 1
    assert road.car.counters == [1, 2, 3, 4]


# ── proof ────────────────────────────────────────────────────────────────────────────────────────


async def test_the_proof_is_the_cars_own_answer_and_changes_nothing(road: Road) -> None:
    commands, _ = road.client()
    answer = await commands.prove(GRANT, VIN)
    assert (answer.value, answer.request_id) == (True, "tx")
    assert road.car.heard == {"handshake": 1}
    assert road.car.done == []


async def test_a_car_without_our_key_says_so(road: Road) -> None:
    road.car.is_paired = False
    commands, _ = road.client()
    with pytest.raises(KeyMissing) as missing:
        await commands.prove(GRANT, VIN)
    assert missing.value.request_id == "tx"


async def test_a_key_deleted_later_is_noticed_by_the_next_command(road: Road) -> None:
    await start(road)
    road.car.is_paired = False
    with pytest.raises(KeyMissing):
        await start(road)
    assert len(road.car.done) == 1


async def test_somebody_elses_session_info_proves_nothing(road: Road) -> None:
    impostor = Car(road.clock, OURS.public_bytes)
    await start(road)
    with pytest.raises(TeslaFails, match="key has changed"):
        await road.client(impostor)[0].prove(GRANT, VIN)
    await start(road)  # the old session stays


async def test_session_info_that_comes_late_proves_nothing(road: Road) -> None:
    def late(request: httpx2.Request) -> httpx2.Response:
        answer = road.car(request)
        road.clock.passes(11)
        return answer

    with pytest.raises(TeslaFails, match="late"):
        await road.client(late)[0].prove(GRANT, VIN)


async def test_a_greeting_whose_answer_is_lost_did_nothing(road: Road) -> None:
    with pytest.raises(TeslaFails) as lost:
        await start(road, httpx2.ReadTimeout("slow"))
    assert not lost.value.may_have_happened


# ── resynced ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_car_that_booted_tells_its_new_epoch_and_obeys(road: Road) -> None:
    await start(road)
    road.car.boots()
    await start(road)
    assert len(road.car.done) == 2
    assert road.car.heard == {"handshake": 1, "command": 3}
    assert road.pauses == [1.0]


async def test_a_clock_of_ours_that_fell_behind_is_put_right(road: Road) -> None:
    await start(road)
    ahead = Car(road.clock, OURS.public_bytes)
    ahead.key, ahead.epoch, ahead.counter = road.car.key, road.car.epoch, road.car.counter
    ahead.began = road.car.began.replace(year=road.car.began.year - 1)
    await start(road, *[ahead] * 3)
    assert len(ahead.done) == 1


@pytest.mark.parametrize("fault", SIGN_ANEW)
async def test_a_passing_fault_is_answered_by_a_new_signature(road: Road, fault: int) -> None:
    road.car.faults = [fault, fault]
    await start(road)
    assert len(road.car.done) == 1
    assert len(set(road.car.counters)) == 3


@pytest.mark.parametrize("fault", SIGN_ANEW)
async def test_a_fault_that_does_not_pass_is_given_up_after_three_signatures(road: Road, fault: int) -> None:
    road.car.faults = [fault] * 9
    with pytest.raises(Busy) as busy:
        await start(road)
    assert (road.car.heard["command"], road.car.done) == (3, [])
    assert busy.value.worth_repeating
    assert not busy.value.may_have_happened


async def test_a_car_whose_counters_are_used_up_is_busy_until_it_boots(road: Road) -> None:
    road.car.counter = 2**32 - 2
    await start(road)
    with pytest.raises(Busy, match="counter"):
        await start(road)
    road.car.boots()
    await start(road)
    assert road.car.counters == [2**32 - 1, 1]


async def test_a_fault_without_session_info_costs_a_new_handshake(road: Road) -> None:
    road.car.faults, road.car.tells_session_with_faults = [INVALID_COUNTER], False
    await start(road)
    assert road.car.heard == {"handshake": 2, "command": 2}


# ── refused ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - set(SIGN_ANEW)))
async def test_other_faults_are_not_tried_again(road: Road, fault: int) -> None:
    road.car.faults = [fault]
    with pytest.raises(Fault) as said_no:
        await start(road)
    expected = {1: Busy, 2: Busy, 11: Busy, 3: KeyMissing, 25: Puzzling}.get(fault, Refused)
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


Order = Callable[[SignedCommands, bool], Awaitable[object]]


async def tell_start(commands: SignedCommands, signed: bool) -> None:
    await commands.start_charging(GRANT, VIN, signed=signed)


async def tell_stop(commands: SignedCommands, signed: bool) -> None:
    await commands.stop_charging(GRANT, VIN, signed=signed)


async def tell_current(commands: SignedCommands, signed: bool) -> None:
    await commands.set_charging_current(GRANT, VIN, 9, signed=signed)


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
