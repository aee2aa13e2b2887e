"""What a home's own sun gave a night, in the ledger as both databases keep it."""

from dataclasses import replace
from typing import Final

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.ledger_tables import ledger_entry
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.account import Reading
from chargekey.domain.ledger import Booking, PricesFrom, correction, figures_of
from chargekey.domain.surplus import Surplus, SurplusSlot
from tests.contract.bookings import TEN_KWH, a_booking
from tests.contract.household import Household, at
from tests.contract.test_ledger import MORNING, House

WITHOUT_SUN: Final = (
    '{"tariff":{"price_micro_per_kwh":250000,"currency":"EUR"},"current_a":null,"prices":{"slots":[{"start":'
    '"2024-01-11T06:00:00Z","end":"2024-01-11T07:00:00Z","price_micro_per_kwh":250000}],"known_until":'
    '"2024-01-11T07:00:00Z","source":"flat","zone":"Europe/Amsterdam","currency":"EUR","ends_at":null,"next_at":null},'
    '"readings":[{"start":"2024-01-11T06:00:00Z","end":"2024-01-11T07:00:00Z","wall_wh":10000}],"carbon":null}'
)
"""A voucher as it was written before a home could tell of its sun, and `a_booking` holds the same."""
FOUR_OF_TEN: Final = replace(TEN_KWH, cost_nano=1_820_000_000, sun_wh=4_000, feed_in_nano=320_000_000)


@pytest.fixture
def house(store: KeptStore, anna: Household) -> House:
    return House(store, anna)


async def test_an_entry_with_sun_comes_back_as_it_was_booked(house: House) -> None:
    night, plain = await house.charges(), a_booking(at(MORNING), FOUR_OF_TEN)
    assert plain.voucher
    reading = Reading(at(MORNING - 60), at(MORNING), 10_000, 4_000)
    surplus = Surplus((SurplusSlot(at(MORNING - 60), at(MORNING), 4_000),), 80_000)
    booking = replace(plain, voucher=replace(plain.voucher, readings=(reading,), surplus=surplus))
    async with house.store.unit() as unit:
        assert await unit.ledger.book(night.id, booking)
    assert await house.booked(night) == [booking]
    assert await house.figures(night) == FOUR_OF_TEN


async def test_an_entry_from_before_there_was_sun_reads_as_it_was_and_can_be_corrected(
    house: House, engine: AsyncEngine
) -> None:
    night, first = await house.charges(), a_booking(at(MORNING))
    async with house.store.unit() as unit:
        await unit.ledger.book(night.id, first)
    async with engine.begin() as connection:
        await connection.execute(update(ledger_entry).values(voucher=WITHOUT_SUN))
    assert await house.booked(night) == [first]
    assert await house.figures(night) == TEN_KWH

    # ── a meter tells the day after ──────────────────────────────
    after = correction([first.entry], FOUR_OF_TEN, PricesFrom.TARIFF, at(900))
    async with house.store.unit() as unit:
        assert await unit.ledger.book(night.id, Booking(after, first.outcome, first.voucher))
    assert await house.figures(night) == FOUR_OF_TEN
    assert figures_of([first.entry]) == TEN_KWH
