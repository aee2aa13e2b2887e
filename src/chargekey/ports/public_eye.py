"""Our own key file, seen over the public road as Tesla sees it."""

from typing import Protocol

from chargekey.domain.findings import KeyFile


class PublicEye(Protocol):
    """Looks at our domain from outside."""

    async def key_file(self) -> KeyFile:
        """What came back for the path that Tesla asks; it raises nothing, for every failure is a finding."""
