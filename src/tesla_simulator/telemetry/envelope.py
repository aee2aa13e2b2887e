"""The envelope that telemetry travels in: FlatBuffers, written and read by hand.

Two tables of six slots and one kind of vector are all there is; the library would ask for as many lines as this takes.

Rules of this room:

1. A table is a list of slots; an empty one is left out. A table of which slots are known says where each is in its
   vtable, which stands before it here; what it points to comes behind.
2. Everything is aligned to four bytes, numbers are little-endian, texts are vectors of bytes (§8, "Envelope").
3. What comes from a server may be anything: reading raises `Unreadable` and nothing else.
"""

import struct
from dataclasses import dataclass
from typing import Final

_STREAM: Final = 4
_ACK: Final = 5
_DEVICE_TYPE: Final = "vehicle_device"
_TXID, _TOPIC, _TYPE = range(3)


class Unreadable(Exception):
    """Not an envelope."""


@dataclass(frozen=True)
class Ack:
    """A server has received the record with this txid."""

    txid: str
    topic: str


@dataclass(frozen=True)
class _Built:
    """`start` is where an offset to it points."""

    content: bytes
    start: int = 0


def stream(vin: str, topic: str, txid: str, created_at_s: int, payload: bytes) -> bytes:
    """One record, as it leaves a car."""
    sender = _vector(f"{_DEVICE_TYPE}.{vin}")
    message = _table(created_at_s, sender, _vector(payload), _vector(_DEVICE_TYPE), _vector(vin), None)
    envelope = _table(_vector(txid), _vector(topic), _STREAM, message, _vector(txid))
    return struct.pack("<I", 4 + envelope.start) + envelope.content


def ack(said: bytes) -> Ack | None:
    """None: an envelope with something else in it. Raises `Unreadable`."""
    try:
        (root,) = struct.unpack_from("<I", said)
        if _number(said, root, _TYPE) != _ACK:
            return None
        return Ack(_text(said, root, _TXID), _text(said, root, _TOPIC))
    except (struct.error, UnicodeDecodeError) as error:
        raise Unreadable from error


def _vector(content: str | bytes) -> _Built:
    raw = content.encode() if isinstance(content, str) else content
    return _Built(struct.pack("<I", len(raw)) + raw + bytes(-len(raw) % 4))


def _table(*slots: int | _Built | None) -> _Built:
    """A number takes four bytes, whatever its type: its first byte is the number of a type of one byte."""
    vtable_size = 4 + 2 * len(slots)
    start = vtable_size + vtable_size % 4
    size = 4 + 4 * sum(slot is not None for slot in slots)
    offsets, inside, behind = [], struct.pack("<i", start), b""
    for slot in slots:
        offsets.append(len(inside) if slot is not None else 0)
        if isinstance(slot, int):
            inside += struct.pack("<I", slot)
        elif slot is not None:
            inside += struct.pack("<I", size - len(inside) + len(behind) + slot.start)
            behind += slot.content
    vtable = struct.pack(f"<HH{len(slots)}H", vtable_size, size, *offsets)
    return _Built(vtable.ljust(start, b"\0") + inside + behind, start)


def _slot(said: bytes, table: int, slot: int) -> int | None:
    """Where it is in `said`; None: it is left out."""
    (to_vtable,) = struct.unpack_from("<i", said, table)
    vtable = table - to_vtable
    if vtable < 0:
        raise struct.error("a vtable before the beginning")
    (vtable_size,) = struct.unpack_from("<H", said, vtable)
    if 4 + 2 * slot >= vtable_size:
        return None
    (offset,) = struct.unpack_from("<H", said, vtable + 4 + 2 * slot)
    return table + offset if offset else None


def _number(said: bytes, table: int, slot: int) -> int:
    at = _slot(said, table, slot)
    return int(struct.unpack_from("<B", said, at)[0]) if at is not None else 0


def _text(said: bytes, table: int, slot: int) -> str:
    at = _slot(said, table, slot)
    if at is None:
        return ""
    (offset,) = struct.unpack_from("<I", said, at)
    (length,) = struct.unpack_from("<I", said, at + offset)
    text: bytes = struct.unpack_from(f"<{length}s", said, at + offset + 4)[0]
    return text.decode()
