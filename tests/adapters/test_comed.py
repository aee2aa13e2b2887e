"""ComEd: five minutes that are over, as strings of cents and of milliseconds; an hour is what they do on average."""

from datetime import datetime, timedelta

import httpx2
import pytest

from chargekey.domain.tariff import ForecastSlot, PriceSlot
from chargekey.ports.faults import Puzzling
from tests.adapters.price_road import a_road, prices_of, utc

IL = "comed:IL"
HOUR, FIVE_MINUTES = timedelta(hours=1), timedelta(minutes=5)
MIDNIGHT = utc("2026-01-10T06:00")
"""In Chicago."""


def row(ends: datetime, cents: object = "2.0") -> dict[str, object]:
    return {"millisUTC": str(int(ends.timestamp()) * 1000), "price": cents}


def an_hour(begins: datetime, *cents: object) -> list[dict[str, object]]:
    """As documented (smart-charging §4.1): each moment where its five minutes end."""
    return [row(begins + (number + 1) * FIVE_MINUTES, price) for number, price in enumerate(cents)]


def says(*rows: object) -> httpx2.Response:
    """Newest first."""
    return httpx2.Response(200, json=list(reversed(rows)))


async def test_it_is_asked_by_the_clock_of_chicago() -> None:
    async with a_road(IL, says()) as road:
        assert await road.brings(MIDNIGHT, utc("2026-07-02T05:00")) == ()
    (asked,) = road.asked
    assert (asked.url.path, asked.url.params["type"]) == ("/api/api", "5minutefeed")
    assert (asked.url.params["datestart"], asked.url.params["dateend"]) == ("202601100000", "202607020000")


async def test_an_hour_costs_what_its_twelve_prices_do_on_average() -> None:
    first, second = an_hour(MIDNIGHT, *["2.0"] * 6, *["3.1"] * 6), an_hour(MIDNIGHT + HOUR, *["-0.6"] * 12)
    async with a_road(IL, says(*first, *second)) as road:
        slots = await road.brings(MIDNIGHT, MIDNIGHT + 2 * HOUR)
    assert slots == (
        PriceSlot(MIDNIGHT, MIDNIGHT + HOUR, 25_500),
        PriceSlot(MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR, -6_000),
    )


async def test_the_price_of_one_o_clock_belongs_to_the_hour_that_ends_then() -> None:
    before, after = row(MIDNIGHT + HOUR, "9.0"), row(MIDNIGHT + HOUR + FIVE_MINUTES, "1.0")
    async with a_road(IL, says(before, after)) as road:
        slots = await road.brings(MIDNIGHT, MIDNIGHT + 2 * HOUR)
    assert prices_of(slots) == [90_000, 10_000]


async def test_what_the_running_hour_costs_so_far_is_a_forecast_of_it_and_of_the_next() -> None:
    whole, running = an_hour(MIDNIGHT, *["2.0"] * 12), an_hour(MIDNIGHT + HOUR, "4.0", "5.0")
    async with a_road(IL, says(*whole, *running)) as road:
        slots = await road.brings(MIDNIGHT, MIDNIGHT + 24 * HOUR)
    assert slots == (
        PriceSlot(MIDNIGHT, MIDNIGHT + HOUR, 20_000),
        ForecastSlot(MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR, 45_000),
        ForecastSlot(MIDNIGHT + 2 * HOUR, MIDNIGHT + 3 * HOUR, 45_000),
    )


async def test_an_hour_that_lacks_a_price_is_never_settled_and_one_without_any_is_a_hole() -> None:
    short, late = an_hour(MIDNIGHT, *["2.0"] * 11), an_hour(MIDNIGHT + 2 * HOUR, *["3.0"] * 12)
    async with a_road(IL, says(*short, *late)) as road:
        slots = await road.brings(MIDNIGHT, MIDNIGHT + 3 * HOUR)
    assert [(one.start, isinstance(one, ForecastSlot)) for one in slots] == [
        (MIDNIGHT, True),
        (MIDNIGHT + 2 * HOUR, False),
    ]


@pytest.mark.parametrize(("begins", "hours"), [("2026-03-08T06:00", 23), ("2026-11-01T05:00", 25)])
async def test_a_day_on_which_clocks_change_has_its_own_length(begins: str, hours: int) -> None:
    day = utc(begins)
    rows = [one for number in range(hours) for one in an_hour(day + number * HOUR, *[str(number)] * 12)]
    async with a_road(IL, says(*rows)) as road:
        slots = await road.brings(day, day + hours * HOUR)
    assert prices_of(slots) == [number * 10_000 for number in range(hours)]


@pytest.mark.parametrize(
    "rows",
    [
        [{"millisUTC": "soon", "price": "2.0"}],
        [{"millisUTC": "1", "price": "2.0"}],
        [{"millisUTC": "1768025100000", "price": "dear"}],
        [{"millisUTC": "1768025100000", "price": "1e9"}],
        [{"millisUTC": "1768025100000"}],
        [row(MIDNIGHT + timedelta(minutes=7))],
        [row(MIDNIGHT + FIVE_MINUTES, "1.0"), row(MIDNIGHT + FIVE_MINUTES, "2.0")],
    ],
)
async def test_what_cannot_be_meant_is_no_price(rows: list[dict[str, object]]) -> None:
    async with a_road(IL, says(*rows)) as road:
        with pytest.raises(Puzzling):
            await road.brings(MIDNIGHT, MIDNIGHT + 24 * HOUR)


async def test_the_same_twice_is_once() -> None:
    async with a_road(IL, says(row(MIDNIGHT + HOUR), row(MIDNIGHT + HOUR))) as road:
        assert len(await road.brings(MIDNIGHT, MIDNIGHT + HOUR)) == 1
