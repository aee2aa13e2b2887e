"""Every route of the house, asked by everybody but the driver whose rows they are: nothing shown, nothing changed.

The routes are the router's own, so that one added tomorrow is asked, too. An agent's console is walked apart: what a
driver sent in is his to read (`test_roles`).
"""

from collections.abc import AsyncIterator
from typing import Final

import pytest

from chargekey.serving import web_of
from tests.attacks.a_street import Kim, kim_moves_in, wrong_people
from tests.attacks.people import Person, operations
from tests.stories.town import Town, a_town

LAST: Final = ("/disconnect", "/sign-out")
"""After these there is nobody left to ask with."""
LISTED: Final = {"/outbox"}
"""The demo's mail, which is everybody's on purpose: outside the demo there is no such route."""
FORMS: Final[tuple[dict[str, str], ...]] = (
    {"message": "x", "along": "on", "line_1": "on", "wish": "now", "way": "owner", "reason": "not_mine", "mail": "no"},
    {"name": "Bea", "address": "", "cause": "A1", "question": "app_showed", "answer": "allowed", "erase": "yes"},
)
WIDE: Final = 64
"""How far in numbers the walk looks around her own: ids are counted, and guessed by counting."""


@pytest.fixture(scope="module")
async def kim(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kim]:
    async with a_town(tmp_path_factory.mktemp("street")) as town:
        yield await kim_moves_in(town)
        town.world.calls.clear()  # how often Tesla is asked is for the stories to bound


@pytest.fixture(scope="module")
async def strangers(kim: Kim) -> list[tuple[Person, str]]:
    people = await wrong_people(kim.town)
    await kim.is_left_alone()
    return people


def filled(kim: Kim, path: str, link: str) -> str:
    """With her numbers; where a link is asked for, the one he holds, else one of hers that is used up."""
    for name, value in kim.numbers.items():
        path = path.replace(f"{{{name}}}", link if name == "token" and link else value)
    return path


def walk(kim: Kim, who: Person, link: str) -> list[tuple[str, str]]:
    asked = [(method, filled(kim, path, link)) for method, path in operations(web_of(kim.town.home))]
    mine = [one for one in asked if one[1] not in LISTED and not (who.name == "an agent" and "/console" in one[1])]
    return sorted(mine, key=lambda one: one[1] in LAST)


async def test_her_rows_are_there_to_be_taken(kim: Kim) -> None:
    """Or the walk would prove nothing: each table that can hold something of a driver does, but for a few."""
    empty = {table for table, rows in (await kim.rows()).items() if not rows}
    assert empty <= {
        "undecided_grant",
        "passkey_challenge",
        "passkey_holder",
        "notice",
        "push_told",
        "support_look",
        "key_watch",
        "command",
        "signing_session",
    }
    assert len(operations_of(kim.town)) > 85


def operations_of(town: Town) -> list[tuple[str, str]]:
    return list(operations(web_of(town.home)))


@pytest.mark.parametrize(
    "nth", range(7), ids=["nobody", "a guest", "no car", "another car", "an owner", "an agent", "an operator"]
)
async def test_the_wrong_person_sees_and_changes_nothing(
    kim: Kim, strangers: list[tuple[Person, str]], nth: int
) -> None:
    who, link = strangers[nth]
    before = await kim.rows()
    for method, path in walk(kim, who, link):
        for form in _forms(method, who):
            cars = {"car": str(kim.vehicles[0]), **{f"car_{one}": "on" for one in kim.vehicles}}
            data = {"csrf": who.csrf, "code": kim.numbers["code"], "token": kim.numbers["token"], **cars, **form}
            status, text = await who.asks(method, path, **({"data": data} if method == "POST" else {}))
            assert status < 500, (method, path)
            assert [mark for mark in _marks(kim, who) if mark in text.replace(path, "")] == [], (method, path)
    assert await kim.rows() == before


def _forms(method: str, who: Person) -> tuple[dict[str, str], ...]:
    """Both ways to fill a form for the other drivers; one is enough for those whom the door turns away."""
    if method != "POST":
        return ({},)
    return FORMS if "a driver" in who.name else FORMS[:1]


def _marks(kim: Kim, who: Person) -> tuple[str, ...]:
    """An agent was told by mail that a case of this code waits."""
    return tuple(one for one in kim.marks if who.name != "an agent" or one not in kim.numbers["code"])


async def test_counting_numbers_finds_no_row_of_hers(kim: Kim) -> None:
    phone = await kim.town.a_phone()
    await phone.signs_in("max@driver.example")
    await kim.is_left_alone()
    before = await kim.rows()
    for number in range(1, WIDE):
        await phone.opens(f"/nights/{number}")
        assert phone.status == 404
    assert await kim.rows() == before
