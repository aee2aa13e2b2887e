"""Devices that are told: whose they are, until when, and that each is told once."""

from typing import Final

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.push_devices import MOST_OF_ONE_DRIVER, KeptDevices
from chargekey.adapters.store.push_tables import push_device
from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.secret import Secret
from chargekey.ports.notices import NoticeKind
from chargekey.ports.push import Device, Subscription
from tests.contract.household import SIX, Household, at

RING: Final = KeyRing({1: bytes(32)})


def subscription(name: str) -> Subscription:
    return Subscription(Secret(f"https://push.example/{name}"), Secret(f"key of {name}"), Secret(f"auth of {name}"))


@pytest.fixture
def devices(engine: AsyncEngine) -> KeptDevices:
    return KeptDevices(engine, RING)


async def a_session(store: KeptStore, who: Household, name: str) -> int:
    """A browser in which he is signed in, for an hour and a half."""
    async with store.unit() as unit:
        browser = await unit.people.open_session(f"before {name}", Secret("csrf"), SIX, at(90))
        await unit.people.sign_in(browser.id, who.driver.id, name, Secret("csrf"))
    return browser.id


async def a_device(store: KeptStore, devices: KeptDevices, who: Household, name: str) -> Device:
    session_id = await a_session(store, who, name)
    await devices.keep(who.driver.id, session_id, subscription(name), "Firefox, Android", SIX)
    return next(one for one in await devices.of_driver(who.driver.id, SIX) if one.session_id == session_id)


async def a_notice(store: KeptStore, who: Household) -> int:
    async with store.unit() as unit:
        notice = await unit.notices.add(who.driver.id, NoticeKind.CAR_GONE, "sold", {}, SIX)
    assert notice
    return notice.id


async def test_a_subscription_comes_back_and_lies_there_sealed(
    store: KeptStore, engine: AsyncEngine, devices: KeptDevices, anna: Household
) -> None:
    device = await a_device(store, devices, anna, "phone")
    assert device.named == "Firefox, Android"
    assert await devices.subscription(device) == subscription("phone")
    async with engine.begin() as connection:
        row = str((await connection.execute(select(push_device))).one())
    assert "push.example" not in row
    assert "of phone" not in row


async def test_a_session_that_ends_takes_its_device_along(
    store: KeptStore, devices: KeptDevices, anna: Household
) -> None:
    device = await a_device(store, devices, anna, "phone")
    assert await devices.of_driver(anna.driver.id, at(89)) == [device]
    assert await devices.of_driver(anna.driver.id, at(91)) == []  # it ran out
    async with store.unit() as unit:
        await unit.people.sign_out(device.session_id)
    assert await devices.of_driver(anna.driver.id, SIX) == []
    assert await devices.subscription(device) is None


async def test_a_browser_is_told_for_whoever_asked_last(
    store: KeptStore, devices: KeptDevices, anna: Household, bert: Household
) -> None:
    await a_device(store, devices, anna, "shared")
    session_id = await a_session(store, bert, "bert in the same browser")
    await devices.keep(bert.driver.id, session_id, subscription("shared"), "", at(5))
    assert await devices.of_driver(anna.driver.id, SIX) == []
    assert len(await devices.of_driver(bert.driver.id, SIX)) == 1


async def test_a_new_subscription_of_a_browser_takes_the_place_of_the_old(
    store: KeptStore, devices: KeptDevices, anna: Household
) -> None:
    old = await a_device(store, devices, anna, "phone")
    await devices.keep(anna.driver.id, old.session_id, subscription("renewed"), "", at(5))
    (new,) = await devices.of_driver(anna.driver.id, SIX)
    assert await devices.subscription(new) == subscription("renewed")


async def test_one_driver_has_ten_devices_at_most(store: KeptStore, devices: KeptDevices, anna: Household) -> None:
    made = [await a_device(store, devices, anna, f"device {nth}") for nth in range(MOST_OF_ONE_DRIVER + 2)]
    assert await devices.of_driver(anna.driver.id, SIX) == made[2:]


async def test_nobody_takes_back_the_device_of_another(
    store: KeptStore, devices: KeptDevices, anna: Household, bert: Household
) -> None:
    device = await a_device(store, devices, anna, "phone")
    await devices.forget(bert.driver.id, device.id)
    assert await devices.of_driver(anna.driver.id, SIX) == [device]
    await devices.forget(anna.driver.id, device.id)
    assert await devices.of_driver(anna.driver.id, SIX) == []


async def test_a_message_is_claimed_once_and_can_be_given_back(
    store: KeptStore, devices: KeptDevices, anna: Household
) -> None:
    device, notice_id = await a_device(store, devices, anna, "phone"), await a_notice(store, anna)
    assert await devices.claim(device.id, notice_id, SIX)
    assert not await devices.claim(device.id, notice_id, at(1))
    await devices.give_back(device.id, notice_id)
    assert await devices.claim(device.id, notice_id, at(2))


async def test_nothing_is_claimed_for_what_is_gone(store: KeptStore, devices: KeptDevices, anna: Household) -> None:
    device, notice_id = await a_device(store, devices, anna, "phone"), await a_notice(store, anna)
    assert not await devices.claim(device.id, notice_id + 1, SIX)
    await devices.forget(anna.driver.id, device.id)
    assert not await devices.claim(device.id, notice_id, SIX)


async def test_a_browser_in_which_another_signs_in_is_told_nothing_of_who_was_there(
    store: KeptStore, devices: KeptDevices, anna: Household, bert: Household
) -> None:
    device = await a_device(store, devices, anna, "phone")
    async with store.unit() as unit:
        await unit.people.sign_in(device.session_id, anna.driver.id, "again", Secret("csrf"))
    assert await devices.of_driver(anna.driver.id, SIX) == [device]
    async with store.unit() as unit:
        await unit.people.sign_in(device.session_id, bert.driver.id, "another", Secret("csrf"))
    assert await devices.of_driver(anna.driver.id, SIX) == []
