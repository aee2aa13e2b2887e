"""What a signature covers besides the payload, laid out as tag, length, value.

Rules of this room:

1. Tags ascend, values are at most 255 bytes, numbers are four bytes big-endian.
2. The end is a bare 0xFF without a length.
3. Flags are left out of a command when they are 0, and always stand in an answer.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from tesla_protocol.command import signatures_pb2 as pb

END: Final = bytes([pb.TAG_END])
Fields = Mapping[int, bytes]


def encoded(fields: Fields) -> bytes:
    """Tag, length and value of each field in ascending order, without the end mark."""
    return b"".join(bytes([tag, len(fields[tag])]) + fields[tag] for tag in sorted(fields))


def of_session_info(vin: str, challenge: bytes) -> bytes:
    """Covers session info; the session info itself follows it."""
    fields: dict[int, bytes] = {
        pb.TAG_SIGNATURE_TYPE: bytes([pb.SIGNATURE_TYPE_HMAC]),
        pb.TAG_PERSONALIZATION: vin.encode(),
        pb.TAG_CHALLENGE: challenge,
    }
    return encoded(fields) + END


def of_command(
    *, signature_type: int, domain: int, vin: str, epoch: bytes, expires_at: int, counter: int, flags: int
) -> bytes:
    """Covers a command. `expires_at` is in seconds of the domain's own clock."""
    fields: dict[int, bytes] = {
        pb.TAG_SIGNATURE_TYPE: bytes([signature_type]),
        pb.TAG_DOMAIN: bytes([domain]),
        pb.TAG_PERSONALIZATION: vin.encode(),
        pb.TAG_EPOCH: epoch,
        pb.TAG_EXPIRES_AT: four_bytes(expires_at),
        pb.TAG_COUNTER: four_bytes(counter),
    }
    if flags:
        fields[pb.TAG_FLAGS] = four_bytes(flags)
    return encoded(fields) + END


def of_answer(*, domain: int, vin: str, counter: int, flags: int, request_hash: bytes, fault: int = 0) -> bytes:
    """Covers an encrypted answer."""
    fields: dict[int, bytes] = {
        pb.TAG_SIGNATURE_TYPE: bytes([pb.SIGNATURE_TYPE_AES_GCM_RESPONSE]),
        pb.TAG_DOMAIN: bytes([domain]),
        pb.TAG_PERSONALIZATION: vin.encode(),
        pb.TAG_COUNTER: four_bytes(counter),
        pb.TAG_FLAGS: four_bytes(flags),
        pb.TAG_REQUEST_HASH: request_hash,
        pb.TAG_FAULT: four_bytes(fault),
    }
    return encoded(fields) + END


def digest(metadata: bytes) -> bytes:
    """What AES-GCM takes as associated data."""
    return hashlib.sha256(metadata).digest()


def four_bytes(number: int) -> bytes:
    """Big-endian, though the same numbers travel little-endian in the message."""
    return number.to_bytes(4, "big")
