"""Energy-Charts: two lists side by side, from which moments, lengths and prices are told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from chargekey.ports.faults import Puzzling
from tests.adapters.price_road import END, START, a_road, prices_of, says, says_text, utc, written

NL = "energy-charts:NL"
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)


def answer(prices: Sequence[float | None], start: datetime = START, step: timedelta = QUARTER) -> dict[str, object]:
    """As documented (smart-charging §4.1), with a field more."""
    moments = [int((start + number * step).timestamp()) for number in range(len(prices))]
    return {
        "license_info": "CC BY 4.0 (creativecommons.org/licenses/by/4.0)",
        "unix_seconds": moments,
        "price": list(prices),
        "unit": "EUR / MWh",
        "deprecated": False,
    }


async def test_the_zone_is_asked_for_by_days_with_a_day_to_spare() -> None:
    async with a_road(NL, says(answer([81.2] * 96))) as road:
        await road.brings()
    (asked,) = road.asked
    assert asked.url.path == "/api/price"
    assert dict(asked.url.params) == {"bzn": "NL", "start": "2026-01-09", "end": "2026-01-11"}
    assert "authorization" not in asked.headers


async def test_quarter_hours_come_in_micro_euros_per_kwh() -> None:
    async with a_road(NL, says(answer([81.2, -0.01, 0, *[42.09] * 93]))) as road:
        slots = await road.brings()
    assert prices_of(slots)[:4] == [81_200, -10, 0, 42_090]
    assert (len(slots), slots[0].start, slots[-1].end) == (96, START, END)
    assert all(one.end - one.start == QUARTER for one in slots)


async def test_what_was_not_asked_for_is_left_out() -> None:
    async with a_road(NL, says(answer([1.0] * 200, START - 50 * QUARTER))) as road:
        slots = await road.brings()
    assert (len(slots), slots[0].start, slots[-1].end) == (96, START, END)


@pytest.mark.parametrize(
    ("start", "quarters"),
    [("2026-03-28T23:00", 92), ("2026-10-24T22:00", 100)],
)
async def test_a_day_on_which_clocks_change_has_its_own_length(start: str, quarters: int) -> None:
    begin, end = utc(start), utc(start) + quarters * QUARTER
    async with a_road(NL, says(answer([float(n) for n in range(quarters)], begin))) as road:
        slots = await road.brings(begin, end)
    assert prices_of(slots) == [n * 1000 for n in range(quarters)]
    assert slots[-1].end == end


async def test_hours_turn_into_quarters_on_the_first_of_october_2025() -> None:
    switch = utc("2025-09-30T22:00")
    hours, quarters = answer([10.0] * 24, switch - 24 * HOUR, HOUR), answer([20.0] * 96, switch)
    joined = {
        **hours,
        "unix_seconds": [*hours["unix_seconds"], *quarters["unix_seconds"]],  # type: ignore[misc]  # lists both
        "price": [*hours["price"], *quarters["price"]],  # type: ignore[misc]  # lists both
    }
    async with a_road(NL, says(joined)) as road:
        slots = await road.brings(switch - 24 * HOUR, switch + 24 * HOUR)
    assert [one.end - one.start for one in slots] == [HOUR] * 24 + [QUARTER] * 96


@pytest.mark.parametrize("missing", [[40], [40, 41, 42], [0], [95], [10, 12]])
async def test_a_slot_without_a_price_is_a_hole_and_its_neighbours_grow_no_longer(missing: list[int]) -> None:
    full = answer([5.0] * 96)
    empty = {**full, "price": [None if n in missing else 5.0 for n in range(96)]}
    left_out = {
        name: [one for n, one in enumerate(full[name]) if n not in missing]  # type: ignore[var-annotated,arg-type]  # a list
        for name in ("unix_seconds", "price")
    }
    for body in (empty, {**full, **left_out}):
        async with a_road(NL, says(body)) as road:
            slots = await road.brings()
        assert len(slots) == 96 - len(missing)
        assert all(one.end - one.start == QUARTER for one in slots)
        assert not {START + n * QUARTER for n in missing} & {one.start for one in slots}


@pytest.mark.parametrize("prices", [[], [None, None]])
async def test_nothing_out_yet_is_nothing(prices: list[None]) -> None:
    async with a_road(NL, says(answer(prices))) as road:
        assert await road.brings() == ()


@pytest.mark.parametrize(
    "other",
    [
        {"unit": "EUR / kWh"},
        {"unit": "GBP / MWh"},  # of another currency it would be another home's
        {"unit": None},
        {"price": [1.0]},
        {"price": ["dear", 1.0]},
        {"price": [True, 1.0]},
        {"price": [1e9, 1.0]},
        {"price": ["1e999999", 1.0]},
        {"unix_seconds": [1_768_000_500, 1_768_000_500]},
        {"unix_seconds": [1_768_000_500, 1_768_000_000]},
        {"unix_seconds": [0, 900]},
        {"unix_seconds": [10**15, 10**15 + 900]},
        {"unix_seconds": "soon"},
        {"unix_seconds": [1.5, 2.5]},
    ],
)
async def test_what_cannot_be_meant_is_no_price(other: dict[str, object]) -> None:
    async with a_road(NL, says({**answer([1.0, 2.0]), **other})) as road:
        with pytest.raises(Puzzling):
            await road.brings()


async def test_not_a_number_is_no_price() -> None:
    body = written(answer([1.0, 2.0])).replace("2.0", "NaN")
    async with a_road(NL, says_text(body)) as road:
        with pytest.raises(Puzzling):
            await road.brings()
