"""The line from one car to one app's server: what is said on it, in order, and what waits while it is down.

Rules of this room:

1. A line is opened and closed by the car: it is open while the car is awake, has reception, and is told to stream.
2. What the car has to say while it is not open, or while nobody answers at the other end, waits: the newest 5,000
   records (§8.1).
3. Records leave in the order in which they came about, and carry the moment at which they did.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from tesla_protocol.telemetry import vehicle_data_pb2 as vehicle_data

# §8.1: "Offline: car buffers 5,000 messages".
MOST_WAITING: Final = 5_000


@dataclass(frozen=True)
class Line:
    """`client_id` is the app's. The rest is as its config says; a `port` that is no whole number is never reached."""

    vin: str
    client_id: str
    hostname: str
    port: object
    ca: str
    sends_again: bool


@dataclass(frozen=True)
class Opened:
    """The car has connected."""

    at: datetime
    connection: str


@dataclass(frozen=True)
class Closed:
    """The car has hung up, or was cut off."""

    at: datetime
    connection: str


@dataclass(frozen=True)
class Record:
    """What was pushed at the end of one bucket."""

    payload: vehicle_data.Payload

    @property
    def signals(self) -> int:
        """How many of them Tesla bills."""
        return len(self.payload.data)


Said = Opened | Closed | Record


class FarEnd(Protocol):
    """Where lines lead: a server, or the dispatchers of one."""

    def takes(self, waiting: "Waiting") -> None:
        """There is something to say. It takes as much as it can now, and the rest when it can."""


@dataclass(eq=False)
class Waiting:
    """What one car has not said yet to one server. `streamed` counts signals that have left."""

    line: Line
    is_open: bool = False
    streamed: int = 0
    _held: deque[Record] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))
    _ready: deque[Said] = field(default_factory=deque)
    _ready_records: int = 0

    def __len__(self) -> int:
        return len(self._held) + len(self._ready)

    def add(self, said: Said) -> None:
        if isinstance(said, Record) and not self.is_open:
            self._held.append(said)
            return
        self._ready.append(said)
        if isinstance(said, Record):
            self._ready_records += 1
        else:
            self.is_open = isinstance(said, Opened)
        if self.is_open:
            self._ready.extend(self._held)
            self._ready_records += len(self._held)
            self._held.clear()
        self._forget_the_oldest()

    @property
    def can_leave(self) -> bool:
        """There is something to say now."""
        return bool(self._ready)

    def leave(self) -> Iterator[Said]:
        """All that can be said now, as it leaves."""
        while (said := self.next()) is not None:
            yield said

    def next(self) -> Said | None:
        """It leaves."""
        if not self._ready:
            return None
        said = self._ready.popleft()
        self._ready_records -= isinstance(said, Record)
        return said

    def _forget_the_oldest(self) -> None:
        while self._ready_records > MOST_WAITING:
            del self._ready[next(at for at, said in enumerate(self._ready) if isinstance(said, Record))]
            self._ready_records -= 1
        # A connection of which nothing is left to say was none.
        while len(self._ready) > 1 and isinstance(self._ready[0], Opened) and isinstance(self._ready[1], Closed):
            self._ready.popleft()
            self._ready.popleft()


class Lines:
    """Every car's line to every app's server. `far_end` None: nobody answers there."""

    def __init__(self, far_end: Callable[[Waiting], FarEnd | None]) -> None:
        self._far_end = far_end
        self._waiting: dict[tuple[str, str], Waiting] = {}

    def say(self, line: Line, said: Said) -> None:
        waiting = self._waiting.get((line.vin, line.client_id))
        if waiting is None or waiting.line != line:
            waiting = self._waiting[line.vin, line.client_id] = Waiting(line)
        waiting.add(said)
        self._push(waiting)

    def push(self) -> None:
        """Somebody answers at another end than before."""
        for waiting in self._waiting.values():
            self._push(waiting)

    def of(self, vin: str) -> dict[str, Waiting]:
        """By client id."""
        return {client_id: waiting for (car, client_id), waiting in self._waiting.items() if car == vin}

    def _push(self, waiting: Waiting) -> None:
        far_end = self._far_end(waiting)
        if far_end is not None:
            far_end.takes(waiting)
