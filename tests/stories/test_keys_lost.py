"""A machine comes back without its key files: it stops and says who must do what, and goes on when he has done it."""

from pathlib import Path

import pytest

from tests.stories.processes import a_mortal_chargekey
from tests.stories.test_keys_turned import plugs_in_for_the_night, run


def move(path: Path, to: Path) -> None:
    path.rename(to)


def is_there(path: Path) -> bool:
    return path.exists()


@pytest.mark.long
async def test_without_its_keys_nothing_starts_until_the_operator_has_put_them_back_or_given_them_up(
    tmp_path: Path,
) -> None:
    async with a_mortal_chargekey(tmp_path) as chargekey:
        phone, car, data = chargekey.phone, chargekey.car, tmp_path / "data"
        ring, command_key, put_aside = data / "keyring.json", data / "command-key.pem", tmp_path / "put-aside"

        # ── Wednesday evening: planned, and the machine is lost ──────
        await plugs_in_for_the_night(chargekey)
        await chargekey.is_killed()
        before = list(car.accepted_commands)

        # ── the database comes back, the command key does not ────────
        move(command_key, put_aside)
        for command, line in (("serve", "put it back from its backup"), ("make-key", "cars that may carry it")):
            ended, said = await run(chargekey, command)
            assert (ended, line in said, "Traceback" in said) == (1, True, False), said
            assert not is_there(command_key)
        move(put_aside, command_key)

        # ── nor does the key ring ────────────────────────────────────
        move(ring, put_aside)
        for command in ("serve", "restored", "check"):
            ended, said = await run(chargekey, command)
            assert (ended, "Traceback" in said) == (1, False), said
            assert said.splitlines()[-1].startswith("chargekey: keyring.json is missing"), said
            assert not is_there(ring)

        # ── he has no copy, and says so ──────────────────────────────
        ended, said = await run(chargekey, "restored", "--without-ring")
        assert ended == 0, said
        assert "back up the ring now" in said
        assert "1 must be allowed again by their drivers: grant 1." in said
        await chargekey.starts()
        await phone.opens("/outbox")
        assert phone.text.count("Allow it again, and everything else is as it was") == 1  # in a mail
        await phone.opens("/go")
        assert phone.shows == "/permissions"
        await phone.goes_to_tesla()
        await chargekey.time_passes(minutes=6)
        await phone.opens("/go")
        assert phone.shows == "/tonight"
        assert car.accepted_commands == before  # the key on the car is as good as ever, and so is the plan in it
        await chargekey.is_killed_and_starts_again()
