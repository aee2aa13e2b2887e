"""What a car streams of itself, and how it adds up with what is known of it.

Rules of this room:

1. Each signal has a moment of its own. What is older than what is known of it never overwrites it, however late or
   often it comes.
2. A look tells everything at once: whatever was streamed before it counts no more.
3. A car sends what has changed. What it is silent about is as it was; a value that is absent says nothing, for
   "invalid" is not "unplugged" (fleet-telemetry #341). Only a place that is absent is not known any more.
4. The place is for telling home from away, and goes no further.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from chargekey.domain.evidence import ChargeState, Charging
from chargekey.domain.place import Place
from chargekey.domain.vehicle import Vin


class Signal(StrEnum):
    """What is read of a stream: members of `ChargeState` by their names, and what stands for one of them."""

    CHARGING = "charging"
    SOC = "soc_percent"
    LIMIT = "limit_percent"
    CURRENT = "current_a"
    CURRENT_ASKED = "current_asked_a"
    CURRENT_MAX = "current_max_a"
    VOLTAGE = "voltage_v"
    PHASES = "phases"
    POWER = "power_w"
    ENERGY_ADDED = "energy_added_wh"
    USABLE_SOC = "usable_soc_percent"
    """A little less than the other in the cold; it stands in where the other is not streamed."""
    HEATING_BATTERY = "heating_battery"
    AT_FAST_CHARGER = "at_fast_charger"
    PLACE = "place"


Value = int | bool | Charging | Place | None
"""As `ChargeState` has it, in its units; True or False for a heater or a fast charger. None: a place that is absent."""
_NOT_OF_CHARGE_STATE: Final = frozenset({Signal.USABLE_SOC, Signal.AT_FAST_CHARGER, Signal.PLACE})


@dataclass(frozen=True, slots=True)
class Reading:
    """What one record says. `is_connected` None: it is not about the line to the car.

    `moment`: the car's own, where its record has one; else when it came in.
    """

    vin: Vin
    moment: datetime
    values: Mapping[Signal, Value]
    is_connected: bool | None = None


Heard = Mapping[Signal, tuple[datetime, Value]]
"""The newest of each signal of one car, with its moment."""
NOTHING_HEARD: Final[Heard] = {}


@dataclass(frozen=True, slots=True)
class Word:
    """All that is known of a car, put together. `moment`: of the newest signal in it.

    `charging_at`: when it last spoke of the cable itself; None: the last look did.
    `charge.at_home` False: at a fast charger; else None, for home is not the car's to know.
    """

    charge: ChargeState
    place: Place | None
    moment: datetime
    charging_at: datetime | None


NEVER_LOOKED_AT: Final = ChargeState(None, None, Charging.UNKNOWN, None, None, None, None, None, None, None, None)


def hear(heard: Heard, reading: Reading) -> Heard:
    """With this reading. Of two at one moment the one that comes later counts."""
    newer = {
        signal: (reading.moment, value)
        for signal, value in reading.values.items()
        if signal not in heard or heard[signal][0] <= reading.moment
    }
    return {**heard, **newer}


def word(looked: ChargeState | None, looked_at: datetime | None, heard: Heard) -> Word | None:
    """`looked`: the last look, None: never. None: nothing was streamed since, or nobody has told of the cable yet."""
    newer = {signal: said for signal, said in heard.items() if looked_at is None or said[0] > looked_at}
    told: dict[str, Any] = {
        signal.value: value for signal, (_, value) in newer.items() if signal not in _NOT_OF_CHARGE_STATE
    }
    if Signal.SOC not in newer and Signal.USABLE_SOC in newer:
        told[Signal.SOC.value] = newer[Signal.USABLE_SOC][1]
    charge = _with_last_percent(replace(looked or NEVER_LOOKED_AT, **told))
    if not newer or charge.charging is Charging.UNKNOWN:
        return None
    at_fast_charger = Signal.AT_FAST_CHARGER in newer and newer[Signal.AT_FAST_CHARGER][1] is True
    place = newer[Signal.PLACE][1] if Signal.PLACE in newer else None
    return Word(
        charge=replace(charge, at_home=False if at_fast_charger and charge.plugged_in else None),
        place=place if isinstance(place, Place) else None,
        moment=max(moment for moment, _ in newer.values()),
        charging_at=newer[Signal.CHARGING][0] if Signal.CHARGING in newer else None,
    )


def _with_last_percent(charge: ChargeState) -> ChargeState:
    """A car that says it is complete is at its limit: a least change that it was told may swallow the last percent."""
    limit, soc = charge.limit_percent, charge.soc_percent
    is_swallowed = charge.charging is Charging.COMPLETE and limit is not None and soc == limit - 1
    return replace(charge, soc_percent=limit) if is_swallowed else charge


# ── what of it is worth writing down, and acting on ──────────────

KEPT_EVERY: Final = timedelta(minutes=5)
"""While only the battery fills. A row of the log for each percent would be too many, one a look too few to plan by."""
DRAWS_FROM_W: Final = 1_000
"""What flows into a car that only warms itself a little is less."""
_NEVER_STILL: Final = frozenset({Signal.CURRENT, Signal.VOLTAGE, Signal.POWER, Signal.ENERGY_ADDED})
_TURNS: Final = (
    "charging",
    "limit_percent",
    "current_asked_a",
    "current_max_a",
    "phases",
    "at_home",
    "heating_battery",
)
"""The current that flows is none of them: it is never still."""


def stirs(before: Heard, reading: Reading) -> bool:
    """Whether any of it may turn things. Else it waits for what does, or until it is time to write something down."""
    return any(_is_news(signal, before.get(signal), value) for signal, value in reading.values.items())


def turns(before: ChargeState | None, now: ChargeState) -> bool:
    """Whether something has changed that may want an order, or another plan."""
    return before is None or any(getattr(before, name) != getattr(now, name) for name in _TURNS)


def _is_news(signal: Signal, before: tuple[datetime, Value] | None, value: Value) -> bool:
    """A place once it is known; a car that drives is everywhere."""
    if signal in _NEVER_STILL:
        return False
    if signal is Signal.PLACE:
        return value is not None and (before is None or before[1] is None)
    return before is None or before[1] != value


def reaches(before: ChargeState | None, now: ChargeState, percent: int) -> bool:
    """Whether the battery has come to so many percent since."""
    was = before.soc_percent if before else None
    return now.soc_percent is not None and now.soc_percent >= percent and (was is None or was < percent)


def holds_together(charge: ChargeState) -> bool:
    """False: the signals contradict each other, so one of them was lost (fleet-telemetry #319). Only a look can tell.

    A car that draws no power although it charges has just begun, or is about to end.
    """
    return charge.drawing or (charge.power_w or 0) < DRAWS_FROM_W
