"""A backup, a night that goes on, a machine lost: what must be granted anew is said, and nothing is sent twice."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.stories.processes import Mortal, a_mortal_chargekey
from tests.stories.test_keys_turned import plugs_in_for_the_night, run


def back_up(chargekey: Mortal) -> Path:
    """As `.backup` does it, while Chargekey runs."""
    copy = chargekey.folder / "copy.db"
    with sqlite3.connect(chargekey.folder / "data" / "chargekey.db") as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()
    return copy


async def put_back(chargekey: Mortal, copy: Path) -> str:
    """The runbook, step by step. Returns what the operator reads."""
    await chargekey.is_killed()
    for left in (chargekey.folder / "data").glob("chargekey.db*"):
        left.unlink()
    shutil.copy(copy, chargekey.folder / "data" / "chargekey.db")
    ended, said = await run(chargekey, "restored")
    assert ended == 0, said
    await chargekey.starts()
    return said


@pytest.mark.long
async def test_an_older_backup_within_the_night_and_again_when_its_pass_is_dead(tmp_path: Path) -> None:
    async with a_mortal_chargekey(tmp_path) as chargekey:
        phone, car = chargekey.phone, chargekey.car

        # ── Wednesday 18:30: plugged in, planned, told to wait; backed up ─
        await plugs_in_for_the_night(chargekey)
        copy = back_up(chargekey)

        # ── 03:30: it charges, its pass was renewed once; the machine is lost ─
        await chargekey.time_passes(hours=9)
        assert car.charging_state == "Charging"
        before = list(car.accepted_commands)
        said = await put_back(chargekey, copy)
        assert "1 accounts open as before" in said  # the one used last counts for a day
        await chargekey.time_passes(minutes=20)
        assert car.accepted_commands == before  # it was looked at, and does what it should
        assert car.charging_state == "Charging"
        await phone.opens("/go")
        assert phone.shows == "/tonight"

        # ── Friday morning: the same backup once more, and its pass is long spent ─
        await chargekey.time_passes(hours=26)
        assert car.soc_percent >= 79
        before = list(car.accepted_commands)
        said = await put_back(chargekey, copy)
        assert "1 must be allowed again by their drivers: grant 1." in said
        await chargekey.time_passes(minutes=20)
        assert car.accepted_commands == before
        await phone.opens("/outbox")
        assert phone.text.count("Allow it again, and everything else is as it was") == 1  # in a mail

        # ── he is told whose fault it is, and mends it with one sign-in ─
        await phone.opens("/go")
        assert phone.shows == "/permissions"
        assert phone.reads("That is ours, not yours")
        await phone.goes_to_tesla()
        await chargekey.time_passes(minutes=6)
        await phone.opens("/go")
        assert phone.shows == "/tonight"
        assert car.accepted_commands == before
        ended, said = await run(chargekey, "restored")
        assert (ended, "stop it" in said) == (1, True)
