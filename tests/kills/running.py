"""A leg, undisturbed or with one kill in it, and what came of it."""

import asyncio
import signal
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.kills.ground import Died, Ground
from tests.kills.judging import Harm, Outcome, harm, marks, outcome, told
from tests.kills.legs import LEGS, Driver, Leg
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
    """Legs one after the other, each to be begun again from where it was saved."""

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

    async def begins(self, way_there: Sequence[Leg] = ()) -> None:
        """Once undisturbed, saving before each leg and listing its seams. `way_there` is only gone, in one life."""
        ground = self.ground
        await ground.begins()
        if way_there:
            await ground.starts()
            for leg in way_there:
                await leg.before(Driver(ground, ground.world.now))
                await leg.during(Driver(ground, ground.world.now))
            await ground.ends(signal.SIGTERM)
        for leg in self.legs:
            if leg is not LEGS[0]:
                await ground.starts()
                await leg.before(Driver(ground, ground.world.now))
                await ground.ends(signal.SIGTERM)
            ground.save(leg.name)
            await ground.restore(leg.name)
            loop = asyncio.get_running_loop()
            began_s, since = loop.time(), marks(ground)
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
        since, driver = marks(ground), Driver(ground, ground.world.now)
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
        except (AssertionError, TimeoutError) as broken:
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
