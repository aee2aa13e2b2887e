"""Robot drivers in many worlds: each cause that can be cured, alone and in drawn pairs. `make robots` runs them all.

A world is played by a scenario of the simulator, which states facts of account, car, phone, network and operator; the
robot is told none of it. Printed: who came through, questions asked, calls to Tesla.
"""

import asyncio
import random
import sys
import tempfile
from pathlib import Path
from typing import Final

from tesla_simulator.scenarios.scenario import cast
from tesla_simulator.scenarios.table import SCENARIOS, end, play
from tests.stories.hands import Person
from tests.stories.robot import Diary, Ending, Robot
from tests.stories.town import EMAIL, MODEL_3, Town, a_town

CURABLE: Final = (
    "A5", "A6", "A8", "A11", "B1", "B7", "B9", "C2", "C2/signed-out", "C3", "C4", "C5", "C7", "C8", "C9", "C10", "C11",
    "D1", "D2", "D4", "D5", "E1", "J7",
)  # fmt: skip
"""Seen cured, each alone."""
STANDS_ALONE: Final = frozenset({"A5", "B7"})
"""They take the car out of the account, so that nothing else of that account can be played with them."""
SEED: Final = 20261123


async def in_a_world(folder: Path, *scenarios: str, doubts: int = 20, seed: int = 0) -> Diary:
    """A new driver in a world where these things are so, as far as the screens lead him."""
    async with a_town(folder) as town:
        return await _comes_out(town, scenarios, doubts, seed)


async def _comes_out(town: Town, scenarios: tuple[str, ...], doubts: int, seed: int) -> Diary:
    played = cast(town.world, EMAIL, MODEL_3)
    for scenario in scenarios:
        await play(scenario, played)
    browser = await town.a_phone()
    await browser.signs_in()
    before = len(town.world.calls)
    person = Person(town.world, EMAIL, MODEL_3, town.world.phone)

    async def others_mend() -> None:
        for scenario in scenarios:
            if SCENARIOS[scenario].ends:
                await end(scenario, played)

    diary = await Robot(town, browser, person, others_mend, doubts, seed).goes_as_far_as_he_can()
    diary.calls = len(town.world.calls) - before
    return diary


def drawn_pairs(count: int) -> list[tuple[str, str]]:
    """Always the same ones for a number: two causes of two different kinds."""
    dice = random.Random(SEED)
    pairs: list[tuple[str, str]] = []
    among = [one for one in CURABLE if one not in STANDS_ALONE]
    while len(pairs) < count:
        first, second = dice.sample(among, 2)
        if first.partition("/")[0] != second.partition("/")[0] and (first, second) not in pairs:
            pairs.append((first, second))
    return pairs


async def _all(pairs: int) -> int:
    worlds: list[tuple[str, ...]] = [*((one,) for one in CURABLE), *drawn_pairs(pairs)]
    lost = 0
    for number, scenarios in enumerate(worlds):
        with tempfile.TemporaryDirectory() as folder:
            diary = await in_a_world(Path(folder), *scenarios, seed=number)
        lost += diary.ending is not Ending.PAIRED
        asked, calls = len(diary.asked), diary.calls
        print(f"{'+'.join(scenarios):24} {diary.ending:12} {asked:2} asked {calls:4} calls  last: {diary.mended_by}")
    print(f"{len(worlds) - lost} of {len(worlds)} came through")
    return lost


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(_all(int(sys.argv[1]) if len(sys.argv) > 1 else 100)) else 0)
