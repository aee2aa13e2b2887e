"""The page that says what is proved of signed commands names tests that exist."""

import re

from tests.architecture.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "signed-commands.md"


def test_every_test_that_the_page_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE.read_text())
    assert len(named) >= 20
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or f"def {name}(" not in (ROOT / path).read_text() + "def (" * (not name)
    ]
    assert missing == []
