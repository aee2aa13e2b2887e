"""Sources that only tell what power costs now: asked over and over, forecasts kept as such. On both databases."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.tariffs.kept_day_ahead import FRESH, KeptDayAhead
from chargekey.domain.findings import PricesStand
from chargekey.domain.market import AUSTRALIA, ILLINOIS, market
from chargekey.domain.tariff import DayAheadTariff, ForecastSlot, Prices, PriceSlot, with_guesses
from chargekey.journeys.fetch_prices import FetchPrices, spread
from chargekey.ports.faults import Unreachable
from chargekey.ports.jobs import Work
from chargekey.ports.prices import Asked
from tests.contract.test_prices import Clock, Source

AMBER, COMED = market("amber:AUD"), market("comed:IL")
ZERO: Final = datetime(2026, 1, 10, 8, tzinfo=UTC)
HALF, HOUR = timedelta(minutes=30), timedelta(hours=1)


def at(hours: float) -> datetime:
    return ZERO + hours * HOUR


def told(begin: float, running: float, end: float) -> list[PriceSlot]:
    """Settled up to `running`; from there on forecasts, of which the first is what runs."""
    count = int((end - begin) * 2)
    slots = [(at(begin) + n * HALF, at(begin) + (n + 1) * HALF, 100_000 + n) for n in range(count)]
    return [(ForecastSlot if one[0] >= at(running) else PriceSlot)(*one) for one in slots]


async def kept(store: KeptStore, slots: list[PriceSlot], got_at: datetime) -> None:
    async with store.unit() as unit:
        await unit.prices.keep(AMBER, slots, got_at)
        await unit.prices.save_asked(AMBER, Asked(got_at, got_at, 0, ""))


async def known(store: KeptStore, now: float, end: float = 12) -> Prices:
    return await KeptDayAhead(store, AMBER).prices(DayAheadTariff(0, 0, "AUD"), at(now - 24), at(end), at(now))


async def test_a_forecast_comes_back_as_one_and_what_is_settled_takes_its_place(store: KeptStore) -> None:
    await kept(store, told(-24, 0, 12), at(0.1))
    async with store.unit() as unit:
        assert await unit.prices.slots(AMBER, at(-24), at(12)) == told(-24, 0, 12)
    await kept(store, told(-24, 2, 12), at(2.1))
    async with store.unit() as unit:
        assert await unit.prices.slots(AMBER, at(-24), at(12)) == told(-24, 2, 12)


async def test_what_runs_is_known_and_what_is_forecast_is_gone_by_as_a_guess(store: KeptStore) -> None:
    await kept(store, told(-24, 0, 12), at(0.1))
    prices = await known(store, 0.2)
    assert (prices.known_until, prices.forecast_until, prices.none_after) == (at(0.5), at(12), None)
    assert prices.will_reach(at(24))
    assert prices.next_at == at(0.5) + AUSTRALIA.lag
    guessed = with_guesses(prices, at(13))
    assert [guessed.price_at(at(12)), guessed.price_at(at(12.5))] == [
        100_000 + 24 + 6,  # what the half-hour a day before cost, and half of what the last day is dearer
        100_000 + 25 + 6,
    ]


async def test_who_fell_silent_is_gone_by_for_a_while_and_then_no_more(store: KeptStore) -> None:
    await kept(store, told(-24, 0, 12), at(0.1))
    late = at(0.1) + FRESH
    assert (await KeptDayAhead(store, AMBER).prices(DayAheadTariff(0, 0, "AUD"), late, at(12), late)).slots
    later = late + timedelta(minutes=1)
    silent = await KeptDayAhead(store, AMBER).prices(DayAheadTariff(0, 0, "AUD"), later, at(12), later)
    assert (silent.slots, silent.none_after) == ((), later)
    assert not silent.will_reach(later)


async def test_a_night_behind_us_costs_what_was_told_last(store: KeptStore) -> None:
    await kept(store, told(-24, -10, 0), at(-10))
    prices = await KeptDayAhead(store, AMBER).prices(DayAheadTariff(0, 0, "AUD"), at(-12), at(-4), at(200))
    assert (len(prices.slots), prices.known_until, prices.none_after) == (16, at(-4), None)


async def test_each_half_hour_is_asked_for_once_it_runs(store: KeptStore) -> None:
    clock = Clock(at(0))
    source = Source(told(-24, 0, 48), clock=clock)
    fetch = FetchPrices(store, clock, "charge.example.org", (AMBER, source))
    await fetch.begin()
    for _ in range(5):
        async with store.unit() as unit:
            due = await unit.timers.due_at(Work.FETCH_PRICES, 0)
        assert due
        clock.moment = due
        await fetch.fetch(0)
    turns = [one - AUSTRALIA.lag - spread("charge.example.org amber:AUD") for one in source.asked[1:]]
    assert turns == [at(0) + n * HALF for n in range(4)] or turns == [at(0.5) + n * HALF for n in range(4)]
    assert (await fetch.stands()).stands is PricesStand.UP_TO_DATE


async def test_a_fault_is_asked_about_again_though_forecasts_reach_further(store: KeptStore) -> None:
    clock = Clock(at(0))
    source = Source(told(-24, 0, 48), clock=clock)
    fetch = FetchPrices(store, clock, "charge.example.org", (AMBER, source))
    await fetch.fetch(0)
    source.fault, clock.moment = Unreachable("down"), at(0.7)
    await fetch.fetch(0)
    async with store.unit() as unit:
        due, asked = await unit.timers.due_at(Work.FETCH_PRICES, 0), await unit.prices.asked(AMBER)
    assert due
    assert due < at(0.85)
    assert asked
    assert (asked.tries, asked.got_at) == (1, at(0))


@pytest.mark.parametrize(("minute", "until", "next_at"), [(0, 60, 10), (9, 60, 10), (10, 60, 70), (59, 60, 70)])
def test_an_hour_is_told_ten_minutes_into_it(minute: int, until: int, next_at: int) -> None:
    now = ZERO + timedelta(minutes=minute)
    assert ILLINOIS.out_until(now) == ZERO + timedelta(minutes=until)
    assert ILLINOIS.next_at(now) == ZERO + timedelta(minutes=next_at)


async def test_the_price_of_the_last_hour_bridges_the_first_minutes_of_the_next(store: KeptStore) -> None:
    day = [PriceSlot(at(n), at(n + 1), n) for n in range(-24, 0)]
    running = [ForecastSlot(at(0), at(1), 70), ForecastSlot(at(1), at(2), 70)]
    async with store.unit() as unit:
        await unit.prices.keep(COMED, [*day, *running], at(0.2))
        await unit.prices.save_asked(COMED, Asked(at(0.2), at(0.2), 0, ""))
    prices = await KeptDayAhead(store, COMED).prices(DayAheadTariff(0, 0, "USD"), at(-22), at(8), at(1.05))
    assert (prices.known_until, prices.none_after) == (at(2), None)
    assert with_guesses(prices, at(8)).slots[-1].end == at(8)
