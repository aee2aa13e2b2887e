"""What a VIN tells of a car's age: whether it needs signed commands.

Positions are counted from 1, as vehicle papers do; Python counts from 0.
"""

from datetime import date
from typing import Final

VIN_LENGTH: Final = 17
_FIRST_MODEL_YEAR: Final = 2010
_MODEL_YEARS: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"
_LAST_YEAR_BEFORE_2021: Final = "L"
_FIRST_YEAR_OF_THE_ATOM: Final = "J"
_YEAR_2021: Final = "M"
_DRIVE_UNITS_BEFORE_THE_CHANGE: Final = frozenset("1234")
_MODELS: Final = {"S": "models", "X": "modelx", "3": "model3", "Y": "modely", "C": "cybertruck"}
_MODELS_SINCE_2021: Final = {"S": "lychee", "X": "tamarind"}


def is_before_signing(vin: str) -> bool:
    """Model S and X built before the 2021 change take plain REST commands and know no keys of apps.

    Character 10 is the model year, 8 the drive unit: an early-2021 car with the old unit is an old car.
    Years are letters up to Y (2030); digits, from 2031, are new cars.
    """
    if vin[3] not in "SX":
        return False
    year, drive_unit = vin[9], vin[7]
    if year.isdigit():
        return False
    return year <= _LAST_YEAR_BEFORE_2021 or (year == _YEAR_2021 and drive_unit in _DRIVE_UNITS_BEFORE_THE_CHANGE)


def has_the_streaming_switch(vin: str) -> bool:
    """Model S and X with an Intel Atom: built from 2018 until the 2021 change."""
    return is_before_signing(vin) and vin[9] >= _FIRST_YEAR_OF_THE_ATOM


def car_type(vin: str) -> str:
    """Tesla's internal model word, as `vehicle_config` tells it."""
    letter = vin[3]
    if not is_before_signing(vin) and letter in _MODELS_SINCE_2021:
        return _MODELS_SINCE_2021[letter]
    return _MODELS.get(letter, "model3")


def first_day(vin: str) -> date:
    """The first of January of the model year. The code runs from 2010 on; what is no code is taken for the first."""
    return date(_FIRST_MODEL_YEAR + max(0, _MODEL_YEARS.find(vin[9])), 1, 1)
