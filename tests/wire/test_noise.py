"""Whatever arrives, only our own exceptions come out, and no changed bit changes what we believe."""

import contextlib

from hypothesis import given
from hypothesis import strategies as any_of
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from chargekey.adapters.tesla.signing import messages
from chargekey.adapters.tesla.signing.messages import INFOTAINMENT, ReplyUnreadable, read_reply
from chargekey.adapters.tesla.signing.refusals import check_action, fault_of, may_sign_anew
from chargekey.adapters.tesla.signing.session import KeyNotOnCar, SessionInfoRefused, believe, from_kept
from chargekey.ports.faults import Fault
from tests.wire.vectors import (
    ANSWER_COUNTER,
    ANSWER_NONCE,
    CLIENT,
    CLIENT_PUBLIC,
    COUNTER,
    CURRENT_16_A,
    EPOCH,
    EXPIRES_AT,
    HANDSHAKE_UUID,
    MIDNIGHT,
    OPEN_ANSWER,
    SEALED_ANSWER,
    VIN,
    shared,
)

REQUEST = messages.command(
    INFOTAINMENT,
    CURRENT_16_A,
    vin=VIN,
    public_key=CLIENT_PUBLIC,
    shared=shared(),
    epoch=EPOCH,
    counter=COUNTER,
    expires_at=EXPIRES_AT,
    address=bytes(16),
    uuid=HANDSHAKE_UUID,
)


def sealed() -> bytes:
    reply = RoutableMessage(flags=2, protobuf_message_as_bytes=SEALED_ANSWER, request_uuid=HANDSHAKE_UUID)
    reply.from_destination.domain = INFOTAINMENT  # type: ignore[assignment]  # the stub wants the enum
    reply.to_destination.routing_address = bytes(16)
    seal = reply.signature_data.AES_GCM_Response_data
    seal.nonce, seal.counter = ANSWER_NONCE, ANSWER_COUNTER
    seal.tag = bytes.fromhex("02ba52863266b6e48f33ece4278a1371")
    return reply.SerializeToString()


def test_a_flipped_bit_never_changes_what_a_sealed_answer_says() -> None:
    whole = sealed()
    for place in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[place // 8] ^= 1 << place % 8
        with contextlib.suppress(ReplyUnreadable):
            reply = read_reply(REQUEST, bytes(changed), vin=VIN, shared=shared())
            if RoutableMessage.FromString(bytes(changed)).signature_data.HasField("AES_GCM_Response_data"):
                assert reply.payload == OPEN_ANSWER


@given(any_of.binary(max_size=300))
def test_noise_is_no_reply(data: bytes) -> None:
    with contextlib.suppress(ReplyUnreadable):
        read_reply(REQUEST, data, vin=VIN, shared=shared())


@given(any_of.binary(max_size=200), any_of.binary(max_size=40))
def test_noise_is_no_session_info(info: bytes, tag: bytes) -> None:
    with contextlib.suppress(SessionInfoRefused, KeyNotOnCar):
        believe(
            None,
            info,
            tag,
            ours=CLIENT,
            vin=VIN,
            challenge=HANDSHAKE_UUID,
            asked_at=MIDNIGHT,
            now=MIDNIGHT,
            greeted=True,
        )
        raise AssertionError("noise was believed")


@given(any_of.binary(max_size=300))
def test_noise_is_no_kept_session(data: bytes) -> None:
    assert from_kept(data) is None


@given(any_of.binary(max_size=100))
def test_noise_is_an_answer_or_a_fault(payload: bytes) -> None:
    with contextlib.suppress(Fault):
        check_action(payload, "charge_start")


@given(any_of.integers(min_value=1, max_value=2**31 - 1))
def test_every_message_fault_has_a_meaning(number: int) -> None:
    assert isinstance(fault_of(number), Fault)
    assert not (may_sign_anew(number) and fault_of(number).may_have_happened)
