"""A driver who does only what the screens say comes through; also with two things wrong at once."""

from pathlib import Path

import pytest

from tests.stories.robots.figures import Came
from tests.stories.robots.running import in_a_world
from tests.stories.robots.worlds import drawn_pairs

SHORT = ("A18", "A8", "B1", "B10", "C5", "C7", "D2", "E2")


@pytest.mark.parametrize("scenarios", [*((one,) for one in SHORT), *drawn_pairs(2)], ids=" and ".join)
async def test_the_screens_alone_lead_a_driver_as_far_as_he_can_get(scenarios: tuple[str, ...], tmp_path: Path) -> None:
    diary = await in_a_world(tmp_path, *scenarios)
    assert not Came(scenarios, diary, 0).wrong
