"""What an operator is told to type is a command that there is; and every runbook is found by what he sees."""

import re
from pathlib import Path
from typing import Final

from tests.architecture.tree import ROOT
from tests.deploy.files import is_command

DOCS: Final = ROOT / "docs"
PAGES: Final = sorted(path for folder in ("how-to", "runbooks") for path in (DOCS / folder).glob("*.md"))
CODE: Final = re.compile(r"^ *```.*?^ *```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
TYPED: Final = re.compile(r"(?:^|[\s`])(?:\S*\.venv/bin/)?chargekey +([a-z][^`\n]*)", re.MULTILINE)


def typed(text: str) -> list[list[str]]:
    """Each command of ours in a page's code, word by word."""
    return [found.split() for code in CODE.findall(text) for found in TYPED.findall(code)]


def test_every_command_that_is_told_is_there_with_its_options() -> None:
    told = [(path.name, words) for path in PAGES for words in typed(path.read_text(encoding="utf-8"))]
    assert len(told) > 40
    assert [(name, words) for name, words in told if not is_command(words)] == []


def test_every_runbook_is_found_by_what_an_operator_sees() -> None:
    index = (DOCS / "runbooks" / "README.md").read_text(encoding="utf-8")
    there = {path.name for path in (DOCS / "runbooks").glob("*.md")} - {"README.md"}
    assert {name for name in there if f"]({name}" not in index} == set()


def test_the_reader_of_pages_can_fail(tmp_path: Path) -> None:
    page = "Run `chargekey serves`:\n\n```sh\n.venv/bin/chargekey backup --kept 3\n```\n"
    assert typed(page) == [["serves"], ["backup", "--kept", "3"]]
    assert not any(map(is_command, typed(page)))
