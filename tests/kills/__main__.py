"""`make kill`: every seam of the path cut on both sides, and random moments, on both databases.

    python -m tests.kills --each 5 --random 200 [--resume] [--only sqlite] [--minutes 60] [--seed 1]

Figures go to benchmarks/kills.csv. Ends with 1 where a kill has harmed anybody.
"""

import argparse
import asyncio
import math
import random
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from tests.contract.postgres import served
from tests.kills.databases import Database, Postgres, Sqlite
from tests.kills.ground import a_ground
from tests.kills.judging import Harm
from tests.kills.ledger import Ledger, revision
from tests.kills.legs import Leg
from tests.kills.nursery import a_nursery
from tests.kills.running import Walk
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

    @property
    def database(self) -> str:
        return self.walk.ground.database.kind

    async def at_each_seam(self, each: int) -> None:
        """So many kills at both sides of every seam, spread over its passes in all legs."""
        todo = [(seam, side) for seam in self.walk.seams for side in Side]
        self.dice.shuffle(todo)
        for seam, side in todo:
            await self._kills(f"{side} {seam}", each, partial(self._a_pass, seam, side))

    async def at_random(self, count: int) -> None:
        """So many kills or some more, spread over the legs."""
        for leg in self.walk.legs:
            each = math.ceil(count / len(self.walk.legs))
            await self._kills(f"a random moment of: {leg.name}", each, partial(self._a_moment, leg))

    def _a_pass(self, seam: str, side: Side) -> When:
        leg, times = self.dice.choice(self.walk.seams[seam])
        return leg, Cut(seam=seam, side=side, nth=self.dice.randint(1, times), signal=signal.SIGKILL)

    def _a_moment(self, leg: Leg) -> When:
        return leg, self.dice.uniform(0, self.walk.undisturbed[leg.name].took_s)

    async def _kills(self, name: str, count: int, when: Callable[[], When]) -> None:
        """What is still missing of `count`, and a row for it."""
        left = count - self.ledger.kills()[self.database, name]
        kills, misses, harm = 0, 0, Harm()
        while kills < left and misses < MISSES:
            leg, moment = when()
            came = await self.walk.is_killed(leg, moment)
            kills, misses = (kills + 1, 0) if came.met else (kills, misses + 1)
            harm += came.harm
            if came.harm:
                self.harmed.append(f"{self.database}: {leg.name}, {moment}: {', '.join(came.why)}")
                print(self.harmed[-1], flush=True)
        if kills:
            self.ledger.add(self.database, name, kills, harm)
            print(f"{self.database}: {name}: {kills}", flush=True)
        if kills < left:
            print(f"{self.database}: {name}: only {kills} of {left} met", flush=True)


async def kill(kind: str, asked: argparse.Namespace, ledger: Ledger) -> list[str]:
    """All that was asked for on one database; returns whom it harmed."""
    with tempfile.TemporaryDirectory(prefix="chargekey-kills-") as made, ExitStack() as until_the_end:
        folder = Path(made)
        database: Database = (
            Sqlite(folder / "database") if kind == "sqlite" else Postgres(until_the_end.enter_context(served()))
        )
        async with a_nursery() as nursery, a_ground(folder, database, nursery) as ground:
            killing = Killing(Walk(ground), ledger, random.Random(asked.seed))
            await killing.walk.begins()
            with suppress(TimeoutError):
                async with asyncio.timeout(60 * asked.minutes / len(KINDS) if asked.minutes else None):
                    await killing.at_each_seam(asked.each)
                    await killing.at_random(math.ceil(asked.random / len(KINDS)))
            return killing.harmed


def main() -> None:
    reads = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    reads.add_argument("--each", type=int, default=5, help="kills at each side of each seam, on each database")
    reads.add_argument("--random", type=int, default=200, help="kills at random moments, on both databases together")
    reads.add_argument("--resume", action="store_true", help="count what this revision was already killed at")
    reads.add_argument("--only", choices=KINDS, help="one of the databases alone")
    reads.add_argument("--minutes", type=float, help="stop after so long; what is begun is not written down")
    reads.add_argument("--seed", type=int, default=1)
    asked = reads.parse_args()
    ledger = Ledger(revision(), counts_earlier=asked.resume)
    harmed = [who for kind in KINDS if asked.only in (None, kind) for who in asyncio.run(kill(kind, asked, ledger))]
    print(f"{len(harmed)} kills have harmed somebody" if harmed else "no kill has harmed anybody")
    sys.exit(bool(harmed))


if __name__ == "__main__":
    main()
