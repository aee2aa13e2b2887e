"""What a home tells of its own sun is kept by quarter of an hour. On both databases."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from chargekey.adapters.store.store import KeptStore
from chargekey.domain.surplus import SurplusSlot
from chargekey.ports.surplus import KeptSurplus
from tests.contract.household import SIX, Household, at


def quarters(begin: int, *surplus_w: int) -> list[SurplusSlot]:
    """From the `begin`th quarter after six on."""
    return [SurplusSlot(at(15 * n), at(15 * (n + 1)), watts) for n, watts in enumerate(surplus_w, begin)]


async def tells(
    store: KeptStore, who: Household, slots: Sequence[SurplusSlot], *, minute: float = 0, measured: bool = False
) -> None:
    async with store.unit() as unit:
        await unit.surplus.keep(who.car.id, slots, at(minute), measured=measured)


async def told(store: KeptStore, who: Household, begin: float = -600, end: float = 600) -> Sequence[KeptSurplus]:
    async with store.unit() as unit:
        return await unit.surplus.told(who.car.id, at(begin), at(end))


async def watts(store: KeptStore, who: Household) -> list[int]:
    return [one.slot.surplus_w for one in await told(store, who)]


async def test_what_was_told_comes_back_in_order_with_its_holes(store: KeptStore, anna: Household) -> None:
    slots = [*quarters(4, 1_000_000), *quarters(0, 0, 250)]
    await tells(store, anna, slots, minute=3)
    assert await told(store, anna) == [KeptSurplus(one, False, at(3)) for one in sorted(slots)]
    await tells(store, anna, [])
    assert await watts(store, anna) == [0, 250, 1_000_000]


@pytest.mark.parametrize(
    ("begin", "end", "touched"),
    [(0, 30, [1, 2]), (15, 30, [2]), (14, 16, [1, 2]), (29, 300, [2, 3]), (45, 60, []), (-15, 0, []), (20, 21, [2])],
)
async def test_of_a_span_comes_what_touches_it(
    store: KeptStore, anna: Household, begin: float, end: float, touched: list[int]
) -> None:
    await tells(store, anna, quarters(0, 1, 2, 3))
    assert [one.slot.surplus_w for one in await told(store, anna, begin, end)] == touched


async def test_a_later_word_takes_the_place_of_an_earlier(store: KeptStore, anna: Household) -> None:
    await tells(store, anna, quarters(0, 1, 1, 1))
    await tells(store, anna, quarters(1, 2, 2, 2), minute=5)
    assert [(one.slot.surplus_w, one.told_at) for one in await told(store, anna)] == [
        (1, SIX),
        (2, at(5)),
        (2, at(5)),
        (2, at(5)),
    ]


async def test_a_forecast_never_takes_the_place_of_what_was_measured(store: KeptStore, anna: Household) -> None:
    await tells(store, anna, quarters(0, 1, 1))
    await tells(store, anna, quarters(0, 700), minute=2, measured=True)
    await tells(store, anna, quarters(0, 9, 9, 9), minute=5)
    first, *later = await told(store, anna)
    assert first == KeptSurplus(quarters(0, 700)[0], True, at(2))
    assert [(one.slot.surplus_w, one.measured) for one in later] == [(9, False), (9, False)]
    await tells(store, anna, quarters(0, 800), minute=7, measured=True)
    assert await watts(store, anna) == [800, 9, 9]


async def test_only_whole_quarters_are_kept(store: KeptStore, anna: Household) -> None:
    with pytest.raises(ValueError, match="quarter"):
        await tells(store, anna, [*quarters(0, 1), SurplusSlot(at(15), at(45), 1)])
    assert await watts(store, anna) == []


async def test_a_home_sees_nothing_of_another(store: KeptStore, anna: Household, bert: Household) -> None:
    await tells(store, anna, quarters(0, 1))
    await tells(store, bert, quarters(0, 2), measured=True)
    await tells(store, anna, quarters(0, 3))
    assert (await watts(store, anna), await watts(store, bert)) == ([3], [2])


async def test_what_is_old_goes_of_every_car(store: KeptStore, anna: Household, bert: Household) -> None:
    await tells(store, anna, quarters(0, 1, 2, 3))
    await tells(store, bert, quarters(0, 4, 5, 6), measured=True)
    async with store.unit() as unit:
        await unit.surplus.forget(SIX + timedelta(minutes=15))
    assert (await watts(store, anna), await watts(store, bert)) == ([2, 3], [5, 6])
