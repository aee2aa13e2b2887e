"""A grant of another account, until it is decided: apart from the driver's own, sealed, never renewed."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.garage import TwoAccounts
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.vault import KeptVault
from chargekey.domain.vehicle import Vin
from chargekey.ports.faults import AccessExpired, ConsentGone
from chargekey.ports.people import Grant
from tests.contract.household import EUROPE, SIX, Household, at, keep_tokens
from tests.contract.test_vault import RING, CountingSignIn, StandingClock, never, pair

OTHER_CAR = Vin("5YJSE7E51NF000001")


def a_vault(engine: AsyncEngine, tesla: CountingSignIn, clock: StandingClock | None = None) -> KeptVault:
    return KeptVault(engine, RING, tesla, clock or StandingClock(), never)


async def came_back(store: KeptStore, engine: AsyncEngine, who: Household, *, nth: int = 1) -> Grant:
    """Another account, with its tokens."""
    async with store.unit() as unit:
        grant = await unit.undecided.add(who.driver.id, f"other {nth}", EUROPE, at(5), at(65))
    await keep_tokens(a_vault(engine, CountingSignIn()), grant.id, pair(nth), EUROPE)
    return grant


async def test_it_is_no_grant_of_the_driver(store: KeptStore, engine: AsyncEngine, anna: Household) -> None:
    other = await came_back(store, engine, anna)
    async with store.unit() as unit:
        assert await unit.garage.grant_of(anna.driver.id) == anna.grant
        assert await unit.garage.live_grants() == [anna.grant]
        found = await unit.undecided.of(anna.driver.id)
    assert found is not None
    assert (found.grant, found.came_at, found.ends_at) == (other, at(5), at(65))
    assert (found.looked_at, found.cars) == (None, None)


async def test_without_tokens_there_is_nothing_to_decide(store: KeptStore, anna: Household, bert: Household) -> None:
    """Stopped between the two: the code is spent, and the driver goes to Tesla once more."""
    async with store.unit() as unit:
        await unit.undecided.add(anna.driver.id, "other", EUROPE, at(5), at(65))
        assert await unit.undecided.of(anna.driver.id) is None
        assert await unit.undecided.of(bert.driver.id) is None
        assert await unit.garage.grant_of(anna.driver.id) == anna.grant


@pytest.mark.parametrize("cars", [None, (), (OTHER_CAR,)], ids=["not told", "none", "one"])
async def test_what_tesla_said_of_its_cars_is_kept(
    store: KeptStore, engine: AsyncEngine, anna: Household, cars: tuple[Vin, ...] | None
) -> None:
    other = await came_back(store, engine, anna)
    async with store.unit() as unit:
        await unit.undecided.looked(other.id, cars, at(6))
        found = await unit.undecided.of(anna.driver.id)
        assert await unit.garage.vehicles_of(other.id) == []  # none is his car yet
    assert found is not None
    assert (found.looked_at, found.cars) == (at(6), cars)


async def test_settled_it_is_a_grant_like_any_other(store: KeptStore, engine: AsyncEngine, anna: Household) -> None:
    other = await came_back(store, engine, anna)
    async with store.unit() as unit:
        assert await unit.undecided.settle(other.id)
        await unit.garage.end_grant(anna.grant.id, at(7))
        assert await unit.garage.grant_of(anna.driver.id) == other
        assert await unit.undecided.of(anna.driver.id) is None
        assert not await unit.undecided.settle(other.id)


async def test_two_who_decide_at_once_decide_it_once(store: KeptStore, engine: AsyncEngine, anna: Household) -> None:
    other = await came_back(store, engine, anna)

    async def decide() -> bool:
        async with store.unit() as unit:
            return await unit.undecided.settle(other.id)

    assert sorted(await asyncio.gather(*(decide() for _ in range(4)))) == [False, False, False, True]


async def test_an_access_token_is_handed_out_and_its_refresh_token_never_spent(
    store: KeptStore, engine: AsyncEngine, anna: Household
) -> None:
    other = await came_back(store, engine, anna)
    tesla, clock = CountingSignIn(), StandingClock()
    vault = a_vault(engine, tesla, clock)
    access = await vault.access(other.id)
    assert access.token.reveal() == "access 1"
    with pytest.raises(AccessExpired):
        await vault.renewed(other.id, access.token)
    clock.shows = at(24 * 60)
    with pytest.raises(AccessExpired):
        await vault.access(other.id)
    assert tesla.spent == []

    async with store.unit() as unit:
        await unit.undecided.settle(other.id)
    assert (await vault.access(other.id)).token.reveal() == "access 2"
    assert tesla.spent == ["refresh 1"]


async def test_a_grant_that_ends_leaves_no_token(store: KeptStore, engine: AsyncEngine, anna: Household) -> None:
    vault = a_vault(engine, CountingSignIn())
    await keep_tokens(vault, anna.grant.id, pair(1), EUROPE)
    other = await came_back(store, engine, anna, nth=2)
    async with store.unit() as unit:
        await unit.garage.end_grant(other.id, at(7))
    with pytest.raises(ConsentGone):
        await vault.access(other.id)
    assert (await vault.access(anna.grant.id)).token.reveal() == "access 1"


async def test_its_tokens_lie_sealed(store: KeptStore, engine: AsyncEngine, anna: Household) -> None:
    other = await came_back(store, engine, anna)
    async with engine.begin() as connection:
        row = (await connection.execute(select(tables.token).where(tables.token.c.grant_id == other.id))).one()
    assert b"access" not in row.access_sealed
    assert b"refresh" not in row.refresh_sealed


async def test_beside_a_grant_of_another_account_none_is_added(store: KeptStore, anna: Household) -> None:
    with pytest.raises(TwoAccounts):
        async with store.unit() as unit:
            await unit.garage.add_grant(anna.driver.id, "another account", EUROPE, SIX)
    async with store.unit() as unit:
        assert await unit.garage.grant_of(anna.driver.id) == anna.grant


async def test_erasure_takes_it_and_the_export_names_it_without_tokens(
    store: KeptStore, engine: AsyncEngine, anna: Household
) -> None:
    other = await came_back(store, engine, anna)
    async with store.unit() as unit:
        await unit.undecided.looked(other.id, (OTHER_CAR,), at(6))
    given = await store.everything_of(anna.driver.id)
    assert [row["cars"] for row in given["undecided_grant"]] == [OTHER_CAR.whole]
    assert {row["account"] for row in given["tesla_grant"]} == {anna.grant.account, other.account}
    assert "sealed" not in str(given)

    erased = await store.erase_driver(anna.driver.id)
    assert erased["undecided_grant"] == 1
    assert erased["token"] == 1
    assert await store.everything_of(anna.driver.id) == {}
