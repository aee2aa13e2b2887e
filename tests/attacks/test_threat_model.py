"""The threat model and the attacks are of one piece: each row names tests that are there, each attack has its row."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.architecture.tree import ROOT

MODEL: Final = ROOT / "docs" / "explanation" / "threat-model.md"
HEAD: Final = "| threat | what stands against it | the test |"
TEST: Final = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def rows(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each threat with the tests it names."""
    is_in = False
    for line in text.splitlines():
        is_in = line == HEAD or (is_in and line.startswith("|"))
        if is_in and line != HEAD and not line.startswith("|--"):
            threat, _, tests = (part.strip() for part in line.strip("|").split("|"))
            yield threat, re.findall(r"`(test_\w+)`", tests)


def found_in(folder: Path) -> set[str]:
    return {name for path in folder.rglob("test_*.py") for name in TEST.findall(path.read_text(encoding="utf-8"))}


def test_every_threat_names_tests_that_are_there() -> None:
    named = list(rows(MODEL.read_text(encoding="utf-8")))
    assert len(named) > 40
    assert [threat for threat, tests in named if not tests] == []
    assert {one for _, tests in named for one in tests} - found_in(ROOT / "tests") == set()


def test_every_attack_has_its_row() -> None:
    named = {one for _, tests in rows(MODEL.read_text(encoding="utf-8")) for one in tests}
    assert found_in(Path(__file__).parent) - named - set(TEST.findall(Path(__file__).read_text())) == set()


def test_a_row_without_a_test_is_known() -> None:
    assert list(rows(f"{HEAD}\n|---|---|---|\n| theft | a lock | none |\n\n| no | `test_a` | row |")) == [("theft", [])]
