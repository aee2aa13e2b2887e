"""Both ends of a stream for tests: an MQTT broker that passes on what is published, and a clock that stands."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

CONNECT, PUBLISH, SUBSCRIBE, PING, LEAVES = 1, 3, 8, 12, 14
ACCEPTED, NOT_AUTHORISED = 0, 5
BY_NAME: Final = 0xC0
"""The flags of a CONNECT that brings a user and a password."""


@dataclass
class StandingClock:
    """`ports.clock.Clock`."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass
class Relay:
    """MQTT 3.1.1 without receipts. `lets_in`: a user and a password; None: everybody.

    Each set of topic filters that is asked for is put into `subscribed`.
    """

    lets_in: tuple[str, str] | None = None
    subscribed: asyncio.Queue[list[str]] = field(default_factory=asyncio.Queue)
    kept: dict[str, bytes] = field(default_factory=dict)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _subscribers: dict[asyncio.StreamWriter, list[str]] = field(default_factory=dict)

    def publish(self, topic: str, payload: bytes, *, retained: bool = False) -> None:
        packet = _packet(PUBLISH << 4 | retained, _text(topic) + payload)
        for writer, filters in self._subscribers.items():
            if any(_fits(topic, one) for one in filters):
                writer.write(packet)

    def hangs_up(self) -> None:
        for writer in self._open:
            writer.close()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while True:
                kind, content = await _received(reader)
                if kind == CONNECT:
                    code = ACCEPTED if self._may_enter(content) else NOT_AUTHORISED
                    writer.write(bytes((0x20, 2, 0, code)))
                elif kind == SUBSCRIBE:
                    self._subscribe(writer, content)
                elif kind == PUBLISH:
                    length = int.from_bytes(content[:2], "big")
                    self.publish(content[2 : 2 + length].decode(), content[2 + length :])
                elif kind == PING:
                    writer.write(b"\xd0\x00")
                elif kind == LEAVES:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        self._subscribers.pop(writer, None)
        self._open.discard(writer)
        writer.close()

    def _may_enter(self, content: bytes) -> bool:
        named = b"".join(_text(one) for one in self.lets_in or ())
        return self.lets_in is None or (content[7] & BY_NAME == BY_NAME and content.endswith(named))

    def _subscribe(self, writer: asyncio.StreamWriter, content: bytes) -> None:
        filters, rest = [], content[2:]
        while rest:
            length = int.from_bytes(rest[:2], "big")
            filters.append(rest[2 : 2 + length].decode())
            rest = rest[3 + length :]
        self._subscribers.setdefault(writer, []).extend(filters)
        writer.write(_packet(0x90, content[:2] + bytes(len(filters))))
        for topic, payload in self.kept.items():
            self.publish(topic, payload, retained=True)
        self.subscribed.put_nowait(filters)


def _fits(topic: str, asked: str) -> bool:
    parts, wanted = topic.split("/"), asked.split("/")
    return len(parts) == len(wanted) and all(want in ("+", part) for part, want in zip(parts, wanted, strict=True))


async def _received(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    (first,) = await reader.readexactly(1)
    length, shift = 0, 0
    while True:
        (byte,) = await reader.readexactly(1)
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return first >> 4, await reader.readexactly(length)


def _packet(first: int, content: bytes) -> bytes:
    length, left = bytearray(), len(content)
    while True:
        left, low = divmod(left, 128)
        length.append(low | (0x80 if left else 0))
        if not left:
            return bytes((first, *length)) + content


def _text(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(2, "big") + raw


@asynccontextmanager
async def relaying(relay: Relay, port: int = 0) -> AsyncIterator[int]:
    """Yields the port."""
    server = await asyncio.start_server(relay.talk, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        relay.hangs_up()
        server.close()
