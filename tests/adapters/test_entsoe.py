"""ENTSO-E: XML in which a missing position repeats the price before it, and several series may tell of one day."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest

from chargekey.ports.faults import Puzzling
from tests.adapters.price_road import END, START, a_road, prices_of, says_text, utc

NL = "entsoe:NL"
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
NOTHING = """<?xml version="1.0" encoding="UTF-8"?>
<Acknowledgement_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0">
<Reason><code>{code}</code><text>No matching data found</text></Reason></Acknowledgement_MarketDocument>"""


def period(
    points: Mapping[int, object], start: datetime = START, end: datetime = END, resolution: str = "PT15M"
) -> str:
    told = "".join(
        f"<Point><position>{number}</position><price.amount>{price}</price.amount></Point>"
        for number, price in points.items()
    )
    interval = f"<start>{start:%Y-%m-%dT%H:%MZ}</start><end>{end:%Y-%m-%dT%H:%MZ}</end>"
    return f"<Period><timeInterval>{interval}</timeInterval><resolution>{resolution}</resolution>{told}</Period>"


def series(*periods: str, place: int | None = None, currency: str = "EUR", unit: str = "MWH") -> str:
    name = "classificationSequence_AttributeInstanceComponent.position"
    sequence = f"<{name}>{place}</{name}>" if place else ""
    return (
        f"<TimeSeries><mRID>1</mRID><auction.type>A01</auction.type>{sequence}<currency_Unit.name>{currency}"
        f"</currency_Unit.name><price_Measure_Unit.name>{unit}</price_Measure_Unit.name><curveType>A03</curveType>"
        f"{''.join(periods)}</TimeSeries>"
    )


def document(*all_series: str) -> str:
    """As documented (smart-charging §4.1), with an element more."""
    space = "urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3"
    head = f'<?xml version="1.0" encoding="utf-8"?><Publication_MarketDocument xmlns="{space}"><type>A44</type>'
    return f"{head}{''.join(all_series)}</Publication_MarketDocument>"


def counted(prices: Sequence[object]) -> dict[int, object]:
    return dict(enumerate(prices, start=1))


async def test_the_zone_is_asked_for_by_its_code_in_utc_and_with_the_key() -> None:
    async with a_road(NL, says_text(document(series(period(counted([81.2] * 96))))), key="the-key") as road:
        slots = await road.brings()
    (asked,) = road.asked
    assert asked.url.path == "/api/api"
    assert dict(asked.url.params) == {
        "securityToken": "the-key",
        "documentType": "A44",
        "in_Domain": "10YNL----------L",
        "out_Domain": "10YNL----------L",
        "periodStart": "202601092300",
        "periodEnd": "202601102300",
    }
    assert (len(slots), slots[0].start, slots[-1].end, set(prices_of(slots))) == (96, START, END, {81_200})


async def test_a_position_that_is_left_out_repeats_the_price_before_it() -> None:
    async with a_road(NL, says_text(document(series(period({1: 10, 3: -5.5, 96: 7}))))) as road:
        prices = prices_of(await road.brings())
    assert prices == [10_000, 10_000, *[-5_500] * 93, 7_000]


async def test_before_the_first_position_nothing_is_known() -> None:
    async with a_road(NL, says_text(document(series(period({3: 1}))))) as road:
        slots = await road.brings()
    assert (slots[0].start, len(slots)) == (START + 2 * QUARTER, 94)


@pytest.mark.parametrize("order", [1, -1])
async def test_of_two_series_for_one_day_the_lowest_place_counts(order: int) -> None:
    both = [series(period(counted([price] * 96)), place=place) for price, place in ((1, 1), (2, 2))]
    async with a_road(NL, says_text(document(*both[::order]))) as road:
        assert set(prices_of(await road.brings())) == {1_000}


@pytest.mark.parametrize(("start", "hours"), [("2026-03-28T23:00", 23), ("2026-10-24T22:00", 25)])
@pytest.mark.parametrize(("resolution", "an_hour"), [("PT15M", 4), ("PT30M", 2), ("PT60M", 1)])
async def test_days_and_steps_have_their_own_length(start: str, hours: int, resolution: str, an_hour: int) -> None:
    begin, end = utc(start), utc(start) + hours * HOUR
    body = document(series(period(counted(range(hours * an_hour)), begin, end, resolution)))
    async with a_road(NL, says_text(body)) as road:
        slots = await road.brings(begin, end)
    assert prices_of(slots) == [number * 1000 for number in range(hours * an_hour)]
    assert slots[-1].end == end


async def test_hours_turn_into_quarters_on_the_first_of_october_2025() -> None:
    switch = utc("2025-09-30T22:00")
    day_before = period(counted([10] * 24), switch - 24 * HOUR, switch, "PT60M")
    day_after = period(counted([20] * 96), switch, switch + 24 * HOUR)
    async with a_road(NL, says_text(document(series(day_before), series(day_after)))) as road:
        slots = await road.brings(switch - 24 * HOUR, switch + 24 * HOUR)
    assert [one.end - one.start for one in slots] == [HOUR] * 24 + [QUARTER] * 96


async def test_nothing_out_yet_is_nothing_and_another_complaint_is_not() -> None:
    async with a_road(NL, says_text(NOTHING.format(code=999))) as road:
        assert await road.brings() == ()
    async with a_road(NL, says_text(NOTHING.format(code=100))) as road:
        with pytest.raises(Puzzling):
            await road.brings()


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Publication_MarketDocument>&b;'
STRANGER = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Publication_MarketDocument>&x;'


@pytest.mark.parametrize(
    "body",
    [
        f"{BOMB}</Publication_MarketDocument>",
        f"{STRANGER}</Publication_MarketDocument>",
        f"{BOMB}</Publication_MarketDocument>".encode("utf-16"),
        "<Publication_MarketDocument>",
        "<a/>",
        "<!doctype html><title>Down</title>",
        document(series(period({1: "dear"}))),
        document(series(period({1: "NaN"}))),
        document(series(period({1: "1e999999"}))),
        document(series(period({1: 10**9}))),
        document(series(period({1: 1}), currency="PLN")),
        document(series(period({1: 1}), unit="kWh")),
        document(series(period({1: 1}, resolution="P1D"))),
        document(series(period({1: 1}, END, START))),
        document(series(period({1: 1}, START, START + timedelta(days=4000)))),
        document(series(period({1: 1}))).replace("<position>1<", "<position>-1<"),
        document(series(period({1: 1}))).replace("<position>1<", "<position>99999999<"),
        document(series(period({1: 1}))).replace("Z</start>", "</start>"),
        document(series(period({1: 1}))).replace("2026-01-09T23:00Z", "yesterday"),
        document(series(period(counted([1] * 96))), series(period(counted([1] * 48), START, START + 12 * HOUR))),
    ],
)
async def test_what_cannot_be_meant_is_no_price(body: str | bytes) -> None:
    async with a_road(NL, says_text(body)) as road:
        with pytest.raises(Puzzling):
            await road.brings()
