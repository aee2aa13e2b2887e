"""A small MQTT broker for tests: it takes what one publisher sends, packet by packet, and keeps it in order."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

CONNECT, PUBLISH = 1, 3
ACCEPTED, NOT_AUTHORISED = 0, 5


@dataclass
class Broker:
    """`answers`: with which return code it meets who connects."""

    answers: int = ACCEPTED
    client_ids: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    published: asyncio.Queue[tuple[str, Any]] = field(default_factory=asyncio.Queue)
    connections: asyncio.Queue[asyncio.StreamWriter] = field(default_factory=asyncio.Queue)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.put_nowait(writer)
        try:
            while True:
                kind, flags, content = await _packet(reader)
                if kind == CONNECT:
                    assert content[:8] == b"\x00\x04MQTT\x04\x02"
                    self.client_ids.put_nowait(_text(content[10:])[0])
                    writer.write(bytes((0x20, 2, 0, self.answers)))
                else:
                    assert (kind, flags) == (PUBLISH, 0), "published without receipt, and not to be kept"
                    topic, payload = _text(content)
                    self.published.put_nowait((topic, json.loads(payload)))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def _packet(reader: asyncio.StreamReader) -> tuple[int, int, bytes]:
    """Kind, flags, and what is in it."""
    (first,) = await reader.readexactly(1)
    length, shift = 0, 0
    while True:
        (byte,) = await reader.readexactly(1)
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return first >> 4, first & 0x0F, await reader.readexactly(length)


def _text(content: bytes) -> tuple[str, bytes]:
    length = int.from_bytes(content[:2], "big")
    return content[2 : 2 + length].decode(), content[2 + length :]


@asynccontextmanager
async def brokering(broker: Broker, port: int = 0) -> AsyncIterator[int]:
    """Yields the port."""
    server = await asyncio.start_server(broker.talk, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
