"""The car's side of the protocol: whom it greets, what it refuses by which number, what it never repeats."""

import json

import pytest
from tesla_protocol.command import car_server_pb2 as car_server
from tesla_protocol.command import errors_pb2 as errors
from tesla_protocol.command import signatures_pb2 as pb
from tesla_protocol.command import universal_message_pb2 as messages
from tesla_protocol.command import vcsec_pb2 as vcsec

from tesla_simulator.vehicle_protocol.orders import Outcome
from tests.simulator.signing import GCM, HMAC, INFOTAINMENT, SECURITY, Client, Garage, order_amps

OPEN_PORT = vcsec.UnsignedMessage(
    closureMoveRequest=vcsec.ClosureMoveRequest(chargePort=vcsec.CLOSURE_MOVE_TYPE_OPEN)
).SerializeToString()


@pytest.fixture
def garage() -> Garage:
    return Garage()


@pytest.fixture
def client(garage: Garage) -> Client:
    """Paired, and greeted by infotainment."""
    client = Client(garage)
    client.greets()
    return client


def fault_of(reply: messages.RoutableMessage) -> int:
    return int(reply.signedMessageStatus.signed_message_fault)


def refused(client: Client, message: messages.RoutableMessage) -> int:
    """The fault, with the status that belongs to it, and no payload beside it."""
    reply = client.sends(message)
    assert reply.signedMessageStatus.operation_status == messages.OPERATIONSTATUS_ERROR
    assert not reply.HasField("protobuf_message_as_bytes")
    return fault_of(reply)


# ── Greeting ─────────────────────────────────────────────────────


def test_a_paired_key_is_greeted_in_each_domain_with_a_key_and_an_epoch_of_its_own(garage: Garage) -> None:
    client = Client(garage)
    sessions = []
    for domain in (SECURITY, INFOTAINMENT):
        client.greets(domain)
        sessions.append((client.session.publicKey, client.session.epoch))

    assert len(set(sessions)) == 2
    assert sessions[0][0] != sessions[1][0]


def test_an_unpaired_key_is_told_so_without_key_and_tag(garage: Garage) -> None:
    reply = Client(garage, paired=False).greets()
    info = pb.SessionInfo.FromString(reply.session_info)

    assert info.status == pb.SESSION_INFO_STATUS_KEY_NOT_ON_WHITELIST
    assert not info.publicKey
    assert not reply.HasField("signature_data")


def test_the_session_tells_the_clock_and_the_counter_of_this_client_only(garage: Garage, client: Client) -> None:
    client.asks(order_amps())
    garage.time_passes(90)

    other = Client(garage)
    other.greets()
    client.greets()

    assert (client.session.counter, client.session.clock_time) == (1, 90)
    assert (other.session.counter, other.session.clock_time) == (0, 90)


def test_a_key_that_is_no_point_of_the_curve_is_a_bad_parameter(garage: Garage) -> None:
    client = Client(garage)
    client.public = b"\x04" + bytes(64)
    garage.keys.add(client.public)

    assert fault_of(client.greets()) == 13


# ── Obeying ──────────────────────────────────────────────────────


@pytest.mark.parametrize("how", [HMAC, GCM])
@pytest.mark.parametrize("encrypts", [True, False])
def test_a_rightly_signed_command_is_obeyed_and_answered(
    garage: Garage, client: Client, how: int, encrypts: bool
) -> None:
    garage.car.encrypts_answers = encrypts
    request = client.command(order_amps(13), how=how)
    reply = client.sends(request)

    assert garage.obeyed == [("set_charging_amps", {"charging_amps": 13})]
    assert reply.signature_data.HasField("AES_GCM_Response_data") is encrypts
    answer = car_server.Response.FromString(client.opens(request, reply))
    assert answer.actionStatus.result == car_server.OPERATIONSTATUS_OK
    assert reply.request_uuid == request.uuid
    assert reply.to_destination == request.from_destination
    assert reply.from_destination.domain == INFOTAINMENT


def test_nobody_who_did_not_ask_for_it_gets_an_encrypted_answer(client: Client) -> None:
    reply = client.sends(client.command(order_amps(), flags=0))

    assert not reply.HasField("signature_data")
    assert reply.HasField("protobuf_message_as_bytes")


def test_vehicle_security_opens_the_charge_port_and_says_nothing(garage: Garage) -> None:
    client = Client(garage)
    client.greets(SECURITY)

    assert client.asks(OPEN_PORT, SECURITY) == b""
    assert garage.obeyed == [("charge_port_door_open", {})]


def test_what_the_car_will_not_do_comes_back_with_its_reason(garage: Garage, client: Client) -> None:
    garage.outcome = Outcome(False, "is_charging")

    status = car_server.Response.FromString(client.asks(order_amps())).actionStatus

    assert status.result == car_server.OPERATIONSTATUS_ERROR
    assert status.result_reason.plain_text == "is_charging"


@pytest.mark.parametrize(
    ("reason", "number"), [("GENERICERROR_CLOSURES_OPEN", 2), ("car_wash", errors.GENERICERROR_UNKNOWN)]
)
def test_vehicle_security_says_no_by_a_number(garage: Garage, reason: str, number: int) -> None:
    client = Client(garage)
    client.greets(SECURITY)
    garage.outcome = Outcome(False, reason)

    assert vcsec.FromVCSECMessage.FromString(client.asks(OPEN_PORT, SECURITY)).nominalError.genericError == number


# ── Faults on demand ─────────────────────────────────────────────


@pytest.mark.parametrize(("fault", "mends"), [(1, False), (5, True), (6, True), (7, False), (15, True), (21, False)])
def test_a_fault_on_demand_comes_once_and_nothing_is_obeyed(
    garage: Garage, client: Client, fault: int, mends: bool
) -> None:
    garage.car.fails_next_with(fault)
    reply = client.sends(client.command(order_amps()))

    assert fault_of(reply) == fault
    assert reply.HasField("session_info") is mends
    assert garage.obeyed == []
    assert fault_of(client.sends(client.command(order_amps()))) == 0


def test_an_answer_too_long_to_send_was_obeyed_all_the_same(garage: Garage, client: Client) -> None:
    garage.car.fails_next_with(25)

    assert refused(client, client.command(order_amps())) == 25
    assert len(garage.obeyed) == 1


def test_a_car_that_waits_obeys_the_next_command(garage: Garage, client: Client) -> None:
    garage.car.waits_next()
    reply = client.sends(client.command(order_amps()))

    assert reply.signedMessageStatus.operation_status == messages.OPERATIONSTATUS_WAIT
    assert garage.obeyed == []
    client.asks(order_amps())
    assert len(garage.obeyed) == 1


# ── Epochs, and what a restart must not lose ─────────────────────


def test_a_restart_from_its_state_is_noticed_by_no_client(garage: Garage, client: Client) -> None:
    command = client.command(order_amps())
    client.sends(command)

    garage.car = garage.parks(json.loads(json.dumps(garage.car.dump())))

    assert refused(client, command) == 6
    client.asks(order_amps(7))
    assert garage.obeyed[-1] == ("set_charging_amps", {"charging_amps": 7})


def test_half_a_state_is_refused(garage: Garage) -> None:
    state = garage.car.dump()
    del state["3"]

    with pytest.raises(ValueError, match="both of its domains"):
        garage.parks(state)


def test_a_reboot_keeps_the_keys_and_changes_the_epochs(garage: Garage, client: Client) -> None:
    before = (client.session.publicKey, client.session.epoch)
    garage.car.reboots()
    client.greets()

    assert client.session.publicKey == before[0]
    assert client.session.epoch != before[1]


@pytest.mark.parametrize("seconds", [-60, 2**30 + 1])
def test_a_clock_that_jumps_back_or_runs_out_begins_an_epoch(garage: Garage, client: Client, seconds: int) -> None:
    before = client.session.epoch
    garage.time_passes(seconds)
    client.greets()

    assert client.session.epoch != before
    assert client.session.clock_time == 0


def test_the_last_counter_of_an_epoch_ends_it(garage: Garage, client: Client) -> None:
    before = client.session.epoch
    client.sends(client.command(order_amps(), counter=2**32 - 1))
    client.greets()

    assert len(garage.obeyed) == 1
    assert client.session.epoch != before
    assert client.session.counter == 0
