"""How many sign-in links leave the house: to one address, from one network, and in all."""

from chargekey.journeys.sign_in import LINKS_FROM_ONE_NETWORK, LINKS_IN_ALL, LINKS_TO_ONE_ADDRESS
from tests.stories.phone import Phone
from tests.stories.town import PHONE, Town


async def a_phone_from(town: Town, address: str) -> Phone:
    """Behind the proxy on this machine, which says where it comes from."""
    return await town.a_phone({**PHONE, "X-Forwarded-For": address})


async def asks(phone: Phone, email: str) -> int:
    """The page's answer."""
    await phone.opens("/sign-in")
    await phone.presses("Send me the link", address=email)
    return phone.status


async def letters(town: Town) -> int:
    async with town.home.engine.connect() as database:
        return int((await database.exec_driver_sql("SELECT count(*) FROM outbox")).scalar_one())


async def test_one_network_gets_so_many_links_an_hour_and_others_are_not_held_up(town: Town) -> None:
    office, neighbour = await a_phone_from(town, "203.0.113.7"), await a_phone_from(town, "203.0.113.200")
    for nth in range(LINKS_FROM_ONE_NETWORK):
        assert await asks(office, f"driver{nth}@driver.example") == 200
    assert await letters(town) == LINKS_FROM_ONE_NETWORK

    # ── one more is not sent, and the page says so ───────────────
    assert await asks(neighbour, "kim@driver.example") == 429
    assert neighbour.reads("Nothing was sent")
    assert await letters(town) == LINKS_FROM_ONE_NETWORK

    # ── known addresses and new ones are answered alike ──────────
    known, new = [await asks(office, email) for email in ("driver1@driver.example", "nobody@driver.example")]
    assert known == new == 429

    # ── elsewhere, and an hour later ─────────────────────────────
    assert await asks(await a_phone_from(town, "2001:db8:1:2::3"), "kim@driver.example") == 200
    await town.time_passes(minutes=61)
    assert await asks(office, "kim@driver.example") == 200


async def test_one_address_gets_so_many_and_nobody_learns_that_it_did(town: Town, phone: Phone) -> None:
    pages = []
    for _ in range(LINKS_TO_ONE_ADDRESS + 1):
        assert await asks(phone, "kim@driver.example") == 200
        pages.append(phone.text)
    assert len(set(pages)) == 1
    assert await letters(town) == LINKS_TO_ONE_ADDRESS


async def test_the_whole_house_sends_so_many_an_hour(town: Town, phone: Phone) -> None:
    for nth in range(LINKS_IN_ALL):
        await town.home.journeys.sign_in.ask_for_link(f"driver{nth}@driver.example", f"2001:db8:0:{nth:x}::1")
    assert await asks(phone, "kim@driver.example") == 429
    await town.time_passes(minutes=61)
    assert await asks(phone, "kim@driver.example") == 200


async def test_from_where_a_link_was_asked_for_is_kept_only_as_a_hash_and_only_for_an_hour(town: Town) -> None:
    await asks(await a_phone_from(town, "203.0.113.7"), "kim@driver.example")
    assert len(await _asked_from(town)) == 1
    assert "203.0.113" not in str(await _asked_from(town))
    await town.time_passes(minutes=61)
    await asks(await town.a_phone(), "kim@driver.example")
    assert await _asked_from(town) == []


async def _asked_from(town: Town) -> list[str]:
    async with town.home.engine.connect() as database:
        kept = await database.exec_driver_sql("SELECT asked_from FROM sign_in_link WHERE asked_from IS NOT NULL")
        return [str(row[0]) for row in kept]
