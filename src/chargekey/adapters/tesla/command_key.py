"""The one key that signs commands to cars. Made once, by a command, and never replaced silently.

A new key means that every owner pairs again.
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


class CommandKeyMissing(Exception):
    """There is no key file yet; `chargekey make-key` makes one."""


class CommandKeyLost(Exception):
    """A new key is asked for where cars carry one that is not here any more. Nothing was made."""

    def __init__(self, path: Path, cars: int) -> None:
        super().__init__(
            f"{path.name} is missing from the data folder, and the database knows {cars} cars that may carry it. No "
            "new one was made: with it no car obeys until its owner has paired again. Whoever runs this server must "
            "put the file back from its backup, mode 600. If no copy is left: `chargekey make-key --all-pair-again`, "
            "then `chargekey register` (docs/runbooks/back-up-and-restore.md)"
        )


class CommandKeyUnreadable(Exception):
    """The file is there but holds no P-256 private key."""


@dataclass(frozen=True, slots=True, repr=False)
class CommandKey:
    """The private key and its two public forms: as hosted, and as Tesla names it (uncompressed point, hex)."""

    private: ec.EllipticCurvePrivateKey

    @property
    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def public_bytes(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    @property
    def public_hex(self) -> str:
        return self.public_bytes.hex()

    @property
    def fingerprint(self) -> str:
        """By which it is told from any other key, short enough to be written down with each proof."""
        return sha256(self.public_bytes).hexdigest()[:16]


def make_command_key(path: Path) -> bool:
    """Make the key file, readable by its owner alone. False: there is one already, and it stays as it is."""
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    return True


def load_command_key(path: Path) -> CommandKey:
    """The key. Raises `CommandKeyMissing` or `CommandKeyUnreadable`."""
    try:
        pem = path.read_bytes()
    except FileNotFoundError as missing:
        raise CommandKeyMissing(
            f"{path.name} is missing from the data folder: put it back from its backup, or, where there has never been "
            "one, run `chargekey make-key` once"
        ) from missing
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as wrong:
        raise CommandKeyUnreadable(f"{path.name} holds no private key") from wrong
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CommandKeyUnreadable(f"{path.name} must hold a P-256 key")
    return CommandKey(key)
