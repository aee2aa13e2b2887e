"""What drivers are told once, and Tesla's outages, on both databases."""

from typing import Final

from chargekey.adapters.store.store import KeptStore
from chargekey.ports.notices import NoticeKind
from tests.contract.household import SIX, Household, at

SOLD: Final = NoticeKind.CAR_GONE


async def test_nobody_is_told_twice_of_one_event(store: KeptStore, anna: Household, bert: Household) -> None:
    async with store.unit() as unit:
        first = await unit.notices.add(anna.driver.id, SOLD, "car:1", {"car": "4F21"}, SIX)
        assert first and first.values == {"car": "4F21"}
        assert await unit.notices.add(anna.driver.id, SOLD, "car:1", {"car": "4F21"}, at(5)) is None
        assert await unit.notices.add(anna.driver.id, SOLD, "car:2", {}, at(6))
        assert await unit.notices.add(bert.driver.id, SOLD, "car:1", {}, at(7))
        assert [one.event for one in await unit.notices.unread(anna.driver.id)] == ["car:1", "car:2"]


async def test_what_was_read_is_shown_no_more(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        await unit.notices.add(anna.driver.id, SOLD, "car", {}, SIX)
        await unit.notices.add(anna.driver.id, NoticeKind.KEY_GONE, "key", {}, SIX)
        await unit.notices.read(anna.driver.id, at(1), SOLD)
        assert [one.event for one in await unit.notices.unread(anna.driver.id)] == ["key"]
        await unit.notices.read(anna.driver.id, at(2))
        assert await unit.notices.unread(anna.driver.id) == []
        assert await unit.notices.add(anna.driver.id, SOLD, "car", {}, at(3)) is None  # still told before


async def test_a_mail_that_left_is_marked(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        made = await unit.notices.add(anna.driver.id, SOLD, "car", {}, SIX)
        assert made and made.sent_at is None
        await unit.notices.sent(made.id, at(1))
        kept = await unit.notices.notice(made.id)
        assert kept and kept.sent_at == at(1)
    await store.erase_driver(anna.driver.id)
    async with store.unit() as unit:
        assert await unit.notices.notice(made.id) is None


async def test_an_outage_lasts_until_it_is_ended(store: KeptStore) -> None:
    async with store.unit() as unit:
        down = await unit.outages.begin("eu", SIX)
        await unit.outages.begin("na", at(1))
        assert [one.region for one in await unit.outages.lasting()] == ["eu", "na"]
        await unit.outages.end(down.id, at(9))
        assert [one.region for one in await unit.outages.lasting()] == ["na"]


async def test_grants_that_live_are_everybodys(store: KeptStore, anna: Household, bert: Household) -> None:
    async with store.unit() as unit:
        assert await unit.garage.live_grants() == [anna.grant, bert.grant]
        await unit.garage.end_grant(anna.grant.id, at(1))
        assert await unit.garage.live_grants() == [bert.grant]
