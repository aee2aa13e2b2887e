"""Where a server listens, as it is said on a command line or by a story."""

from dataclasses import dataclass


class Misaddressed(ValueError):
    """An address is given as ADDRESS:PORT."""


@dataclass(frozen=True)
class Address:
    """Where a server listens, whatever its host name says."""

    host: str
    port: int

    @classmethod
    def read(cls, said: str) -> "Address":
        """From `127.0.0.1:4443`. Raises `Misaddressed`."""
        host, _, port = said.rpartition(":")
        if not host or not (port.isascii() and port.isdigit()):
            raise Misaddressed(f"{said!r} is not ADDRESS:PORT, such as 127.0.0.1:4443")
        return cls(host, int(port))
