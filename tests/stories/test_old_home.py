"""A home that the first version filled is served by this one: its driver finds his night, and is told what to do."""

import json
import sqlite3
from base64 import b64encode
from pathlib import Path

import pytest

from tests.contract.test_upgrade import EARLIER, VERSIONS
from tests.stories.town import a_town


@pytest.mark.parametrize("stands", [VERSIONS[0], VERSIONS[-1]])
async def test_a_driver_of_an_earlier_version_finds_his_night_and_goes_on(tmp_path: Path, stands: str) -> None:
    with sqlite3.connect(tmp_path / "chargekey.db") as file:
        file.executescript((EARLIER / f"{stands}.sqlite.sql").read_text())
    file.close()
    (tmp_path / "keyring.json").write_text(json.dumps({"1": b64encode(bytes(32)).decode()}))
    async with a_town(tmp_path) as town:
        phone = await town.a_phone()
        await phone.signs_in("anna@example.org")
        await town.time_passes(minutes=20)  # ten months after the backup, all that it waited for is due at once
        for path in ("/go", "/nights", "/car", "/help", "/account", "/my-data"):
            await phone.opens(path)
            assert phone.status == 200, path
        await phone.opens("/nights/1")  # in the list are those in which the car drew power
        assert phone.reads("The plan was made")
        assert phone.reads("Looks at the car: 1")
        await phone.opens("/go")
        assert phone.shows == "/permissions"  # Tesla has long ended what was allowed then
        parked, _ = await town.home.journeys.look_after.parked()
        assert [(one.work.value, one.last_error) for one in parked] == []
