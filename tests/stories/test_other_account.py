"""Another Tesla account comes back than the one in use: nothing changes until the driver has chosen."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from chargekey.adapters.store import tables
from tesla_simulator.demo import CLIENT_ID, MODEL_S, MODEL_X, MODEL_Y
from tesla_simulator.faults import Fault, Kind
from tests.stories.phone import Phone
from tests.stories.processes import KnockOn, Mortal, a_mortal_chargekey
from tests.stories.town import COMPUTER, EMAIL, MODEL_3, Town

OTHER = "kim@work.example"


def another_account(town: Town, *vins: str) -> None:
    """Of the same person, with these cars."""
    account = town.world.somebody_opens_an_account(OTHER, "eu", "Kim at work")
    for vin in vins:
        account.gets(vin)


async def comes_back_as_another(phone: Phone) -> None:
    """Signed in at Tesla with the other account, and allowed."""
    await phone.goes_to_tesla(OTHER)
    await phone.presses("Allow")
    assert phone.shows == "/other-account"


async def tokens_kept(town: Town) -> int:
    """Of how many accounts there are tokens."""
    async with town.home.engine.connect() as database:
        return len((await database.execute(select(tables.token))).all())


async def test_who_stays_has_lost_nothing_and_nothing_of_the_other_is_kept(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    another_account(town, MODEL_Y)

    # ── Wednesday 18:20: at Tesla the other account is signed in ─
    before = town.now
    await comes_back_as_another(phone)
    assert phone.reads("Another Tesla account came back")
    assert phone.reads("4F21")
    assert phone.reads("We charge this one.")
    assert phone.reads("7C38")
    assert phone.reads("With it, we see and charge Model 3")
    await phone.looks_again()
    lists = [call for call in town.calls("/api/1/vehicles", before) if call.path.endswith("/vehicles")]
    assert len(lists) == 1  # its cars were asked for once, by a free call

    # ── undecided, the car is charged as ever ────────────────────
    town.car.plugs_in()
    await town.time_passes(minutes=20)
    await phone.opens("/tonight")
    assert phone.reads("when power is cheapest"), phone.text
    assert phone.reads("it waits for your word until")
    await phone.presses("Choose the account")

    # ── he stays ─────────────────────────────────────────────────
    await phone.presses("Keep the account I use")
    assert phone.shows == "/tonight"
    assert not phone.reads("it waits for your word until")
    await town.time_passes(hours=13)
    await phone.opens("/go")
    assert phone.shows == "/tonight"
    assert not phone.reads("You stay with the Tesla account you had")  # he said so himself
    assert town.car.soc_percent >= 79
    await phone.opens("/other-account")
    assert phone.shows == "/tonight"


async def test_who_goes_over_has_the_other_car_and_keeps_his_nights(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    another_account(town, MODEL_Y)
    await comes_back_as_another(phone)
    await phone.presses("Use the other account")
    assert phone.shows == "/choose-car"
    assert phone.reads("ends in 7C38")
    assert not phone.reads("ends in 4F21")

    # ── the car that was left is asked and told nothing more ─────
    before = town.now
    town.car.plugs_in()
    await town.time_passes(hours=20)
    assert town.calls(MODEL_3, before) == []
    await phone.opens("/go")
    assert phone.shows == "/choose-car"

    # ── and back again: the first account is now the other one ───
    await phone.goes_to_tesla(EMAIL)  # Tesla knows his consent, and asks no more
    assert phone.shows == "/other-account"
    await phone.presses("Use the other account")
    assert phone.shows == "/tonight"  # key, proof and plan are what they were


async def test_the_same_car_seen_from_another_account_keeps_all_it_has(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    another_account(town, MODEL_3)
    await comes_back_as_another(phone)
    assert phone.reads("4F21 is in both")
    await phone.presses("Use the other account")
    assert phone.shows == "/tonight"
    town.car.plugs_in()
    await town.time_passes(hours=13)
    assert town.car.soc_percent >= 79


async def test_undecided_it_waits_on_every_device(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    another_account(town, MODEL_Y)
    await comes_back_as_another(phone)

    # ── at the computer, half an hour later ──────────────────────
    await town.time_passes(minutes=30)
    computer = await town.a_phone(COMPUTER)
    await computer.signs_in()
    assert computer.shows == "/other-account"
    await computer.presses("Use the other account")
    assert computer.shows == "/choose-car"

    # ── the page on the phone is of yesterday's news ─────────────
    await phone.presses("Keep the account I use")
    assert phone.shows == "/choose-car"
    assert phone.reads("ends in 7C38")


async def test_after_the_hour_all_stays_as_it_was_and_that_is_said(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    another_account(town, MODEL_Y)
    await comes_back_as_another(phone)
    renewals = len(town.calls("/token"))
    await town.time_passes(minutes=61)

    # ── the page was left open, and he presses now ───────────────
    await phone.presses("Use the other account")
    assert phone.shows == "/tonight"
    assert phone.reads("You stay with the Tesla account you had")
    assert len(town.calls("/token")) == renewals  # its refresh token was never spent
    assert await tokens_kept(town) == 1

    # ── he reads it, and it is gone; one mail went out ───────────
    await phone.presses("I have read it")
    assert not phone.reads("You stay with the Tesla account you had")


async def test_a_dead_account_is_left_for_the_one_that_has_the_same_car(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    town.world.accounts[EMAIL].revokes_consent(CLIENT_ID)
    await town.time_passes(minutes=6)
    another_account(town, MODEL_3, MODEL_S, MODEL_X, MODEL_Y)
    await comes_back_as_another(phone)
    assert phone.reads("Tesla no longer honours what was allowed for it")
    assert phone.reads("the same cars, seen from another account")
    assert phone.is_told_to == ["switch_tesla_account"]
    await phone.presses("Use the other account")
    assert phone.shows == "/tonight"
    assert not phone.reads("was taken back")


async def test_the_account_in_use_coming_back_settles_it(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    another_account(town, MODEL_Y)
    await comes_back_as_another(phone)
    await phone.goes_to_tesla(EMAIL)
    assert phone.shows == "/tonight"
    await town.time_passes(hours=2)
    await phone.opens("/go")
    assert not phone.reads("You stay with the Tesla account you had")


async def test_tesla_not_telling_its_cars_leaves_the_choice(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    another_account(town, MODEL_Y)
    town.world.meets(Fault(Kind.ANSWERS, path_contains="/api/1/vehicles", account=OTHER, count=9))
    await comes_back_as_another(phone)
    assert phone.reads("Its cars are not known")
    await phone.presses("Keep the account I use")
    assert phone.shows == "/tonight"


@pytest.mark.slow
async def test_stopped_in_the_middle_nothing_is_lost(tmp_path: Path) -> None:
    async with a_mortal_chargekey(tmp_path) as chargekey:
        phone, world = chargekey.phone, chargekey.world
        await phone.signs_in()
        await phone.allows()
        await phone.chooses(MODEL_3)
        world.somebody_opens_an_account(OTHER, "eu", "Kim at work").gets(MODEL_Y)

        # ── killed after the tokens were saved, while Tesla is asked for the cars ─
        await phone.goes_to_tesla(OTHER)
        asked = KnockOn(Kind.HANGS, path_contains="/api/1/vehicles", account=OTHER, hang_s=0.5)
        world.meets(asked)
        await _is_killed_at(chargekey, phone.presses("Allow"), asked)
        await phone.opens("/go")
        assert phone.shows == "/other-account"
        assert phone.reads("4F21")
        assert phone.reads("7C38")

        # ── killed right after he chose, before the list is read ─
        asked = KnockOn(Kind.HANGS, path_contains="/api/1/vehicles", account=OTHER, hang_s=0.5)
        world.meets(asked)
        await _is_killed_at(chargekey, phone.presses("Use the other account"), asked)
        await phone.opens("/go")
        assert phone.shows == "/choose-car"
        assert phone.reads("ends in 7C38")


async def _is_killed_at(chargekey: Mortal, pressing: Coroutine[None, None, None], asked: KnockOn) -> None:
    """While the press waits for what Tesla is asked; it never gets an answer."""
    press = asyncio.ensure_future(pressing)
    await asyncio.wait_for(asked.met.wait(), 10)
    await chargekey.is_killed_and_starts_again()
    with pytest.raises(httpx2.TransportError):
        await press


async def test_leaving_takes_the_undecided_along(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    another_account(town, MODEL_Y)
    await comes_back_as_another(phone)
    await phone.opens("/disconnect")
    await phone.presses("Disconnect")
    assert phone.reads("You have left")
    await phone.opens("/go")
    assert phone.shows == "/permissions"
    await town.time_passes(hours=2)
    await phone.opens("/go")
    assert not phone.reads("You stay with the Tesla account you had")
