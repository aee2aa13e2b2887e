"""A proxy that knows the host names it was given and no other place: CONNECT leads to where they are on this machine.

Rules of this room:

1. Only CONNECT, only port 443, only the names it was given. Nothing ever leaves this machine: a name that is not ours
   is refused in words, where a real proxy would go out and ask the real Tesla.
2. What is said inside the tunnel is TLS, and none of this room's business.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

LOOPBACK: Final = "127.0.0.1"
Leads = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]
_LONGEST_HEAD: Final = 16_384
_HEAD_WITHIN_S: Final = 10.0
_PIECE: Final = 65_536


@asynccontextmanager
async def tunnel(port: int, names: Mapping[str, int]) -> AsyncIterator[int]:
    """Answers on `port` (0: a free one, which is yielded) and leads every name to its port on this machine."""

    async def leads(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _lead(reader, writer, names)

    async with answering(port, leads) as answers_on:
        yield answers_on


@asynccontextmanager
async def answering(
    port: int, leads: Leads, tls: ssl.SSLContext | None = None, *, on: str = LOOPBACK
) -> AsyncIterator[int]:
    """A server, each connection of which `leads` carries on. `port` 0: a free one, which is yielded."""
    going: set[asyncio.Task[None]] = set()

    async def comes_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            going.add(task)
            task.add_done_callback(going.discard)
        with suppress(OSError, asyncio.CancelledError):  # cut off, or nobody is there: the connection just ends
            await leads(reader, writer)
        writer.close()

    server = await asyncio.start_server(comes_in, on, port, limit=_LONGEST_HEAD, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)


async def _lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, names: Mapping[str, int]) -> None:
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_WITHIN_S)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
        await _refuse(writer, "400 Bad Request", "this is no request to a proxy")
        return
    method, _, rest = head.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")
    name, _, port = rest.partition(" ")[0].lower().rpartition(":")
    if method != "CONNECT":
        await _refuse(writer, "405 Method Not Allowed", "only CONNECT leads anywhere here")
    elif port != "443" or name not in names:
        await _refuse(writer, "403 Forbidden", f"only Tesla's host names are led on, and {name} is none")
    else:
        inside_reader, inside_writer = await asyncio.open_connection(LOOPBACK, names[name])
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await carry_both(reader, writer, inside_reader, inside_writer)


async def _refuse(writer: asyncio.StreamWriter, status: str, says: str) -> None:
    body = f"{says}\n".encode("ascii", "replace")
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


async def carry_both(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    inside_reader: asyncio.StreamReader,
    inside_writer: asyncio.StreamWriter,
) -> None:
    """What either side says, to the other, until both have ended."""
    await asyncio.gather(_carry(reader, inside_writer), _carry(inside_reader, writer))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All that comes, until one end closes; the other end is told."""
    try:
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass  # cut by a client, or by an arranged fault: the other end learns it by the close
    finally:
        writer.close()
