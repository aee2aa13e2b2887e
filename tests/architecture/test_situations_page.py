"""docs/situations.md tells of all sixteen situations, and of what is really here."""

import re
from typing import Final

import pytest

from tesla_simulator.scenarios.table import SCENARIOS
from tests.architecture.tree import ROOT
from tests.browser.situation_table import SITUATIONS, Situation

PAGE: Final = ROOT / "docs" / "situations.md"
ROWS: Final = re.findall(r"^\| (S\d+) \| (.+?) \| (.+?) \| \[(.+?)\]", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
PNG: Final = b"\x89PNG"
IDS: Final = [situation.id for situation in SITUATIONS]


def test_there_are_sixteen_in_their_order() -> None:
    assert [f"S{number}" for number in range(1, 17)] == IDS


def test_each_walk_has_its_row_and_there_is_no_other() -> None:
    expected = [
        (one.id, one.title + (", at a desk" if name != one.id else ""), ", ".join(one.scenarios), name)
        for one in SITUATIONS
        for name, _, _ in one.walks
    ]
    assert expected == ROWS, "run `make situations`"


@pytest.mark.parametrize("situation", SITUATIONS, ids=IDS)
def test_what_a_row_names_is_here(situation: Situation) -> None:
    assert set(situation.scenarios) <= set(SCENARIOS)
    assert (ROOT / "tests" / "stories" / f"{situation.story}.py").is_file()
    for name, _, _ in situation.walks:
        picture = ROOT / "docs" / "pictures" / "situations" / f"{name}.png"
        assert picture.read_bytes().startswith(PNG)


def test_there_is_no_picture_of_what_is_no_more() -> None:
    kept = {picture.stem for picture in (ROOT / "docs" / "pictures" / "situations").iterdir()}
    assert kept == {name for situation in SITUATIONS for name, _, _ in situation.walks}
