"""The plan form of a home with several markets: what it begins with, what is understood, what is wrong."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Final

import pytest

from chargekey.domain.goal import ChargeGoal
from chargekey.domain.market import Market
from chargekey.domain.tariff import DayAheadTariff, FlatTariff, Tariff
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.markets_form import begun, choice_of, held, read, shown_again
from chargekey.entrypoints.web.plan_form import Misread, typed
from chargekey.entrypoints.web.screens.planning import MarketChoice, PlanTyped, SetPlan, Wrong
from chargekey.ports.charge_log import ChargeSettings
from tests.browser.samples_markets import AGILE, NL, SE3, THREE

GOAL: Final = ChargeGoal(dict.fromkeys(range(7), time(7)), 80, 20, "Europe/Amsterdam")
AMSTERDAM, LONDON = "Europe/Amsterdam", "Europe/London"
NOW: Final = datetime(2026, 11, 27, 17, 20, tzinfo=UTC)
FORM: Final = SetPlan(
    None,
    Vin("5YJ3E7EB4NF004F21"),
    begun(None, NL, AMSTERDAM, by_the_hour=True),
    by_the_hour=True,
    market=NL,
    choice=THREE,
)
DUTCH: Final = replace(FORM.typed, added_ct="12.5", vat_percent="21")


def settings(tariff: Tariff) -> ChargeSettings:
    return ChargeSettings(GOAL, tariff, None)


def tariff_of(sent: PlanTyped, form: SetPlan = FORM) -> Tariff:
    found = read(sent, form)
    assert isinstance(found, ChargeSettings), found
    return found.tariff


def wrong(sent: PlanTyped, form: SetPlan = FORM) -> dict[str, str]:
    found = read(sent, form)
    assert isinstance(found, Misread)
    return dict(found.wrong)


def test_what_is_chosen_is_kept_with_the_tariff_in_its_own_currency() -> None:
    assert tariff_of(DUTCH) == DayAheadTariff(125_000, 21, "EUR", NL.name)
    assert tariff_of(replace(DUTCH, market=SE3.name)) == DayAheadTariff(125_000, 21, "EUR", SE3.name)
    assert tariff_of(replace(DUTCH, market=AGILE.name)) == DayAheadTariff(0, 0, "GBP", AGILE.name)
    assert tariff_of(replace(DUTCH, market=AGILE.name, tariff="flat", flat_ct="28")) == FlatTariff(280_000, "GBP")


def test_where_there_is_one_nothing_is_asked_and_none_is_named() -> None:
    assert choice_of([NL], [NL], [AMSTERDAM], NOW) is None
    assert tariff_of(replace(DUTCH, market=SE3.name), replace(FORM, choice=None)) == DayAheadTariff(125_000, 21)


@pytest.mark.parametrize(
    ("tariff", "market"),
    [
        (DayAheadTariff(0, 0), NL),
        (DayAheadTariff(0, 0, market=SE3.name), SE3),
        (DayAheadTariff(0, 0, "GBP", AGILE.name), AGILE),
        (DayAheadTariff(0, 0, market="awattar:AT"), NL),  # one that is gone
        (FlatTariff(280_000), NL),
        (FlatTariff(280_000, "GBP"), AGILE),
        (FlatTariff(280_000, "USD"), NL),
    ],
)
def test_the_form_begins_with_the_drivers_market(tariff: Tariff, market: Market) -> None:
    assert held(settings(tariff), THREE.markets) == market
    assert begun(settings(tariff), market, AMSTERDAM, by_the_hour=True).market == market.name


def test_a_new_driver_begins_with_the_homes_own() -> None:
    assert held(None, THREE.markets) == NL
    assert FORM.typed.market == NL.name


def test_a_market_that_is_none_of_the_homes_is_no_choice() -> None:
    for sent in ("", "nobody:XX", "awattar:AT", "x" * 500):
        assert wrong(replace(DUTCH, market=typed({"market": sent}).market)) == {"market": Wrong.NOT_A_CHOICE}


def test_prices_that_are_not_to_be_had_are_refused_and_another_tariff_is_not() -> None:
    silent = choice_of(THREE.markets, [NL, SE3], [AMSTERDAM], NOW)
    assert silent == MarketChoice(THREE.markets, frozenset({AGILE.name}), THREE.clocks)
    form, sent = replace(FORM, choice=silent), replace(DUTCH, market=AGILE.name)
    assert wrong(sent, form) == {"market": Wrong.NO_PRICES_THERE}
    assert wrong(replace(sent, target_percent="40"), form) == {
        "market": Wrong.NO_PRICES_THERE,
        "target_percent": Wrong.TARGET_RANGE,
    }
    assert tariff_of(replace(sent, tariff="flat", flat_ct="28"), form) == FlatTariff(280_000, "GBP")
    assert tariff_of(DUTCH, form) == DayAheadTariff(125_000, 21, "EUR", NL.name)


def test_nothing_typed_is_lost_when_something_is_wrong() -> None:
    sent = replace(DUTCH, market=SE3.name, added_ct="much")
    misread = read(sent, FORM)
    assert isinstance(misread, Misread)
    again = shown_again(FORM, sent, misread)
    assert (again.typed, again.market, again.wrong) == (sent, SE3, {"added_ct": Wrong.NO_NUMBER})


def test_a_driver_says_by_which_clock_he_leaves_where_the_markets_have_several() -> None:
    alike = choice_of([NL, SE3], [NL, SE3], [AMSTERDAM, "Europe/Stockholm"], NOW)
    assert alike is not None
    assert alike.clocks == ()
    found = read(replace(DUTCH, market=AGILE.name, clock=LONDON), FORM)
    assert isinstance(found, ChargeSettings)
    assert found.goal.zone == LONDON
    assert wrong(replace(DUTCH, clock="Mars/Olympus")) == {"clock": Wrong.NOT_A_CHOICE}
    assert wrong(replace(DUTCH, clock="")) == {"clock": Wrong.NOT_A_CHOICE}
