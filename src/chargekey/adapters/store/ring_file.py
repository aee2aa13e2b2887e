"""The file of the key ring: made once, grown by a key, read again by whoever holds it.

Rules of this room:

1. The file is replaced whole, and is on the disk before anything is sealed with what is new in it.
2. A running Chargekey sees a new key at once: each sealing and opening looks whether the file has changed.
3. Nothing here makes a key that stands in for a lost one.
"""

import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chargekey.adapters.store.sealing import KeyRing

KEY_BYTES: Final = 32
LAST_NUMBER: Final = 255


class KeyRingUnreadable(Exception):
    """The key ring's file holds something else."""


class KeptRing(KeyRing):
    """The keys of a file as it is just now. Where the file is gone, those that were read last still serve.

    It is read when a key is first asked for; that raises `KeyRingUnreadable`.
    """

    def __init__(self, path: Path) -> None:
        super().__init__({})
        self._path, self._read_at = path, (0, 0, 0)

    def keys(self) -> Mapping[int, bytes]:
        stamp = _stamp(self._path)
        if not self._keys or (stamp and stamp != self._read_at):
            self._keys, self._read_at = _read(self._path), stamp or self._read_at
        return self._keys


def make_ring(path: Path) -> None:
    """A ring with one new key, for its owner alone, if there is no file yet. One that is there stays as it is.

    Whether one may be made is for `ring_guard` to say.
    """
    if not path.exists():
        aside = _write_aside(path, {1: secrets.token_bytes(KEY_BYTES)})
        try:
            os.link(aside, path)
        except FileExistsError:
            pass  # another was quicker
        finally:
            aside.unlink()


def add_key(path: Path, *, above: int = 0) -> int:
    """Add a key, which seals from now on. Returns its number. Raises `KeyRingUnreadable`.

    `above`: the number of a lost key. Then the file may be missing, and no new key takes the number of an old one.
    """
    keys = _read(path) if path.exists() or not above else {}
    number = max(above, *keys, 0) + 1
    if number > LAST_NUMBER:
        raise KeyRingUnreadable(f"{path.name} has used all its {LAST_NUMBER} numbers")
    _replace(path, keys | {number: secrets.token_bytes(KEY_BYTES)})
    return number


def drop_keys(path: Path, numbers: Collection[int]) -> None:
    """Forget these keys. The newest stays whatever is asked."""
    keys = _read(path)
    _replace(path, {number: key for number, key in keys.items() if number == max(keys) or number not in numbers})


def changed_at(path: Path) -> datetime:
    """When a key last came or went."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def tidy(path: Path) -> None:
    """Remove what was written aside by somebody who was killed over it: it may hold keys. Nobody else may be at it."""
    for left in path.parent.glob(f"{path.name}.[0-9]*"):
        left.unlink()


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """By which a file that was replaced is known; None: it is not there."""
    try:
        seen = path.stat()
    except FileNotFoundError:
        return None
    return seen.st_ino, seen.st_mtime_ns, seen.st_size


def _read(path: Path) -> dict[int, bytes]:
    try:
        kept = json.loads(path.read_text())
    except FileNotFoundError as missing:
        raise KeyRingUnreadable(f"there is no key ring at {path}: put it back, or start Chargekey once") from missing
    except (OSError, ValueError) as wrong:
        raise KeyRingUnreadable(f"{path.name} is not a key ring") from wrong
    try:
        keys = {int(number): b64decode(key) for number, key in kept.items()}
    except (ValueError, TypeError, AttributeError) as wrong:
        raise KeyRingUnreadable(f"{path.name} is not a key ring") from wrong
    if not keys or any(len(key) != KEY_BYTES or not 0 < number <= LAST_NUMBER for number, key in keys.items()):
        raise KeyRingUnreadable(f"{path.name} must hold keys of 32 bytes, numbered 1 to {LAST_NUMBER}")
    return keys


def _replace(path: Path, keys: Mapping[int, bytes]) -> None:
    _write_aside(path, keys).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name, too, outlives a power cut
    finally:
        os.close(folder)


def _write_aside(path: Path, keys: Mapping[int, bytes]) -> Path:
    """A file beside it, whole and on the disk, for its owner alone."""
    aside = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")  # in two containers pids are alike
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({str(number): b64encode(key).decode() for number, key in keys.items()}, file)
        file.flush()
        os.fsync(file.fileno())
    return aside
