"""Our own domain and the key file on it, seen over the public road as Tesla sees them."""

from typing import Protocol

from chargekey.domain.findings import KeyFile, OurDomain


class PublicEye(Protocol):
    """Looks at our domain from outside."""

    async def key_file(self) -> KeyFile:
        """What came back for the path that Tesla asks; it raises nothing, for every failure is a finding."""

    async def domain(self) -> OurDomain:
        """Whether our domain has an address and a certificate that holds; it raises nothing either."""
