"""`make fuzz`: odd cases at every door of the house.

    python -m tests.fuzz --cases 100000 [--seed 1] [--only "vehicle_data"]

Ends with 1 where something came out that is neither an answer nor a Fault. The same seed plays the same cases.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.doors import all_doors
from tests.fuzz.round import Hole, play


async def fuzz(cases: int, seed: int, only: str) -> tuple[int, list[Hole]]:
    """How many were played, and what broke."""
    played, began_s = 0, time.perf_counter()

    def tell(door: str, count: int) -> None:
        nonlocal played
        played += count
        print(f"{door}: {count} cases; {played / (time.perf_counter() - began_s):.0f} cases/s so far", flush=True)

    with tempfile.TemporaryDirectory(prefix="chargekey-fuzz-") as folder:
        async with all_doors(Path(folder)) as doors:
            return played, await play([door for door in doors if only in door.name], cases, seed, tell)


def main() -> None:
    reads = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    reads.add_argument("--cases", type=int, default=100_000)
    reads.add_argument("--seed", type=int, default=1)
    reads.add_argument("--only", default="", help="doors with this in their name")
    asked = reads.parse_args()
    _, holes = asyncio.run(fuzz(asked.cases, asked.seed, asked.only))
    print(*holes, f"seed {asked.seed}: {len(holes)} doors broke", sep="\n")
    sys.exit(bool(holes))


if __name__ == "__main__":
    main()
