"""What a VIN tells, and whether a vehicle needs our key."""

from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.vehicle import KeyNeed, Vin, VinUnreadable, key_need

LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def vin(model: str = "3", *, year: str = "P", unit: str = "A") -> Vin:
    """A made-up VIN: the model is character 4, the drive unit 8, the year 10."""
    return Vin(f"5YJ{model}E7E{unit}1{year}F123456")


OLD_S: Final = vin("S", year="K", unit="2")
NEW_S: Final = vin("S", year="N", unit="5")


@pytest.mark.parametrize(
    ("character", "model"),
    [
        ("S", "Model S"),
        ("3", "Model 3"),
        ("X", "Model X"),
        ("Y", "Model Y"),
        ("R", "Roadster"),
        ("C", "Cybertruck"),
        ("T", "Semi"),
        ("9", "Tesla"),  # one we do not know yet is a Tesla all the same
    ],
)
def test_the_fourth_character_is_the_model(character: str, model: str) -> None:
    assert vin(character).model == model


@pytest.mark.parametrize(
    ("character", "year"),
    [
        ("A", 2010),
        ("H", 2017),
        ("J", 2018),  # I is never used
        ("L", 2020),
        ("M", 2021),
        ("N", 2022),
        ("P", 2023),  # nor O
        ("R", 2024),  # nor Q
        ("T", 2026),
        ("V", 2027),  # nor U
        ("Y", 2030),
        ("1", 2031),  # then come the digits
        ("9", 2039),
        ("0", None),
        ("U", None),
        ("Z", None),
    ],
)
def test_the_tenth_character_is_the_year(character: str, year: int | None) -> None:
    assert vin(year=character).model_year == year


@pytest.mark.parametrize(
    ("model", "years", "units", "before"),
    [
        ("S", "ABCDEFGHJKL", "1234A5", True),  # until 2020, whatever the drive unit
        ("X", "ABCDEFGHJKL", "1234A5", True),
        ("S", "M", "1234", True),  # registered as 2021, built with the old drive unit
        ("X", "M", "1234", True),
        ("S", "M", "056AB", False),
        ("SX", "NPRSTVWXY", "1234A", False),
        ("SX", "123456789", "1234A", False),  # digits are new cars, also in 2035
        ("3YCRT", "ABCDEFGHJKLMNP12", "12345A", False),  # no other model is ever old
    ],
)
def test_old_s_and_x_are_known_by_their_letters(model: str, years: str, units: str, before: bool) -> None:
    for each, year, unit in product(model, years, units):
        assert vin(each, year=year, unit=unit).is_before_signed_commands is before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5YJ3E7EA1PF12345",  # one short
        "5YJ3E7EA1PF1234567",  # one long
        "5YJ3E7EA1PF12345I",
        "5YJ3E7EA1PF12345O",
        "5YJ3E7EA1PF12345Q",
        "5yj3e7ea1pf123456",
        "5YJ3E7EA1PF12345 ",
        "5YJ3E7EA1PF123456\n",
        "5YJ3E7EA1PF12345٣",  # a digit elsewhere, not in a VIN
    ],
)
def test_what_is_no_vin_is_not_taken_and_not_repeated(text: str) -> None:
    with pytest.raises(VinUnreadable) as refused:
        Vin(text)
    assert "5YJ3" not in str(refused.value)


@given(st.text(LETTERS, min_size=17, max_size=17))
def test_any_vin_prints_as_its_last_four(text: str) -> None:
    read = Vin(text)
    assert read.whole == text
    for printed in (str(read), repr(read), f"{read}", f"{[read]}"):
        assert read.last_four in printed
        assert text[:13] not in printed


def test_the_same_vin_is_the_same_vehicle() -> None:
    assert vin() == vin()
    assert len({vin(), vin(), vin("Y")}) == 2


@pytest.mark.parametrize(
    ("car", "paired", "must_sign", "need"),
    [
        (vin("3"), True, True, KeyNeed.ON_THE_CAR),
        (vin("3"), True, None, KeyNeed.ON_THE_CAR),
        (vin("3"), False, True, KeyNeed.NEEDED),
        (vin("3"), False, None, KeyNeed.NEEDED),
        (vin("3"), False, False, KeyNeed.NEEDED),  # "need not sign" alone proves no old car
        (vin("3"), None, None, KeyNeed.NOT_YET_KNOWN),  # in neither list
        (vin("3"), None, False, KeyNeed.NOT_YET_KNOWN),
        (OLD_S, None, None, KeyNeed.NOT_NEEDED),
        (OLD_S, False, False, KeyNeed.NOT_NEEDED),  # "unpaired" does not mean "blocked" there
        (OLD_S, False, None, KeyNeed.NOT_NEEDED),
        (OLD_S, False, True, KeyNeed.NEEDED),  # Tesla insists
        (OLD_S, None, True, KeyNeed.NOT_YET_KNOWN),
        (OLD_S, True, True, KeyNeed.ON_THE_CAR),
        (NEW_S, False, False, KeyNeed.NEEDED),
        (NEW_S, None, None, KeyNeed.NOT_YET_KNOWN),
    ],
)
def test_who_needs_our_key(car: Vin, paired: bool | None, must_sign: bool | None, need: KeyNeed) -> None:
    assert key_need(car, paired=paired, commands_must_be_signed=must_sign) is need
