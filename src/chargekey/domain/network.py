"""Which network an internet address belongs to, as far as one household or office reaches."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

IPV4_BITS, IPV6_BITS = 24, 64
"""What one subscriber has, about: a home's IPv6 is a /64 or more, and neighbours in IPv4 often share a /24."""
NOBODYS: Final[tuple[IPv4Network | IPv6Network, ...]] = tuple(
    ip_network(one)
    for one in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
"""Addresses that are on no internet (RFC 1918, 3927, 4193, 4291, 6598): this machine, this house, a proxy before us."""

OWN: Final = tuple(
    IPv4Network(one) for one in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")
)
"""Those that a machine shares with nobody beyond its own house; a provider's (RFC 6598) is shared with strangers."""


def is_in_own_network(address: str) -> bool:
    """Whether it is an IPv4 address that means something within one house only."""
    try:
        read = IPv4Address(address)
    except ValueError:
        return False
    return any(read in network for network in OWN)


def network_of(address: str) -> str | None:
    """The network, such as 203.0.113.0/24.

    None where the address does not tell who asks: it cannot be read, or belongs to a proxy that we were not told to
    trust, behind which everybody stands.
    """
    try:
        read = ip_address(address.split("%")[0])
    except ValueError:
        return None
    if isinstance(read, IPv6Address) and read.ipv4_mapped:
        read = read.ipv4_mapped
    if any(read in network for network in NOBODYS):
        return None
    bits = IPV4_BITS if read.version == 4 else IPV6_BITS
    return str(ip_network(f"{read}/{bits}", strict=False))


def is_loopback(host: str) -> bool:
    """Whether a host, by name or address, is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def web_address(text: str) -> str:
    """The same without a slash at its end. Raises `ValueError` for what is no http or https address; "" may be."""
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("must be an http or https address without a query")
    return text.rstrip("/")
