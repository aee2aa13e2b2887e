"""Keys at rest are turned while a night goes on, and what is swapped in the database by hand harms nobody."""

import asyncio
import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import update

from chargekey.adapters.store.ring_file import KeptRing
from chargekey.adapters.store.sealed_columns import SEALED_COLUMNS
from tests.stories.phone import Phone
from tests.stories.processes import Mortal, a_mortal_chargekey
from tests.stories.test_stays_connected import mails
from tests.stories.test_support import WORDS, an_agent, writes
from tests.stories.town import Town

CHARGEKEY: Final = (sys.executable, "-c", "from chargekey.app import main; main()")


async def run(chargekey: Mortal, *words: str) -> tuple[int, str]:
    """A command of the operator's, in a process of its own beside the one that serves."""
    asked = await asyncio.create_subprocess_exec(
        *CHARGEKEY,
        *words,
        env=chargekey.environment,
        cwd=chargekey.folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(asked.communicate(), 120)
    return asked.returncode or 0, said.decode()


async def plugs_in_for_the_night(chargekey: Mortal) -> None:
    """A new driver, all the way to a plan that is known to the car."""
    phone = chargekey.phone
    await phone.signs_in()
    await phone.allows()
    await phone.chooses("4F21")
    await phone.adds_the_key()
    await chargekey.time_passes(seconds=15)
    await phone.opens("/go")
    await phone.presses("Plan with this", ready_by="07:00")
    chargekey.car.plugs_in()
    await chargekey.time_passes(minutes=6)


@pytest.mark.long
async def test_keys_are_turned_in_the_middle_of_a_night(tmp_path: Path) -> None:
    async with a_mortal_chargekey(tmp_path) as chargekey:
        phone, ring = chargekey.phone, chargekey.folder / "data" / "keyring.json"
        await plugs_in_for_the_night(chargekey)

        # ── turned while it waits for its hours ──────────────────────
        ended, said = await run(chargekey, "rotate-keys")
        assert (ended, "Key 1 seals nothing any more" in said) == (0, True), said
        assert "token.refresh_sealed: 1 sealed anew" in said
        ended, said = await run(chargekey, "rotate-keys", "--drop-old")
        assert (ended, "less than an hour" in said) == (1, True), said

        # ── the night, with a renewal in it, under the new key ───────
        await chargekey.time_passes(hours=13)
        assert chargekey.car.soc_percent >= 79
        an_hour_ago = ring.stat().st_mtime - timedelta(hours=1).total_seconds()
        os.utime(ring, (an_hour_ago, an_hour_ago))
        ended, said = await run(chargekey, "rotate-keys", "--drop-old")
        assert (ended, "Key 1 is forgotten" in said) == (0, True), said
        assert KeptRing(ring).keys().keys() == {2}

        # ── nobody has to sign in again ──────────────────────────────
        await chargekey.time_passes(hours=1)
        await phone.opens("/go")
        assert phone.shows == "/tonight"
        assert chargekey.world.calls[-1].status == 200


async def test_whatever_is_swapped_by_hand_no_page_breaks_and_the_driver_is_told_what_to_do(
    town: Town, phone: Phone
) -> None:
    await town.pairs(phone, ready_by="07:00", target_percent="80")
    town.car.plugs_in()
    await town.time_passes(minutes=16)
    code = await writes(phone)

    # ── Wednesday evening: somebody writes into the database ─────
    async with town.home.engine.begin() as database:
        for one in SEALED_COLUMNS:
            for row in (await database.execute(one.rows)).all():
                swapped = update(one.column.table).where(one.key == row.of_row)
                await database.execute(swapped.values({one.column.key: row.sealed_value[::-1]}))

    # ── every page opens, and says what it cannot show ───────────
    agent = await an_agent(town)
    for path in ("/go", "/tonight", "/car", "/account", "/nights", "/help", "/help/more", "/my-data"):
        await phone.opens(path)
        assert phone.status == 200, path
    await phone.presses("Save all of it as a file")
    assert json.loads(phone.content)["messages"][0]["text"] is None
    await phone.opens("/help")
    assert phone.reads("This message cannot be opened any more")
    await agent.opens(f"/console/{code}")
    assert agent.status == 200
    assert agent.reads("This message cannot be opened any more")
    assert not agent.reads(WORDS.partition(".")[0])
    await agent.presses("Look again")
    await agent.presses("Send the answer", message="What was it?")
    assert agent.reads("What was it?")

    # ── he is told once, and allows it again; all is as it was ───
    await town.time_passes(hours=30)
    assert await mails(town, "We lost our pass to your Tesla account") == 1
    await phone.opens("/go")
    assert phone.shows == "/permissions"
    await phone.goes_to_tesla()  # where what he allowed still stands
    await town.time_passes(minutes=16)
    await phone.opens("/go")
    assert phone.shows == "/tonight"
    await phone.opens("/car")
    assert phone.reads("Home: the next place where it is plugged in")
