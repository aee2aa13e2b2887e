"""aWATTar: hours with both ends, in milliseconds, for Germany and Austria."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx2
import pytest

from chargekey.adapters.tariffs.sources import source_of
from chargekey.domain.market import market
from chargekey.domain.secret import Secret
from chargekey.ports.faults import Puzzling
from tests.adapters.price_road import END, START, a_road, prices_of, says, utc

DE, HOUR = "awattar:DE", timedelta(hours=1)


def answer(prices: Sequence[object], start: datetime = START, unit: object = "Eur/MWh") -> dict[str, object]:
    """As documented (smart-charging §4.1), with a field more."""
    rows = [
        {
            "start_timestamp": int((start + number * HOUR).timestamp() * 1000),
            "end_timestamp": int((start + (number + 1) * HOUR).timestamp() * 1000),
            "marketprice": price,
            "unit": unit,
            "kind": "auction",
        }
        for number, price in enumerate(prices)
    ]
    return {"object": "list", "data": rows, "url": "/de/v1/marketdata"}


async def test_the_span_is_asked_for_in_milliseconds_for_without_it_only_a_day_would_come() -> None:
    async with a_road(DE, says(answer([42.09] * 24))) as road:
        slots = await road.brings()
    (asked,) = road.asked
    assert asked.url.path == "/api/v1/marketdata"
    assert dict(asked.url.params) == {"start": "1767999600000", "end": "1768086000000"}
    assert (len(slots), slots[0].start, slots[-1].end) == (24, START, END)
    assert set(prices_of(slots)) == {42_090}


async def test_prices_below_zero_stay_below_zero() -> None:
    async with a_road(DE, says(answer([-5.5, 0.004]))) as road:
        assert prices_of(await road.brings()) == [-5_500, 4]


@pytest.mark.parametrize(("start", "hours"), [("2026-03-28T23:00", 23), ("2026-10-24T22:00", 25)])
async def test_a_day_on_which_clocks_change_has_its_own_length(start: str, hours: int) -> None:
    begin = utc(start)
    async with a_road(DE, says(answer([1.0] * hours, begin))) as road:
        slots = await road.brings(begin, begin + hours * HOUR)
    assert (len(slots), slots[-1].end) == (hours, begin + hours * HOUR)


async def test_a_missing_hour_is_a_hole() -> None:
    body = answer([1.0] * 24)
    del body["data"][7]  # type: ignore[attr-defined]  # a list of rows
    async with a_road(DE, says(body)) as road:
        slots = await road.brings()
    assert len(slots) == 23
    assert START + 7 * HOUR not in {one.start for one in slots}


@pytest.mark.parametrize(
    "body",
    [
        answer([1.0], unit="Ct/kWh"),
        answer([None]),
        answer(["a lot"]),
        answer([10**12]),
        {**answer([1.0, 1.0]), "data": answer([1.0])["data"] * 2},  # type: ignore[operator]  # twice the same hour
        {"data": [{"start_timestamp": 1768000000000}]},
        {"data": {}},
        {},
    ],
)
async def test_what_cannot_be_meant_is_no_price(body: dict[str, object]) -> None:
    async with a_road(DE, says(body)) as road:
        with pytest.raises(Puzzling):
            await road.brings()


async def test_an_hour_that_ends_before_it_begins_is_no_price() -> None:
    body = answer([1.0])
    row = body["data"][0]  # type: ignore[index]  # a list of rows
    row["end_timestamp"] = row["start_timestamp"]
    async with a_road(DE, says(body)) as road:
        with pytest.raises(Puzzling):
            await road.brings()


@pytest.mark.parametrize(("area", "host"), [("DE", "api.awattar.de"), ("AT", "api.awattar.at")])
async def test_each_country_has_an_address_of_its_own(area: str, host: str) -> None:
    asked: list[str] = []

    def road(request: httpx2.Request) -> httpx2.Response:
        asked.append(f"{request.url.scheme}://{request.url.host}")
        return says(answer([]))

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(road)) as http:
        assert await source_of(http, market(f"awattar:{area}"), "", Secret("")).published(START, END) == ()
    assert asked == [f"https://{host}"]
