"""The form for solar surplus: what is understood, what is wrong, and that the plan form leaves it alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest

from chargekey.domain.market import BUNDLED, market
from chargekey.domain.tariff import FlatTariff
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.markets_form import read
from chargekey.entrypoints.web.plan_form import Misread
from chargekey.entrypoints.web.screens.planning import PlanTyped, SetPlan, Wrong
from chargekey.entrypoints.web.screens.surplus import KeyMade, Sun, SurplusTyped, WrongSurplus
from chargekey.entrypoints.web.surplus_form import SunWanted, as_typed, sun_of, typed, understood
from chargekey.ports.charge_log import ChargeSettings
from tests.contract.test_charge_log import GOAL

SUN: Final = Sun(82_000, "8.2", "EUR", 16)
PLAN: Final = SetPlan(None, Vin("5YJ3E7EB4NF004F21"), PlanTyped(), True, BUNDLED, sun=SUN)
AGILE: Final = market("octopus:E-1R-AGILE-24-10-01-C")
SENT: Final = PlanTyped(current_a="13")


@pytest.mark.parametrize(
    ("feed_in", "current", "wanted"),
    [
        ("8", "16", SunWanted(80_000, 16)),
        ("0", "6", SunWanted(0, 6)),
        ("8,25", "48", SunWanted(82_500, 48)),
        ("500", "7", SunWanted(5_000_000, 7)),
    ],
)
def test_what_is_typed_is_understood(feed_in: str, current: str, wanted: SunWanted) -> None:
    assert understood(SurplusTyped(feed_in, current)) == wanted


@pytest.mark.parametrize(
    ("feed_in", "current", "wrong"),
    [
        ("", "", {"feed_in_ct": WrongSurplus.NO_NUMBER, "current_a": WrongSurplus.CURRENT_RANGE}),
        ("eight", "16", {"feed_in_ct": WrongSurplus.NO_NUMBER}),
        ("NaN", "16", {"feed_in_ct": WrongSurplus.NO_NUMBER}),
        ("-1", "16", {"feed_in_ct": WrongSurplus.FEED_IN_RANGE}),
        ("501", "16", {"feed_in_ct": WrongSurplus.FEED_IN_RANGE}),
        ("8", "5", {"current_a": WrongSurplus.CURRENT_RANGE}),
        ("8", "49", {"current_a": WrongSurplus.CURRENT_RANGE}),
        ("8", "16.5", {"current_a": WrongSurplus.CURRENT_RANGE}),
        ("8", "sixteen", {"current_a": WrongSurplus.CURRENT_RANGE}),
    ],
)
def test_each_mistake_is_named_at_its_field(feed_in: str, current: str, wrong: Mapping[str, str]) -> None:
    assert understood(SurplusTyped(feed_in, current)) == wrong


def test_what_was_sent_is_kept_as_typed_cut_to_a_sane_length() -> None:
    assert typed({"feed_in_ct": " 8 ", "current_a": "x" * 400}) == SurplusTyped("8", "x" * 20)


def test_the_form_begins_with_what_is_set() -> None:
    settings = ChargeSettings(GOAL, FlatTariff(300_000), None)
    assert as_typed(settings) == SurplusTyped("", "")
    assert sun_of(settings) is None
    followed = replace(settings, current_a=16, feed_in_micro_per_kwh=82_000)
    assert as_typed(followed) == SurplusTyped("8.2", "16")
    assert sun_of(followed) == SUN
    assert as_typed(replace(followed, feed_in_micro_per_kwh=0)) == SurplusTyped("0", "16")


def test_a_key_is_not_printed_with_its_page() -> None:
    assert "secret" not in repr(KeyMade("https://charge.example", "secret", "secret", "secret"))


# ── the plan form leaves it alone ────────────────────────────────────────────────────────────────


def test_saving_the_plan_keeps_what_the_grid_pays() -> None:
    found = read(SENT, PLAN)
    assert isinstance(found, ChargeSettings)
    assert (found.feed_in_micro_per_kwh, found.current_a) == (82_000, 13)
    without = read(SENT, replace(PLAN, sun=None))
    assert isinstance(without, ChargeSettings)
    assert without.feed_in_micro_per_kwh is None


@pytest.mark.parametrize("current", ["", "5"])
def test_while_sun_is_followed_the_plan_needs_a_current(current: str) -> None:
    found = read(replace(SENT, current_a=current), PLAN)
    assert isinstance(found, Misread)
    assert found.wrong == {"current_a": Wrong.CURRENT_BESIDE_SUN}
    assert isinstance(read(replace(SENT, current_a=current), replace(PLAN, sun=None)), ChargeSettings)


def test_it_is_named_with_all_else_that_is_wrong() -> None:
    found = read(replace(SENT, current_a="", target_percent="x"), PLAN)
    assert isinstance(found, Misread)
    assert found.wrong == {"current_a": Wrong.CURRENT_BESIDE_SUN, "target_percent": Wrong.NO_NUMBER}
    found = read(replace(SENT, current_a="99"), PLAN)
    assert isinstance(found, Misread)
    assert found.wrong == {"current_a": Wrong.CURRENT_RANGE}


def test_money_of_another_currency_is_not_taken_for_it() -> None:
    found = read(replace(SENT, tariff="flat"), replace(PLAN, market=AGILE))
    assert isinstance(found, ChargeSettings)
    assert found.tariff.currency == "GBP"
    assert found.feed_in_micro_per_kwh is None
