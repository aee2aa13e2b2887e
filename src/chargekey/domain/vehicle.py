"""What a VIN tells, and what a vehicle is to us.

Sources: tesla-fleet-api §4.4 and §7 (which cars need no key), smart-charging §6.1 (VIN positions).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_SHAPE: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_MODELS: Final = {
    "S": "Model S",
    "3": "Model 3",
    "X": "Model X",
    "Y": "Model Y",
    "R": "Roadster",
    "C": "Cybertruck",
    "T": "Semi",
}
_YEAR_LETTERS: Final = "ABCDEFGHJKLMNPRSTVWXY"  # 2010 is A; I, O, Q, U and Z are never used
_DIGIT_YEARS: Final = "123456789"  # 2031 is 1
OLD_DRIVE_UNITS: Final = frozenset("1234")
"""Character 8 of an S or X: 1 to 4 is the drive unit from before 2021, also in cars registered as 2021."""


class VinUnreadable(ValueError):
    """The text is not a VIN: 17 characters, no I, O or Q."""


@dataclass(frozen=True, slots=True, repr=False)
class Vin:
    """A vehicle identification number. It prints as its last four; `whole` is for Tesla's wire alone."""

    whole: str

    def __post_init__(self) -> None:
        if not _SHAPE.fullmatch(self.whole):
            raise VinUnreadable("a VIN has 17 characters, A to Z and 0 to 9 without I, O and Q")

    @property
    def last_four(self) -> str:
        return self.whole[-4:]

    @property
    def model(self) -> str:
        """`Tesla` when the fourth character is one we do not know."""
        return _MODELS.get(self.whole[3], "Tesla")

    @property
    def model_year(self) -> int | None:
        """From character 10. None when it is no year character. Letters start at 2010, digits at 2031."""
        character = self.whole[9]
        if character in _YEAR_LETTERS:
            return 2010 + _YEAR_LETTERS.index(character)
        if character in _DIGIT_YEARS:
            return 2031 + _DIGIT_YEARS.index(character)
        return None

    @property
    def is_before_signed_commands(self) -> bool:
        """Whether this is an S or X from before 2021, which has no keys and takes plain commands.

        By letter, not by calendar: A to L, or M with the old drive unit. Digits are new cars.
        """
        year, unit = self.whole[9], self.whole[7]
        if self.whole[3] not in "SX":
            return False
        return year in "ABCDEFGHJKL" or (year == "M" and unit in OLD_DRIVE_UNITS)

    def __repr__(self) -> str:
        return f"Vin(…{self.last_four})"

    def __str__(self) -> str:
        return f"…{self.last_four}"


class Access(StrEnum):
    """What Tesla says the account is to the vehicle. Only OWNER and DRIVER are known values; others are UNKNOWN."""

    OWNER = "owner"
    DRIVER = "driver"
    UNKNOWN = "unknown"


class Reach(StrEnum):
    """Whether Tesla can talk to the vehicle. Asleep is a rest, offline is out of reach, neither is a fault."""

    ONLINE = "online"
    ASLEEP = "asleep"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class KeyNeed(StrEnum):
    """Whether the vehicle wants our virtual key before it obeys."""

    NEEDED = "needed"
    ON_THE_CAR = "on_the_car"
    NOT_NEEDED = "not_needed"
    NOT_YET_KNOWN = "not_yet_known"


def key_need(vin: Vin, *, paired: bool | None, commands_must_be_signed: bool | None) -> KeyNeed:
    """What fleet_status and the VIN say together (tesla-fleet-api §4.4).

    `paired` is None for a VIN in neither list. "Unpaired" does not mean "blocked" for an old S or X, and
    `commands_must_be_signed=False` alone does not prove an old car: Tesla says so wrongly at times.
    """
    if paired:
        return KeyNeed.ON_THE_CAR
    if vin.is_before_signed_commands and commands_must_be_signed is not True:
        return KeyNeed.NOT_NEEDED
    if paired is None:
        return KeyNeed.NOT_YET_KNOWN
    return KeyNeed.NEEDED
