"""A driver who does only what the screens say comes through; also with two things wrong at once."""

from pathlib import Path

import pytest

from tests.stories.robots.figures import Came
from tests.stories.robots.running import in_a_world

SHORT = (("A8",), ("B1",), ("C5",), ("C7",), ("D2",), ("B9", "C2/signed-out"))
"""Of the kinds of worlds one each that is soon played; all of them are `make robots`."""


@pytest.mark.parametrize("scenarios", SHORT, ids=" and ".join)
async def test_the_screens_alone_lead_a_driver_as_far_as_he_can_get(scenarios: tuple[str, ...], tmp_path: Path) -> None:
    diary = await in_a_world(tmp_path, *scenarios)
    assert not Came(scenarios, diary, 0).wrong
