"""A night is booked when it ends, and from then on told as it was booked.

Rules of this room:

1. The timer is set in the unit of work that ends the night, and at the start for every night that ended before: none is
   lost. A night has one first entry, whoever writes it first: none is booked twice.
2. The prices are those of that night, of the market that its driver went by. The tariff that is set now counts as its
   own if nothing was said since the night ended, or if it gives what the night's plans went by; else their prices are
   what is known. That is reckoned, and is said to be.
3. What comes to light later (a price that came out late, a counter that was read late, an answer that was lost) is a
   correction. It is looked for daily, for three days. What was known stays known. A measured surplus takes the place of
   its forecast quarter by quarter; the feed-in price is the one that the night was booked with.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.account import NightAccount
from chargekey.domain.carbon import Carbon
from chargekey.domain.ledger import (
    Booking,
    Figures,
    How,
    Outcome,
    PricesFrom,
    Voucher,
    correction,
    figures_of,
    first_entry,
    knows_less,
)
from chargekey.domain.market import at_its_market
from chargekey.domain.night import Night
from chargekey.domain.plan_prices import agrees, prices_of_plans
from chargekey.domain.surplus import Surplus
from chargekey.domain.tariff import Prices, Tariff, none_to_be_had
from chargekey.journeys.reckon_night import (
    Told,
    account_of,
    figures_of_account,
    needs_prices,
    outcome_of,
    surplus_of,
    told_of,
)
from chargekey.ports.bus import Bus
from chargekey.ports.carbon import CarbonIntensity
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit
from chargekey.ports.tariffs import Tariffs

AT_ITS_END: Final = timedelta(hours=1)
"""So long after a night's end its booking is not late."""
LOOKED_AT_AGAIN_FOR: Final = timedelta(days=3)
"""Day-ahead prices come out within a day, also on the days on which the auction is repeated."""
AGAIN_AFTER: Final = timedelta(days=1)
UTC_ZONE: Final = "UTC"


@dataclass(frozen=True, slots=True)
class Terms:
    """That night's prices, and whose they are. `tariff` None: it is not known any more. `carbon` None: nobody told.

    `surplus` None: nothing was told, or it has no price in the currency of these.
    """

    tariff: Tariff | None
    current_a: int | None
    prices: Prices
    prices_from: PricesFrom
    carbon: Carbon | None = None
    surplus: Surplus | None = None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A night at its terms."""

    terms: Terms
    account: NightAccount
    figures: Figures
    outcome: Outcome

    @property
    def voucher(self) -> Voucher:
        terms, readings = self.terms, self.account.readings
        return Voucher(terms.tariff, terms.current_a, terms.prices, readings, terms.carbon, terms.surplus)

    @property
    def prices_from(self) -> PricesFrom:
        return PricesFrom.NOWHERE if self.figures.cost_nano is None else self.terms.prices_from


class BookNights:
    """Keeps the ledger."""

    def __init__(self, store: Store, clock: Clock, bus: Bus, tariffs: Tariffs, carbon: CarbonIntensity) -> None:
        self._store, self._clock, self._bus, self._tariffs, self._carbon = store, clock, bus, tariffs, carbon

    async def begin(self) -> None:
        """At the start: nights that ended before there was a ledger, or a timer, have their turn now."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            for vehicle_id in await unit.ledger.cars_with_unbooked():
                await unit.timers.set_no_later(Work.BOOK_NIGHTS, vehicle_id, now)

    async def book(self, vehicle_id: int) -> None:
        """The timer's work: what is over and not booked, and what was booked lately.

        It sets itself again for three days after the last night.
        """
        now = self._clock.now()
        async with self._store.unit() as unit:
            vehicle = await unit.garage.vehicle(vehicle_id)
            booked = await unit.ledger.booked(vehicle_id, now - LOOKED_AT_AGAIN_FOR)
            waiting = await unit.ledger.unbooked(vehicle_id)
        changed = [await self._correct(vehicle, night, now) for night in booked]
        changed += [await self._book(vehicle, night, now) for night in waiting]
        async with self._store.unit() as unit:
            await unit.timers.hold_on()  # first: who ends a night meanwhile waits for us, or we see it
            if await unit.ledger.unbooked(vehicle_id):
                await unit.timers.set(Work.BOOK_NIGHTS, vehicle_id, now)
            elif any(_ended(one) > now - LOOKED_AT_AGAIN_FOR for one in (*booked, *waiting)):
                await unit.timers.set(Work.BOOK_NIGHTS, vehicle_id, now + AGAIN_AFTER)
        if any(changed):
            self._bus.changed(vehicle.driver_id)

    async def _book(self, vehicle: Vehicle, night: Night, now: datetime) -> bool:
        async with self._store.unit() as unit:
            told = await told_of(unit, vehicle, night, now)
            settings = await unit.settings.settings(vehicle.id)
            said_at = await unit.settings.said_at(vehicle.id)
            by_plans = await _by_plans(unit, night, settings)
            surplus = await surplus_of(unit, night, settings, now)
        offered = await self._terms(night, settings, said_at, by_plans, now)
        carbon = await self._carbon.carbon(*needs_prices(night, now), now)
        offered = [replace(one, carbon=carbon, surplus=_in_currency(surplus, settings, one)) for one in offered]
        reckoned = _best(told, offered)
        is_late = now - _ended(night) > AT_ITS_END or reckoned.terms.prices_from is not PricesFrom.TARIFF
        how = How.RECKONED if is_late else How.AT_ITS_END
        entry = first_entry(reckoned.figures, how, reckoned.prices_from, now)
        return await self._write(night, Booking(entry, reckoned.outcome, reckoned.voucher))

    async def _terms(
        self,
        night: Night,
        settings: ChargeSettings | None,
        said_at: datetime | None,
        by_plans: Prices | None,
        now: datetime,
    ) -> Sequence[Terms]:
        """What may be that night's prices, the likeliest first; at least one, be it without any price."""
        wanted_a = settings.current_a if settings else None
        start, _ = span = needs_prices(night, now)
        plans = [Terms(None, wanted_a, by_plans, PricesFrom.PLAN)] if by_plans else []
        if settings is None or said_at is None:
            return plans or [Terms(None, None, none_to_be_had(start, "", UTC_ZONE, "EUR"), PricesFrom.NOWHERE)]
        tariff = at_its_market(settings.tariff, self._tariffs.markets)
        prices = await self._tariffs.prices(tariff, *span, now)
        if said_at <= _ended(night) or (by_plans and agrees(prices, by_plans)):
            own = Terms(tariff, wanted_a, prices, PricesFrom.TARIFF)
            return [own, *(replace(one, tariff=tariff) for one in plans)]
        nothing = none_to_be_had(start, prices.source, prices.zone, prices.currency)
        return plans or [Terms(None, wanted_a, nothing, PricesFrom.NOWHERE)]

    async def _correct(self, vehicle: Vehicle, night: Night, now: datetime) -> bool:
        """Reckoned anew at its own terms; where that comes to something else, it is booked."""
        async with self._store.unit() as unit:
            told = await told_of(unit, vehicle, night, now)
            bookings = await unit.ledger.of_night(night.id)
            voucher = bookings[-1].voucher
            if voucher is None:
                return False
            surplus = await _surplus_known(unit, night, voucher, now)
        entries = [one.entry for one in bookings]
        before = Terms(voucher.tariff, voucher.current_a, voucher.prices, entries[-1].prices_from)
        offered = [before]
        if voucher.tariff is not None:
            prices = await self._tariffs.prices(voucher.tariff, *needs_prices(night, now), now)
            offered.insert(0, Terms(voucher.tariff, voucher.current_a, prices, PricesFrom.TARIFF))
        carbon = await self._carbon_known(told, voucher, surplus, now)
        offered = [replace(one, carbon=carbon, surplus=surplus) for one in offered]
        reckoned, stands = _best(told, offered), figures_of(entries)
        if knows_less(reckoned.figures, stands):
            return False
        if (reckoned.figures, reckoned.outcome) == (stands, bookings[-1].outcome):
            return False
        entry = correction(entries, reckoned.figures, reckoned.prices_from, now)
        return await self._write(night, Booking(entry, reckoned.outcome, reckoned.voucher))

    async def _carbon_known(
        self, told: Told, voucher: Voucher, surplus: Surplus | None, now: datetime
    ) -> Carbon | None:
        """As it is told now, forecasts having been measured; where it is told no more, as it was booked."""
        carbon = await self._carbon.carbon(*needs_prices(told.night, now), now)
        sums = account_of(told, voucher.prices, voucher.current_a, carbon, surplus)
        is_whole = sums.carbon_mg is not None and sums.carbon_at_once_mg is not None
        return carbon if is_whole else voucher.carbon or carbon

    async def _write(self, night: Night, booking: Booking) -> bool:
        """Whether it is ours that stands: somebody else may have been first."""
        async with self._store.unit() as unit:
            await unit.timers.hold_on()
            return await unit.ledger.book(night.id, booking)


async def _by_plans(unit: Unit, night: Night, settings: ChargeSettings | None) -> Prices | None:
    plans = await unit.nights.every_plan(night.id)
    zone = settings.goal.zone if settings else UTC_ZONE
    return prices_of_plans([one.problem for one in plans if one], zone)


def _in_currency(surplus: Surplus | None, settings: ChargeSettings | None, terms: Terms) -> Surplus | None:
    """Its price is in the currency of the tariff beside it: what two currencies cost is not added up."""
    return surplus if settings and settings.tariff.currency == terms.prices.currency else None


async def _surplus_known(unit: Unit, night: Night, voucher: Voucher, now: datetime) -> Surplus | None:
    """As it is told now, forecasts having been measured; of quarters that are told no more, as it was booked."""
    kept = voucher.surplus
    feed_in = kept.feed_in_micro_per_kwh if kept else await _feed_in_of(unit, night, voucher)
    if feed_in is None:
        return None
    told = [one.slot for one in await unit.surplus.told(night.vehicle_id, *needs_prices(night, now))]
    by_start = {one.start: one for one in (*(kept.slots if kept else ()), *told)}
    return Surplus(tuple(sorted(by_start.values())), feed_in) if by_start else None


async def _feed_in_of(unit: Unit, night: Night, voucher: Voucher) -> int | None:
    """The price of a night of which no surplus was told in time: that of now, if nothing was said since it ended."""
    settings = await unit.settings.settings(night.vehicle_id)
    if settings is None or settings.tariff.currency != voucher.prices.currency:
        return None
    said_at = await unit.settings.said_at(night.vehicle_id)
    return settings.feed_in_micro_per_kwh if said_at and said_at <= _ended(night) else None


def _best(told: Told, offered: Sequence[Terms]) -> Reckoned:
    """At the first terms that know most: both what it cost and what was saved, else what it cost, else nothing."""
    reckoned = []
    for terms in offered:
        sums = account_of(told, terms.prices, terms.current_a, terms.carbon, terms.surplus)
        figures = figures_of_account(sums, terms.prices, told.calls)
        reckoned.append(Reckoned(terms, sums, figures, outcome_of(told, sums)))
    return min(reckoned, key=lambda one: len(one.figures.lacks))


def _ended(night: Night) -> datetime:
    """Of a night that is over."""
    return night.unplugged_at or night.plugged_in_at
