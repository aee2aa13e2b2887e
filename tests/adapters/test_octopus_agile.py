"""Octopus Agile: half-hours in pence with VAT, newest first, in pages, some of them twice."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import httpx2
import pytest

from chargekey.adapters.tariffs.octopus_agile import MOST_PAGES
from chargekey.ports.faults import Puzzling
from tests.adapters.price_road import END, START, a_road, prices_of, says, utc

AGILE = "octopus:E-1R-AGILE-24-10-01-C"
HALF_HOUR = timedelta(minutes=30)


def rate(number: int, pence: object, start: datetime = START, **other: object) -> dict[str, object]:
    begins = start + number * HALF_HOUR
    return {
        "value_exc_vat": 18.2,
        "value_inc_vat": pence,
        "valid_from": begins.isoformat().replace("+00:00", "Z"),
        "valid_to": (begins + HALF_HOUR).isoformat().replace("+00:00", "Z"),
        "payment_method": None,
        **other,
    }


def page(*rates: Mapping[str, object], following: str | None = None) -> httpx2.Response:
    """As documented (smart-charging §4.1), with a field more."""
    return says({"count": len(rates), "next": following, "previous": None, "results": list(rates), "region": "C"})


def a_day(start: datetime = START, count: int = 48) -> list[dict[str, object]]:
    return [rate(number, 19.11, start) for number in reversed(range(count))]


async def test_the_tariffs_code_says_which_product_is_asked() -> None:
    async with a_road(AGILE, page(*a_day())) as road:
        slots = await road.brings()
    (asked,) = road.asked
    assert asked.url.path == (
        "/api/v1/products/AGILE-24-10-01/electricity-tariffs/E-1R-AGILE-24-10-01-C/standard-unit-rates/"
    )
    assert asked.url.params["period_from"] == "2026-01-09T23:00:00Z"
    assert asked.url.params["period_to"] == "2026-01-10T23:00:00Z"
    assert (len(slots), slots[0].start, slots[-1].end) == (48, START, END)


async def test_pence_with_vat_come_in_micro_pounds() -> None:
    async with a_road(AGILE, page(rate(2, 100), rate(1, -4.4415), rate(0, 19.11))) as road:
        assert prices_of(await road.brings()) == [191_100, -44_415, 1_000_000]


async def test_pages_are_asked_for_by_number_and_no_link_is_followed() -> None:
    day = a_day()
    elsewhere = "https://elsewhere.example/?page=2"
    async with a_road(AGILE, page(*day[:20], following=elsewhere), page(*day[20:])) as road:
        slots = await road.brings()
    assert len(slots) == 48
    assert [(one.url.host, one.url.params["page"]) for one in road.asked] == [
        ("prices.example", "1"),
        ("prices.example", "2"),
    ]


async def test_pages_without_an_end_are_left() -> None:
    async with a_road(AGILE, page(rate(0, 1), following="https://prices.example/again")) as road:
        with pytest.raises(Puzzling):
            await road.brings()
    assert len(road.asked) == MOST_PAGES


async def test_of_two_ways_to_pay_the_usual_one_counts() -> None:
    ways = [rate(0, 19.11, payment_method="DIRECT_DEBIT"), rate(0, 22.5, payment_method="NON_DIRECT_DEBIT")]
    async with a_road(AGILE, page(*reversed(ways), rate(1, 5))) as road:
        assert prices_of(await road.brings()) == [191_100, 50_000]


async def test_a_rate_without_an_end_lasts_for_as_long_as_was_asked() -> None:
    later = rate(60, 9, valid_to=None)
    async with a_road(AGILE, page(later, rate(47, 7, valid_to=None), rate(46, 6))) as road:
        slots = await road.brings()
    assert [(one.start, one.end) for one in slots] == [(END - 2 * HALF_HOUR, END - HALF_HOUR), (END - HALF_HOUR, END)]


@pytest.mark.parametrize(("start", "count"), [("2026-03-28T23:00", 46), ("2026-10-24T22:00", 50)])
async def test_a_day_on_which_clocks_change_has_its_own_length(start: str, count: int) -> None:
    begin = utc(start)
    async with a_road(AGILE, page(*a_day(begin, count))) as road:
        slots = await road.brings(begin, begin + count * HALF_HOUR)
    assert (len(slots), slots[-1].end) == (count, begin + count * HALF_HOUR)


async def test_local_offsets_are_read_as_the_moments_they_are() -> None:
    summer = {"valid_from": "2026-07-01T00:30:00+01:00", "valid_to": "2026-07-01T01:00:00+01:00"}
    async with a_road(AGILE, page({**rate(0, 3), **summer})) as road:
        (slot,) = await road.brings(utc("2026-06-30T20:00"), utc("2026-07-01T20:00"))
    assert (slot.start, slot.end) == (utc("2026-06-30T23:30"), utc("2026-07-01T00:00"))


@pytest.mark.parametrize(
    "other",
    [
        {"valid_from": "2026-01-09T23:00:00"},  # without an offset it is no moment
        {"valid_from": "0001-01-01T00:00:00+14:00"},
        {"valid_to": "9999-12-31T23:59:59-14:00"},
        {"valid_from": "tomorrow"},
        {"value_inc_vat": None},
        {"value_inc_vat": 10**9},
        {"payment_method": 7},
    ],
)
async def test_what_cannot_be_meant_is_no_price(other: dict[str, object]) -> None:
    async with a_road(AGILE, page({**rate(0, 19.11), **other})) as road:
        with pytest.raises(Puzzling):
            await road.brings()


async def test_two_rates_at_once_are_no_price() -> None:
    async with a_road(AGILE, page(rate(0, 1), rate(0, 2))) as road:
        with pytest.raises(Puzzling):
            await road.brings()
