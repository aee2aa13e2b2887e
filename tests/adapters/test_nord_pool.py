"""Nord Pool: one question a day of Central European time, and 204 for a day that is not out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx2
import pytest

from chargekey.ports.faults import Puzzling
from tests.adapters.price_road import END, START, a_road, prices_of, says, utc

SE3 = "nord-pool:SE3"
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)


def answer(
    prices: Sequence[object], start: datetime = START, step: timedelta = QUARTER, currency: str = "EUR"
) -> dict[str, object]:
    """As documented (smart-charging §4.1), with fields more."""
    entries = [
        {
            "deliveryStart": f"{start + number * step:%Y-%m-%dT%H:%M:%SZ}",
            "deliveryEnd": f"{start + (number + 1) * step:%Y-%m-%dT%H:%M:%SZ}",
            "entryPerArea": {"SE3": price, "SE4": 1.0},
        }
        for number, price in enumerate(prices)
    ]
    return {"deliveryDateCET": "2026-01-10", "version": 3, "currency": currency, "multiAreaEntries": entries}


async def test_each_day_is_asked_for_by_its_date_there() -> None:
    async with a_road(SE3, says(answer([31.2, -0.5] * 48)), httpx2.Response(204)) as road:
        slots = await road.brings(START, END + 24 * HOUR)
    assert [dict(one.url.params) for one in road.asked] == [
        {"market": "DayAhead", "date": date, "deliveryArea": "SE3", "currency": "EUR"}
        for date in ("2026-01-10", "2026-01-11")
    ]
    assert road.asked[0].url.path == "/api/api/DayAheadPrices"
    assert (len(slots), slots[0].start, slots[-1].end, prices_of(slots)[:2]) == (96, START, END, [31_200, -500])


@pytest.mark.parametrize(("start", "hours"), [("2026-03-28T23:00", 23), ("2026-10-24T22:00", 25)])
async def test_a_day_on_which_clocks_change_is_one_question(start: str, hours: int) -> None:
    begin = utc(start)
    async with a_road(SE3, says(answer(range(hours), begin, HOUR))) as road:
        slots = await road.brings(begin, begin + hours * HOUR)
    assert len(road.asked) == 1
    assert (len(slots), slots[-1].end) == (hours, begin + hours * HOUR)


async def test_a_slot_without_a_price_for_the_area_is_a_hole() -> None:
    async with a_road(SE3, says(answer([1, None, 3]))) as road:
        assert [one.start for one in await road.brings()] == [START, START + 2 * QUARTER]


@pytest.mark.parametrize(
    "body",
    [
        answer([1], currency="SEK"),
        answer([10**9]),
        answer(["dear"]),
        answer([1], step=timedelta(days=1)),
        answer([1], step=-QUARTER),
        {"currency": "EUR"},
        {"multiAreaEntries": []},
    ],
)
async def test_what_cannot_be_meant_is_no_price(body: dict[str, object]) -> None:
    async with a_road(SE3, says(body)) as road:
        with pytest.raises(Puzzling):
            await road.brings()
