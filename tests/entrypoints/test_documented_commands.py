"""Every command that a page has an operator type exists, with every option that it is given there."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pytest
import typer

from chargekey.entrypoints.cli.commands import House, build

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
_TYPED: Final = re.compile(r"\.venv/bin/chargekey (?P<name>[a-z][a-z-]*)(?P<rest>[^`\n|]*)")
_OPTION: Final = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def typed(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a page and its options."""
    for found in _TYPED.finditer(text):
        yield found["name"], _OPTION.findall(found["rest"])


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    unlived_in: dict[str, Any] = dict.fromkeys(room.name for room in fields(House))  # read, never run
    group = typer.main.get_group(build(House(**unlived_in)))
    return {name: {one for each in command.params for one in each.opts} for name, command in group.commands.items()}


def strange(text: str, known: dict[str, set[str]]) -> list[str]:
    return [
        f"{name} {' '.join(options)}".rstrip()
        for name, options in typed(text)
        if name not in known or not set(options) <= known[name]
    ]


def test_every_command_on_every_page_is_one(known: dict[str, set[str]]) -> None:
    found = {page.name: strange(page.read_text(encoding="utf-8"), known) for page in DOCS.rglob("*.md")}
    assert {name: those for name, those in found.items() if those} == {}
    assert sum(1 for page in DOCS.rglob("*.md") for _ in typed(page.read_text(encoding="utf-8"))) > 8


@pytest.mark.parametrize("wrong", [".venv/bin/chargekey initiate", ".venv/bin/chargekey init --secret x"])
def test_one_that_is_none_would_be_found(known: dict[str, set[str]], wrong: str) -> None:
    assert strange(f"```sh\n{wrong}\n```\n", known) != []
