"""What the car refuses, by which number, and that a refusal changes nothing in it."""

import pytest
from tesla_protocol.command import universal_message_pb2 as messages
from tesla_protocol.command import vcsec_pb2 as vcsec

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


def test_a_key_deleted_after_the_greeting_is_unknown_and_told_no_session(garage: Garage, client: Client) -> None:
    garage.keys.remove(client.public)
    reply = client.sends(client.command(order_amps()))

    assert fault_of(reply) == 3
    assert not reply.session_info
    assert garage.obeyed == []


def test_another_epoch_is_refused_and_the_new_one_told(garage: Garage, client: Client) -> None:
    garage.car.reboots()
    late = client.command(order_amps())
    reply = client.sends(late)
    assert fault_of(reply) == 15

    client.learns(late, reply)  # checks the tag against the uuid of the failing request
    client.asks(order_amps(8))
    assert garage.obeyed == [("set_charging_amps", {"charging_amps": 8})]


def test_an_unnamed_epoch_is_still_covered_by_the_signature(garage: Garage, client: Client) -> None:
    unnamed = client.command(order_amps())
    unnamed.signature_data.HMAC_Personalized_data.epoch = b""
    assert fault_of(client.sends(unnamed)) == 0

    garage.car.reboots()
    stale = client.command(order_amps())
    stale.signature_data.HMAC_Personalized_data.epoch = b""
    assert refused(client, stale) == 5


def test_an_expired_command_is_refused(garage: Garage, client: Client) -> None:
    in_time = client.command(order_amps())
    garage.time_passes(10)
    assert fault_of(client.sends(in_time)) == 0

    late = client.command(order_amps())
    garage.time_passes(11)
    assert refused(client, late) == 17


def test_a_command_that_outlives_every_epoch_is_a_bad_parameter(client: Client) -> None:
    assert refused(client, client.command(order_amps(), expires_at=2**30 + 1)) == 13


@pytest.mark.parametrize(("lives_s", "fault"), [(30, 0), (31, 20), (None, 20)])
def test_a_command_out_of_order_must_expire_soon(client: Client, lives_s: int | None, fault: int) -> None:
    client.sends(client.command(order_amps(), counter=5))

    assert fault_of(client.sends(client.command(order_amps(), counter=3, expires_at=lives_s or 0))) == fault


def test_a_replayed_command_changes_nothing(garage: Garage, client: Client) -> None:
    command = client.command(order_amps())
    client.sends(command)
    before = garage.car.dump()

    assert refused(client, command) == 6
    assert len(garage.obeyed) == 1
    assert garage.car.dump() == before


def test_infotainment_takes_late_comers_and_vehicle_security_does_not(garage: Garage) -> None:
    client = Client(garage)
    client.greets(INFOTAINMENT)
    first, second = client.command(order_amps()), client.command(order_amps())
    assert [fault_of(client.sends(late)) for late in (second, first)] == [0, 0]

    client.greets(SECURITY)
    first, second = client.command(OPEN_PORT, SECURITY), client.command(OPEN_PORT, SECURITY)
    assert [fault_of(client.sends(late)) for late in (second, first)] == [0, 6]


def test_a_forged_command_uses_up_no_counter(garage: Garage, client: Client) -> None:
    command = client.command(order_amps())
    forged = messages.RoutableMessage()
    forged.CopyFrom(command)
    forged.protobuf_message_as_bytes = order_amps(32)

    assert refused(client, forged) == 5
    assert fault_of(client.sends(command)) == 0
    assert garage.obeyed == [("set_charging_amps", {"charging_amps": 16})]


def test_a_command_for_another_car_is_wrongly_signed(client: Client) -> None:
    assert refused(client, client.command(order_amps(), vin="5YJ30123456789ABD")) == 5


@pytest.mark.parametrize("how", [HMAC, GCM])
@pytest.mark.parametrize(
    ("where", "fault"),
    [
        ("payload", 5),
        ("tag", 5),
        ("flags", 5),
        ("counter", 5),
        ("expires_at", 5),
        ("epoch", 15),
        ("domain", 15),
    ],
)
def test_a_bit_flipped_anywhere_is_refused(garage: Garage, client: Client, how: int, where: str, fault: int) -> None:
    message = client.command(order_amps(), how=how)
    data = message.signature_data
    signature = data.HMAC_Personalized_data if how == HMAC else data.AES_GCM_Personalized_data
    if where == "payload":
        message.protobuf_message_as_bytes = flipped(message.protobuf_message_as_bytes)
    elif where == "flags":
        message.flags = 0
    elif where == "domain":
        message.to_destination.domain = messages.DOMAIN_VEHICLE_SECURITY
    elif where in ("counter", "expires_at"):
        setattr(signature, where, getattr(signature, where) ^ 2)
    else:
        setattr(signature, where, flipped(getattr(signature, where)))

    assert refused(client, message) == fault
    assert garage.obeyed == []


def flipped(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


@pytest.mark.parametrize(
    ("spoiled", "fault"), [("unsigned", 13), ("long uuid", 13), ("no such domain", 8), ("garbage inside", 10)]
)
def test_malformed_messages_are_refused_without_session_info(client: Client, spoiled: str, fault: int) -> None:
    message = client.command(order_amps())
    if spoiled == "unsigned":
        message.ClearField("signature_data")
    elif spoiled == "long uuid":
        message.uuid = b"u" * 17
    elif spoiled == "no such domain":
        message.to_destination.domain = messages.DOMAIN_BROADCAST
    else:
        message = client.command(b"\xff\xff\xff")

    reply = client.sends(message)
    assert fault_of(reply) == fault
    assert not reply.HasField("session_info")
    assert not reply.HasField("signature_data")


def test_noise_is_answered_with_a_fault_too(garage: Garage) -> None:
    reply = messages.RoutableMessage.FromString(garage.car.answer(b"\xff\xff\xff\xff"))

    assert fault_of(reply) == 10
