"""Writes docs/reference and docs/causes, which are read off the code, so that they cannot describe another tree.

A test compares what stands there with what this room would write; `make docs` writes it.
"""

import sys
from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, Final, Literal, get_args, get_origin

import typer
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from chargekey.entrypoints.cli.commands import House, build
from chargekey.settings import Settings
from scripts import causes, tesla_faults

REFERENCE: Final = Path(__file__).resolve().parent.parent / "docs" / "reference"

SETTINGS_HEAD: Final = """\
# Settings

Environment variables, or lines of a `.env` file in the folder where Chargekey starts. The environment
outranks the file. A wrong or missing one stops the start with one line that names it.

<!-- Written by scripts/reference.py from chargekey/settings.py. Change it there, then run `make docs`. -->

| setting | what it does | if not set |
|---|---|---|
"""
COMMANDS_HEAD: Final = """\
# Commands

What an operator can ask of `.venv/bin/chargekey`. Each says in a sentence what came of it.

<!-- Written by scripts/reference.py from chargekey/entrypoints/cli. Change it there, then run `make docs`. -->

| command | what it does |
|---|---|
"""


def settings_page(settings: type[BaseSettings]) -> str:
    """The reference of all settings. Raises `ValueError` for one that does not say what it does."""
    prefix = settings.model_config.get("env_prefix", "")
    rows = [_row(f"{prefix}{name}".upper(), field) for name, field in settings.model_fields.items()]
    return SETTINGS_HEAD + "".join(rows)


def commands_page(cli: typer.Typer) -> str:
    """The reference of all commands. Raises `ValueError` for one that does not say what it does."""
    rows = []
    for command in cli.registered_commands:
        sentence = (command.callback.__doc__ or "").strip() if command.callback else ""
        name = command.name or (command.callback.__name__.replace("_", "-") if command.callback else "")
        if not sentence:
            raise ValueError(f"{name} has no sentence that says what it does")
        rows.append(f"| `chargekey {name}` | {_cell(sentence)} |\n")
    return COMMANDS_HEAD + "".join(rows)


def pages() -> Mapping[Path, str]:
    """Every generated page with what should stand on it."""
    unlived_in: dict[str, Any] = dict.fromkeys(room.name for room in fields(House))  # read, never run
    return {
        REFERENCE / "settings.md": settings_page(Settings),
        REFERENCE / "commands.md": commands_page(build(House(**unlived_in))),
        **causes.pages(),
        **tesla_faults.pages(),
    }


def _row(name: str, field: FieldInfo) -> str:
    if not field.description:
        raise ValueError(f"{name} has no sentence that says what it does")
    choices = _choices(field.annotation)
    sentence = f"{field.description} One of {choices}." if choices else field.description
    return f"| `{name}` | {_cell(sentence)} | {_cell(_default(field))} |\n"


def _choices(annotation: Any) -> str:
    """The values that a setting is limited to, or an empty text."""
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(f"`{member.value}`" for member in annotation)
    return ""


def _default(field: FieldInfo) -> str:
    """What holds when nothing is set. A secret's default is never written out."""
    if field.default_factory is not None:
        return "made at the start"
    if field.default is PydanticUndefined:
        return "must be set"
    if field.default in (None, "") or isinstance(field.default, SecretStr | NoneType):
        return "nothing"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{field.default.value if isinstance(field.default, Enum) else field.default}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> int:
    """Write every page that is not as it should be, and name it."""
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"written: {path.relative_to(REFERENCE.parent.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
