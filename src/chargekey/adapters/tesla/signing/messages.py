"""Messages to a car and its replies (vehicle-command §2, §4, §7)."""

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import DecodeError
from tesla_protocol.command.universal_message_pb2 import Destination, RoutableMessage, SessionInfoRequest

from chargekey.adapters.tesla.signing.keys import SharedKey, mac
from chargekey.adapters.tesla.signing.metadata import SignatureType, answer_metadata, command_metadata

VCSEC: Final = 2
INFOTAINMENT: Final = 3
ENCRYPT_ANSWER: Final = 1 << 1
"""FLAG_ENCRYPT_RESPONSE is bit 1. Cars before firmware 2024.38 ignore it and answer in plain text."""
_VCSEC_HASH_BYTES: Final = 17
_WAIT, _ERROR = 1, 2


class ReplyUnreadable(Exception):
    """The reply is not for this request, or cannot be read; the text says why."""


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """A message ready to send, and what its reply must match. `tag` is empty for a handshake."""

    message: bytes
    domain: int
    address: bytes
    uuid: bytes
    tag: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """What came back. `fault` 0: none. `info` and `info_tag` are empty where the car sent no session info.

    `fails`: the car speaks of an error and names none. It may have acted.
    """

    fault: int
    waits: bool
    fails: bool
    payload: bytes
    info: bytes
    info_tag: bytes


def handshake(domain: int, public_key: bytes, *, address: bytes, uuid: bytes) -> Request:
    """Ask for session info. Nothing in the car changes."""
    message = RoutableMessage(
        to_destination=Destination(domain=domain),  # type: ignore[arg-type]  # the stubs want the enum's type
        from_destination=Destination(routing_address=address),
        session_info_request=SessionInfoRequest(public_key=public_key),
        uuid=uuid,
    )
    return Request(message.SerializeToString(), domain, address, uuid, b"")


def command(
    domain: int,
    payload: bytes,
    *,
    vin: str,
    public_key: bytes,
    shared: SharedKey,
    epoch: bytes,
    counter: int,
    expires_at: int,
    address: bytes,
    uuid: bytes,
    flags: int = ENCRYPT_ANSWER,
) -> Request:
    """A command, signed in plain text: Tesla's servers must see which scope it needs."""
    metadata = command_metadata(SignatureType.HMAC_PERSONALIZED, domain, vin, epoch, expires_at, counter, flags)
    tag = mac(shared.for_commands, metadata + payload)
    # Filled in place: half the time of putting finished parts together (benchmarks/bench_signing.py).
    message = RoutableMessage(protobuf_message_as_bytes=payload, uuid=uuid, flags=flags)
    message.to_destination.domain = domain  # type: ignore[assignment]  # the stubs want the enum's type
    message.from_destination.routing_address = address
    message.signature_data.signer_identity.public_key = public_key
    seal = message.signature_data.HMAC_Personalized_data
    seal.epoch, seal.counter, seal.expires_at, seal.tag = epoch, counter, expires_at, tag
    return Request(message.SerializeToString(), domain, address, uuid, tag)


def read_reply(request: Request, data: bytes, *, vin: str, shared: SharedKey | None) -> Reply:
    """The reply to that request, opened if it is sealed. Raises `ReplyUnreadable`.

    A seal's counter must not come twice for one request. It cannot: one HTTP answer is one reply, and a request
    is never read for twice.
    """
    try:
        message = RoutableMessage.FromString(data)
    except DecodeError as wrong:
        raise ReplyUnreadable("it is no routable message") from wrong
    _check_it_is_ours(request, message)
    status = message.signedMessageStatus
    if int(status.signed_message_fault) < 0:  # an open enum: the wire lets any number in
        raise ReplyUnreadable("its fault is no number of one")
    payload = message.protobuf_message_as_bytes
    if message.signature_data.WhichOneof("sig_type") == "AES_GCM_Response_data":
        payload = _opened(request, message, vin=vin, shared=shared)
    return Reply(
        fault=int(status.signed_message_fault),
        waits=int(status.operation_status) == _WAIT,
        fails=int(status.operation_status) == _ERROR and not status.signed_message_fault,
        payload=payload,
        info=message.session_info,
        info_tag=message.signature_data.session_info_tag.tag,
    )


def request_hash(tag: bytes, domain: int) -> bytes:
    """What a sealed answer says it answers: the kind of our signature and its tag, for VCSEC cut to 17 bytes."""
    whole = bytes([SignatureType.HMAC_PERSONALIZED]) + tag
    return whole[:_VCSEC_HASH_BYTES] if domain == VCSEC else whole


def open_answer(shared: SharedKey, metadata: bytes, nonce: bytes, sealed: bytes, tag: bytes) -> bytes:
    """The plain text of a sealed answer. Raises `ReplyUnreadable`."""
    try:
        return AESGCM(shared.k).decrypt(nonce, sealed + tag, hashlib.sha256(metadata).digest())
    except (InvalidTag, ValueError) as wrong:
        raise ReplyUnreadable("its seal does not open") from wrong


def _check_it_is_ours(request: Request, message: RoutableMessage) -> None:
    """Tesla's own client accepts nothing less (§2): from a domain, to our address, for our request."""
    if message.from_destination.domain != request.domain:
        raise ReplyUnreadable("it is from another part of the car")
    if message.to_destination.routing_address != request.address:
        raise ReplyUnreadable("it is for another address")
    if message.request_uuid != request.uuid and not (request.domain == VCSEC and not message.request_uuid):
        raise ReplyUnreadable("it answers another request")


def _opened(request: Request, message: RoutableMessage, *, vin: str, shared: SharedKey | None) -> bytes:
    if shared is None or not request.tag:
        raise ReplyUnreadable("it is sealed, and nothing was signed")
    seal = message.signature_data.AES_GCM_Response_data
    metadata = answer_metadata(
        request.domain,
        vin,
        seal.counter,
        message.flags,
        request_hash(request.tag, request.domain),
        int(message.signedMessageStatus.signed_message_fault),
    )
    return open_answer(shared, metadata, seal.nonce, message.protobuf_message_as_bytes, seal.tag)
