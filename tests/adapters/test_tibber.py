"""Tibber: a question in GraphQL, today and tomorrow with their offsets, everything included."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chargekey.ports.faults import Fault, Puzzling, Refused
from tests.adapters.price_road import END, START, a_road, prices_of, says, utc

EUR = "tibber:EUR"
BERLIN = ZoneInfo("Europe/Berlin")
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)


def day(
    totals: Sequence[object], start: datetime = START, step: timedelta = QUARTER, currency: object = "EUR"
) -> list[dict[str, object]]:
    return [
        {
            "total": total,
            "energy": 0.12,
            "tax": 0.21,
            "startsAt": (start + number * step).astimezone(BERLIN).isoformat(timespec="milliseconds"),
            "level": "NORMAL",
            "currency": currency,
        }
        for number, total in enumerate(totals)
    ]


def answer(today: object, tomorrow: object = ()) -> dict[str, object]:
    """As documented (smart-charging §4.1), after a home that Tibber does not supply."""
    info = {"priceInfo": {"today": today, "tomorrow": tomorrow}}
    return {"data": {"viewer": {"homes": [{"currentSubscription": None}, {"currentSubscription": info}]}}}


async def test_the_token_goes_in_a_header_and_the_question_in_the_body() -> None:
    async with a_road(EUR, says(answer(day([0.3312, -0.01] * 48))), key="the-token") as road:
        slots = await road.brings()
    (asked,) = road.asked
    assert (asked.method, str(asked.url)) == ("POST", "https://prices.example/api/v1-beta/gql")
    assert asked.headers["authorization"] == "Bearer the-token"
    assert "QUARTER_HOURLY" in json.loads(asked.content)["query"]
    assert (len(slots), slots[0].start, slots[-1].end, prices_of(slots)[:2]) == (96, START, END, [331_200, -10_000])


async def test_tomorrow_is_empty_until_it_is_out() -> None:
    today, tomorrow = day([0.3] * 96), day([0.2] * 96, END)
    async with a_road(EUR, says(answer(today)), says(answer(today, tomorrow))) as road:
        assert (await road.brings(START, END + 24 * HOUR))[-1].end == END
        assert (await road.brings(START, END + 24 * HOUR))[-1].end == END + 24 * HOUR


@pytest.mark.parametrize(("start", "hours"), [("2026-03-28T23:00", 23), ("2026-10-24T22:00", 25)])
async def test_a_day_on_which_clocks_change_has_its_own_length(start: str, hours: int) -> None:
    begin = utc(start)
    async with a_road(EUR, says(answer(day(range(hours), begin, HOUR)))) as road:
        slots = await road.brings(begin, begin + hours * HOUR)
    assert prices_of(slots) == [number * 1_000_000 for number in range(hours)]
    assert slots[-1].end == begin + hours * HOUR


async def test_a_missing_slot_is_a_hole() -> None:
    full = day([0.3] * 96)
    async with a_road(EUR, says(answer([*full[:7], *full[9:]]))) as road:
        slots = await road.brings()
    assert len(slots) == 94
    assert all(one.end - one.start == QUARTER for one in slots)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"errors": [{"message": "invalid token", "extensions": {"code": "UNAUTHENTICATED"}}], "data": None}, Refused),
        ({"data": {"viewer": {"homes": []}}}, Refused),
        ({"data": {"viewer": {"homes": [{"currentSubscription": None}]}}}, Refused),
        (answer(day([0.3] * 4, currency="NOK")), Puzzling),
        (answer(day([0.3] * 4, currency=None)), Puzzling),
        (answer(day([0.3] * 4, step=timedelta(minutes=20))), Puzzling),
        (answer(day([1000.0])), Puzzling),
        (answer(day([None])), Puzzling),
        (answer(day([0.3] * 4), day([0.3] * 4)), Puzzling),
        (answer(None), Puzzling),
    ],
)
async def test_what_cannot_be_meant_is_no_price(body: dict[str, object], fault: type[Fault]) -> None:
    async with a_road(EUR, says(body)) as road:
        with pytest.raises(fault):
            await road.brings()
