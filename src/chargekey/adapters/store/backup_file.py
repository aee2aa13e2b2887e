"""The file of a backup: a tar with everything that cannot be made again, and a manifest that says what must be in it.

Rules of this room:

1. It is for its owner alone, and there under its name only when it is whole and on the disk.
2. Nothing is taken out of a tar but what the manifest names, and the manifest may name only what we know.
3. Nothing is put anywhere before all of it was found as the manifest says.
"""

import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

MANIFEST: Final = "manifest.json"
SETTINGS: Final = "settings.env"
DATABASES: Final[Mapping[str, str]] = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
KEY_FILES: Final = ("keyring.json", "command-key.pem", "push-key.pem")
KNOWN: Final = frozenset({SETTINGS, *DATABASES.values(), *KEY_FILES})
"""The names of the format, which older backups have too, wherever the files lie now."""
AT_ONCE: Final = 1 << 20


class BackupWrong(Exception):
    """This is not a backup, or not a whole one; the text is one line."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`version`: the program's. `revision`: the database's, None where nothing had been made in it."""

    made_at: str
    version: str
    revision: str | None
    kind: str
    sha256: Mapping[str, str]

    @property
    def database(self) -> str:
        return DATABASES[self.kind]


def write(into: Path, files: Mapping[str, Path], kind: str, revision: str | None, version: str, at: datetime) -> None:
    """`files`: what is in it, by the name it has there. Raises `FileExistsError`."""
    manifest = {
        "made_at": at.isoformat(timespec="seconds"),
        "version": version,
        "revision": revision,
        "kind": kind,
        "sha256": {name: _hash(path) for name, path in files.items()},
    }
    text = json.dumps(manifest, indent=2).encode()
    aside = into.with_name(f".{into.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            head = tarfile.TarInfo(MANIFEST)
            head.size, head.mode = len(text), 0o600
            tar.addfile(head, io.BytesIO(text))
            for name, path in files.items():
                tar.add(path, arcname=name, recursive=False, filter=_nobodys)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, into)
    finally:
        aside.unlink()


def read(backup: Path, into: Path) -> Manifest:
    """Take everything out into an empty folder, and hold it to the manifest. Raises `BackupWrong`."""
    try:
        with tarfile.open(backup) as tar:
            manifest = _manifest(tar)
            for name in manifest.sha256:
                _take(tar, name, into / name)
    except (OSError, tarfile.TarError, KeyError) as wrong:
        raise BackupWrong(f"{backup.name} is no whole backup") from wrong
    for name, meant in manifest.sha256.items():
        if _hash(into / name) != meant:
            raise BackupWrong(f"{name} in {backup.name} is not what was backed up: take another backup")
    return manifest


def _manifest(tar: tarfile.TarFile) -> Manifest:
    member = tar.extractfile(MANIFEST)
    try:
        said = Manifest(**json.loads(member.read(AT_ONCE) if member else b""))
        names = set(said.sha256)
        fits = names <= KNOWN and DATABASES[said.kind] in names
    except (ValueError, TypeError, KeyError) as wrong:
        raise BackupWrong("its manifest cannot be read") from wrong
    if not fits:
        raise BackupWrong("its manifest names what a backup does not have: it was made by another version")
    return said


def _take(tar: tarfile.TarFile, name: str, to: Path) -> None:
    member = tar.extractfile(name)
    if member is None:
        raise KeyError(name)
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while part := member.read(AT_ONCE):
            file.write(part)


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whoever puts it back owns it."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
