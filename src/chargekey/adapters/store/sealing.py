"""Sealing secrets at rest: AES-256-GCM, bound to the table, column and row they belong to.

A sealed value is: one byte for the format, one for the key's number, 12 bytes nonce, then ciphertext and tag.
Moved to another row, or sealed under a key we do not hold, it does not open.
"""

import hmac
import secrets
from collections.abc import Collection, Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chargekey.domain.secret import Secret

_FORMAT: Final = 1
_NONCE_BYTES: Final = 12


class SealBroken(Exception):
    """A sealed value does not open: moved, changed, or sealed under a key that is not in the ring."""


class KeyRing:
    """The keys that seal; the one with the highest number seals anew, all of them open."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        self._keys = dict(keys)

    def keys(self) -> Mapping[int, bytes]:
        """All there are just now, by number."""
        return self._keys

    @property
    def newest(self) -> int:
        """The number of the key that seals anew."""
        return max(self.keys())

    def seal(self, secret: Secret, place: str) -> bytes:
        """`place` names table, column and row, such as `token.refresh:7`; it is needed again to open."""
        keys, nonce = self.keys(), secrets.token_bytes(_NONCE_BYTES)
        number = max(keys)
        box = AESGCM(keys[number])
        return bytes([_FORMAT, number]) + nonce + box.encrypt(nonce, secret.reveal().encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> Secret:
        """The secret. Raises `SealBroken`."""
        keys = self.keys()
        if len(sealed) < 2 + _NONCE_BYTES or sealed[0] != _FORMAT or sealed[1] not in keys:
            raise SealBroken(f"the sealed value at {place} has no key in the ring")
        nonce, box = sealed[2 : 2 + _NONCE_BYTES], AESGCM(keys[sealed[1]])
        try:
            return Secret(box.decrypt(nonce, sealed[2 + _NONCE_BYTES :], place.encode()).decode())
        except InvalidTag as broken:
            raise SealBroken(f"the sealed value at {place} does not open") from broken

    def fingerprint(self, text: str, place: str) -> str:
        """64 characters by which equal texts are known, and from which none can be read or guessed without the key.

        It changes with the key that seals anew.
        """
        return hmac.digest(self.keys()[self.newest], f"{place}\0{text}".encode(), "sha256").hex()


def numbers_in(sealed: Collection[bytes]) -> frozenset[int]:
    """Under which keys these values are sealed, by number, without opening any."""
    return frozenset(value[1] for value in sealed if len(value) > 1)
