"""A leg, undisturbed or with one kill in it, and what came of it."""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx2

from tesla_simulator.followers import FollowerLost
from tests.contract.postgres import served
from tests.kills.databases import Database, Postgres, Sqlite
from tests.kills.ground import Died, Ground, a_ground
from tests.kills.judging import Harm, Outcome, harm, marks, outcome, told
from tests.kills.legs import LEGS, Driver, Leg
from tests.kills.nursery import a_nursery
from tests.kills.seams import Cut

STORY_BROKEN: Final = Harm(lost_grants=1)
"""He does not get where he was going."""


@dataclass(frozen=True)
class Undisturbed:
    """What must come of a leg, which seams it passes how often, and how long it takes in truth."""

    outcome: Outcome
    passes: Counter[str]
    took_s: float


@dataclass(frozen=True)
class Killed:
    """`met` False: the leg was over before."""

    met: bool
    harm: Harm
    why: tuple[str, ...] = ()


@dataclass
class Walk:
    """The path, of which `legs` can be begun again from where they were saved; the others are only gone."""

    ground: Ground
    legs: Sequence[Leg] = LEGS
    undisturbed: dict[str, Undisturbed] = field(default_factory=dict)

    @property
    def seams(self) -> Mapping[str, Sequence[tuple[Leg, int]]]:
        """Which legs pass a seam, and how often."""
        found: dict[str, list[tuple[Leg, int]]] = {}
        for leg in self.legs:
            for seam, times in sorted(self.undisturbed[leg.name].passes.items()):
                found.setdefault(seam, []).append((leg, times))
        return found

    async def begins(self) -> None:
        """The path once undisturbed, saving before each of our legs and listing its seams."""
        ground, last = self.ground, max(map(LEGS.index, self.legs))
        await ground.begins()
        for leg in LEGS[: last + 1]:
            if leg is not LEGS[0]:
                await ground.lives()
                await ground.while_alive(leg.before(Driver(ground, ground.world.now)))
            if leg in self.legs:
                await ground.ends(signal.SIGTERM)
                await self._saved(leg)
            else:
                await ground.lives()
                await ground.while_alive(leg.during(Driver(ground, ground.world.now)))

    async def _saved(self, leg: Leg) -> None:
        """The leg in a life of its own, from where it is saved."""
        ground, loop = self.ground, asyncio.get_running_loop()
        ground.save(leg.name)
        await ground.restore(leg.name)
        began_s, since = loop.time(), await marks(ground)
        driver = Driver(ground, ground.world.now)
        await ground.starts()
        await self._goes(leg, driver)
        came = await outcome(ground, since)
        took_s = loop.time() - began_s
        await ground.ends(signal.SIGTERM)
        passes = Counter(ground.seams.read_text().splitlines())
        self.undisturbed[leg.name] = Undisturbed(came, passes, took_s)

    async def is_killed(self, leg: Leg, when: Cut | float) -> Killed:
        """The leg with one kill in it: at a seam, or so many seconds after Chargekey was told to start."""
        ground, loop = self.ground, asyncio.get_running_loop()
        await ground.restore(leg.name)
        since, driver = await marks(ground), Driver(ground, ground.world.now)
        must = self.undisturbed[leg.name].outcome
        delay_s, cut = (None, when) if isinstance(when, Cut) else (when, None)
        kill = loop.call_later(delay_s, self._kill) if delay_s is not None else None
        met = False
        try:
            try:
                await ground.starts(cut)
                await self._goes(leg, driver)
            except Died:
                met = True
                await ground.starts_again()
                await self._goes(leg, driver)
            came = await outcome(ground, since)
        except (AssertionError, TimeoutError, httpx2.TransportError, FollowerLost) as broken:
            return Killed(met, STORY_BROKEN, (f"{type(broken).__name__}: {broken}",))
        finally:
            if kill:
                kill.cancel()
            await ground.ends()
        return Killed(met, harm(came, must), tuple(told(came, must)))

    def _kill(self) -> None:
        if self.ground.life:
            self.ground.life.meets(signal.SIGKILL)

    async def _goes(self, leg: Leg, driver: Driver) -> None:
        await self.ground.while_alive(leg.during(driver))
        await self.ground.while_alive(driver.rests(leg))


@contextlib.asynccontextmanager
async def a_walk(kind: str, folder: Path, legs: Sequence[Leg] = LEGS) -> AsyncIterator[Walk]:
    """Gone once, on a database of that kind. Raises `NoPostgres`."""
    with contextlib.ExitStack() as until_the_end:
        database: Database = (
            Sqlite(folder / "database") if kind == "sqlite" else Postgres(until_the_end.enter_context(served()))
        )
        async with a_nursery() as nursery, a_ground(folder, database, nursery) as ground:
            made = Walk(ground, legs)
            await made.begins()
            yield made
