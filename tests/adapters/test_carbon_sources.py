"""How clean power is, over real HTTP: Britain by the half-hour, whole and by region, Electricity Maps by the hour."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chargekey.adapters.carbon.sources import SOURCES as MADE
from chargekey.adapters.carbon.sources import carbon_source_of
from chargekey.domain.carbon import SOURCES, CarbonSlot, RegionUnknown, region
from chargekey.domain.secret import Secret
from chargekey.ports.carbon import PublishedCarbon
from chargekey.ports.faults import Fault, Puzzling, Refused, TooOften, Unreachable
from tests.adapters.price_road import utc
from tests.simulator.served import a_door, serving

START: Final = utc("2026-01-10T12:00")
HALF, HOUR = timedelta(minutes=30), timedelta(hours=1)
END: Final = START + 48 * HOUR


@dataclass
class Road:
    """A source on a port of its own, and all that it was asked."""

    source: PublishedCarbon
    asked: list[Request] = field(default_factory=list)

    async def brings(self) -> Sequence[CarbonSlot]:
        return await self.source.published(START, END)


@asynccontextmanager
async def a_road(name: str, answers: Mapping[str, object], key: str = "") -> AsyncIterator[Road]:
    """`answers`: by the end of a path what is said there, a status or a body; elsewhere nothing is."""
    asked: list[Request] = []

    async def answer(request: Request) -> Response:
        asked.append(request)
        said = next((one for end, one in answers.items() if request.url.path.endswith(end)), 404)
        if isinstance(said, int):
            return Response(status_code=said)
        return Response(json.dumps(said), media_type="application/json")

    door, url = a_door()
    door.listen()
    async with serving(Starlette(routes=[Route("/{rest:path}", answer)]), door), httpx2.AsyncClient() as http:
        yield Road(carbon_source_of(http, region(name), url, Secret(key)), asked)


# ── Great Britain ────────────────────────────────────────────────────────────────────────────────


def half_hour(number: int, forecast: object, actual: object = None, step: timedelta = HALF) -> dict[str, object]:
    """As documented (smart-charging §4.1): moments without seconds."""
    start = START + number * HALF
    return {
        "from": start.strftime("%Y-%m-%dT%H:%MZ"),
        "to": (start + step).strftime("%Y-%m-%dT%H:%MZ"),
        "intensity": {"forecast": forecast, "actual": actual, "index": "moderate"},
    }


def of_region(*told: dict[str, object]) -> dict[str, object]:
    mix = [{"fuel": "wind", "perc": 60.1}]
    rows = [{**one, "generationmix": mix} for one in told]
    return {"data": {"regionid": 13, "dnoregion": "UKPN London", "shortname": "London", "data": rows}}


async def test_what_was_measured_outweighs_what_was_forecast_and_moments_need_no_seconds() -> None:
    rows = [half_hour(-1, 280, 290), half_hour(0, 266, 263), half_hour(1, 250), half_hour(2, None)]
    async with a_road("gb-carbon:GB", {"/fw48h": {"data": rows}}) as road:
        slots = await road.brings()
    assert slots == (
        CarbonSlot(START, START + HALF, 263),
        CarbonSlot(START + HALF, START + 2 * HALF, 250, is_forecast=True),
    )
    (asked,) = road.asked
    assert asked.url.path == "/intensity/2026-01-10T12:00Z/fw48h"


async def test_a_region_lies_a_floor_deeper_and_is_forecast_alone() -> None:
    async with a_road("gb-carbon:13", {"/regionid/13": of_region(half_hour(0, 41), half_hour(1, 0))}) as road:
        slots = await road.brings()
    assert [(one.g_per_kwh, one.is_forecast) for one in slots] == [(41, True), (0, True)]
    (asked,) = road.asked
    assert asked.url.path == "/regional/intensity/2026-01-10T12:00Z/fw48h/regionid/13"


# ── Electricity Maps ─────────────────────────────────────────────────────────────────────────────


def hours(*told: object, begin: int = 0) -> list[dict[str, object]]:
    return [
        {"carbonIntensity": one, "datetime": (START + (begin + n) * HOUR).strftime("%Y-%m-%dT%H:%M:%S.000Z")}
        for n, one in enumerate(told)
    ]


async def test_past_and_forecast_are_put_together_and_the_past_wins() -> None:
    answers = {
        "/history": {"zone": "DE", "history": hours(300, 310.5)},
        "/forecast": {"zone": "DE", "forecast": hours(350, 326, None, begin=1), "updatedAt": "2026-01-10T12:00:00Z"},
    }
    async with a_road("electricity-maps:DE", answers, key="the-key") as road:
        slots = await road.brings()
    assert [(one.g_per_kwh, one.is_forecast) for one in slots] == [(300, False), (310, False), (326, True)]
    assert slots[-1].end == START + 3 * HOUR
    assert {(one.headers["auth-token"], one.url.query) for one in road.asked} == {("the-key", "zone=DE")}


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_free_key_knows_the_past_alone(status: int) -> None:
    answers = {"/history": {"zone": "DE", "history": hours(300)}, "/forecast": status}
    async with a_road("electricity-maps:DE", answers, key="free") as road:
        assert [one.is_forecast for one in await road.brings()] == [False]


async def test_a_wrong_key_is_refused_and_no_forecast_is_asked_for() -> None:
    async with a_road("electricity-maps:DE", {"/history": 401}, key="wrong") as road:
        with pytest.raises(Refused):
            await road.brings()
    assert len(road.asked) == 1


# ── both ─────────────────────────────────────────────────────────────────────────────────────────

WHOLE, MAPS = "gb-carbon:GB", "electricity-maps:DE"


@pytest.mark.parametrize(
    ("name", "answers", "fault"),
    [
        (WHOLE, {"/fw48h": {"data": [half_hour(0, 9_999)]}}, Puzzling),
        (WHOLE, {"/fw48h": {"data": [half_hour(0, -1)]}}, Puzzling),
        (WHOLE, {"/fw48h": {"data": [half_hour(0, 9, step=HOUR)]}}, Puzzling),
        (WHOLE, {"/fw48h": {"data": [half_hour(0, 9), half_hour(0, 10)]}}, Puzzling),
        (WHOLE, {"/fw48h": {"error": {"code": "400 Bad Request"}}}, Puzzling),
        ("gb-carbon:13", {"/13": {"data": [half_hour(0, 9)]}}, Puzzling),
        (WHOLE, {"/fw48h": 400}, Refused),
        (WHOLE, {"/fw48h": 429}, TooOften),
        (WHOLE, {"/fw48h": 503}, Unreachable),
        (MAPS, {"/history": {"zone": "FR", "history": hours(60)}}, Puzzling),
        (MAPS, {"/history": {"zone": "DE", "history": hours("clean")}}, Puzzling),
        (MAPS, {"/history": {"zone": "DE", "history": [*hours(1), *hours(2)]}, "/forecast": 401}, Puzzling),
    ],
)
async def test_what_cannot_be_meant_is_no_intensity(
    name: str, answers: Mapping[str, object], fault: type[Fault]
) -> None:
    async with a_road(name, answers) as road:
        with pytest.raises(fault):
            await road.brings()


@pytest.mark.parametrize("name", SOURCES)
def test_the_example_that_a_source_names_is_one_of_its_regions(name: str) -> None:
    found = region(f"{name}:{SOURCES[name].example}")
    assert (found.source, found.area) == (SOURCES[name].title, SOURCES[name].example)
    assert SOURCES.keys() == MADE.keys()


@pytest.mark.parametrize(
    "name", ["", "GB", "gb-carbon", "gb-carbon:", "gb-carbon:0", "gb-carbon:18", "gb-carbon:13/..", "gb-carbon:GB\n",
             "electricity-maps:de", "electricity-maps:DE&zone=FR", "elsewhere:GB"],
)  # fmt: skip
def test_what_is_no_region_is_told_with_one_that_is(name: str) -> None:
    with pytest.raises(RegionUnknown, match=r"such as [a-z-]+:"):
        region(name)
