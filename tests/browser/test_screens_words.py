"""Words and looks that must stay whole: the catalogue, the two dark blocks, the icons' names."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from chargekey.domain.tariff import Currency
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.pages import TEMPLATES
from chargekey.entrypoints.web.words import Words, place_for
from tests.browser.catalogue import sentences, written
from tests.browser.gallery import STATIC

NOON = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
WORDS = Words("en_GB", "Europe/Amsterdam")


def test_every_sentence_of_the_templates_stands_in_the_catalogue() -> None:
    assert _ids(sentences()) == _ids(written()), "run: python -m tests.browser.catalogue"


def test_every_sentence_can_be_filled_in() -> None:
    for message in sentences():
        for text in message.id if isinstance(message.id, tuple | list) else (message.id,):
            names = re.findall(r"%\((\w+)\)s", text)
            assert not text or text % dict.fromkeys([*names, "num"], "")


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_no_template_carries_a_style_a_script_or_a_handler(file: Path) -> None:
    text = re.sub(r"\{[#%{].*?[#%}]\}", "", file.read_text(), flags=re.S)

    assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=", text)


def test_dark_is_the_same_whether_the_system_or_the_driver_wishes_it() -> None:
    css = (STATIC / "chargekey.css").read_text()
    blocks = re.findall(r"--paper: #0b161b;.*?\}", css, flags=re.S)

    assert len(blocks) == 2
    assert blocks[0].split() == blocks[1].split()


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(0), "1 second ago"),
        (timedelta(seconds=4), "4 seconds ago"),
        (timedelta(minutes=3), "3 minutes ago"),
        (timedelta(hours=2), "at 11:00"),
        (timedelta(days=2), "on Thu 26 Mar, 13:00"),
    ],
)
def test_an_age_is_told_as_one_would_say_it(age: timedelta, said: str) -> None:
    assert WORDS.ago(NOON - age, NOON) == said


def test_numbers_carry_their_units_and_are_rounded_once() -> None:
    assert WORDS.money(Decimal("4.585")) == "€4.58"
    assert WORDS.money(Decimal("-0.3")) == "−€0.30"
    assert WORDS.cents(159_400, 1) == "15.9\u00a0ct"
    assert WORDS.cents(-60_000) == "−6\u00a0ct"
    assert WORDS.minor == "ct"
    assert WORDS.kwh(31_140) == "31.1\u00a0kWh"
    assert WORDS.dollars(4_000) == "$0.004"


def test_a_home_in_britain_reads_pounds_and_pence() -> None:
    words = Words("en_GB", "Europe/London", currency="GBP")
    assert words.money(Decimal("4.585")) == "£4.58"
    assert words.cents(159_400, 1) == "15.9\u00a0p"
    assert words.minor == "p"
    assert words.dollars(4_000) == "$0.004"  # what Tesla bills stays what it is


@pytest.mark.parametrize(
    ("place", "currency", "money", "price"),
    [
        ("en_AU", "AUD", "$4.58", "15.9\u00a0c"),
        ("en_US", "USD", "$4.58", "15.9\u00a0¢"),
        ("en_GB", "AUD", "A$4.58", "15.9\u00a0c"),
        ("en_GB", "USD", "US$4.58", "15.9\u00a0¢"),
    ],
)
def test_a_dollar_says_whose_it_is_where_it_is_not_ones_own(
    place: str, currency: Currency, money: str, price: str
) -> None:
    words = Words(place, "Australia/Sydney", currency=currency)
    assert (words.money(Decimal("4.585")), words.cents(159_400, 1)) == (money, price)


@pytest.mark.parametrize(
    ("mass_mg", "said"),
    [
        (2_140_000, "2.1\u00a0kg"),
        (-310_400, "310\u00a0g"),
        (999_400, "999\u00a0g"),
        (999_600, "1.0\u00a0kg"),
        (499, "0\u00a0g"),
    ],
)
def test_carbon_is_told_in_grams_or_kilograms_without_its_sign(mass_mg: int, said: str) -> None:
    assert WORDS.grams(mass_mg) == said


def test_a_clock_shows_the_drivers_time_on_the_night_it_jumps() -> None:
    assert [WORDS.clock(datetime(2026, 3, 29, hour, tzinfo=UTC)) for hour in (0, 1)] == ["1:00", "3:00"]


def test_a_car_is_named_by_model_and_last_four_alone() -> None:
    named = WORDS.car(Vin("5YJ3E7EB4NF004F21"))

    assert named.replace("\u2060", "").replace("\u00a0", " ") == "Model 3 …4F21"


@pytest.mark.parametrize(
    ("asked", "place"),
    [("en-US,en;q=0.9", "en_US"), ("de-DE,de;q=0.9", "en_GB"), ("", "en_GB"), ("*", "en_GB"), ("en;q=x", "en_GB")],
)
def test_a_browser_gets_the_nearest_place_we_can_write_for(asked: str, place: str) -> None:
    assert place_for(asked) == place


def _ids(catalogue: Catalog) -> set[str]:
    return {str(one.id) for one in catalogue if one.id}
