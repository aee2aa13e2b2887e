"""A client that keeps to no rule: it writes bytes, in whatever pieces, and reads until the other side ends."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

PATIENCE_S: Final = 30.0
"""Nothing here waits so long unless the attack has succeeded."""


@dataclass(frozen=True)
class Heard:
    """All that came back. `status` None: the connection was ended without a word."""

    text: str

    @property
    def status(self) -> int | None:
        return int(self.text.split(" ", 2)[1]) if self.text.startswith("HTTP/1.1 ") else None

    @property
    def answers(self) -> int:
        """How many answers came on the one connection."""
        return self.text.count("HTTP/1.1 ")

    @property
    def headers(self) -> dict[str, str]:
        lines = self.text.split("\r\n\r\n", 1)[0].split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


async def sends(url: str, *pieces: bytes) -> Heard:
    """Writes the pieces, then reads to the end: the other side must end it."""
    reader, writer = await _connected(url)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass  # it was refused before all was said, which is what is hoped for
    return await _heard(reader, writer)


async def sends_until_answered(url: str, head: bytes, more: Iterable[bytes]) -> tuple[Heard, int]:
    """Goes on writing until the other side answers or ends; returns how much it took."""
    reader, writer = await _connected(url)
    first = asyncio.ensure_future(reader.read(65536))
    sent = 0
    try:
        writer.write(head)
        for piece in more:
            if first.done():
                break
            writer.write(piece)
            sent += len(piece)
            await writer.drain()
    except ConnectionError:
        pass  # the same
    async with asyncio.timeout(PATIENCE_S):
        begun = await first
    heard = await _heard(reader, writer)
    return Heard(begun.decode() + heard.text), sent


def asks(method: str, path: str, *headers: str) -> bytes:
    """A request's head."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


async def _connected(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", urlsplit(url).port)


async def _heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Heard:
    got = b""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while piece := await reader.read(65536):
                got += piece
    except ConnectionResetError:
        pass  # ended with our bytes still unread there
    writer.close()
    return Heard(got.decode(errors="replace"))
