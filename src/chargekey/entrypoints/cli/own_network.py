"""Where a phone in the same network finds this machine: by its own address there, or by its .local name."""

import socket
from dataclasses import dataclass
from typing import Final

from chargekey.domain.network import is_in_own_network
from chargekey.entrypoints.setting_up.questions import WillNotDo

BY_ITSELF: Final = "1"
"""What `make run PHONE=1` says: find the address."""
NOBODYS: Final = ("192.0.2.1", 9)
"""An address for documents (RFC 5737). Nothing is sent there: asking for the way to it names our own address."""


@dataclass(frozen=True, slots=True)
class Phone:
    """`name`: pages are opened by this name; "": by the address."""

    address: str
    name: str = ""

    @property
    def host(self) -> str:
        return self.name or self.address

    @property
    def said(self) -> str:
        """As the simulator is told."""
        return f"{self.address}={self.name}" if self.name else self.address


def phone(said: str) -> Phone | None:
    """None: no phone was asked for. Raises `WillNotDo`."""
    if not said:
        return None
    if said == BY_ITSELF:
        return Phone(_of_this_machine(_own_address()))
    if said.endswith(".local"):
        return Phone(_of_this_machine(_own_address()), said)
    return Phone(_of_this_machine(said))


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asks:
        try:
            asks.connect(NOBODYS)
        except OSError as none:
            raise WillNotDo("this machine is in no network; or say its address there: PHONE=192.168.1.7") from none
        return str(asks.getsockname()[0])


def _of_this_machine(said: str) -> str:
    if not is_in_own_network(said):
        raise WillNotDo(f"{said} is no IPv4 address of a network of one's own: the demo is opened nowhere else")
    try:
        with socket.create_server((said, 0)):
            return said
    except OSError as not_here:
        raise WillNotDo(f"{said} is no address of this machine") from not_here
