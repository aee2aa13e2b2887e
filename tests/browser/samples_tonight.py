"""Tonight, why it waits, the morning and the nights, with sample values."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from chargekey.domain.car_schedules import CarSchedule
from chargekey.domain.delivery import Delivery
from chargekey.domain.night import Order, Wish
from chargekey.domain.vehicle import Reach, Vin
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.tonight import (
    Ahead,
    Compared,
    Estimated,
    Happened,
    IfLater,
    InCar,
    Mood,
    Morning,
    NightLine,
    Nights,
    Sent,
    Shortfall,
    Tonight,
    WhyNot,
)
from tests.browser import samples_budget, samples_carbon, samples_cold, samples_days, samples_span, samples_sun
from tests.browser.sample_chart import CHOSEN, NOW, READY_BY, at, drawn
from tests.browser.samples_span import NOVEMBER

M3 = Vin("5YJ3E7EB4NF004F21")
AGO = {seconds: NOW - timedelta(seconds=seconds) for seconds in (12, 180)}


def _waiting() -> Tonight:
    return Tonight(
        mood=Mood.WAITING,
        wish=Wish.PLAN,
        car=M3,
        reach=Reach.ASLEEP,
        seen_at=AGO[12],
        charge_seen_at=AGO[180],
        plugged_in_at=at(18, 40),
        soc_percent=42,
        target_percent=80,
        ready_by=READY_BY,
        windows=CHOSEN,
        has_plan=True,
        wished_at=None,
        done_at=None,
        night_id=7,
        charging_since=None,
        power_w=None,
        limit_percent=80,
        charted=drawn(NOW),
        cost=Decimal("4.59"),
        cost_so_far=None,
        price_micro_per_kwh=334_000,
        at_once_cost=Decimal("11.63"),
        shortfall=None,
        compared=Compared(56, 159_000, 168_000),
        later=None,
        estimated=None,
        no_price_after=None,
        goes_by_price=True,
        carbon_avoided_mg=None,
        carbon_source="",
        is_unproved=False,
        last_sent=None,
    )


def _priced_otherwise(waiting: Tonight) -> dict[str, Screen]:
    """Tonight's prices are late, or not out yet; and a home in Britain."""
    tomorrow, later = Estimated(at(23, 59), at(13)), Ahead(50, 80, READY_BY + timedelta(days=2), True)
    guessed = replace(waiting, charted=drawn(NOW, guessed_from=at(0), dip=20), estimated=tomorrow)
    return {
        "13-tonight-guessed": replace(guessed, is_unproved=True),
        "13-tonight-prices-late": replace(guessed, estimated=Estimated(at(23, 59), None)),
        "13-tonight-prices-forecast": replace(guessed, estimated=Estimated(at(19), at(19), is_forecast=True)),
        "13-tonight-carbon": replace(waiting, carbon_avoided_mg=2_140_000, carbon_source="Carbon Intensity API"),
        "13-tonight-carbon-more": replace(waiting, carbon_avoided_mg=-310_000, carbon_source="Electricity Maps"),
        "13-tonight-pounds": waiting,
        "13-tonight-ahead": replace(waiting, target_percent=68, ahead=later),
        "13-tonight-ahead-alone": replace(waiting, target_percent=80, ahead=replace(later, has_other_nights=False)),
        "13-tonight-later": replace(waiting, later=IfLater(READY_BY + timedelta(minutes=90), Decimal("0.31"))),
        "13-tonight-fewer-starts": replace(waiting, compared=Compared(56, 159_000, 168_000, 1, 3_100)),
    }


def _kept_by_car(waiting: Tonight) -> dict[str, Screen]:
    """The car has its hours itself, and beside them one that its driver set."""
    his = CarSchedule(1_723_624_800, 0b0100010, 60, 330, one_time=False)
    return {
        "13-tonight-kept-by-car": replace(waiting, in_car=InCar(is_kept=True)),
        "13-tonight-a-schedule-of-his": replace(waiting, in_car=InCar(is_kept=True, others=(his,))),
    }


def nights() -> dict[str, Screen]:
    """Tonight, and why not."""
    waiting = _waiting()
    asked = Sent(Order.START, None, Delivery.UNKNOWN, at(1), None, "")
    live = replace(
        waiting, mood=Mood.CHARGING, reach=Reach.ONLINE, soc_percent=58, charging_since=at(1), power_w=10_300,
        cost_so_far=Decimal("1.93"), price_micro_per_kwh=152_000, charted=drawn(at(2, 16)),
        windows=((at(1), at(2, 30)), CHOSEN[1]), last_sent=Sent(Order.START, None, Delivery.DONE, at(1), at(1), ""),
    )  # fmt: skip
    bare = replace(waiting, has_plan=False, windows=(), charted=drawn(NOW, plan=False), cost=None)
    out = replace(bare, mood=Mood.NOT_PLUGGED_IN, plugged_in_at=None)
    bereft = replace(
        waiting, charted=None, cost=None, at_once_cost=None, price_micro_per_kwh=None,
        no_price_after=at(18, 40), goes_by_price=False, compared=Compared(56, None, None),
    )  # fmt: skip
    return {
        "13-tonight": waiting,
        **samples_budget.nights(waiting, out),
        "13-tonight-unreachable": replace(waiting, shortfall=Shortfall(71, 80, at(8, 10)), limit_percent=75),
        "13-tonight-too-dear": replace(waiting, shortfall=Shortfall(66, 80, None, 150_000), windows=CHOSEN[:1]),
        **_priced_otherwise(waiting),
        **_kept_by_car(waiting),
        **samples_days.nights(waiting, bare, live),
        "13-tonight-no-prices": bereft,
        "13-tonight-no-prices-from-midnight": replace(bereft, charted=drawn(NOW, until=at(0)), no_price_after=at(0)),
        "13-tonight-no-prices-not-plugged-in": replace(bereft, mood=Mood.NOT_PLUGGED_IN, has_plan=False, windows=()),
        "13-tonight-not-plugged-in": out,
        "13-tonight-not-seen": replace(out, mood=Mood.NOT_YET_SEEN, soc_percent=None, charge_seen_at=None),
        "13-tonight-no-days": replace(bare, ready_by=None, charted=None),
        "13-tonight-skipped": replace(bare, mood=Mood.SKIPPED, wish=Wish.SKIP, last_sent=asked),
        "13-tonight-no-power": replace(bare, mood=Mood.NO_POWER, reach=Reach.ONLINE),
        "13-tonight-not-home": replace(bare, mood=Mood.NOT_HOME, reach=Reach.ONLINE, plugged_in_at=None),
        "13-tonight-done": replace(waiting, mood=Mood.DONE, windows=(), soc_percent=80, done_at=at(4, 46)),
        **_why_nots(waiting, out, bare, bereft, live),
        **samples_sun.nights(waiting, live),
        **samples_cold.nights(waiting, live),
        "23-live": live,
        "23-live-at-once": replace(live, wish=Wish.CHARGE_NOW, shortfall=Shortfall(71, 80, at(8, 10))),
    }


def _why_nots(waiting: Tonight, out: Tonight, bare: Tonight, bereft: Tonight, live: Tonight) -> dict[str, Screen]:
    """Why it does not charge, in each of these nights."""
    why = WhyNot(waiting, 334_000, 150_000, at(0, 15), Decimal("8.63"), at(18, 52), False)
    return {
        "14-why": why,
        "14-why-budget-spent": replace(why, tonight=samples_budget.spent(why.tonight)),
        "14-why-too-dear": replace(
            why, tonight=replace(bare, has_plan=True, shortfall=Shortfall(42, 80, None, 90_000))
        ),
        "14-why-no-prices": WhyNot(bereft, None, None, at(0, 15), None, at(18, 52), False),
        "14-why-not-plugged-in": replace(why, tonight=out, key_proved_at=None),
        "14-why-not-home": replace(why, tonight=replace(bare, mood=Mood.NOT_HOME, plugged_in_at=None)),
        "14-why-sun": samples_sun.why(why, live),
        **samples_cold.whys(why, live),
        "14-why-resting": replace(why, tonight=samples_days.resting(bare)),
        "14-why-stopped": replace(why, tonight=replace(bare, mood=Mood.STOPPED, wished_at=at(20, 12))),
    }


def mornings() -> dict[str, Screen]:
    """The night behind, and all of them."""

    def sent(order: Order, delivery: Delivery, hour: int, minute: int, detail: str = "") -> Happened:
        moment = at(hour, minute)
        return Happened(moment, "sent", Sent(order, None, delivery, moment, moment, detail))

    happened = (
        Happened(at(18, 40), "plugged_in", percent=42),
        Happened(at(18, 41), "planned"),
        sent(Order.WAKE, Delivery.DONE, 0, 59),
        sent(Order.START, Delivery.UNKNOWN, 1, 0),
        sent(Order.STOP, Delivery.DONE, 2, 30),
        sent(Order.START, Delivery.REFUSED, 3, 15, "busy"),
        sent(Order.START, Delivery.DONE, 3, 16),
        Happened(at(3, 40), "ended_not_ours"),
        Happened(at(3, 55), "began_not_ours", schedule=CarSchedule(1_723_624_800, 0b0100010, 235, 330, one_time=False)),
        Happened(at(4, 46), "reached", percent=80),
        Happened(at(6, 41), "unplugged", percent=80),
    )
    morning = Morning(
        car=M3, began_at=at(18, 40), ended_at=at(6, 41), woke_to=at(6, 41), soc_start_percent=42, soc_end_percent=80,
        target_percent=80, ready_by=READY_BY, reached_at=at(4, 46), planned_end=at(4, 45), paid=Decimal("4.61"),
        saved=Decimal("7.02"), at_once_cost=Decimal("11.63"), energy_wh=31_100, charted=drawn(None),
        happened=happened, tesla_bill_micro_usd=34_000, calls_data=6, calls_commands=4, calls_wakes=1,
        measured_at=at(4, 47), is_open=False,
    )  # fmt: skip
    line = NightLine(7, date(2026, 11, 27), at(18, 40), at(6, 41), 31_100, Decimal("4.61"), Decimal("7.02"))
    return {
        "15-morning": morning,
        **samples_carbon.mornings(morning),
        **samples_sun.mornings(morning),
        "15-morning-nothing": replace(
            morning, energy_wh=0, reached_at=None, charted=None, happened=happened[:1], at_once_cost=None, paid=None
        ),
        "15-morning-no-prices": replace(morning, charted=None, paid=None, saved=None, at_once_cost=None),
        "16-nights-no-prices": Nights(M3, (replace(line, paid=None, saved=None, lacks_a_price=True),), NOVEMBER),
        "16-nights": Nights(M3, (replace(line, id=8, ended_at=None, paid=None), line, replace(line, id=6)), NOVEMBER),
        "16-nights-none": Nights(M3, (), NOVEMBER),
        **samples_span.spans(M3),
    }
