"""Consent, grants and cars as the store keeps them."""

import asyncio

from chargekey.adapters.store.store import KeptStore
from chargekey.domain.secret import Secret
from chargekey.domain.vehicle import Vin
from chargekey.ports.people import ConsentAttempt
from tests.contract.household import EUROPE, SIX, Household, at

AMERICA = "https://na.tesla.example"
OTHER_CAR = Vin("5YJSE7E51NF000001")


async def begin(store: KeptStore, anna: Household) -> int:
    """A trip to Tesla; returns the number of the browser session that began it."""
    async with store.unit() as unit:
        browser = await unit.people.open_session("cookie", Secret("csrf"), SIX, at(30))
        await unit.garage.begin_consent("state", browser.id, anna.driver.id, Secret("nonce"), SIX)
    return browser.id


async def test_a_consent_attempt_is_good_once(store: KeptStore, anna: Household) -> None:
    browser = await begin(store, anna)
    async with store.unit() as unit:
        first = await unit.garage.use_consent("state", at(1))
    async with store.unit() as unit:
        second = await unit.garage.use_consent("state", at(2))
    assert first is not None and second is not None
    assert first.used_at is None
    assert (first.session_id, first.driver_id, first.nonce) == (browser, anna.driver.id, Secret("nonce"))
    assert first.started_at == SIX
    assert second.used_at == at(1)


async def test_a_callback_that_comes_several_times_at_once_counts_once(store: KeptStore, anna: Household) -> None:
    await begin(store, anna)

    async def come_back() -> ConsentAttempt | None:
        async with store.unit() as unit:
            return await unit.garage.use_consent("state", at(1))

    found = await asyncio.gather(*(come_back() for _ in range(5)))
    assert sum(attempt is not None and attempt.used_at is None for attempt in found) == 1


async def test_a_state_we_never_made_is_none(store: KeptStore) -> None:
    async with store.unit() as unit:
        assert await unit.garage.use_consent("made up", SIX) is None


async def test_the_same_account_is_the_same_grant(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        again = await unit.garage.add_grant(anna.driver.id, anna.grant.account, AMERICA, at(5))
    assert again.id == anna.grant.id
    assert again.base_url == AMERICA


async def test_after_one_account_there_may_be_another(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        await unit.garage.end_grant(anna.grant.id, at(4))
        other = await unit.garage.add_grant(anna.driver.id, "another account", EUROPE, at(5))
        assert other.id != anna.grant.id
        assert await unit.garage.grant_of(anna.driver.id) == other
        assert (await unit.garage.grant(anna.grant.id)).account == anna.grant.account  # still there to look up


async def test_a_grant_given_up_is_no_grant_and_consent_makes_a_new_one(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        await unit.garage.end_grant(anna.grant.id, at(5))
        assert await unit.garage.grant_of(anna.driver.id) is None
        again = await unit.garage.add_grant(anna.driver.id, anna.grant.account, EUROPE, at(6))
    assert again.id != anna.grant.id


async def test_one_drivers_grant_is_not_anothers(store: KeptStore, anna: Household, bert: Household) -> None:
    async with store.unit() as unit:
        await unit.garage.set_base_url(anna.grant.id, AMERICA)
        await unit.garage.end_grant(anna.grant.id, at(5))
        assert await unit.garage.grant_of(bert.driver.id) == bert.grant


async def test_cars_are_listed_oldest_first_and_once(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        other = await unit.garage.add_vehicle(anna.driver.id, anna.grant.id, OTHER_CAR)
        again = await unit.garage.add_vehicle(anna.driver.id, anna.grant.id, anna.car.vin)
        assert again == anna.car
        assert await unit.garage.vehicles_of(anna.grant.id) == [anna.car, other]
        assert await unit.garage.vehicle(other.id) == other


async def test_a_car_follows_its_driver_to_a_new_grant(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        await unit.garage.end_grant(anna.grant.id, at(4))
        new = await unit.garage.add_grant(anna.driver.id, "another account", EUROPE, at(5))
        moved = await unit.garage.add_vehicle(anna.driver.id, new.id, anna.car.vin)
        assert moved.id == anna.car.id
        assert [car.id for car in await unit.garage.vehicles_of(new.id)] == [anna.car.id]
        assert await unit.garage.vehicles_of(anna.grant.id) == []


async def test_two_drivers_of_one_car_have_it_each(store: KeptStore, anna: Household, bert: Household) -> None:
    async with store.unit() as unit:
        shared = await unit.garage.add_vehicle(bert.driver.id, bert.grant.id, anna.car.vin)
    assert shared.id != anna.car.id
    assert shared.vin == anna.car.vin


async def test_the_cars_of_many_accounts_come_account_by_account(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    async with store.unit() as unit:
        second = await unit.garage.add_vehicle(anna.driver.id, anna.grant.id, OTHER_CAR)
        assert await unit.garage.vehicles_of_each([bert.grant.id, anna.grant.id]) == [anna.car, second, bert.car]
        assert await unit.garage.vehicles_of_each([bert.grant.id]) == [bert.car]
        assert await unit.garage.vehicles_of_each([]) == []


async def test_an_account_comes_with_its_cars(store: KeptStore, anna: Household, bert: Household) -> None:
    async with store.unit() as unit:
        second = await unit.garage.add_vehicle(anna.driver.id, anna.grant.id, OTHER_CAR)
        assert await unit.garage.account_of(anna.driver.id) == (anna.grant, [anna.car, second])
        nobody_yet = await unit.people.driver_for("carla@example.org", "en", SIX)
        assert await unit.garage.account_of(nobody_yet.id) == (None, ())
        without = await unit.garage.add_grant(nobody_yet.id, "account without cars", EUROPE, SIX)
        assert await unit.garage.account_of(nobody_yet.id) == (without, [])


async def test_the_account_is_the_one_that_lives_and_is_decided(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        await unit.undecided.add(anna.driver.id, "another", EUROPE, at(1), at(60))
        assert await unit.garage.account_of(anna.driver.id) == (anna.grant, [anna.car])
        await unit.garage.end_grant(anna.grant.id, at(2))
        assert await unit.garage.account_of(anna.driver.id) == (None, ())
        anew = await unit.garage.add_grant(anna.driver.id, "a third", EUROPE, at(3))
        assert await unit.garage.account_of(anna.driver.id) == (anew, [])
