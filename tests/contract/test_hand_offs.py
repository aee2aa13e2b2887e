"""Pages for owners: found by the hash of their link alone, answered once, gone with the driver."""

import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.hand_off import VALID_FOR, Course, Reason
from chargekey.domain.secret import Secret
from chargekey.domain.vehicle import Vin
from chargekey.ports.hand_offs import OwnersPage
from tests.contract.household import SIX, Household, at

MADE = Course(SIX, SIX + VALID_FOR)


async def made(store: KeptStore, who: Household, link: str = "hash", course: Course = MADE) -> int:
    async with store.unit() as unit:
        return await unit.hand_offs.add(who.driver.id, link, "Anna", [who.car.id], course)


async def page(store: KeptStore, link: str = "hash") -> OwnersPage:
    async with store.unit() as unit:
        found = await unit.hand_offs.by_token(link)
    assert found
    return found


async def browsers(store: KeptStore) -> tuple[int, int]:
    async with store.unit() as unit:
        one = await unit.people.open_session("one", Secret("csrf"), SIX, at(9999))
        another = await unit.people.open_session("another", Secret("csrf"), SIX, at(9999))
    return one.id, another.id


async def test_a_page_comes_back_by_the_hash_of_its_link(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        second = await unit.garage.add_vehicle(anna.driver.id, anna.grant.id, Vin("LRW3E7EK0NC004F21"))
        number = await unit.hand_offs.add(anna.driver.id, "hash", "Anna", [second.id, anna.car.id], MADE)
    found = await page(store)
    assert found == OwnersPage(number, anna.driver.id, "Anna", (anna.car.id, second.id), MADE, None, None, "")
    async with store.unit() as unit:
        assert await unit.hand_offs.by_token("another hash") is None


async def test_the_newest_page_about_a_car_is_the_one_that_counts(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    async with store.unit() as unit:
        assert await unit.hand_offs.latest_about(anna.car.id) is None
    await made(store, anna, "first")
    latest = await made(store, anna, "second")
    await made(store, bert, "of another")
    async with store.unit() as unit:
        found = await unit.hand_offs.latest_about(anna.car.id)
        assert found
        assert found.id == latest
        assert [one.id for one in await unit.hand_offs.of_driver(anna.driver.id)] == [latest, latest - 1]
        assert await unit.hand_offs.made_since(anna.driver.id, SIX) == 2
        assert await unit.hand_offs.made_since(anna.driver.id, at(1)) == 0


async def test_opened_is_when_it_was_first_opened(store: KeptStore, anna: Household) -> None:
    number = await made(store, anna)
    async with store.unit() as unit:
        await unit.hand_offs.open(number, at(1))
        await unit.hand_offs.open(number, at(2))
    assert (await page(store)).course.opened_at == at(1)


async def test_of_two_who_answer_at_once_one_counts(store: KeptStore, anna: Household) -> None:
    number, sessions = await made(store, anna), await browsers(store)

    async def agrees(session: int) -> bool:
        async with store.unit() as unit:
            return await unit.hand_offs.agree(number, session, at(1))

    counted = await asyncio.gather(*(agrees(session) for session in sessions))
    assert sorted(counted) == [False, True]
    assert (await page(store)).answered_in == sessions[counted.index(True)]


async def test_a_yes_can_be_withdrawn_where_it_was_given_and_nowhere_else(store: KeptStore, anna: Household) -> None:
    number, (his, another) = await made(store, anna), await browsers(store)
    async with store.unit() as unit:
        assert await unit.hand_offs.agree(number, his, at(1))
        await unit.hand_offs.consent(number, another, at(2))
        assert not await unit.hand_offs.decline(number, another, at(2), Reason.OTHER, "")
    assert (await page(store)).course.consented_at is None
    async with store.unit() as unit:
        await unit.hand_offs.consent(number, his, at(3))
        assert await unit.hand_offs.decline(number, his, at(4), Reason.NOT_NOW, "later")
    found = await page(store)
    assert (found.course.consented_at, found.course.declined_at) == (at(3), at(4))
    assert (found.reason, found.words) == (Reason.NOT_NOW, "later")


async def test_what_is_over_cannot_be_answered(store: KeptStore, anna: Household) -> None:
    his, _ = await browsers(store)
    over = {name: await made(store, anna, name) for name in ("revoked", "done", "declined", "run out")}
    async with store.unit() as unit:
        assert await unit.hand_offs.revoke(over["revoked"], at(1))
        await unit.hand_offs.finish(over["done"], at(1))
        assert await unit.hand_offs.decline(over["declined"], his, at(1), Reason.OTHER, "")
    for name, number in over.items():
        later = MADE.ends_at if name == "run out" else at(2)
        async with store.unit() as unit:
            assert not await unit.hand_offs.agree(number, his, later)
            assert not await unit.hand_offs.decline(number, his, later, Reason.OTHER, "")
            assert not await unit.hand_offs.revoke(number, later)


async def test_who_asked_takes_his_pages_along(store: KeptStore, engine: AsyncEngine, anna: Household) -> None:
    await made(store, anna)
    await store.erase_driver(anna.driver.id)
    async with engine.begin() as connection:
        for table in (tables.hand_off, tables.hand_off_car):
            assert (await connection.execute(select(table))).all() == []


async def test_an_owner_who_is_forgotten_leaves_the_page_without_his_browser(store: KeptStore, anna: Household) -> None:
    number, (his, _) = await made(store, anna), await browsers(store)
    async with store.unit() as unit:
        await unit.hand_offs.agree(number, his, at(1))
        await unit.people.sign_out(his)
    found = await page(store)
    assert (found.answered_in, found.course.agreed_at) == (None, at(1))
