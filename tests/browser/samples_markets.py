"""The plan form of a home with several markets."""

from dataclasses import replace
from typing import Final

from chargekey.domain.market import market
from chargekey.entrypoints.web.markets_form import begun
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.planning import MarketChoice, SetPlan, Wrong

NL, SE3 = market("energy-charts:NL"), market("nord-pool:SE3")
AGILE = market("octopus:E-1R-AGILE-24-10-01-C")
THREE: Final = MarketChoice((NL, SE3, AGILE), clocks=("Europe/Amsterdam", "Europe/London"))


def markets(plan: SetPlan) -> dict[str, Screen]:
    """`plan`: the form of a new driver."""
    exchange = replace(plan, typed=begun(None, NL, "Europe/Amsterdam", by_the_hour=True), market=NL, choice=THREE)
    included = replace(exchange, typed=begun(None, AGILE, "Europe/London", by_the_hour=True), market=AGILE)
    return {
        "10-plan-markets": exchange,
        "10-plan-markets-alike": replace(exchange, choice=MarketChoice((NL, SE3))),
        "10-plan-markets-included": included,
        "10-plan-markets-flat": replace(included, typed=replace(included.typed, tariff="flat", flat_ct="28.5")),
        "10-plan-markets-silent": replace(
            included,
            choice=replace(THREE, silent=frozenset({AGILE.name})),
            wrong={"market": Wrong.NO_PRICES_THERE},
        ),
    }
