"""Whose prices a home goes by, one source or several: what can be meant, or one clear line that says what is wrong."""

from pathlib import Path
from typing import Final

import pytest

from tests.test_settings import DEMO, NAMES, REAL, complaint, read

AGILE: Final = "octopus:E-1R-AGILE-24-10-01-C"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No environment but the test's own, and no `.env` in sight."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("prices", "url"),
    [("energy-charts:NL", ""), ("awattar:AT", "https://prices.example"), ("energy-charts:DE-LU", "http://localhost:9")],
)
def test_a_source_of_prices_is_asked_where_it_is_or_where_it_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch, prices: str, url: str
) -> None:
    settings = read(monkeypatch, REAL, PRICES=prices, PRICES_URL=url)
    (asked,) = settings.price_sources
    assert (asked.market.name, asked.url) == (prices, url)


def test_without_a_source_of_prices_there_is_no_market(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, REAL).markets == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [("PRICES", "nobody:NL"), ("PRICES", "awattar:NL"), ("PRICES_URL", "http://prices.example"), ("PRICES_URL", "x")],
)
def test_a_source_that_cannot_be_meant_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert f"CHARGEKEY_{name}" in complaint(monkeypatch, REAL, **{name: value})


def test_a_source_that_wants_a_key_is_not_asked_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "CHARGEKEY_PRICES_KEY" in complaint(monkeypatch, REAL, PRICES="entsoe:NL")
    assert "hunter2" not in repr(read(monkeypatch, REAL, PRICES="entsoe:NL", PRICES_KEY="hunter2"))


def test_several_sources_are_asked_each_where_it_is_and_by_its_own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        REAL,
        PRICES=f"energy-charts:NL, {AGILE},tibber:EUR,entsoe:SE3",
        PRICES_URL="octopus=https://prices.example/,energy-charts=http://localhost:9",
        PRICES_KEY="tibber=hunter2,entsoe=a=b",
    )
    assert [(one.market.name, one.url, one.key.reveal()) for one in settings.price_sources] == [
        ("energy-charts:NL", "http://localhost:9", ""),
        (AGILE, "https://prices.example", ""),
        ("tibber:EUR", "", "hunter2"),
        ("entsoe:SE3", "", "a=b"),
    ]


@pytest.mark.parametrize(
    ("prices", "key", "keys"),
    [
        ("energy-charts:NL,entsoe:SE3", "hunter2", ["", "hunter2"]),  # only one wants any
        ("entsoe:NL,entsoe:SE3", "hunter2", ["hunter2", "hunter2"]),
        ("tibber:EUR", "hunter2,=", ["hunter2,="]),
    ],
)
def test_a_key_that_can_only_be_ones_need_not_say_whose_it_is(
    monkeypatch: pytest.MonkeyPatch, prices: str, key: str, keys: list[str]
) -> None:
    assert [one.key.reveal() for one in read(monkeypatch, REAL, PRICES=prices, PRICES_KEY=key).price_sources] == keys


@pytest.mark.parametrize(
    ("prices", "more", "name"),
    [
        ("energy-charts:NL,nobody:NL", {}, "PRICES:"),
        ("energy-charts:NL,energy-charts:NL", {}, "PRICES:"),
        ("energy-charts:NL,awattar:AT", {"PRICES_URL": "https://prices.example"}, "PRICES_URL"),
        ("energy-charts:NL,awattar:AT", {"PRICES_URL": "awattar=http://prices.example"}, "PRICES_URL"),
        ("energy-charts:NL,awattar:AT", {"PRICES_URL": "awattar=x"}, "PRICES_URL"),
        ("energy-charts:NL", {"PRICES_URL": "awattar=https://prices.example"}, "PRICES_URL"),
        ("entsoe:NL,tibber:EUR", {"PRICES_KEY": "hunter2"}, "PRICES_KEY"),
        ("entsoe:NL,tibber:EUR", {"PRICES_KEY": "tibber=hunter2"}, "PRICES_KEY"),
        ("entsoe:NL", {"PRICES_KEY": "entsoe=hunter2,tibber=hunter2"}, "PRICES_KEY"),
    ],
)
def test_what_is_said_of_several_sources_and_cannot_be_meant_is_named(
    monkeypatch: pytest.MonkeyPatch, prices: str, more: dict[str, str], name: str
) -> None:
    assert f"CHARGEKEY_{name}" in complaint(monkeypatch, REAL, more, PRICES=prices)


def test_the_demo_asks_none_of_several_outside_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {"PRICES": f"energy-charts:NL,{AGILE}", "PRICES_URL": "energy-charts=http://localhost:9"}
    assert "CHARGEKEY_PRICES_URL" in complaint(monkeypatch, DEMO, more)


def test_the_demo_asks_no_source_outside_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "CHARGEKEY_PRICES_URL" in complaint(monkeypatch, DEMO, PRICES="energy-charts:NL")
    assert read(monkeypatch, DEMO, PRICES="energy-charts:NL", PRICES_URL="http://localhost:9").markets
