"""What looking after a home tells its operator: how it stands, what waits for somebody, how its keys were turned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chargekey.domain.night import Order
from chargekey.domain.vehicle import Vin
from chargekey.ports.jobs import Parked, Work


@dataclass(frozen=True, slots=True)
class Rotated:
    """How far the keys at rest are turned.

    `key` seals now; `added` False: it came with an earlier call, and this one went on. `sealed_anew`: how many values
    by column. `left`: how many each older key still seals. `broken`: what no key opens, as column and row.
    """

    key: int
    added: bool
    sealed_anew: Mapping[str, int]
    left: Mapping[int, int]
    broken: Sequence[str]


@dataclass(frozen=True, slots=True)
class Timer:
    """One that waits: `since` when it is due, or since when nobody who lives holds it."""

    work: Work
    key: int
    since: datetime


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A command of which nobody knows whether the car has done it."""

    vehicle_id: int
    order: Order
    since: datetime


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that must be there for its owner alone. `mode` None: it is missing."""

    name: str
    mode: int | None

    @property
    def is_private(self) -> bool:
        return self.mode is not None and not self.mode & 0o077


@dataclass(frozen=True, slots=True)
class Ground:
    """What a home stands on. `stands`: which version the database is of, None: of none yet.

    `backed_up_at`: the newest backup in the data folder, None: none is there. Of one elsewhere nothing is known.
    """

    stands: str | None
    newest: str
    is_known: bool
    files: Sequence[KeptFile]
    free_bytes: int
    backed_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class AtWork:
    """What waits and what is sealed; only a database of this very version can tell."""

    parked: Sequence[Parked] = ()
    overdue: Sequence[Timer] = ()
    held_by_the_dead: Sequence[Timer] = ()
    not_known: Sequence[NotKnown] = ()
    undecided: Sequence[datetime] = ()
    cars: Mapping[int, Vin] = field(default_factory=dict)
    ring: Sequence[int] = ()
    sealed: Mapping[int, int] = field(default_factory=dict)
    broken: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """A home, looked at. `at_work` None: the database is not of this version, or not there."""

    ground: Ground
    at_work: AtWork | None
    at: datetime


class Upkeep(Protocol):
    """Looking at a home from outside, with nothing changed by it."""

    async def examine(self, now: datetime) -> Examined:
        """Everything at once. Reads all that is sealed, to see whether it opens."""

    def free_bytes(self) -> int:
        """What is free where the data folder is."""

    async def parked(self) -> tuple[Sequence[Parked], Mapping[int, Vin]]:
        """What was given up, oldest first, and the cars that it is about."""

    async def again(self, work: Work, key: int, now: datetime) -> bool:
        """Set a parked one going, due now. False: it is not parked."""
