"""Every world by itself, then pairs that were drawn: `python -m tests.stories.robots 100`. Several at a time."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Final

import httpx2

from tests.stories.robots.diary import Diary
from tests.stories.robots.figures import Came, told
from tests.stories.robots.running import in_a_world
from tests.stories.robots.worlds import WORLDS, drawn_pairs

AT_ONCE: Final = 6
"""On two cores: most of a world's time goes by in waiting for the disk."""


def one_world(scenarios: tuple[str, ...], seed: int) -> Came:
    """In a process of its own."""
    began, diary, broke = time.monotonic(), Diary(), ""
    with tempfile.TemporaryDirectory() as folder:
        try:
            asyncio.run(in_a_world(Path(folder), *scenarios, diary=diary, seed=seed))
        except AssertionError as refused:
            broke = f"{refused}".partition("\n")[0] or "asked Tesla in a loop"
        except httpx2.TransportError as lost:
            broke = f"a page did not come: {lost!r}"
    return Came(scenarios, diary, time.monotonic() - began, broke)


def run(worlds: Sequence[tuple[str, ...]]) -> list[Came]:
    """Each is printed as soon as it is over."""
    came = []
    with ProcessPoolExecutor(AT_ONCE) as pool:
        for ready in as_completed(pool.submit(one_world, one, seed) for seed, one in enumerate(worlds)):
            came.append(ready.result())
            print(came[-1].line(), *(f"\n    {words}" for words in came[-1].wrong), flush=True)
    return came


def main() -> int:
    """1 where any world came out otherwise than it must."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("pairs", type=int, nargs="?", default=100)
    asked.add_argument("--only", action="append", help="these worlds alone, such as C5 or C5+D2")
    said = asked.parse_args()
    worlds: list[tuple[str, ...]] = [tuple(one.split("+")) for one in said.only or ()]
    came = run(worlds or [*((one,) for one in WORLDS), *drawn_pairs(said.pairs)])
    print("", *told(came), sep="\n")
    return 1 if any(one.wrong for one in came) else 0


if __name__ == "__main__":
    sys.exit(main())
