"""Sealing secrets at rest: AES-256-GCM, bound to the table, column and row they belong to.

A sealed value is: one byte for the format, one for the key's number, 12 bytes nonce, then ciphertext and tag.
Moved to another row, or sealed under a key we do not hold, it does not open.
"""

import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
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

    def seal(self, secret: Secret, place: str) -> bytes:
        """`place` names table, column and row, such as `token.refresh:7`; it is needed again to open."""
        number = max(self._keys)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        box = AESGCM(self._keys[number])
        return bytes([_FORMAT, number]) + nonce + box.encrypt(nonce, secret.reveal().encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> Secret:
        """The secret. Raises `SealBroken`."""
        if len(sealed) < 2 + _NONCE_BYTES or sealed[0] != _FORMAT or sealed[1] not in self._keys:
            raise SealBroken(f"the sealed value at {place} has no key in the ring")
        nonce, box = sealed[2 : 2 + _NONCE_BYTES], AESGCM(self._keys[sealed[1]])
        try:
            return Secret(box.decrypt(nonce, sealed[2 + _NONCE_BYTES :], place.encode()).decode())
        except InvalidTag as broken:
            raise SealBroken(f"the sealed value at {place} does not open") from broken

    def fingerprint(self, text: str, place: str) -> str:
        """64 characters by which equal texts are known, and from which none can be read or guessed without the key.

        It changes with the key that seals anew.
        """
        return hmac.digest(self._keys[max(self._keys)], f"{place}\0{text}".encode(), "sha256").hex()


class KeyRingUnreadable(Exception):
    """The key ring's file holds something else."""


def key_ring(path: Path) -> KeyRing:
    """The ring kept in that file, made with one new key if there is no file yet (mode 600)."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump({"1": b64encode(secrets.token_bytes(32)).decode()}, file)
    try:
        kept = json.loads(path.read_text())
        keys = {int(number): b64decode(key) for number, key in kept.items()}
    except (ValueError, TypeError, AttributeError) as wrong:
        raise KeyRingUnreadable(f"{path.name} is not a key ring") from wrong
    if not keys or any(len(key) != 32 or not 0 < number < 256 for number, key in keys.items()):
        raise KeyRingUnreadable(f"{path.name} must hold keys of 32 bytes, numbered 1 to 255")
    return KeyRing(keys)
