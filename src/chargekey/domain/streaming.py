"""What a car is told to stream by itself: which signals, how often, and why so.

Rules of this room:

1. One config for every phase of a day, for a car's own rules make the phases: it sends a value when it has changed,
   so unplugged it sends hardly more than where it is, waiting nothing, and charging the percents. To change the config
   three times a day would be three calls. Tesla names no price for them, and we count them as looks: $0.18 a month. It
   would save the first values of five fields at the wakes of an unplugged car: some 15 signals a day, $0.003 a month.
2. A signal costs 1/150,000 of a dollar, an order 150 of them, a look 300 and a wake 3,000 (tesla-fleet-api §9). So
   whatever spares one look a night may cost 300 signals.
3. Only what is read (`domain/telemetry`) is asked for.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from chargekey.domain.telemetry import Signal


@dataclass(frozen=True, slots=True)
class Sends:
    """How often a car sends one signal: a change at most each `every`, and no smaller one than `least`.

    `least` is in the signal's own unit, metres for a place; None: any. `again`: sent after so long although it is the
    same; None: never. Cars heed `least` and `again` from firmware 2024.44.32 on; older ones send more.
    """

    every: timedelta
    least: int | None = None
    again: timedelta | None = None


_AT_ONCE: Final = Sends(timedelta(seconds=10))
"""What changes only when somebody does something."""
SENDS: Final[Mapping[Signal, Sends]] = {
    Signal.CHARGING: Sends(timedelta(seconds=1), again=timedelta(minutes=14)),
    Signal.SOC: Sends(timedelta(minutes=2)),
    Signal.LIMIT: _AT_ONCE,
    Signal.CURRENT_ASKED: _AT_ONCE,
    Signal.CURRENT_MAX: _AT_ONCE,
    Signal.PHASES: _AT_ONCE,
    Signal.POWER: Sends(timedelta(minutes=1), least=1_000),
    Signal.ENERGY_ADDED: Sends(timedelta(minutes=5)),
    Signal.HEATING_BATTERY: _AT_ONCE,
    Signal.AT_FAST_CHARGER: _AT_ONCE,
    Signal.PLACE: Sends(timedelta(minutes=1), least=100),
}
"""Whether it charges is said twice in half an hour, so that an awake car in which nothing happens is known to be heard
although one of them was lost. What flows has no least change: else what it came to in the end, less than that more than
before, would never be told, and a car that is full would be one percent short."""
LASTS: Final = timedelta(days=90)
"""A car that we have lost sight of ends by itself to stream."""


@dataclass(frozen=True, slots=True)
class StreamTo:
    """The operator's telemetry server. `ca`: PEM of whoever signed its certificate."""

    host: str
    port: int
    ca: str


@dataclass(frozen=True, slots=True)
class StreamConfig:
    """Where to, and what."""

    to: StreamTo
    sends: Mapping[Signal, Sends]

    @property
    def name(self) -> str:
        """By which one config is told from any other."""
        told = {
            signal.value: (sends.every.total_seconds(), sends.least, sends.again and sends.again.total_seconds())
            for signal, sends in self.sends.items()
        }
        said = json.dumps([self.to.host, self.to.port, self.to.ca, told], sort_keys=True)
        return sha256(said.encode()).hexdigest()[:16]


def config_for(to: StreamTo, *, with_place: bool) -> StreamConfig:
    """`with_place`: the driver allows it. Else the car is not even asked where it is."""
    return StreamConfig(to, {one: sends for one, sends in SENDS.items() if with_place or one is not Signal.PLACE})
