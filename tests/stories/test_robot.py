"""A driver who does only what the screens say comes through, or is told why not; also with two things wrong at once."""

from pathlib import Path
from typing import Final

import pytest

from tesla_simulator.scenarios.scenario import cast
from tesla_simulator.scenarios.table import SCENARIOS, end, play
from tests.stories.hands import Person
from tests.stories.robot import Diary, Ending, Robot
from tests.stories.town import EMAIL, MODEL_3, Town, a_town

CURABLE: Final = (
    "C2", "C2/signed-out", "C3", "C4", "C5", "C7", "C8", "C9", "C10", "C11", "D1", "D2", "D4", "D5", "E1", "J7", "A1",
)  # fmt: skip


async def comes_out(town: Town, *scenarios: str, doubts: int = 20, seed: int = 0) -> Diary:
    """A new driver in a world where these things are so, as far as the screens lead him."""
    played = cast(town.world, EMAIL, MODEL_3)
    for scenario in scenarios:
        await play(scenario, played)
    phone = await town.a_phone()
    await phone.signs_in()
    person = Person(town.world, EMAIL, MODEL_3, played.client_id, town.world.phone)

    async def others_mend() -> None:
        for scenario in scenarios:
            if SCENARIOS[scenario].ends:
                await end(scenario, played)

    return await Robot(town, phone, person, others_mend, doubts, seed).goes_as_far_as_he_can()


@pytest.mark.parametrize("scenario", CURABLE)
async def test_what_can_be_cured_ends_with_the_key_on_the_car(scenario: str, tmp_path: Path) -> None:
    assert scenario in SCENARIOS
    async with a_town(tmp_path) as town:
        diary = await comes_out(town, scenario)
    print(f"{scenario}: {diary}")
    assert diary.ending is Ending.PAIRED, diary
