"""No budget is passed, on either database: whoever asks at once, whatever Tesla answers, wherever we are stopped."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx2
import pytest

from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.metering import BudgetMeter
from chargekey.domain.spend import AFTER_A_WAKE_MICRO_USD, PRICE_MICRO_USD, TONIGHT_MICRO_USD, Billed, Budgets, Spent
from chargekey.domain.vehicle import Vin
from chargekey.ports.faults import BudgetSpent, Fault
from tests.adapters.tesla_side import GRANT, TRUSTED, PocketVault, StillClock, Tesla, never, said
from tests.contract.household import SIX, Household

MONTH: Final = "2024-01"
WAKE: Final = PRICE_MICRO_USD[Billed.WAKE]
KEPT: Final = AFTER_A_WAKE_MICRO_USD
"""What a wake leaves for the start that it is made for."""
LOOK: Final = PRICE_MICRO_USD[Billed.DATA]
PLENTY: Final = Budgets(10_000_000, 10_000_000)


class House:
    """Chargekey's way to Tesla with its budgets, over one database."""

    def __init__(self, store: KeptStore, tesla: Tesla, budgets: Budgets = PLENTY, whole_s: float = 30.0) -> None:
        self.clock, self.store, self.tesla = StillClock(), store, tesla
        meter = BudgetMeter(store, self.clock, budgets)
        self.api = FleetApi(tesla.http, PocketVault(), TRUSTED, whole_s=whole_s, meter=meter)

    async def wakes(self, vin: Vin) -> None:
        await self.api.command(GRANT, f"/api/1/vehicles/{vin.whole}/wake_up", {})

    async def looks(self, vin: Vin, *, for_order: bool = False) -> None:
        await self.api.ask(GRANT, f"/api/1/vehicles/{vin.whole}/vehicle_data", for_order=for_order)

    async def spent(self, vin: Vin, month: str = MONTH) -> Spent:
        async with self.store.unit() as unit:
            return await unit.spending.spent(vin, month)

    async def on_the_bill(self, who: Household) -> Mapping[Billed, int]:
        async with self.store.unit() as unit:
            return await unit.bills.calls(who.car.id, SIX, SIX + timedelta(days=400))


async def test_two_who_ask_at_once_for_the_last_wake_get_it_once(store: KeptStore, anna: Household) -> None:
    house = House(store, Tesla(*[said(200, {})] * 9), Budgets(3 * WAKE + KEPT, 10_000_000))
    came = await asyncio.gather(*(house.wakes(anna.car.vin) for _ in range(9)), return_exceptions=True)
    assert sum(one is None for one in came) == len(house.tesla.asked) == 3
    assert all(one is None or isinstance(one, BudgetSpent) for one in came)
    assert (await house.spent(anna.car.vin)).car_micro_usd == 3 * WAKE


async def test_all_cars_share_what_the_home_may_spend(store: KeptStore, anna: Household, bert: Household) -> None:
    house = House(store, Tesla(*[said(200, {})] * 9), Budgets(10_000_000, 3 * WAKE + 2 * KEPT))
    both = [who.car.vin for who in (anna, bert) for _ in range(4)]
    came = await asyncio.gather(*(house.wakes(vin) for vin in both), return_exceptions=True)
    assert sum(one is None for one in came) == 3
    assert (await house.spent(anna.car.vin)).home_micro_usd == 3 * WAKE


@pytest.mark.parametrize(
    ("answer", "is_billed"),
    [
        (said(200, {}), True),
        (said(403, {"error": "no"}), True),  # a refusal is billed, too
        (said(408, {"error": "asleep"}), True),
        (said(429, {"error": "too often"}), True),
        (said(500, {}), False),
        (said(503, {}), False),
        (httpx2.ConnectError("no way there"), False),
        (httpx2.ReadTimeout("no answer"), True),  # nobody knows: so it counts
        (httpx2.RemoteProtocolError("cut off"), True),
    ],
)
async def test_only_what_tesla_certainly_does_not_bill_is_given_back(
    store: KeptStore, anna: Household, answer: httpx2.Response | Exception, is_billed: bool
) -> None:
    house = House(store, Tesla(answer))
    await asyncio.gather(house.wakes(anna.car.vin), return_exceptions=True)
    assert await house.spent(anna.car.vin) == Spent(WAKE * is_billed, WAKE * is_billed, 1)
    answered = isinstance(answer, httpx2.Response) and is_billed
    assert await house.on_the_bill(anna) == ({Billed.WAKE: 1} if answered else {})


async def test_a_call_that_we_did_not_live_to_see_answered_stays_counted(store: KeptStore, anna: Household) -> None:
    has_arrived = asyncio.Event()

    async def keeps_silent(request: httpx2.Request) -> httpx2.Response:
        has_arrived.set()
        return await never(request)

    house = House(store, Tesla(keeps_silent))
    call = asyncio.create_task(house.wakes(anna.car.vin))
    await has_arrived.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await house.spent(anna.car.vin) == Spent(WAKE, WAKE, 1)


async def test_what_was_refused_is_not_counted_and_says_when_to_come_again(store: KeptStore, anna: Household) -> None:
    house = House(store, Tesla(), Budgets(WAKE + KEPT - 1, 10_000_000))
    with pytest.raises(BudgetSpent) as refused:
        await house.wakes(anna.car.vin)
    assert house.clock.now() + refused.value.wait == datetime(2024, 2, 1, tzinfo=UTC)
    assert await house.spent(anna.car.vin) == Spent(0, 0, 1)


async def test_a_new_month_has_its_budgets_anew(store: KeptStore, anna: Household) -> None:
    house = House(store, Tesla(*[said(200, {})] * 2), Budgets(WAKE + KEPT, WAKE + KEPT))
    await house.wakes(anna.car.vin)
    house.clock.moment = datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC)
    with pytest.raises(BudgetSpent):
        await house.wakes(anna.car.vin)
    house.clock.moment = datetime(2024, 2, 1, tzinfo=UTC)
    await house.wakes(anna.car.vin)
    assert await house.spent(anna.car.vin, "2024-02") == Spent(WAKE, WAKE, 1)


async def test_a_call_while_the_month_changes_counts_for_both(store: KeptStore, anna: Household) -> None:
    def at_midnight(_: httpx2.Request) -> httpx2.Response:
        house.clock.moment = datetime(2024, 2, 1, tzinfo=UTC)
        return said(200, {})

    house = House(store, Tesla(at_midnight))
    house.clock.moment = datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC)
    await house.wakes(anna.car.vin)
    assert (
        await house.spent(anna.car.vin, "2024-01") == await house.spent(anna.car.vin, "2024-02") == Spent(WAKE, WAKE, 1)
    )


async def test_a_look_for_news_leaves_the_night_its_orders(store: KeptStore, anna: Household) -> None:
    house = House(store, Tesla(*[said(200, {})] * 3), Budgets(2 * LOOK + TONIGHT_MICRO_USD, 10_000_000))
    for _ in range(2):
        await house.looks(anna.car.vin)
    with pytest.raises(BudgetSpent):
        await house.looks(anna.car.vin)
    await house.looks(anna.car.vin, for_order=True)


async def test_what_costs_nothing_is_asked_whatever_was_spent(store: KeptStore, anna: Household) -> None:
    house = House(store, Tesla(said(200, {})), Budgets(0, 0))
    await house.api.ask(GRANT, f"/api/1/vehicles/{anna.car.vin.whole}")
    assert await house.spent(anna.car.vin) == Spent(0, 0, 1)


async def test_the_home_goes_on_counting_what_was_asked_for_a_car_that_left(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    house = House(store, Tesla(*[said(200, {})] * 3))
    for vin in (anna.car.vin, bert.car.vin, bert.car.vin):
        await house.wakes(vin)
    assert await house.spent(anna.car.vin) == Spent(WAKE, 3 * WAKE, 2)
    await store.erase_driver(anna.driver.id)
    async with store.unit() as unit:
        assert await unit.spending.by_car(MONTH) == (3 * WAKE, {bert.car.vin: 2 * WAKE})


async def test_an_answer_that_drips_for_ever_is_cut_off_and_counted(store: KeptStore, anna: Household) -> None:
    house = House(store, Tesla(never), whole_s=0.01)
    with pytest.raises(Fault):
        await house.looks(anna.car.vin)
    assert await house.spent(anna.car.vin) == Spent(LOOK, LOOK, 1)
