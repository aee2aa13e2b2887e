"""Metadata: what a signature covers besides the payload, as tag, length, value (vehicle-command §4).

Tags ascend and end with a bare 0xFF. Whole numbers are four bytes, big-endian.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

END: Final = b"\xff"


class Tag(IntEnum):
    """Which value follows."""

    SIGNATURE_TYPE = 0
    DOMAIN = 1
    PERSONALIZATION = 2
    EPOCH = 3
    EXPIRES_AT = 4
    COUNTER = 5
    CHALLENGE = 6
    FLAGS = 7
    REQUEST_HASH = 8
    FAULT = 9


class SignatureType(IntEnum):
    """How a message is signed."""

    AES_GCM_PERSONALIZED = 5
    HMAC_SESSION_INFO = 6
    HMAC_PERSONALIZED = 8
    AES_GCM_RESPONSE = 9


def written(values: Mapping[Tag, bytes]) -> bytes:
    """All values in the order of their tags, and the end mark."""
    parts = [bytes((tag, len(values[tag]))) + values[tag] for tag in sorted(values)]
    return b"".join(parts) + END


def number(value: int) -> bytes:
    """A whole number as metadata has it."""
    return value.to_bytes(4, "big")


def command_metadata(
    kind: SignatureType, domain: int, vin: str, epoch: bytes, expires_at: int, counter: int, flags: int
) -> bytes:
    """Of a command. Flags are left out when there are none, so that a stripped flag breaks the signature."""
    values = {
        Tag.SIGNATURE_TYPE: bytes([kind]),
        Tag.DOMAIN: bytes([domain]),
        Tag.PERSONALIZATION: vin.encode(),
        Tag.EPOCH: epoch,
        Tag.EXPIRES_AT: number(expires_at),
        Tag.COUNTER: number(counter),
    }
    if flags:
        values[Tag.FLAGS] = number(flags)
    return written(values)


def session_info_metadata(vin: str, challenge: bytes) -> bytes:
    """Of session info. The challenge is the uuid of the request it answers."""
    return written(
        {
            Tag.SIGNATURE_TYPE: bytes([SignatureType.HMAC_SESSION_INFO]),
            Tag.PERSONALIZATION: vin.encode(),
            Tag.CHALLENGE: challenge,
        }
    )


def answer_metadata(domain: int, vin: str, counter: int, flags: int, request_hash: bytes, fault: int) -> bytes:
    """Of a sealed answer; its flags are always written."""
    return written(
        {
            Tag.SIGNATURE_TYPE: bytes([SignatureType.AES_GCM_RESPONSE]),
            Tag.DOMAIN: bytes([domain]),
            Tag.PERSONALIZATION: vin.encode(),
            Tag.COUNTER: number(counter),
            Tag.FLAGS: number(flags),
            Tag.REQUEST_HASH: request_hash,
            Tag.FAULT: number(fault),
        }
    )
