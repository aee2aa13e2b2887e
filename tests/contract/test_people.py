"""Sign-in as the store keeps it: links good once, browsers, drivers."""

import asyncio

from chargekey.adapters.store.store import KeptStore
from chargekey.domain.secret import Secret
from chargekey.ports.people import LinksAsked, SignInLink
from tests.contract.household import SIX, Household, at


async def test_a_link_is_good_once(store: KeptStore) -> None:
    async with store.unit() as unit:
        await unit.people.add_link("hash", "anna@example.org", SIX, at(15), None)
    async with store.unit() as unit:
        first = await unit.people.use_link("hash", at(1))
    async with store.unit() as unit:
        second = await unit.people.use_link("hash", at(2))
    assert first is not None and first.used_at is None
    assert (first.email, first.expires_at) == ("anna@example.org", at(15))
    assert second is not None and second.used_at == at(1)
    async with store.unit() as unit:
        link = await unit.people.link("hash")
    assert link is not None and link.used_at == at(1)  # the second try left no trace


async def test_a_link_used_by_several_at_once_is_good_for_one(store: KeptStore) -> None:
    async with store.unit() as unit:
        await unit.people.add_link("hash", "anna@example.org", SIX, at(15), None)

    async def follow() -> SignInLink | None:
        async with store.unit() as unit:
            return await unit.people.use_link("hash", at(1))

    found = await asyncio.gather(*(follow() for _ in range(5)))
    assert sum(link is not None and link.used_at is None for link in found) == 1
    assert all(link is not None for link in found)


async def test_looking_at_a_link_does_not_use_it(store: KeptStore) -> None:
    async with store.unit() as unit:
        await unit.people.add_link("hash", "anna@example.org", SIX, at(15), None)
        assert await unit.people.link("hash") == await unit.people.link("hash")
        used = await unit.people.use_link("hash", at(1))
    assert used is not None and used.used_at is None


async def test_a_link_nobody_sent_is_none(store: KeptStore) -> None:
    async with store.unit() as unit:
        assert await unit.people.use_link("hash", SIX) is None
        assert await unit.people.link("hash") is None


async def test_links_are_counted_by_address_by_network_and_by_time(store: KeptStore) -> None:
    async with store.unit() as unit:
        for nth in range(3):
            await unit.people.add_link(f"anna {nth}", "anna@example.org", at(nth), at(15), "office")
        await unit.people.add_link("bert", "bert@example.org", at(2), at(15), "office")
        await unit.people.add_link("dora", "dora@example.org", at(2), at(15), None)
        assert await unit.people.links_asked("anna@example.org", "office", at(1)) == LinksAsked(2, 3, 4)
        assert await unit.people.links_asked("anna@example.org", "home", at(1)) == LinksAsked(2, 0, 4)
        assert await unit.people.links_asked("carl@example.org", None, at(0)) == LinksAsked(0, 0, 5)
        assert await unit.people.links_asked("anna@example.org", "office", at(3)) == LinksAsked(0, 0, 0)


async def test_from_where_a_link_was_asked_for_is_forgotten_and_the_link_stays(store: KeptStore) -> None:
    async with store.unit() as unit:
        await unit.people.add_link("old", "anna@example.org", at(0), at(15), "office")
        await unit.people.add_link("new", "anna@example.org", at(2), at(15), "office")
        await unit.people.forget_networks(at(1))
        assert await unit.people.links_asked("anna@example.org", "office", at(0)) == LinksAsked(2, 1, 2)
        assert await unit.people.link("old") is not None


async def test_a_browser_is_known_by_its_cookie_until_it_expires(store: KeptStore) -> None:
    async with store.unit() as unit:
        opened = await unit.people.open_session("cookie", Secret("csrf"), SIX, at(30))
    async with store.unit() as unit:
        known = await unit.people.session("cookie", at(29))
        assert known == opened
        assert opened.driver_id is None
        assert await unit.people.session("cookie", at(30)) is None
        assert await unit.people.session("another", at(1)) is None
        assert await unit.people.visitor("cookie", at(29)) == (opened, None)
        assert await unit.people.visitor("cookie", at(30)) is None


async def test_a_browser_that_comes_back_stays_known(store: KeptStore) -> None:
    async with store.unit() as unit:
        opened = await unit.people.open_session("cookie", Secret("csrf"), SIX, at(30))
        await unit.people.touch_session(opened.id, at(20), at(50))
        known = await unit.people.session("cookie", at(40))
    assert known is not None
    assert (known.last_seen_at, known.expires_at) == (at(20), at(50))


async def test_signing_in_ends_the_cookie_from_before(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        opened = await unit.people.open_session("before", Secret("csrf"), SIX, at(30))
        await unit.people.sign_in(opened.id, anna.driver.id, "after", Secret("fresh"))
        assert await unit.people.session("before", at(1)) is None
        known = await unit.people.session("after", at(1))
        assert await unit.people.visitor("after", at(1)) == (known, anna.driver)
    assert known is not None
    assert (known.driver_id, known.csrf) == (anna.driver.id, Secret("fresh"))


async def test_signing_out_ends_the_session(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        opened = await unit.people.open_session("before", Secret("csrf"), SIX, at(30))
        await unit.people.sign_in(opened.id, anna.driver.id, "after", Secret("fresh"))
        await unit.people.sign_out(opened.id)
        assert await unit.people.session("after", at(1)) is None


async def test_a_driver_sees_and_ends_his_browsers_and_nobody_elses(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    async with store.unit() as unit:
        ids = {}
        for nth, (name, who, passkey) in enumerate((("a", anna, None), ("b", anna, 7), ("c", anna, 8), ("d", bert, 7))):
            ids[name] = (await unit.people.open_session(name, Secret("csrf"), at(nth), at(30 + nth))).id
            named = f"browser {name}"
            await unit.people.sign_in(ids[name], who.driver.id, f"{name} in", Secret("csrf"), named, passkey)
        listed = await unit.people.browsers_of(anna.driver.id, at(5))
        assert [(one.id, one.named, one.by_passkey) for one in listed] == [
            (ids["c"], "browser c", True),
            (ids["b"], "browser b", True),
            (ids["a"], "browser a", False),
        ]
        assert [one.id for one in await unit.people.browsers_of(anna.driver.id, at(31))] == [ids["c"]]  # two ran out
        await unit.people.end_browser(bert.driver.id, ids["a"])
        await unit.people.end_others(anna.driver.id, ids["a"], 7)
        assert [one.id for one in await unit.people.browsers_of(anna.driver.id, at(5))] == [ids["c"], ids["a"]]
        await unit.people.end_browser(anna.driver.id, ids["c"])
        await unit.people.end_others(anna.driver.id, 0)
        assert await unit.people.browsers_of(anna.driver.id, at(5)) == []
        assert [one.id for one in await unit.people.browsers_of(bert.driver.id, at(5))] == [ids["d"]]


async def test_who_is_in_a_browser_now_is_known_by_its_number(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        opened = await unit.people.open_session("before", Secret("csrf"), SIX, at(30))
        assert await unit.people.driver_in(opened.id, at(1)) is None
        await unit.people.sign_in(opened.id, anna.driver.id, "after", Secret("fresh"))
        assert await unit.people.driver_in(opened.id, at(29)) == anna.driver.id
        assert await unit.people.driver_in(opened.id, at(30)) is None
        await unit.people.sign_out(opened.id)
        assert await unit.people.driver_in(opened.id, at(1)) is None


async def test_browsers_and_links_that_ran_out_are_forgotten(store: KeptStore) -> None:
    async with store.unit() as unit:
        await unit.people.open_session("old", Secret("csrf"), SIX, at(30))
        await unit.people.open_session("new", Secret("csrf"), SIX, at(31))
        await unit.people.add_link("old", "anna@example.org", SIX, at(15), None)
        await unit.people.add_link("new", "anna@example.org", at(24 * 60), at(24 * 60 + 15), None)
        await unit.people.forget_expired(at(30))
        assert await unit.people.session("old", at(1)) is None
        assert await unit.people.session("new", at(1)) is not None
        assert await unit.people.link("old") is not None  # its driver still reads that it is too old
        await unit.people.forget_expired(at(24 * 60 + 1))
        assert await unit.people.link("old") is None
        assert await unit.people.link("new") is not None


async def test_an_address_is_one_driver(store: KeptStore, anna: Household, bert: Household) -> None:
    async with store.unit() as unit:
        again = await unit.people.driver_for("anna@example.org", "nl", at(60))
        assert again.id == anna.driver.id
        assert (await unit.people.driver(bert.driver.id)).email == "bert@example.org"
    assert anna.driver.id != bert.driver.id
