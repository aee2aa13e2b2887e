"""The plan form: what is understood, what is wrong, and that nothing typed is lost."""

from dataclasses import replace
from datetime import time

import pytest

from chargekey.domain.market import BUNDLED, market
from chargekey.domain.tariff import DayAheadTariff, FlatTariff, TimeOfUseTariff
from chargekey.entrypoints.web.plan_form import Misread, as_typed, typed, understood, untouched
from chargekey.entrypoints.web.screens.planning import PlanTyped, Wrong, ZoneTyped
from chargekey.ports.charge_log import ChargeSettings

ZONE = "Europe/Amsterdam"
FRESH = PlanTyped()
NL, AGILE = market("energy-charts:NL"), market("octopus:E-1R-AGILE-24-10-01-C")
NIGHT_AND_DAY = (ZoneTyped("all", "07:00", "23:00", "30"), ZoneTyped("all", "23:00", "07:00", "22,5"), ZoneTyped())


def settings(form: PlanTyped) -> ChargeSettings:
    read = understood(form, ZONE, BUNDLED, by_the_hour=True)
    assert isinstance(read, ChargeSettings), read
    return read


def wrong(form: PlanTyped) -> dict[str, str]:
    read = understood(form, ZONE, BUNDLED, by_the_hour=True)
    assert isinstance(read, Misread)
    return dict(read.wrong)


def test_the_form_as_it_comes_is_a_plan() -> None:
    read = settings(FRESH)

    assert read.goal.ready_by == dict.fromkeys(range(7), time(7))
    assert (read.goal.target_percent, read.goal.minimum_percent, read.current_a) == (80, 20, None)
    assert read.tariff == DayAheadTariff(125_000, 21)


@pytest.mark.parametrize(
    ("change", "tariff"),
    [
        ({"tariff": "flat", "flat_ct": "28,55"}, FlatTariff(285_500)),
        ({"tariff": "flat", "flat_ct": "-1.5"}, FlatTariff(-15_000)),
        ({"added_ct": "0"}, DayAheadTariff(0, 21)),
    ],
)
def test_money_is_read_with_a_comma_or_a_point(change: dict[str, str], tariff: object) -> None:
    assert settings(replace(FRESH, **change)).tariff == tariff  # type: ignore[arg-type]  # texts all


def test_rows_of_a_day_become_a_tariff_and_come_back_as_typed() -> None:
    read = settings(replace(FRESH, tariff="zones", zones=NIGHT_AND_DAY))

    assert isinstance(read.tariff, TimeOfUseTariff)
    assert [one.price_micro_per_kwh for one in read.tariff.periods] == [300_000, 225_000]
    assert as_typed(read, BUNDLED, by_the_hour=True).zones[:2] == (
        NIGHT_AND_DAY[0],
        replace(NIGHT_AND_DAY[1], price_ct="22.5"),
    )


def test_a_day_left_empty_has_nothing_to_be_ready_for() -> None:
    days = ("07:00", "07:00", "", "07:00", "06:30", "", "")
    read = settings(replace(FRESH, same_every_day=False, ready_by_day=days))

    assert [read.goal.ready_by[day] for day in (2, 4, 6)] == [None, time(6, 30), None]
    assert as_typed(read, BUNDLED, by_the_hour=True).ready_by_day == days


def test_a_day_may_have_its_own_target_and_keeps_it() -> None:
    days, targets = ("07:00",) * 5 + ("09:00", ""), ("50",) * 5 + ("80", "90")
    read = settings(replace(FRESH, same_every_day=False, ready_by_day=days, target_by_day=targets))

    assert read.goal.target_by_day == dict.fromkeys(range(5), 50)  # 80 is usual, and Sunday has no time
    form = as_typed(read, BUNDLED, by_the_hour=True)
    assert (form.same_every_day, form.target_by_day) == (False, ("50",) * 5 + ("", ""))


def test_targets_by_day_do_not_count_where_all_days_are_the_same() -> None:
    assert settings(replace(FRESH, target_by_day=("50",) * 7)).goal.target_by_day == {}


def test_days_that_differ_in_their_target_alone_are_not_told_as_the_same() -> None:
    read = settings(replace(FRESH, same_every_day=False, target_by_day=("50",) + ("",) * 6))
    assert as_typed(read, BUNDLED, by_the_hour=True).same_every_day is False


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"ready_by": "soon"}, {"ready_by": Wrong.NO_TIME}),
        ({"ready_by": "25:00"}, {"ready_by": Wrong.NO_TIME}),
        ({"same_every_day": False, "ready_by_day": ("",) * 7}, {"days": Wrong.NO_DAY}),
        ({"target_percent": "40"}, {"target_percent": Wrong.TARGET_RANGE}),
        ({"target_percent": "1e9"}, {"target_percent": Wrong.TARGET_RANGE}),
        ({"target_percent": "60", "minimum_percent": "70"}, {"minimum_percent": Wrong.MINIMUM_ABOVE_TARGET}),
        (
            {"same_every_day": False, "target_by_day": ("45", "", "x", *("",) * 4)},
            {"target_0": Wrong.TARGET_RANGE, "target_2": Wrong.NO_NUMBER},
        ),
        (
            {"same_every_day": False, "target_by_day": ("50",) + ("",) * 6, "minimum_percent": "60"},
            {"minimum_percent": Wrong.MINIMUM_ABOVE_TARGET},
        ),
        ({"added_ct": "much"}, {"added_ct": Wrong.NO_NUMBER}),
        ({"added_ct": "NaN"}, {"added_ct": Wrong.NO_NUMBER}),
        ({"added_ct": "9999"}, {"added_ct": Wrong.PRICE_RANGE}),
        ({"vat_percent": "101"}, {"vat_percent": Wrong.VAT_RANGE}),
        ({"current_a": "4"}, {"current_a": Wrong.CURRENT_RANGE}),
        ({"tariff": "gift"}, {"tariff": Wrong.NOT_A_CHOICE}),
        ({"tariff": "zones", "zones": (NIGHT_AND_DAY[0],)}, {"zones": Wrong.ZONES_GAP}),
        ({"tariff": "zones", "zones": (*NIGHT_AND_DAY, NIGHT_AND_DAY[0])}, {"zones": Wrong.ZONES_OVERLAP}),
        ({"tariff": "zones", "zones": (ZoneTyped("all", "7:00", "", "3"),)}, {"zone_0": Wrong.ZONE_INCOMPLETE}),
        ({"tariff": "zones", "zones": (ZoneTyped("none", "7:00", "7:00", "3"),)}, {"zone_0": Wrong.NOT_A_CHOICE}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(change: dict[str, object], found: dict[str, str]) -> None:
    assert wrong(replace(FRESH, **change)) == found  # type: ignore[arg-type]  # fields by name


def test_everything_wrong_is_said_at_once() -> None:
    assert set(wrong(replace(FRESH, ready_by="", target_percent="", vat_percent="x"))) == {
        "ready_by",
        "target_percent",
        "vat_percent",
    }


def test_what_was_sent_comes_back_as_typed() -> None:
    form = typed({"same": "yes", "ready_by": " 7h ", "target_percent": "9" * 40, "zone_1_price": "x"})

    assert (form.ready_by, form.zones[1].price_ct, len(form.target_percent)) == ("7h", "x", 20)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {"flat_ct": Wrong.NO_NUMBER}),
        ({"tariff": "zones"}, {"zone_0": Wrong.ZONE_INCOMPLETE, "zone_1": Wrong.ZONE_INCOMPLETE}),
        ({"tariff": "day_ahead", "added_ct": "12.5", "vat_percent": "21"}, {"tariff": Wrong.NOT_A_CHOICE}),
    ],
)
def test_where_no_price_of_the_hour_is_to_be_had_a_driver_types_his_own(
    change: dict[str, str], found: dict[str, str]
) -> None:
    read = understood(replace(untouched(BUNDLED, by_the_hour=False), **change), ZONE, BUNDLED, by_the_hour=False)  # type: ignore[arg-type]  # texts all

    assert isinstance(read, Misread)
    assert read.wrong == found


def test_a_tariff_that_is_not_offered_any_more_comes_back_as_a_price_to_type() -> None:
    form = as_typed(replace(settings(FRESH), current_a=10), BUNDLED, by_the_hour=False)

    assert (form.tariff, form.flat_ct, form.current_a) == ("flat", "", "10")
    assert as_typed(settings(replace(FRESH, tariff="flat", flat_ct="31")), BUNDLED, by_the_hour=False).flat_ct == "31"


# ── markets ──────────────────────────────────────────────────────


def test_what_is_usual_is_known_of_the_shipped_prices_alone() -> None:
    form = untouched(NL, by_the_hour=True)

    assert (form.tariff, form.added_ct, form.vat_percent, form.flat_ct) == ("day_ahead", "", "", "")
    read = understood(form, ZONE, NL, by_the_hour=True)
    assert isinstance(read, Misread)
    assert read.wrong == {"added_ct": Wrong.NO_NUMBER, "vat_percent": Wrong.NO_NUMBER}


def test_where_all_is_included_nothing_is_added() -> None:
    read = understood(untouched(AGILE, by_the_hour=True), "Europe/London", AGILE, by_the_hour=True)

    assert isinstance(read, ChargeSettings)
    assert read.tariff == DayAheadTariff(0, 0, "GBP")
    assert as_typed(read, AGILE, by_the_hour=True).tariff == "day_ahead"


@pytest.mark.parametrize(
    ("change", "tariff"),
    [
        ({"tariff": "flat", "flat_ct": "28"}, FlatTariff(280_000, "GBP")),
        ({"tariff": "zones", "zones": NIGHT_AND_DAY}, None),
    ],
)
def test_money_is_typed_in_the_markets_currency(change: dict[str, object], tariff: object) -> None:
    form = replace(FRESH, **change)  # type: ignore[arg-type]  # fields by name
    read = understood(form, "Europe/London", AGILE, by_the_hour=True)

    assert isinstance(read, ChargeSettings)
    assert read.tariff.currency == "GBP"
    assert tariff is None or read.tariff == tariff


@pytest.mark.parametrize("kind", ["flat", "zones", "day_ahead"])
def test_money_of_another_currency_is_typed_anew(kind: str) -> None:
    euros = settings(replace(FRESH, tariff=kind, flat_ct="31", zones=NIGHT_AND_DAY))
    form, fresh = as_typed(euros, AGILE, by_the_hour=True), untouched(AGILE, by_the_hour=True)

    assert form.tariff == kind
    assert (form.flat_ct, form.added_ct, form.zones) == (fresh.flat_ct, fresh.added_ct, fresh.zones)


def test_what_a_kilogram_is_worth_is_typed_in_cents_and_comes_back() -> None:
    read = settings(replace(FRESH, carbon_ct="12,5"))
    assert read.carbon_micro_per_kg == 125_000
    assert as_typed(read, BUNDLED, by_the_hour=True).carbon_ct == "12.5"
    assert (settings(FRESH).carbon_micro_per_kg, as_typed(settings(FRESH), BUNDLED, by_the_hour=True).carbon_ct) == (
        0,
        "",
    )


@pytest.mark.parametrize(
    ("tariff", "text", "cap_micro", "comes_back"),
    [
        ("day_ahead", "35,5", 355_000, "35.5"),
        ("day_ahead", "-2", -20_000, "-2"),  # who wants to be paid
        ("day_ahead", "0", 0, "0"),
        ("day_ahead", "", None, ""),
        ("flat", "20", None, ""),  # one price is paid or not
    ],
)
def test_the_most_that_a_kwh_may_cost_is_typed_in_cents_and_comes_back(
    tariff: str, text: str, cap_micro: int | None, comes_back: str
) -> None:
    read = settings(replace(FRESH, tariff=tariff, flat_ct="31", cap_ct=text))
    assert read.cap_micro_per_kwh == cap_micro
    assert as_typed(read, BUNDLED, by_the_hour=True).cap_ct == comes_back


@pytest.mark.parametrize(("text", "code"), [("501", "price_range"), ("-101", "price_range"), ("little", "no_number")])
def test_a_most_that_cannot_be_is_said(text: str, code: str) -> None:
    read = understood(replace(FRESH, cap_ct=text), ZONE, BUNDLED, by_the_hour=True)
    assert isinstance(read, Misread)
    assert read.wrong == {"cap_ct": code}


@pytest.mark.parametrize(("text", "code"), [("-1", "carbon_range"), ("501", "carbon_range"), ("much", "no_number")])
def test_a_worth_that_is_none_is_told(text: str, code: str) -> None:
    read = understood(replace(FRESH, carbon_ct=text), ZONE, BUNDLED, by_the_hour=True)
    assert isinstance(read, Misread)
    assert read.wrong == {"carbon_ct": code}
