"""An operator looks after his home: how it stands, what was given up, and setting that going again."""

from collections.abc import Mapping, Sequence

from chargekey.domain.vehicle import Vin
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Parked, Work
from chargekey.ports.upkeep import Examined, Upkeep


class LookAfterHome:
    """The operator's own look at what is kept."""

    def __init__(self, upkeep: Upkeep, clock: Clock) -> None:
        self._upkeep, self._clock = upkeep, clock

    async def examine(self) -> Examined:
        """Everything there is to see."""
        return await self._upkeep.examine(self._clock.now())

    async def parked(self) -> tuple[Sequence[Parked], Mapping[int, Vin]]:
        """What was given up, and the cars that it is about."""
        return await self._upkeep.parked()

    async def again(self, work: Work, key: int) -> bool:
        """Once more, at once. False: it was not parked."""
        return await self._upkeep.again(work, key, self._clock.now())
