"""Signed commands and sealed answers, byte for byte as Tesla's own code makes them."""

import hashlib
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from chargekey.adapters.tesla.signing import messages
from chargekey.adapters.tesla.signing.keys import agree
from chargekey.adapters.tesla.signing.messages import (
    INFOTAINMENT,
    VCSEC,
    ReplyUnreadable,
    Request,
    open_answer,
    read_reply,
    request_hash,
)
from chargekey.adapters.tesla.signing.metadata import SignatureType, answer_metadata, command_metadata
from tests.wire.vectors import (
    ANSWER_COUNTER,
    ANSWER_NONCE,
    CLIENT_PUBLIC,
    COUNTER,
    CURRENT_16_A,
    EPOCH,
    EXPIRES_AT,
    HVAC_ON,
    LOCK,
    OPEN_ANSWER,
    SEALED_ANSWER,
    VIN,
    key,
    shared,
)

ADDRESS, UUID = bytes(range(16)), bytes(range(16, 32))
CURRENT_TAG = "dc0a74de4d3011ad9cb105be777b2929bd9d043cba68c7bfe1cf8823fbd40df5"
LOCK_TAG = "973e5c92ebf2aef03be284a58d991df9ffdefd62b4fd3695084b4568d027ba29"


def signed(domain: int, payload: bytes, flags: int) -> Request:
    return messages.command(
        domain,
        payload,
        vin=VIN,
        public_key=CLIENT_PUBLIC,
        shared=shared(),
        epoch=EPOCH,
        counter=COUNTER,
        expires_at=EXPIRES_AT,
        address=ADDRESS,
        uuid=UUID,
        flags=flags,
    )


def sealed_reply(request: Request, tag: str, *, address: bytes = ADDRESS, uuid: bytes = UUID) -> RoutableMessage:
    """How a car sends the sealed answer of the vectors."""
    reply = RoutableMessage(flags=2, protobuf_message_as_bytes=SEALED_ANSWER, request_uuid=uuid)
    reply.from_destination.domain = request.domain  # type: ignore[assignment]  # the stub wants the enum
    reply.to_destination.routing_address = address
    seal = reply.signature_data.AES_GCM_Response_data
    seal.nonce, seal.counter, seal.tag = ANSWER_NONCE, ANSWER_COUNTER, bytes.fromhex(tag)
    return reply


def read(request: Request, reply: RoutableMessage) -> bytes:
    return read_reply(request, reply.SerializeToString(), vin=VIN, shared=shared()).payload


# ── commands ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("domain", "flags", "payload", "tag"),
    [
        (INFOTAINMENT, 0, HVAC_ON, "6d75c4e7c5e144996e22f1bdf694e453c94774a636e4382053cb8e358bf25ea8"),
        (INFOTAINMENT, 2, HVAC_ON, "f3c24554a00e42160e6acef6dd4f1c8ef9c30ed6391ec818d75663bee00a47f0"),
        (INFOTAINMENT, 2, CURRENT_16_A, CURRENT_TAG),
        (VCSEC, 2, LOCK, LOCK_TAG),
        (VCSEC, 0, LOCK, "0df5c37a3ff8adc1aac9d0cc081b7e88015f17b899965481cf8a9d425d716b9e"),
    ],
)
def test_a_command_is_signed_as_tesla_signs_it(domain: int, flags: int, payload: bytes, tag: str) -> None:
    request = signed(domain, payload, flags)
    assert request.tag.hex() == tag
    message = RoutableMessage.FromString(request.message)
    assert message.to_destination.domain == domain
    assert message.from_destination.routing_address == ADDRESS
    assert message.protobuf_message_as_bytes == payload
    assert (message.uuid, message.flags) == (UUID, flags)
    assert message.signature_data.signer_identity.public_key == CLIENT_PUBLIC
    seal = message.signature_data.HMAC_Personalized_data
    assert (seal.epoch, seal.counter, seal.expires_at, seal.tag.hex()) == (EPOCH, COUNTER, EXPIRES_AT, tag)


def test_the_gcm_example_has_our_metadata_and_k() -> None:
    metadata = command_metadata(SignatureType.AES_GCM_PERSONALIZED, INFOTAINMENT, VIN, EPOCH, EXPIRES_AT, COUNTER, 0)
    assert metadata.hex() == (
        "000105010103021135594a333031323334353637383941424303104c463f9cc0d3d26906e982ed224adde6"
        "040400000a5f050400000007ff"
    )
    sealed = AESGCM(shared().k).encrypt(ANSWER_NONCE, HVAC_ON, hashlib.sha256(metadata).digest())
    assert sealed.hex() == "38038e8c0f2e" + "8e128da165f162f4d7d2c8da866cf82a"


def test_teslas_own_gcm_message_opens() -> None:
    """TestGCMKnown of Tesla's Go code: a vehicle named "testvin", the last counter, expiry 50000."""
    message = RoutableMessage.FromString(
        bytes.fromhex(
            "320208023a0208005259296d587d130d34d74d6d5c628c73c1f8ef99cc4ae1c95b97671474980ccc7946a90a2f7971a5c837"
            "b96c9cc1e8075d1aab92bc8557b7fdf2dcf9ddbb90e236246db699788e585e8b0ea84752e0090cc80c4384d27ca6fcdd216a"
            "470a061204bb0ca3712a3d0a10eaabe301b4b4a1243118a40825220115120c45d29af664e2ff8fd49218b718ffffffff0f25"
            "50c300002a106d846705ba5c143f94257275a2ca701f"
        )
    )
    car_public = bytes.fromhex(
        "0450444fabe062f6ffc59de654373e1aa84aa4f053f365f3746fbaaa8ad5d5875e"
        "8279ba379b4788e9148f5000bd1fe085d18925e8d047239cfa0d9cd23417b714"
    )
    k = agree(key("9d9c5e86d5a83057965ca94b5faeff116c275d08ca91e839bd2dea59c2229b81"), car_public).k
    seal = message.signature_data.AES_GCM_Personalized_data
    assert (seal.epoch.hex(), seal.counter, seal.expires_at) == ("eaabe301b4b4a1243118a40825220115", 2**32 - 1, 50000)
    metadata = command_metadata(
        SignatureType.AES_GCM_PERSONALIZED, VCSEC, "testvin", seal.epoch, seal.expires_at, seal.counter, message.flags
    )
    sealed = message.protobuf_message_as_bytes + seal.tag
    assert AESGCM(k).decrypt(seal.nonce, sealed, hashlib.sha256(metadata).digest()).hex() == (
        "82014a2a480a430a41044b96809e66821b4553ff2b427a52d50843a2f718fd56f2ad93d46a8b1db74dd6190f20b6b82e85a8eac40e"
        "867b9a0cf74f364f03e9946e25ceee9934b19cb603120102ca01090a077465737476696e"
    )


def test_an_unsigned_message_reads_as_published() -> None:
    message = RoutableMessage.FromString(
        bytes.fromhex(
            "320208023a1212100a7962c10d38b61dd2a7722780a4f0969a031005514f57616bcc81a8ce0f9d7b48322952040a020805"
        )
    )
    assert message.to_destination.domain == VCSEC
    assert message.from_destination.routing_address.hex() == "0a7962c10d38b61dd2a7722780a4f096"
    assert message.uuid.hex() == "05514f57616bcc81a8ce0f9d7b483229"
    assert message.protobuf_message_as_bytes.hex() == "0a020805"


def test_the_bluetooth_name_is_the_vins_hash() -> None:
    """We speak no Bluetooth; the vector says that a VIN is hashed as plain ASCII, which metadata relies on too."""
    digest = hashlib.sha1(b"5YJS0000000000000", usedforsecurity=False).digest()
    assert f"S{digest[:8].hex()}C" == "S1a87a5a75f3df858C"


# ── sealed answers ───────────────────────────────────────────────────────────────────────────────

SEALED = [
    (
        INFOTAINMENT,
        CURRENT_16_A,
        "08" + CURRENT_TAG,
        "1dd5503be7fe6d13b1e9ab2ea9a6f995293d14df9445c847cb54a3e9f29361ea",
        "02ba52863266b6e48f33ece4278a1371",
    ),
    (
        VCSEC,
        LOCK,
        "08973e5c92ebf2aef03be284a58d991df9",
        "74822300a1bdaaec6ebfb422cb77c9e6e40499553203f1cb21bc8a508e1ddaa7",
        "3adad0e48a5917d5abd975e8df7865bd",
    ),
]


@pytest.mark.parametrize(("domain", "payload", "asked", "covers", "tag"), SEALED, ids=["infotainment", "vcsec"])
def test_a_sealed_answer_opens(domain: int, payload: bytes, asked: str, covers: str, tag: str) -> None:
    request = signed(domain, payload, 2)
    assert request_hash(request.tag, domain).hex() == asked
    metadata = answer_metadata(domain, VIN, ANSWER_COUNTER, 2, bytes.fromhex(asked), 0)
    assert hashlib.sha256(metadata).hexdigest() == covers
    assert open_answer(shared(), metadata, ANSWER_NONCE, SEALED_ANSWER, bytes.fromhex(tag)) == OPEN_ANSWER
    assert read(request, sealed_reply(request, tag)) == OPEN_ANSWER


def altered(tag: str) -> Iterator[tuple[str, RoutableMessage]]:
    """The sealed answer with one thing at a time changed."""
    request = signed(INFOTAINMENT, CURRENT_16_A, 2)
    for what in ("payload", "tag", "nonce", "counter", "flags", "fault"):
        reply = sealed_reply(request, tag)
        seal = reply.signature_data.AES_GCM_Response_data
        if what == "payload":
            reply.protobuf_message_as_bytes = bytes([SEALED_ANSWER[0] ^ 1]) + SEALED_ANSWER[1:]
        elif what == "tag":
            seal.tag = bytes([seal.tag[0] ^ 1]) + seal.tag[1:]
        elif what == "nonce":
            seal.nonce = bytes(12)
        elif what == "counter":
            seal.counter += 1
        elif what == "flags":
            reply.flags = 0
        else:
            reply.signedMessageStatus.signed_message_fault = 5  # type: ignore[assignment]  # the stub wants the enum
        yield what, reply


def test_a_sealed_answer_with_anything_changed_does_not_open() -> None:
    request = signed(INFOTAINMENT, CURRENT_16_A, 2)
    for what, reply in altered(SEALED[0][4]):
        with pytest.raises(ReplyUnreadable):
            read(request, reply)
            pytest.fail(f"opened with another {what}")


def test_a_sealed_answer_to_another_command_does_not_open() -> None:
    other = signed(INFOTAINMENT, HVAC_ON, 2)
    with pytest.raises(ReplyUnreadable):
        read(other, sealed_reply(other, SEALED[0][4]))


def test_a_seal_with_a_nonce_of_another_length_does_not_open() -> None:
    request = signed(INFOTAINMENT, CURRENT_16_A, 2)
    reply = sealed_reply(request, SEALED[0][4])
    reply.signature_data.AES_GCM_Response_data.nonce = b"x"
    with pytest.raises(ReplyUnreadable):
        read(request, reply)


# ── whose answer it is ───────────────────────────────────────────────────────────────────────────


def plain_reply(request: Request) -> RoutableMessage:
    reply = RoutableMessage(protobuf_message_as_bytes=OPEN_ANSWER, request_uuid=request.uuid)
    reply.from_destination.domain = request.domain  # type: ignore[assignment]  # the stub wants the enum
    reply.to_destination.routing_address = request.address
    return reply


def test_older_cars_answer_in_plain_text() -> None:
    request = signed(INFOTAINMENT, CURRENT_16_A, 2)
    assert read(request, plain_reply(request)) == OPEN_ANSWER


def test_an_answer_to_somebody_else_is_not_ours() -> None:
    request = signed(INFOTAINMENT, CURRENT_16_A, 2)
    for change in ("address", "uuid", "no uuid", "domain"):
        reply = plain_reply(request)
        if change == "address":
            reply.to_destination.routing_address = bytes(16)
        elif change == "uuid":
            reply.request_uuid = bytes(16)
        elif change == "no uuid":
            reply.request_uuid = b""
        else:
            reply.from_destination.domain = VCSEC  # type: ignore[assignment]  # the stub wants the enum
        with pytest.raises(ReplyUnreadable):
            read(request, reply)


def test_vcsec_usually_names_no_request() -> None:
    request = signed(VCSEC, LOCK, 2)
    reply = plain_reply(request)
    reply.request_uuid = b""
    assert read(request, reply) == OPEN_ANSWER


@pytest.mark.parametrize("data", [b"", b"\xff\xff", b"\x0a"], ids=["nothing", "noise", "cut short"])
def test_what_is_no_message_is_not_read(data: bytes) -> None:
    with pytest.raises(ReplyUnreadable):
        read_reply(signed(INFOTAINMENT, CURRENT_16_A, 2), data, vin=VIN, shared=shared())
