"""Two markets in one home: fetched, kept and told apart, and each driver's prices are his own. On both databases."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from chargekey.adapters.store.shapes import read, write
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.tariffs.by_kind import TariffsByKind
from chargekey.adapters.tariffs.flat import FlatPrices
from chargekey.adapters.tariffs.kept_day_ahead import KeptDayAhead
from chargekey.adapters.tariffs.time_of_use import TimeOfUsePrices
from chargekey.domain.findings import PricesStand
from chargekey.domain.market import Market, market
from chargekey.domain.tariff import DayAheadTariff, PriceSlot, Tariff
from chargekey.journeys.fetch_prices import AFTER_START, FetchPrices, spread
from chargekey.ports.faults import TooOften, Unreachable
from chargekey.ports.jobs import Work
from tests.contract.test_prices import NL, ONE_O_CLOCK, Clock, Source, at, hours

SE3 = market("nord-pool:SE3")
AGILE = market("octopus:E-1R-AGILE-24-10-01-C")
WHO = "charge.example.org"


@dataclass
class House:
    """Dutch prices first, Swedish ones second."""

    store: KeptStore
    clock: Clock
    dutch: Source
    swedish: Source

    @property
    def prices(self) -> FetchPrices:
        return FetchPrices(self.store, self.clock, WHO, (NL, self.dutch), (SE3, self.swedish))

    async def due_at(self) -> list[datetime | None]:
        async with self.store.unit() as unit:
            return [await unit.timers.due_at(Work.FETCH_PRICES, key) for key in (0, 1)]

    async def works_until(self, moment: datetime) -> None:
        """As the worker does, each timer in its time."""
        while (due := min((one, key) for key, one in enumerate(await self.due_at()) if one))[0] <= moment:
            self.clock.moment = due[0]
            await self.prices.fetch(due[1])
        self.clock.moment = moment

    async def slots(self, of: Market) -> list[PriceSlot]:
        async with self.store.unit() as unit:
            return list(await unit.prices.slots(of, at(-48), at(96)))


@pytest.fixture
def house(store: KeptStore) -> House:
    clock = Clock(at(12))
    return House(store, clock, Source(hours(-24, 24), clock=clock), Source(hours(-24, 24, 20_000), clock=clock))


# ── fetching ─────────────────────────────────────────────────────────────────────────────────────


async def test_each_market_is_asked_by_a_timer_of_its_own_and_kept_apart(house: House) -> None:
    await house.prices.begin()
    assert await house.due_at() == [at(12) + AFTER_START] * 2
    await house.works_until(at(12.5))
    assert await house.slots(NL) == hours(-24, 24)
    assert await house.slots(SE3) == hours(-24, 24, 20_000)
    turns = [ONE_O_CLOCK + spread(f"{WHO} {one.name}") for one in (NL, SE3)]
    assert await house.due_at() == turns
    assert turns[0] != turns[1]


async def test_a_market_that_is_silent_holds_up_no_other(house: House) -> None:
    house.dutch.fault, house.swedish.slots = Unreachable("down"), hours(-24, 48, 20_000)
    await house.prices.begin()
    await house.works_until(at(36))
    assert (await house.slots(NL), len(house.dutch.asked) > 20) == ([], True)
    assert (await house.slots(SE3), len(house.swedish.asked)) == (hours(-24, 48, 20_000), 2)


async def test_the_operator_is_told_of_each_how_it_stands(house: House) -> None:
    house.dutch.fault = Unreachable("down")
    found = await house.prices.stands()
    assert (found.market, found.stands, found.trouble) == (NL.name, PricesStand.NONE, "Unreachable")
    (other,) = found.others
    assert (other.market, other.stands, other.until) == (SE3.name, PricesStand.UP_TO_DATE, at(24))


async def test_one_that_asks_for_patience_gets_it_and_the_other_is_asked(house: House) -> None:
    house.swedish.fault = TooOften("slowly", wait=timedelta(hours=5))
    await house.prices.begin()
    await house.works_until(at(12.1))
    await house.prices.begin()  # started again
    assert (await house.due_at())[1] == at(12) + AFTER_START + timedelta(hours=5)
    await house.works_until(at(16))
    assert (len(house.swedish.asked), len(house.dutch.asked) > 1) == (1, True)


async def test_markets_that_change_places_take_no_pause_from_each_other(house: House) -> None:
    house.dutch.fault = Unreachable("down")
    await house.prices.begin()
    await house.works_until(at(12.2))
    turned = FetchPrices(house.store, house.clock, WHO, (SE3, house.swedish), (NL, house.dutch))
    await turned.begin()
    swedish, dutch = await house.due_at()
    assert swedish == ONE_O_CLOCK + spread(f"{WHO} {SE3.name}")
    assert dutch is not None
    assert dutch < at(13)


async def test_a_market_that_is_set_no_more_is_asked_no_more(house: House) -> None:
    await house.prices.begin()
    alone = FetchPrices(house.store, house.clock, WHO, (NL, house.dutch))
    await alone.begin()
    await alone.fetch(1)
    assert (house.swedish.asked, (await alone.stands()).others) == ([], ())


# ── a driver's own ───────────────────────────────────────────────────────────────────────────────


async def door(store: KeptStore, *markets: Market) -> TariffsByKind:
    """Each market's hours at a price of its own, from ten cents on."""
    async with store.unit() as unit:
        for number, one in enumerate(markets, 1):
            await unit.prices.keep(one, hours(-24, 48, number * 100_000), ONE_O_CLOCK)
    typed = FlatPrices("Europe/Amsterdam"), TimeOfUsePrices("Europe/Amsterdam")
    return TariffsByKind(*typed, *(KeptDayAhead(store, one) for one in markets))


@pytest.mark.parametrize(
    ("tariff", "costs", "currency"),
    [
        (DayAheadTariff(0, 0), 100_000, "EUR"),  # as it was kept before there were two: the home's first
        (DayAheadTariff(0, 0, market=NL.name), 100_000, "EUR"),
        (DayAheadTariff(10_000, 25, market=SE3.name), 262_500, "EUR"),
        (DayAheadTariff(0, 0, "GBP", AGILE.name), 300_000, "GBP"),
    ],
)
async def test_a_driver_pays_the_prices_of_his_market(
    store: KeptStore, tariff: Tariff, costs: int, currency: str
) -> None:
    known = await (await door(store, NL, SE3, AGILE)).prices(tariff, at(14), at(20), at(14))
    assert {one.price_micro_per_kwh for one in known.slots} == {costs}
    assert (known.currency, known.none_after) == (currency, None)


async def test_a_market_that_is_gone_has_no_price_and_none_of_anothers(store: KeptStore) -> None:
    known = await (await door(store, NL)).prices(DayAheadTariff(0, 0, market=SE3.name), at(14), at(20), at(14))
    assert (known.slots, known.none_after, known.source) == ((), at(14), SE3.name)


async def test_one_market_that_is_stale_leaves_the_other_fresh(store: KeptStore) -> None:
    prices = await door(store, NL, SE3)
    async with store.unit() as unit:
        await unit.prices.keep(SE3, hours(48, 72, 200_000), at(37))
    dutch, swedish = [
        await prices.prices(DayAheadTariff(0, 0, market=one.name), at(44), at(55), at(44)) for one in (NL, SE3)
    ]
    assert (dutch.known_until, dutch.none_after) == (at(48), at(48))
    assert (swedish.known_until, swedish.none_after) == (at(55), None)


def test_a_tariff_of_an_older_version_goes_by_the_homes_first_market() -> None:
    older = '{"added_micro_per_kwh":125000,"vat_percent":21,"currency":"EUR"}'
    assert read(DayAheadTariff, older) == DayAheadTariff(125_000, 21)
    named = DayAheadTariff(0, 0, market=SE3.name)
    assert read(DayAheadTariff, write(DayAheadTariff, named)) == named
