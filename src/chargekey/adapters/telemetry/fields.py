"""Tesla's telemetry fields in our words, one table; whatever is not in it, or out of its bounds, says nothing.

Values come typed, or as text from before 2025 (`"12.3"`, `"(52.1 N, 5.1 E)"`); an absent one is None (§8.2, §8.4).
"""

import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Final

from chargekey.domain.evidence import Charging
from chargekey.domain.place import NotOnEarth, Place
from chargekey.domain.telemetry import Signal, Value

Bare = str | int | float | bool | tuple[float, float] | None
"""What a field carries: an enum by its name, a place as latitude and longitude, None for an absent value."""
LONGEST_TEXT: Final = 64
_WORDS: Final[Mapping[str, Charging]] = {
    "Disconnected": Charging.UNPLUGGED,
    "NoPower": Charging.NO_POWER,
    "Starting": Charging.STARTING,
    "Charging": Charging.CHARGING,
    "Complete": Charging.COMPLETE,
    "Stopped": Charging.STOPPED,
}
_PHASES: Final[Mapping[int, int]] = {1: 1, 2: 3, 3: 3}
"""Two means three on some firmware (tesla-fleet-api §4.2)."""
_TRUTHS: Final = {"true": True, "false": False}
_PLACE: Final = re.compile(r"\((\d{1,2}(?:\.\d{1,15})?) ([NS]), (\d{1,3}(?:\.\d{1,15})?) ([EW])\)")


class SaysNothing(Exception):
    """The value is absent, or none that this field can have."""


def values_of(fields: Mapping[str, Bare]) -> dict[Signal, Value]:
    """Of those fields that we read."""
    values: dict[Signal, Value] = {}
    for name, bare in fields.items():
        if name in _FIELDS:
            signal, read = _FIELDS[name]
            try:
                values[signal] = read(bare)
            except SaysNothing:
                continue
    return values


def _number(bare: Bare, most: float) -> float:
    """From nothing to `most`."""
    if isinstance(bare, str) and len(bare) <= LONGEST_TEXT:
        try:
            bare = float(bare)
        except ValueError as no_number:
            raise SaysNothing from no_number
    if isinstance(bare, bool) or not isinstance(bare, int | float):
        raise SaysNothing
    if not isfinite(bare) or not 0 <= bare <= most:
        raise SaysNothing
    return float(bare)


def _whole(most: float, unit: int = 1) -> Callable[[Bare], Value]:
    """Rounded, as looks are; `unit`: how many of ours are one of Tesla's."""
    return lambda bare: round(_number(bare, most) * unit)


def _phases(bare: Bare) -> Value:
    phases = _PHASES.get(round(_number(bare, 3)))
    if phases is None:
        raise SaysNothing
    return phases


def _charging(bare: Bare) -> Value:
    """The detailed field; the coarse one of before knows no cable."""
    word = _WORDS.get(bare.removeprefix("DetailedChargeState")) if isinstance(bare, str) else None
    if word is None:
        raise SaysNothing
    return word


def _truth(bare: Bare) -> Value:
    truth = _TRUTHS.get(bare.lower()) if isinstance(bare, str) else bare
    if not isinstance(truth, bool):
        raise SaysNothing
    return truth


def _place(bare: Bare) -> Value:
    """None where the car hides it. A place that is none is as good as hidden."""
    if isinstance(bare, str) and (found := _PLACE.fullmatch(bare)):
        latitude, south, longitude, west = float(found[1]), found[2] == "S", float(found[3]), found[4] == "W"
        bare = (-latitude if south else latitude, -longitude if west else longitude)
    try:
        return Place(*bare) if isinstance(bare, tuple) else None
    except NotOnEarth:
        return None


_FIELDS: Final[Mapping[str, tuple[Signal, Callable[[Bare], Value]]]] = {
    "DetailedChargeState": (Signal.CHARGING, _charging),
    "BatteryLevel": (Signal.SOC, _whole(100)),
    "Soc": (Signal.USABLE_SOC, _whole(100)),
    "ChargeLimitSoc": (Signal.LIMIT, _whole(100)),
    "ChargeAmps": (Signal.CURRENT, _whole(1_000)),
    "ChargeCurrentRequest": (Signal.CURRENT_ASKED, _whole(1_000)),
    "ChargeCurrentRequestMax": (Signal.CURRENT_MAX, _whole(1_000)),
    "ChargerVoltage": (Signal.VOLTAGE, _whole(2_000)),
    "ChargerPhases": (Signal.PHASES, _phases),
    "ACChargingPower": (Signal.POWER, _whole(1_000, 1_000)),
    "DCChargingEnergyIn": (Signal.ENERGY_ADDED, _whole(10_000, 1_000)),
    "BatteryHeaterOn": (Signal.HEATING_BATTERY, _truth),
    "FastChargerPresent": (Signal.AT_FAST_CHARGER, _truth),
    "Location": (Signal.PLACE, _place),
}
NAMES: Final[Mapping[Signal, str]] = {signal: name for name, (signal, _) in _FIELDS.items()}
"""Of each signal Tesla's field."""
OURS_A_UNIT: Final[Mapping[Signal, int]] = {Signal.POWER: 1_000, Signal.ENERGY_ADDED: 1_000}
"""How many of ours are one of Tesla's; all others are alike."""
READ: Final = frozenset(_FIELDS)
"""The names of the fields that we read. `DCChargingEnergyIn` "can be relied upon for both AC and DC" (§8.2)."""
