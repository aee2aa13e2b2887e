"""The `.env` file as `chargekey init` reads and writes it: whatever else stands in it stays, letter by letter.

Rules of this room:

1. The file is there as a whole or not at all, for its owner alone: it holds secrets.
2. What was written is read back before it counts. A value that such a file cannot hold is refused, not bent.
"""

import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from chargekey.settings import ENV_FILE, PREFIX, Settings, SettingsWrong, cannot_be_read

_PLAIN: Final = re.compile(r"[A-Za-z0-9_./:@,+-]*")
_HEAD: Final = "# Written by `chargekey init`. It holds secrets: keep it for its owner alone, and back it up.\n"


def in_environment() -> dict[str, str]:
    """What the environment sets, by the settings' own names."""
    return _ours(EnvSettingsSource(Settings).env_vars)


def in_file(path: Path = ENV_FILE) -> dict[str, str]:
    """What such a file sets, by the settings' own names; nothing where there is none. Raises `SettingsWrong`."""
    try:
        return _ours(DotEnvSettingsSource(Settings, env_file=path).env_vars)
    except (OSError, UnicodeDecodeError) as unreadable:
        raise cannot_be_read(path, unreadable) from unreadable


def write(path: Path, values: Mapping[str, str]) -> None:
    """Set these, by the settings' own names. Raises `SettingsWrong`, and then the file is as it was."""
    path = path.resolve()  # a link stays a link
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        expected = in_file(path) | dict(values)
        text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
        for name, value in values.items():
            text = _with(text, f"{PREFIX}{name.upper()}", value)
        _write_private(beside, text)
        if in_file(beside) != expected:
            raise SettingsWrong(f"{path.name} cannot hold one of these values as it is: write it there by hand")
        beside.replace(path)
    except OSError as refused:
        raise SettingsWrong(f"{path} cannot be written: {refused.strerror}") from refused
    finally:
        with contextlib.suppress(OSError):  # mostly it has its new name by now
            beside.unlink()


def _ours(found: Mapping[str, str | None]) -> dict[str, str]:
    names = {f"{PREFIX}{name}".lower(): name for name in Settings.model_fields}
    return {names[name]: value for name, value in found.items() if name in names and value is not None}


def _with(text: str, name: str, value: str) -> str:
    line = f"{name}={_quoted(value)}"
    there = re.compile(rf"^[ \t]*(?:export[ \t]+)?{re.escape(name)}[ \t]*=.*$", re.MULTILINE)
    if there.search(text):
        return there.sub(lambda _: line, text)
    return f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{line}\n"


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
