"""Cars are told by us to stream: signed, taken by the car, heard by a real socket, taken back when a driver leaves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from chargekey.domain.operator_check import Check, State
from chargekey.entrypoints.web.operator_words import printed
from chargekey.entrypoints.web.words import PLACES, Words
from tesla_simulator.demo import CLIENT_ID, MODEL_3
from tests.stories.hearing import HOST, Hears, streaming_to
from tests.stories.phone import Phone
from tests.stories.town import A_WEDNESDAY_EVENING, Town, a_town

CONFIG: Final = "fleet_telemetry_config"


@asynccontextmanager
async def a_town_that_tells_its_cars(folder: Path) -> AsyncIterator[Town]:
    """Its cars are heard by ZMQ, and nobody but Chargekey tells them what to stream."""
    address = f"ipc://{folder}/z"
    async with a_town(folder / "home", **streaming_to(address, folder, A_WEDNESDAY_EVENING)) as town:
        town.world.far_ends.telemetry_is_published(zmq=address)
        yield town


@pytest.fixture
async def streaming(tmp_path: Path) -> AsyncIterator[Town]:
    async with a_town_that_tells_its_cars(tmp_path) as town:
        yield town


async def paired(town: Town) -> Phone:
    phone = await town.a_phone()
    await town.pairs(phone, ready_by="07:00", target_percent="80")
    await town.time_passes(seconds=5)
    return phone


async def check(town: Town) -> tuple[dict[str, State], str]:
    """The operator's check: its lines about cars told to stream, and all of it as the command line prints it."""
    side = await town.home.journeys.check_operator.look(anew=True)
    lines = {line.saw: line.state for line in side.lines if line.check is Check.STREAMING}
    return lines, "\n".join(printed(Words(PLACES[0], "Europe/Amsterdam"), side.lines))


async def test_a_paired_car_is_told_takes_it_and_is_heard_until_its_driver_leaves(streaming: Town) -> None:
    town, hears = streaming, Hears(streaming)
    assert (await check(town))[0] == {"nobody_yet": State.UNKNOWN}
    phone = await paired(town)
    taken = town.world.telemetry.of(MODEL_3, CLIENT_ID)
    assert taken and taken.synced and taken.config
    assert (taken.config["hostname"], taken.config["port"]) == (HOST, 443)
    assert {"DetailedChargeState", "Location"} <= taken.config["fields"].keys()
    await town.time_passes(minutes=1)  # each check asks for tokens of its own
    assert (await check(town))[0] == {"waits": State.UNKNOWN}

    # ── what it says is heard, and no more asked about ───────────
    await hears.until(town.now.replace(hour=17, minute=40))
    lines, text = await check(town)
    assert lines == {"taken": State.RIGHT}
    assert f"Have taken it: …{MODEL_3[-4:]} (1)." in text
    assert MODEL_3 not in text
    town.car.plugs_in()
    await hears.until(town.now + timedelta(minutes=2))
    await town.time_passes(seconds=30)  # for what was heard last
    await phone.opens("/tonight")
    assert phone.reads("The car starts it itself at"), phone.text
    since = town.now
    await hears.until(town.now.replace(hour=20, minute=0))
    glances = [call for call in town.calls(MODEL_3, since) if call.path.endswith(MODEL_3)]
    assert len(glances) < 10, "its line tells what becomes of it"
    assert len(town.calls(CONFIG)) == 2  # told, and seen to be taken

    # ── the driver leaves ────────────────────────────────────────
    await phone.opens("/disconnect")
    await phone.presses("Disconnect")
    assert phone.reads("Tesla agreed that it tells us nothing more"), phone.text
    assert town.world.telemetry.of(MODEL_3, CLIENT_ID) is None
    assert (await check(town))[0] == {"nobody_yet": State.UNKNOWN}


async def test_a_driver_who_hides_where_his_car_is_is_not_asked_for_it(streaming: Town) -> None:
    town = streaming
    phone = await town.a_phone()
    await phone.signs_in()
    await phone.allows(without=["vehicle_location"])
    await phone.chooses(MODEL_3)
    await town.adds_the_key(phone)
    await phone.plans(ready_by="07:00")
    await town.time_passes(seconds=5)
    taken = town.world.telemetry.of(MODEL_3, CLIENT_ID)
    assert taken and taken.config
    assert "Location" not in taken.config["fields"]


async def test_a_car_that_does_not_take_it_is_named_with_its_own_words(streaming: Town) -> None:
    town = streaming
    await paired(town)
    told = town.world.telemetry.of(MODEL_3, CLIENT_ID)
    assert told
    told.synced, told.signature = False, ""  # as if another key had signed it
    await town.time_passes(minutes=10)
    lines, text = await check(town)
    assert lines == {"rejected": State.WRONG}
    assert "verification error" in text
    assert "Look whether the key that signs is the registered one" in text
    town.car.plugs_in()
    await town.until(datetime(2024, 11, 7, 6, tzinfo=UTC))
    assert town.car.soc_percent >= 79.5  # it is asked instead
    assert len(town.calls("fleet_telemetry")) == 3


async def test_a_car_with_an_old_firmware_is_not_told_and_charged_all_the_same(streaming: Town) -> None:
    town = streaming
    town.car.record.firmware = "2024.20.9"
    await paired(town)
    assert (await check(town))[0] == {"firmware": State.NOT_USED}
    assert not town.calls("fleet_telemetry")
