"""What stands before an operator's own program on the Internet: TLS under his domain, and everything handed on.

It lets a whole home be tried on one machine: the program answers plain HTTP on a port, as behind any web server. What
is said inside is nobody's business here, and nothing is added to it.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tesla_simulator.tesla_names.authority import Authority
from tesla_simulator.tesla_names.tunnel import LOOPBACK, answering, carry_both


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
async def in_front_of(
    program_port: int, authority: Authority, *, on: str = LOOPBACK, port: int = 0
) -> AsyncIterator[int]:
    """Yields the port that speaks TLS for a program. Where it does not answer yet, the connection just ends."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(authority.leaf, authority.leaf_key)

    async def leads(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await carry_both(reader, writer, *await asyncio.open_connection(LOOPBACK, program_port))

    async with answering(port, leads, tls, on=on) as answers_on:
        yield answers_on
