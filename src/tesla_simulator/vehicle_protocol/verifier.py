"""Whether a signed command is to be obeyed, asked in the order of Tesla's own verifier.

    question                                              refused with
    is the signer's key on the car?                       3  UNKNOWN_KEY_ID
    is it signed in a way we know?                        13 BAD_PARAMETER
    does it name this epoch, or none?                     15 INCORRECT_EPOCH
    is there time left?                                   17 TIME_EXPIRED
    is the time limit within an epoch?                    13 BAD_PARAMETER
    does an old counter expire soon?                      20 TIME_TO_LIVE_TOO_LONG
    is the signature right?                               5  INVALID_SIGNATURE
    was the counter never used?                           6  INVALID_TOKEN_OR_COUNTER

The counter is marked last, so a forged message uses up nothing.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tesla_protocol.command import signatures_pb2 as pb
from tesla_protocol.command import universal_message_pb2 as messages

from tesla_simulator.vehicle_protocol import keys, metadata
from tesla_simulator.vehicle_protocol.domain import LONGEST_EPOCH_S, Domain

LONGEST_LIFE_OUT_OF_ORDER_S: Final = 30

UNKNOWN_KEY: Final[int] = messages.MESSAGEFAULT_ERROR_UNKNOWN_KEY_ID
INVALID_SIGNATURE: Final[int] = messages.MESSAGEFAULT_ERROR_INVALID_SIGNATURE
USED_COUNTER: Final[int] = messages.MESSAGEFAULT_ERROR_INVALID_TOKEN_OR_COUNTER
BAD_PARAMETER: Final[int] = messages.MESSAGEFAULT_ERROR_BAD_PARAMETER
INCORRECT_EPOCH: Final[int] = messages.MESSAGEFAULT_ERROR_INCORRECT_EPOCH
TIME_EXPIRED: Final[int] = messages.MESSAGEFAULT_ERROR_TIME_EXPIRED
LIVES_TOO_LONG: Final[int] = messages.MESSAGEFAULT_ERROR_TIME_TO_LIVE_TOO_LONG

KnowsKey = Callable[[bytes], bool]


class Refused(Exception):
    """The command is not obeyed. `fault` is the number that goes back; nothing in the car has changed."""

    def __init__(self, fault: int, *, helps_with_session_info: bool = False) -> None:
        super().__init__(messages.MessageFault_E.Name(fault))
        self.fault = fault
        self.helps_with_session_info = helps_with_session_info


@dataclass(frozen=True)
class Signature:
    """One of the two ways to sign, read into the same words."""

    type: int
    epoch: bytes
    counter: int
    expires_at: int
    tag: bytes
    nonce: bytes = b""


@dataclass(frozen=True)
class Verified:
    """A command to be obeyed, in plain text."""

    payload: bytes
    signer: bytes
    signature: Signature
    shared: keys.SharedKeys


def verified(
    message: messages.RoutableMessage, domain: Domain, vin: str, now: datetime, knows_key: KnowsKey
) -> Verified:
    """Return the command, its counter used up from now on. Raises `Refused`."""
    signer = message.signature_data.signer_identity.public_key
    signature = _signature_of(message.signature_data)
    if not knows_key(signer):
        raise Refused(UNKNOWN_KEY)
    try:
        shared = domain.keys_with(signer)
    except ValueError as error:
        raise Refused(BAD_PARAMETER) from error
    _check_epoch_and_time(signature, domain, signer, now)
    payload = _opened(message, signature, domain, vin, shared)
    # "counter 0 skips the window": such a command is guarded by its short life alone.
    if signature.counter and not domain.takes(signer, signature.counter, now):
        raise Refused(USED_COUNTER, helps_with_session_info=True)
    return Verified(payload, signer, signature, shared)


def _signature_of(data: pb.SignatureData) -> Signature:
    if data.HasField("HMAC_Personalized_data"):
        mac = data.HMAC_Personalized_data
        return Signature(pb.SIGNATURE_TYPE_HMAC_PERSONALIZED, mac.epoch, mac.counter, mac.expires_at, mac.tag)
    if data.HasField("AES_GCM_Personalized_data"):
        gcm = data.AES_GCM_Personalized_data
        return Signature(
            pb.SIGNATURE_TYPE_AES_GCM_PERSONALIZED, gcm.epoch, gcm.counter, gcm.expires_at, gcm.tag, gcm.nonce
        )
    raise Refused(BAD_PARAMETER)


def _check_epoch_and_time(signature: Signature, domain: Domain, signer: bytes, now: datetime) -> None:
    clock_s = domain.clock_s(now)
    if signature.epoch and signature.epoch != domain.epoch:
        raise Refused(INCORRECT_EPOCH, helps_with_session_info=True)
    if signature.expires_at and signature.expires_at < clock_s:
        raise Refused(TIME_EXPIRED, helps_with_session_info=True)
    if signature.expires_at > LONGEST_EPOCH_S:
        raise Refused(BAD_PARAMETER, helps_with_session_info=True)
    out_of_order = signature.counter == 0 or signature.counter < domain.seen_of(signer).highest
    lives_s = signature.expires_at - clock_s
    if out_of_order and (signature.expires_at == 0 or lives_s > LONGEST_LIFE_OUT_OF_ORDER_S):
        raise Refused(LIVES_TOO_LONG, helps_with_session_info=True)


def _opened(
    message: messages.RoutableMessage, signature: Signature, domain: Domain, vin: str, shared: keys.SharedKeys
) -> bytes:
    covered = metadata.of_command(
        signature_type=signature.type,
        domain=message.to_destination.domain,
        vin=vin,
        epoch=domain.epoch,
        expires_at=signature.expires_at,
        counter=signature.counter,
        flags=message.flags,
    )
    payload = message.protobuf_message_as_bytes
    if signature.type == pb.SIGNATURE_TYPE_HMAC_PERSONALIZED:
        if not hmac.compare_digest(keys.hmac_sha256(shared.command_key, covered + payload), signature.tag):
            raise Refused(INVALID_SIGNATURE, helps_with_session_info=True)
        return payload
    try:
        return AESGCM(shared.session_key).decrypt(signature.nonce, payload + signature.tag, metadata.digest(covered))
    except (InvalidTag, ValueError) as error:  # ValueError: a nonce of the wrong length
        raise Refused(INVALID_SIGNATURE, helps_with_session_info=True) from error
