"""A month and a year of nights, as their pages can look."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from chargekey.domain.span import Span
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.drawing_month import front_of
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.span import NightsInSpan, Row, Sums
from tests.browser import samples_carbon, samples_sun
from tests.browser.sample_chart import at

NOVEMBER: Final = Span(2026, 11)
TODAY: Final = date(2026, 11, 26)
CHARGED_KWH: Final = {
    1: 12, 3: 31, 4: 18, 7: 24, 8: 9, 10: 28, 11: 31, 13: 15, 15: 22, 17: 30, 18: 11, 20: 26, 22: 19, 23: 33,
    25: 14, 26: 31,
}  # fmt: skip


def sums(kwh: int, nights: int = 1) -> Sums:
    """At 15.1 ct a kWh, and 34.5 at once."""
    return Sums(
        nights=nights,
        due=nights,
        in_time=nights,
        energy_wh=kwh * 1_000,
        unpriced=0,
        paid_otherwise=0,
        paid=Decimal("0.151") * kwh,
        saved=Decimal("0.194") * kwh,
        price_micro_per_kwh=151_000,
        tesla_bill_micro_usd=34_000 * nights,
    )


def spans(car: Vin) -> dict[str, Screen]:
    """November until the 26th, and what it may lack; the year it is in."""
    wh_by_day = {date(2026, 11, day): kwh * 1_000 for day, kwh in CHARGED_KWH.items()}
    whole = sums(sum(CHARGED_KWH.values()), len(CHARGED_KWH))
    month = NightsInSpan(
        car=car,
        span=NOVEMBER,
        is_running=True,
        sums=whole,
        front=front_of(NOVEMBER, wh_by_day, TODAY, 0),
        rows=tuple(Row(date(2026, 11, day), sums(kwh), f"/nights/{day}") for day, kwh in CHARGED_KWH.items()),
        earlier=NOVEMBER.before,
        later=None,
        measured_at=at(4, 47),
    )
    nothing = replace(sums(0, 0), paid=None, saved=None, price_micro_per_kwh=None)
    year = Span(2026)
    october = Row(date(2026, 10, 1), sums(402, 18), "/nights/in/2026-10")
    months = (october, Row(date(2026, 11, 1), whole, "/nights/in/2026-11"))
    return {
        "16-month": month,
        **samples_carbon.months(month),
        **samples_sun.months(month),
        **_otherwise(month),
        "16-month-nothing": replace(
            month,
            span=NOVEMBER.before,
            is_running=False,
            sums=nothing,
            front=front_of(NOVEMBER.before, {}, TODAY, 0),
            rows=(),
            earlier=None,
            later=NOVEMBER,
            measured_at=None,
        ),
        "16-year": replace(month, span=year, sums=sums(756, 34), front=None, rows=months, earlier=None, later=None),
    }


def _otherwise(month: NightsInSpan) -> dict[str, Screen]:
    """Nights that were late, or not left in so long; without a price, or in another currency."""
    whole = month.sums
    unpriced = replace(whole, paid=None, saved=None, price_micro_per_kwh=None, unpriced=whole.nights)
    return {
        "16-month-some-late": replace(month, sums=replace(whole, in_time=15, due=16, unpriced=1)),
        "16-month-few-due": replace(month, sums=replace(whole, in_time=3, due=3)),
        "16-month-no-prices": replace(month, sums=unpriced),
        "16-month-two-currencies": replace(month, sums=replace(whole, paid_otherwise=2)),
    }
