"""What stands before an operator's own program on the Internet: TLS under his domain, and everything handed on.

It lets a whole home be tried on one machine: the program answers plain HTTP on a port, as behind any web server. What
is said inside is nobody's business here, and nothing is added to it.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from tesla_simulator.tesla_names.authority import Authority
from tesla_simulator.tesla_names.tunnel import carry_both

_LOOPBACK: Final = "127.0.0.1"


class Misnamed(ValueError):
    """An own domain is given as DOMAIN=PORT."""


@dataclass(frozen=True)
class OwnDomain:
    """A domain, and where on this machine its program answers."""

    name: str
    port: int

    @classmethod
    def read(cls, said: str) -> "OwnDomain":
        """From `charge.example.org=8700`. Raises `Misnamed`."""
        name, _, port = said.partition("=")
        if name.count(".") < 1 or name != name.lower() or not (port.isascii() and port.isdigit()):
            raise Misnamed(f"{said!r} is not DOMAIN=PORT, such as charge.example.org=8700")
        return cls(name, int(port))

    @property
    def lives_at(self) -> str:
        return f"http://localhost:{self.port}"


@asynccontextmanager
async def in_front_of(domain: OwnDomain, authority: Authority) -> AsyncIterator[int]:
    """Yields the port that speaks TLS for the domain. Where no program answers yet, the connection just ends."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(authority.leaf, authority.leaf_key)
    going: set[asyncio.Task[None]] = set()

    async def comes_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            going.add(task)
            task.add_done_callback(going.discard)
        with suppress(OSError, asyncio.CancelledError):
            await carry_both(reader, writer, *await asyncio.open_connection(_LOOPBACK, domain.port))
        writer.close()

    server = await asyncio.start_server(comes_in, _LOOPBACK, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
