"""A home without a mail server: it starts, says so where it matters, and its operator hands out the links."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from chargekey.domain.findings import FoundWrong, OperatorsTold
from chargekey.domain.operator_check import Check, State, wrong
from chargekey.journeys.case_file import ABOUT_US
from chargekey.journeys.tell_once import tell
from chargekey.ports.faults import Refused
from chargekey.ports.jobs import Work
from chargekey.ports.notices import NoticeKind
from chargekey.settings import Settings
from chargekey.works import BY_MAIL, works_of
from tests.attacks.people import a_person
from tests.attacks.real_house import RealHouse, a_real_house
from tests.promising_mail import PROMISES
from tests.stories.reading import Page
from tests.stories.town import EMAIL, Town

OPERATOR: Final = "kim@home.example"
COMMAND: Final = (sys.executable, "-c", "from chargekey.app import main; main()", "sign-in-link")


class DemoWithoutMail(Settings):
    """The demo has an outbox; this one leaves it empty, as a home without a mail server has none."""

    @property
    def sends_mail(self) -> bool:
        return False


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[RealHouse]:
    async with a_real_house(tmp_path, smtp_host="", operators=OPERATOR) as built:
        yield built


async def asks_for_link(house: RealHouse, address: str) -> tuple[int, str, str]:
    """The operator's command beside what serves: how it ended, what it printed, what it logged."""
    settings = house.home.settings
    told = settings.model_dump(mode="json") | {"tesla_client_secret": "hunter2-of-the-app", "smtp_password": ""}
    environment = {f"CHARGEKEY_{name.upper()}": str(value) for name, value in told.items()}
    asked = await asyncio.create_subprocess_exec(
        *COMMAND,
        address,
        env={**environment, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, logged = await asyncio.wait_for(asked.communicate(), 60)
    return asked.returncode or 0, printed.decode(), logged.decode()


async def test_the_sign_in_page_says_whom_to_ask_and_shows_no_field_in_vain(house: RealHouse) -> None:
    async with house.a_browser() as web:
        page = Page((await web.get("/sign-in")).text)
    assert "No mail leaves this service." in page.text
    assert OPERATOR in page.text
    assert not any(form.action == "/sign-in" for form in page.forms)


async def test_it_is_known_since_when_our_side_is_wrong_although_nobody_can_be_mailed(house: RealHouse) -> None:
    """So that what nobody mends is looked at less and less often here as well; no Tesla answers this home."""
    side = await house.home.journeys.check_operator.look()
    assert not side.is_right
    async with house.home.store.unit() as unit:
        seen = await unit.evidence.seen(ABOUT_US)
    found = seen.fact(FoundWrong)
    assert found and found.wrong == tuple(line.name for line in wrong(side.lines))
    assert seen.fact(OperatorsTold) is None


async def test_the_operator_makes_a_link_that_is_good_for_one_address(house: RealHouse) -> None:
    ended, printed, logged = await asks_for_link(house, " Kim@Home.example")
    assert ended == 0, logged
    (link,) = printed.splitlines()
    assert link.startswith("https://charge.example/sign-in/")
    async with house.a_browser() as web:
        shown = Page((await web.get(urlsplit(link).path)).text)
    assert f"The link is good for {OPERATOR}." in shown.text
    assert "sign_in_link_made" in logged
    assert OPERATOR not in logged.lower()
    assert urlsplit(link).path not in logged


async def test_what_is_no_address_is_refused(house: RealHouse) -> None:
    ended, printed, logged = await asks_for_link(house, "kim")
    assert (ended, printed) == (2, "")
    assert "does not look like a mail address" in logged


async def test_nothing_is_wrong_with_it_and_what_happens_is_told_in_the_app_alone(house: RealHouse) -> None:
    home = house.home
    side = await home.journeys.check_operator.look()
    mail = next(line for line in side.lines if line.check is Check.MAIL)
    assert (mail.state, mail.saw) == (State.NOT_USED, "none")
    async with home.store.unit() as unit:
        driver = await unit.people.driver_for(OPERATOR, "en_GB", home.clock.now())
        await tell(unit, driver.id, NoticeKind.CAR_GONE, "a-car-went", {"car": "Model 3"}, home.clock.now())
        (notice,) = await unit.notices.unread(driver.id)
        before = await unit.timers.due_at(Work.SEND_NOTICE, notice.id)
    assert before is not None
    works = works_of(home.journeys, by_mail=home.settings.sends_mail)
    for work in BY_MAIL:
        await works[work](notice.id)  # with a mail to send and nobody to take it this raises
    assert [one.sent_at for one in await home.journeys.tell_once.unread(driver.id)] == [None]
    with pytest.raises(Refused):
        await works_of(home.journeys)[Work.SEND_NOTICE](notice.id)


async def test_who_waits_without_mail_is_told_so_and_reads_at_the_top_that_it_is_over(town: Town) -> None:
    # ── the same town, and no mail leaves it; the operator made the link ─
    async with town.is_stopped():
        without_mail = DemoWithoutMail.model_validate(town.home.settings.model_dump())
        town.home = replace(town.home, settings=without_mail)
    phone = await town.a_phone()
    await phone.opens(await town.home.journeys.sign_in.make_link(EMAIL))
    await phone.presses("Sign in")
    await phone.allows()

    # ── 18:20: the car is out of reach ───────────────────────────
    town.car.loses_reception()
    await phone.chooses("4F21")
    assert phone.reads_of == ["D2"]
    assert phone.reads("You can close this page. What comes of it stands at the top when you open it again.")
    assert not PROMISES.search(phone.text)

    # ── the page closed for two hours; then the car comes out ────
    await town.time_passes(hours=2)
    town.car.has_reception_again()
    await town.time_passes(minutes=20)
    assert await outbox_of(town) == []

    # ── opened again, it stands where the page had said ──────────
    await phone.opens("/go")
    assert phone.shows == "/key"
    assert phone.reads("you can go on. What you waited for is over")
    assert not phone.page.offers("Send to my phone")
    assert not phone.page.offers("Send it to that phone")
    by_hand = await a_person(town, "the driver, who asks what no page offers", phone)
    assert (await by_hand.presses("/key/send", show="computer"))[0] == 303
    assert await outbox_of(town) == []


async def outbox_of(town: Town) -> list[str]:
    """What has left the house, by its subjects."""
    assert town.home.outbox
    return [letter.mail.subject for letter in await town.home.outbox.letters()]
