"""Amber: a token's home, what was, is and may come, in cents, starts that lie a second late."""

from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import httpx2
import pytest

from chargekey.domain.tariff import ForecastSlot, PriceSlot
from chargekey.ports.faults import Fault, Puzzling, Refused
from tests.adapters.price_road import START, a_road, prices_of

AUD = "amber:AUD"
NEM = ZoneInfo("Australia/Brisbane")
HALF_HOUR, A_SECOND = timedelta(minutes=30), timedelta(seconds=1)
KINDS = {"A": "ActualInterval", "C": "CurrentInterval", "F": "ForecastInterval"}


def interval(
    number: int, cents: object, kind: str = "A", step: timedelta = HALF_HOUR, **other: object
) -> dict[str, object]:
    """As documented (smart-charging §4.1)."""
    start = START + number * step
    return {
        "type": KINDS[kind],
        "duration": step // timedelta(minutes=1),
        "spotPerKwh": 6.1,
        "perKwh": cents,
        "date": "2026-01-10",
        "nemTime": (start + step).astimezone(NEM).isoformat(),
        "startTime": (start + A_SECOND).isoformat().replace("+00:00", "Z"),
        "endTime": (start + step).isoformat().replace("+00:00", "Z"),
        "renewables": 45.1,
        "channelType": "general",
        "spikeStatus": "none",
        "descriptor": "low",
        **other,
    }


def says(*rows: object) -> httpx2.Response:
    return httpx2.Response(200, json=list(rows))


def site(name: str = "01F5A5CRKMZ5BCX9P1S4V990AM", status: str = "active") -> dict[str, object]:
    return {"id": name, "nmi": "3052282872", "channels": [], "network": "Ausgrid", "status": status}


async def test_the_tokens_first_home_that_is_supplied_is_asked_for() -> None:
    sites = says(site("01CLOSED", "closed"), site(), site("01LATER"))
    async with a_road(AUD, sites, says(interval(0, 24.3)), key="the-token") as road:
        (slot,) = await road.brings()
    first, second = road.asked
    assert str(first.url) == "https://prices.example/api/v1/sites"
    assert second.url.path == "/api/v1/sites/01F5A5CRKMZ5BCX9P1S4V990AM/prices/current"
    assert dict(second.url.params) == {"previous": "96", "next": "96", "resolution": "30"}
    assert {one.headers["authorization"] for one in road.asked} == {"Bearer the-token"}
    assert slot == PriceSlot(START, START + HALF_HOUR, 243_000)


async def test_a_start_that_lies_a_second_late_leaves_no_hole() -> None:
    async with a_road(AUD, says(site()), says(*(interval(number, 20) for number in range(48)))) as road:
        slots = await road.brings()
    assert (len(slots), slots[0].start) == (48, START)
    assert all(one.end == other.start for one, other in pairwise(slots))


async def test_what_may_come_is_marked_and_amber_forecasts_better_than_the_market() -> None:
    rows = [
        interval(0, -4.5),
        interval(1, 20, "C", estimate=False),
        interval(2, 22, "C", estimate=True),
        interval(3, 30, "F", advancedPrice={"low": 18, "predicted": 24, "high": 41}),
        interval(4, 31, "F", advancedPrice=None),
    ]
    async with a_road(AUD, says(site()), says(*rows)) as road:
        slots = await road.brings()
    assert prices_of(slots) == [-45_000, 200_000, 220_000, 240_000, 310_000]
    assert [isinstance(one, ForecastSlot) for one in slots] == [False, False, True, True, True]


async def test_what_is_sold_and_what_hot_water_costs_is_left_out() -> None:
    rows = [interval(0, 8, channelType="feedIn"), interval(0, 20), interval(0, 15, channelType="controlledLoad")]
    async with a_road(AUD, says(site()), says(*rows)) as road:
        assert prices_of(await road.brings()) == [200_000]


async def test_five_minutes_are_taken_as_they_come() -> None:
    rows = [interval(number, number, step=timedelta(minutes=5)) for number in range(6)] + [interval(1, 9, "F")]
    async with a_road(AUD, says(site()), says(*rows)) as road:
        slots = await road.brings()
    assert [one.end - one.start for one in slots] == 6 * [timedelta(minutes=5)] + [HALF_HOUR]


@pytest.mark.parametrize("sites", [(), (site(status="pending"),)])
async def test_a_token_without_a_home_is_refused(sites: tuple[object, ...]) -> None:
    async with a_road(AUD, says(*sites)) as road:
        with pytest.raises(Refused):
            await road.brings()


async def test_a_home_whose_name_is_an_address_is_not_gone_to() -> None:
    async with a_road(AUD, says(site("../../elsewhere"))) as road:
        with pytest.raises(Puzzling):
            await road.brings()
    assert len(road.asked) == 1


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({"duration": 15}, Puzzling),
        ({"duration": 5}, Puzzling),  # it says another length than it has
        ({"perKwh": 10**9}, Puzzling),
        ({"perKwh": None}, Puzzling),
        ({"endTime": "2026-01-10T00:30:00"}, Puzzling),  # without an offset it is no moment
        ({"type": "DreamtInterval"}, Puzzling),
    ],
)
async def test_what_cannot_be_meant_is_no_price(other: dict[str, object], fault: type[Fault]) -> None:
    async with a_road(AUD, says(site()), says({**interval(0, 20), **other})) as road:
        with pytest.raises(fault):
            await road.brings()


async def test_two_prices_at_once_are_no_price() -> None:
    async with a_road(AUD, says(site()), says(interval(0, 20), interval(0, 21))) as road:
        with pytest.raises(Puzzling):
            await road.brings()
