"""Opens the pages to phones in the same network: HTTPS by an authority of this machine's own, and one page about it.

Rules of this room:

1. Nothing but pages is led to: a driver's own, and the stage. What plays the world by its verbs, and Tesla's API, stay
   on this machine, so that nobody in the network can have this machine ask whatever he likes.
2. The ports are those of the same sites on loopback, at another address.
3. The authority may sign for this machine's own address and .local name and for nothing else, and is over in a year.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Final

import segno
from starlette.types import ASGIApp

from tesla_simulator.clock import system_time
from tesla_simulator.local_network.host import Host
from tesla_simulator.local_network.trust_page import Leads, fingerprint, trust_page
from tesla_simulator.tesla_names.authority import Authority
from tesla_simulator.tesla_names.own_domain import in_front_of
from tesla_simulator.tesla_names.serving import served_beside

AUTHORITY_LASTS: Final = timedelta(days=365)


@dataclass(frozen=True)
class Ports:
    """`trust` is for the page in plain HTTP, the others are those of the sites on loopback."""

    tesla: int
    chargekey: int
    trust: int


@dataclass(frozen=True)
class LetIn:
    """What whoever holds the phone has to know."""

    trust_url: str
    leads: Leads
    fingerprint: str

    def lines(self) -> Iterator[str]:
        """For a terminal."""
        code = StringIO()
        segno.make(self.trust_url, micro=False).terminal(out=code, compact=True)
        yield "For a phone in the same network. Whoever is in this network can open it too: type nothing real."
        yield f"1. On the phone, by this code or by hand: {self.trust_url}"
        yield from code.getvalue().splitlines()
        yield "   It says how to trust this machine, and how to take that back."
        yield f"2. What it shows there must be this (SHA-256): {self.fingerprint}"
        yield f"3. Then, on the phone: {self.leads.chargekey}"
        yield f"   The stage, with the clock and the car:  {self.leads.stage}"


def pages_at(host: Host, port: int) -> str:
    """Where a phone opens a site."""
    return f"https://{host.opened_by}:{port}"


@asynccontextmanager
async def let_in(pages: ASGIApp, host: Host, ports: Ports, folder: Path) -> AsyncIterator[LetIn]:
    """`pages` of the simulation, and the program on Chargekey's port. Raises `authority.Unusable`, and `OSError`."""
    authority = Authority(folder, f"Tesla simulator on {host.name}", AUTHORITY_LASTS)
    authority.prepare(host.names, system_time())
    tesla = pages_at(host, ports.tesla)
    leads = Leads(pages_at(host, ports.chargekey), f"{tesla}/stage", f"{tesla}/app")
    async with AsyncExitStack() as until_the_end:
        for served in (
            served_beside(pages, (host.address, ports.tesla), authority),
            in_front_of(ports.chargekey, authority, on=host.address, port=ports.chargekey),
            served_beside(trust_page(authority, leads), (host.address, ports.trust), None),
        ):
            await until_the_end.enter_async_context(served)
        yield LetIn(f"http://{host.opened_by}:{ports.trust}", leads, fingerprint(authority))
