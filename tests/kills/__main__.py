"""`make kill`: every seam of the path cut on both sides, and random moments, on both databases.

    python -m tests.kills --each 5 --random 200 [--anew] [--only sqlite] [--minutes 60] [--seed 1]

Both databases are at it side by side. It goes in rounds, one kill a seam and side in each, so that a run that is
stopped has been everywhere; the next goes on from there. Figures go to benchmarks/kills.csv. Ends with 1 where a kill
has harmed anybody.
"""

import argparse
import asyncio
import math
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from tests.kills.ledger import Ledger, tree_of_src
from tests.kills.legs import Leg
from tests.kills.running import Walk, a_walk
from tests.kills.seams import Cut, Side

KINDS: Final = ("sqlite", "postgresql")
MISSES: Final = 4
"""So often a kill may come too late, one after the other, before we go on without it."""
When = tuple[Leg, Cut | float]


@dataclass
class Killing:
    """One run on one database."""

    walk: Walk
    ledger: Ledger
    dice: random.Random
    harmed: list[str] = field(default_factory=list)
    not_met: set[str] = field(default_factory=set)

    @property
    def database(self) -> str:
        return self.walk.ground.database.kind

    async def goes_round(self, each: int, at_random: int) -> None:
        """So many kills at both sides of every seam, and so many or some more at random moments, in `each` rounds."""
        a_leg = math.ceil(at_random / len(self.walk.legs))
        print(f"{self.database}: {len(self.walk.seams)} seams in {len(self.walk.legs)} legs", flush=True)
        for nth in range(1, each + 1):
            cuts = [(f"{side} {seam}", partial(self._a_pass, seam, side)) for seam in self.walk.seams for side in Side]
            moments = [(f"a random moment of: {leg.name}", partial(self._a_moment, leg)) for leg in self.walk.legs]
            todo = [(nth, *cut) for cut in cuts] + [(math.ceil(a_leg * nth / each), *moment) for moment in moments]
            self.dice.shuffle(todo)
            for count, name, when in todo:
                await self._kills(name, count, when)
            print(f"{self.database}: round {nth} of {each} is done", flush=True)

    def _a_pass(self, seam: str, side: Side) -> When:
        """Any pass of the seam, in a short leg rather than in a long one."""
        passes = self.walk.seams[seam]
        quick = [1 / self.walk.undisturbed[leg.name].took_s for leg, _ in passes]
        ((leg, times),) = self.dice.choices(passes, quick)
        return leg, Cut(seam=seam, side=side, nth=self.dice.randint(1, times), signal=signal.SIGKILL)

    def _a_moment(self, leg: Leg) -> When:
        return leg, self.dice.uniform(0, self.walk.undisturbed[leg.name].took_s)

    async def _kills(self, name: str, count: int, when: Callable[[], When]) -> None:
        """What is still missing of `count`."""
        left, misses = count - self.ledger.kills()[self.database, name], 0
        while left > 0 and name not in self.not_met:
            leg, moment = when()
            came = await self.walk.is_killed(leg, moment)
            if came.met or came.harm:
                self.ledger.add(self.database, name, came.harm)
                left, misses = left - 1, 0
            else:
                misses += 1
            if came.harm:
                self.harmed.append(f"{self.database}: {leg.name}, {moment}: {', '.join(came.why)}")
                print(self.harmed[-1], flush=True)
            if misses == MISSES:
                self.not_met.add(name)
                print(f"{self.database}: {name}: was not met in {MISSES} tries", flush=True)


async def kill(kind: str, asked: argparse.Namespace, ledger: Ledger) -> list[str]:
    """All that was asked for on one database; returns whom it harmed."""
    with tempfile.TemporaryDirectory(prefix="chargekey-kills-") as made:
        async with a_walk(kind, Path(made)) as walk:
            killing = Killing(walk, ledger, random.Random(asked.seed))
            with suppress(TimeoutError):
                async with asyncio.timeout(60 * asked.minutes if asked.minutes else None):
                    await killing.goes_round(asked.each, math.ceil(asked.random / len(KINDS)))
            return killing.harmed


def side_by_side(options: list[str]) -> int:
    """Both databases, each in a process of its own; returns how many of the two have seen harm, or broke."""
    runs = [subprocess.Popen([sys.executable, "-m", "tests.kills", *options, "--only", kind]) for kind in KINDS]
    try:
        return sum(bool(run.wait()) for run in runs)
    finally:
        for run in runs:
            run.terminate()


def main() -> None:
    reads = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    reads.add_argument("--each", type=int, default=5, help="kills at each side of each seam, on each database")
    reads.add_argument("--random", type=int, default=200, help="kills at random moments, on both databases together")
    reads.add_argument("--anew", action="store_true", help="forget what this tree of src was already killed at")
    reads.add_argument("--only", choices=KINDS, help="one of the databases alone")
    reads.add_argument("--minutes", type=float, help="stop after so long")
    reads.add_argument("--seed", type=int, default=1)
    asked = reads.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))  # in order: servers and processes end with us
    ledger = Ledger(tree_of_src())
    if asked.anew:
        ledger.begin_anew()
    if asked.only:
        harmed = asyncio.run(kill(asked.only, asked, ledger))
        print(f"{asked.only}: {len(harmed) or 'no'} kills have harmed somebody", flush=True)
        sys.exit(bool(harmed))
    sys.exit(bool(side_by_side([one for one in sys.argv[1:] if one != "--anew"])))


if __name__ == "__main__":
    main()
