"""A driver who does only what the screens say comes through; also with two things wrong at once."""

from pathlib import Path

import pytest

from tests.stories.robot import Ending
from tests.stories.robots import CURABLE, drawn_pairs, in_a_world

SHORT = ("A8", "B1", "C5", "C7", "D2")


@pytest.mark.parametrize("scenario", SHORT)
async def test_what_can_be_cured_ends_with_the_key_on_the_car(scenario: str, tmp_path: Path) -> None:
    assert scenario in CURABLE
    diary = await in_a_world(tmp_path, scenario)
    assert diary.ending is Ending.PAIRED, diary


@pytest.mark.parametrize("pair", drawn_pairs(2), ids=" and ".join)
async def test_two_things_at_once_are_cured_one_after_the_other(pair: tuple[str, str], tmp_path: Path) -> None:
    diary = await in_a_world(tmp_path, *pair)
    assert diary.ending is Ending.PAIRED, diary
