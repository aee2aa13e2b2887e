"""By which address, and by which name, a phone in the same network finds this machine."""

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Final

_OWN_NETWORKS: Final = tuple(
    ipaddress.IPv4Network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8")
)
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_LOCAL_NAME: Final = re.compile(rf"{_LABEL}\.local")


class NotInOwnNetwork(ValueError):
    """A phone's way in is an address that only a home's network knows, and perhaps a .local name."""


@dataclass(frozen=True)
class Host:
    """`name` ends in .local and is certified as well, whether or not pages are opened by it."""

    address: str
    name: str
    opened_by_name: bool

    @classmethod
    def read(cls, said: str) -> "Host":
        """From `192.168.1.7`, or `192.168.1.7=my-machine.local`. Raises `NotInOwnNetwork`."""
        address, _, name = said.partition("=")
        if not _is_of_own_network(address):
            raise NotInOwnNetwork(f"{address!r} is no IPv4 address that is private to a network")
        if name and not _LOCAL_NAME.fullmatch(name):
            raise NotInOwnNetwork(f"{name!r} is no .local name")
        return cls(address, name or own_name(socket.gethostname()), bool(name))

    @property
    def opened_by(self) -> str:
        return self.name if self.opened_by_name else self.address

    @property
    def names(self) -> tuple[str, str]:
        return self.address, self.name


def own_name(machine: str) -> str:
    """By which such a machine calls itself in its own network."""
    label = re.sub(r"[^a-z0-9]+", "-", machine.lower().split(".")[0]).strip("-")[:63].strip("-")
    return f"{label or 'this-machine'}.local"


def _is_of_own_network(address: str) -> bool:
    try:
        return any(ipaddress.IPv4Address(address) in one for one in _OWN_NETWORKS)
    except ValueError:
        return False
