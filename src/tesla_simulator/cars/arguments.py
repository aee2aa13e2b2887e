"""How the arguments of a command are read: strictly, for a car takes no word for a number."""

from collections.abc import Callable, Mapping
from typing import Final

from tesla_simulator.cars.record import CarRecord
from tesla_simulator.cars.timetable import EVERY_DAY
from tesla_simulator.vehicle_protocol.orders import Outcome

Arguments = Mapping[str, object]
Command = Callable[[CarRecord, Arguments], Outcome]

DONE: Final = Outcome(True)
INVALID: Final = Outcome(False, "invalid_value")
_WEEKDAYS: Final = 0b0111110
_DAY_BITS: Final = {
    "sun": 1, "mon": 2, "tue": 4, "wed": 8, "thu": 16, "fri": 32, "sat": 64,
}  # fmt: skip


def whole_number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def days(words: object) -> int | None:
    """Bits with Sunday as 1; None when a word is no day."""
    if not isinstance(words, str):
        return None
    bits = 0
    for word in words.lower().replace(" ", "").split(","):
        wide = {"all": EVERY_DAY, "weekdays": _WEEKDAYS}.get(word)
        bit = wide or _DAY_BITS.get(word[:3])
        if bit is None:
            return None
        bits |= bit
    return bits
