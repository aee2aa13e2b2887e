"""Which of a home's markets a driver goes by: the plan form asks where there are several, else there is no question.

What was chosen is kept in a tariff that goes by the hour. Any other has the currency alone. Where the markets lie in
several time zones, the driver says by which clock he leaves.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chargekey.domain.market import Market, clocks_apart, market_of
from chargekey.domain.tariff import DayAheadTariff
from chargekey.entrypoints.web.plan_form import DAY_AHEAD, Misread, as_typed, understood, untouched
from chargekey.entrypoints.web.screens.planning import MarketChoice, PlanTyped, SetPlan, Wrong
from chargekey.entrypoints.web.surplus_form import with_sun
from chargekey.ports.charge_log import ChargeSettings


def choice_of(
    markets: Sequence[Market], with_prices: Sequence[Market], zones: Sequence[str], now: datetime
) -> MarketChoice | None:
    """None: there is nothing to choose. `zones`: the driver's until now, and any others besides the markets'."""
    silent = frozenset(one.name for one in markets if one not in with_prices)
    clocks = clocks_apart([*zones, *(one.clock for one in markets)], now)
    return MarketChoice(tuple(markets), silent, clocks if len(clocks) > 1 else ()) if len(markets) > 1 else None


def held(settings: ChargeSettings | None, markets: Sequence[Market]) -> Market:
    """The one that the form begins with: the driver's, as far as his tariff tells, else the home's own."""
    own = markets[0]
    if settings is None:
        return own
    if isinstance(settings.tariff, DayAheadTariff):
        return market_of(settings.tariff, markets) or own
    return next((one for one in markets if one.currency == settings.tariff.currency), own)


def begun(settings: ChargeSettings | None, market: Market, zone: str, *, by_the_hour: bool) -> PlanTyped:
    """The form as the driver finds it."""
    fresh = untouched(market, by_the_hour=by_the_hour)
    form = as_typed(settings, market, by_the_hour=by_the_hour) if settings else fresh
    return replace(form, market=market.name, clock=zone)


def read(sent: PlanTyped, form: SetPlan) -> ChargeSettings | Misread:
    """Settings, or all that is wrong at once. Money is of the chosen market's currency. Sun is followed as before."""
    return with_sun(_read(sent, form), sent, form.sun)


def _read(sent: PlanTyped, form: SetPlan) -> ChargeSettings | Misread:
    if form.choice is None:
        return understood(sent, form.zone, form.market, by_the_hour=form.by_the_hour, apart=form.apart)
    market = form.choice.called(sent.market)
    if market is None:
        return Misread({"market": Wrong.NOT_A_CHOICE}, {})
    if form.choice.clocks and sent.clock not in form.choice.clocks:
        return Misread({"clock": Wrong.NOT_A_CHOICE}, {})
    zone = sent.clock if form.choice.clocks else form.zone
    is_silent = market.name in form.choice.silent
    found = understood(sent, zone, market, by_the_hour=not is_silent, apart=form.apart)
    if isinstance(found, Misread):
        return _said_there(found) if is_silent and sent.tariff == DAY_AHEAD else found
    tariff = found.tariff
    return replace(found, tariff=replace(tariff, market=market.name)) if isinstance(tariff, DayAheadTariff) else found


def shown_again(form: SetPlan, sent: PlanTyped, misread: Misread) -> SetPlan:
    """With what is wrong beside what was typed."""
    market = (form.choice and form.choice.called(sent.market)) or form.market
    return replace(form, typed=sent, market=market, wrong=misread.wrong, wrong_detail=misread.detail)


def _said_there(misread: Misread) -> Misread:
    """The tariff is offered, but not with that market."""
    wrong = {name: code for name, code in misread.wrong.items() if name != "tariff"}
    return Misread({"market": Wrong.NO_PRICES_THERE, **wrong}, misread.detail)
