"""Sign-in links: replayed, raced, guessed, looked at by robots, sent to somebody else, asked for by another name."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from sqlalchemy import event

from tests.attacks.people import Person, a_new_address, a_person, the_link
from tests.stories.phone import Phone
from tests.stories.town import COMPUTER, Town

ROBOTS: Final = ("SafeLinks/1.0", "Mozilla/5.0 (compatible; LinkScanner)", "curl/8.0")
GUESSES: Final = 100
SAME_MAILBOX: Final = (
    "group:kim@driver.example",
    "(one)kim@driver.example",
    "kim(two)@driver.example",
    "kim@driver.example(three)",
    '"kim"@driver.example',
    "<kim@driver.example>",
    "kim@driver.example,lee@owner.example",
    "kim@driver.example\r\nBcc: lee@owner.example",
    "kim@driver.example\nlee",
    "kim@\x01driver.example",
    "kim@[127.0.0.1]",
    "kim\\@driver.example",
)


async def asks_for_a_link(town: Town, phone: Phone, address: str) -> str:
    """Returns the link, as it stands in the mail."""
    await phone.opens("/sign-in")
    await phone.presses("Send me the link", address=address)
    assert phone.status == 200
    return await the_link(town, address)


async def a_guest(town: Town) -> Person:
    """A browser that has looked at the sign-in page, and nothing more."""
    phone = await town.a_phone()
    await phone.opens("/sign-in")
    return await a_person(town, "a guest", phone)


async def is_in(person: Person) -> bool:
    return (await person.asks("GET", "/account"))[0] == 200


async def test_a_link_opens_one_session_however_often_it_is_pressed(town: Town) -> None:
    link = await asks_for_a_link(town, await town.a_phone(), a_new_address())
    token = link.rsplit("/", 1)[1]
    guests = [await a_guest(town) for _ in range(6)]
    answers = await asyncio.gather(*(one.presses("/sign-in/link", token=token) for one in guests))
    assert sorted(status for status, _ in answers) == [303, 410, 410, 410, 410, 410]
    late = await a_guest(town)
    assert (await late.presses("/sign-in/link", token=token))[0] == 410
    assert (await late.asks("GET", link))[0] == 410
    assert [await is_in(one) for one in (*guests, late)].count(True) == 1


async def test_robots_that_open_every_link_of_a_mail_use_none_up(town: Town) -> None:
    phone = await town.a_phone()
    link = await asks_for_a_link(town, phone, a_new_address())
    for name in ROBOTS:
        robot = await town.a_phone({"User-Agent": name})
        for _ in range(2):
            await robot.opens(link)
            assert robot.status == 200
        await robot.opens("/account")
        assert robot.shows == "/sign-in"
    await phone.opens(link)
    await phone.presses("Sign in")
    await phone.opens("/account")
    assert phone.shows == "/account"


async def test_the_browser_that_asked_is_not_signed_in_by_another_that_presses(town: Town) -> None:
    """RFC 10027: a link that is passed on must not let in whoever asked for it."""
    asker, reader = await town.a_phone(COMPUTER), await town.a_phone()
    link = await asks_for_a_link(town, asker, a_new_address())
    await reader.opens(link)
    await reader.presses("Sign in")
    await asker.opens("/account")
    assert (reader.status, asker.shows) == (200, "/sign-in")


async def test_a_link_says_whose_account_it_opens_before_anything_is_pressed(town: Town) -> None:
    """A stranger's own link, sent to a driver who is to connect his car in the stranger's account."""
    stranger, driver = await town.a_phone(), await town.a_phone()
    address = a_new_address()
    await driver.opens(await asks_for_a_link(town, stranger, address))
    assert driver.reads(f"The link is good for {address}")


async def test_guesses_are_all_told_the_same_and_let_nobody_in(town: Town) -> None:
    link = await asks_for_a_link(town, await town.a_phone(), a_new_address())
    path, token = link.rsplit("/", 1)
    assert len(token) == 43  # 256 bits: at a thousand guesses a second, 10^66 years
    near = [token[:-1] + ("A" if token[-1] != "A" else "B"), token.swapcase(), token[:-1], token + "A", token[::-1]]
    guest = await a_guest(town)
    pages = set()
    for guess in [*near, *(f"{nth:043d}" for nth in range(GUESSES))]:
        status, text = await guest.asks("GET", f"{path}/{guess}")
        pages.add((status, text.split(" ", 1)[1].replace(guess, "")[-500:]))
        assert (await guest.presses("/sign-in/link", token=guess))[0] == 410
    assert len(pages) == 1
    assert not await is_in(guest)
    assert (await guest.asks("GET", link))[0] == 200


async def test_a_link_is_worth_nothing_after_twenty_minutes(town: Town) -> None:
    link = await asks_for_a_link(town, await town.a_phone(), a_new_address())
    guest = await a_guest(town)
    await town.time_passes(minutes=20.5)
    assert (await guest.asks("GET", link))[0] == 410
    assert (await guest.presses("/sign-in/link", token=link.rsplit("/", 1)[1]))[0] == 410
    assert not await is_in(guest)


async def test_nobody_learns_whether_an_address_is_known(town: Town) -> None:
    """Not by the page, nor by its headers, nor by how much work it makes: the database is asked the same."""
    known, unknown, asker = a_new_address(), a_new_address(), await a_guest(town)
    await (await town.a_phone()).signs_in(known)
    answers, work = [], []
    for address in (known, unknown):
        with statements(town) as asked:
            status, text = await asker.presses("/sign-in", address=address)
        answers.append((status, re.sub(r"'content-length', '\d+'", "", text).replace(address, "…")))
        work.append(asked)
    assert answers[0] == answers[1]
    assert work[0] == work[1]


@pytest.mark.parametrize("typed", SAME_MAILBOX)
async def test_no_other_way_to_write_an_address_gets_a_mail(town: Town, typed: str) -> None:
    assert town.home.outbox
    before = await town.home.outbox.letters()
    status, _ = await (await a_guest(town)).presses("/sign-in", address=typed)
    assert status in (400, 422)
    assert await town.home.outbox.letters() == before


async def test_neither_links_nor_cookies_can_be_read_in_the_database(town: Town) -> None:
    phone = await town.a_phone()
    link = await asks_for_a_link(town, phone, a_new_address())
    async with town.home.engine.connect() as database:
        kept = [
            str((await database.exec_driver_sql(f"SELECT * FROM {table}")).all())  # noqa: S608  two names of ours
            for table in ("sign_in_link", "web_session")
        ]
    assert link.rsplit("/", 1)[1] not in kept[0]
    assert phone.cookies["chargekey"] not in kept[1]


@contextmanager
def statements(town: Town) -> Iterator[list[str]]:
    """What the database is asked meanwhile, without what it is filled with."""
    asked: list[str] = []

    def hears(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "timer" not in statement and not statement.startswith("BEGIN"):  # the worker's, who asks what is due
            asked.append(statement)

    event.listen(town.home.engine.sync_engine, "before_cursor_execute", hears)
    try:
        yield asked
    finally:
        event.remove(town.home.engine.sync_engine, "before_cursor_execute", hears)
