"""Values that must never be printed: they show themselves masked, and are revealed only where they are used."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Secret:
    """A token, a key or a password. Printing, logging or formatting it shows no part of it."""

    _value: str

    def reveal(self) -> str:
        """The secret itself, for the one line that sends or seals it."""
        return self._value

    def hashed(self) -> str:
        """SHA-256 in hex: what is kept of a random one, to know it again by."""
        return hashlib.sha256(self._value.encode()).hexdigest()

    def __repr__(self) -> str:
        return "Secret(…)"

    def __str__(self) -> str:
        return "…"

    def __format__(self, spec: str) -> str:
        return "…"
