"""A car that streams is heard: by ZMQ and by MQTT, over real sockets, and its night needs far fewer billed looks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import SecretStr

from tesla_simulator.demo import CLIENT_ID, MODEL_3
from tests.adapters.telemetry_ends import Relay, relaying
from tests.simulator.test_telemetry_streams import told
from tests.stories.hearing import A_STEP, Hears, a_turn
from tests.stories.phone import Phone
from tests.stories.town import Town, a_town

READY_BY: Final = datetime(2024, 11, 7, 6, tzinfo=UTC)
FIELDS: Final[dict[str, Any]] = {
    "DetailedChargeState": {"interval_seconds": 1, "resend_interval_seconds": 600},
    "BatteryLevel": {"interval_seconds": 60, "minimum_delta": 1},
    "ChargeLimitSoc": {"interval_seconds": 10},
    "ChargeCurrentRequest": {"interval_seconds": 10},
    "ChargeCurrentRequestMax": {"interval_seconds": 10},
    "ChargerPhases": {"interval_seconds": 10},
    "ACChargingPower": {"interval_seconds": 60, "minimum_delta": 1},
    "DCChargingEnergyIn": {"interval_seconds": 300, "minimum_delta": 0.5},
    "BatteryHeaterOn": {"interval_seconds": 10},
    "FastChargerPresent": {"interval_seconds": 10},
    "Location": {"interval_seconds": 60, "minimum_delta": 100},
}
"""As the operator's guide names them (docs/how-to/hear-cars.md)."""


async def looks_of_a_night(town: Town, hears: Hears | None, *, never_sleeps: bool) -> int:
    """Until half past seven, when it is unplugged. `never_sleeps`: as with a camera on guard."""
    phone = await town.a_phone()
    await town.pairs(phone, ready_by="07:00", target_percent="80")
    if hears:
        town.world.telemetry.tell(MODEL_3, CLIENT_ID, told(FIELDS))
    before = len(town.calls("/vehicle_data"))

    async def until(moment: datetime) -> None:
        while town.now < moment:
            if never_sleeps:
                town.car.record.last_active_at = town.now
            next_step = min(moment, town.now + A_STEP)
            await (hears.until(next_step) if hears else town.until(next_step))

    await until(town.now + timedelta(minutes=10))
    town.car.plugs_in()
    await until(READY_BY + timedelta(minutes=30))
    assert town.car.soc_percent >= 79.5
    town.car.unplugs()
    await until(READY_BY + timedelta(hours=1))
    await phone.opens_night()
    assert phone.reads("Good morning"), phone.text
    return len(town.calls("/vehicle_data")) - before


@asynccontextmanager
async def a_town_that_hears_by_zmq(folder: Path) -> AsyncIterator[Town]:
    address = f"ipc://{folder}/z"
    async with a_town(folder, telemetry_zmq=address) as town:
        town.world.far_ends.telemetry_is_published(zmq=address)
        yield town


async def is_heard(town: Town) -> tuple[Hears, Phone]:
    """A driver whose car streams since ten minutes."""
    hears, phone = Hears(town), await town.a_phone()
    await town.pairs(phone, ready_by="07:00", target_percent="80")
    town.world.telemetry.tell(MODEL_3, CLIENT_ID, told(FIELDS))
    await hears.until(town.now + timedelta(minutes=10))
    return hears, phone


@pytest.mark.long
@pytest.mark.parametrize(("never_sleeps", "fewer"), [(False, 1.3), (True, 5)], ids=["sleeps", "never sleeps"])
async def test_a_night_of_a_car_that_streams_is_looked_at_far_less(
    tmp_path: Path, never_sleeps: bool, fewer: float
) -> None:
    """Measured in November 2026, the plan being in the car: 9 looks became 5, and 39 became 3."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    async with a_town(tmp_path / "a") as town:
        unheard = await looks_of_a_night(town, None, never_sleeps=never_sleeps)
    async with a_town_that_hears_by_zmq(tmp_path / "b") as town:
        heard = await looks_of_a_night(town, Hears(town), never_sleeps=never_sleeps)
        assert town.world.record.billed["2024-11"]["signal"] < 500
    assert fewer * heard <= unheard, f"{heard} looks instead of {unheard}"


async def test_a_plug_in_is_shown_at_once_and_a_stream_that_ends_is_made_up_for_by_looks(tmp_path: Path) -> None:
    async with a_town_that_hears_by_zmq(tmp_path) as town:
        hears, phone = await is_heard(town)
        town.car.plugs_in()
        await town.time_passes(seconds=5)
        await hears.all_that_was_said()
        await town.time_passes(seconds=1)
        await phone.opens("/tonight")
        assert phone.reads("The car agreed"), phone.text  # to stop, until power is cheaper
        assert phone.reads("Ready at 6:00")

        # ── the server is gone for the night ─────────────────────────
        town.world.far_ends.telemetry_is_published_no_more()
        await town.until(READY_BY)
        assert town.car.soc_percent >= 79.5


async def test_a_plug_in_is_noticed_within_a_quarter_of_an_hour_also_where_the_stream_has_gone(tmp_path: Path) -> None:
    async with a_town_that_hears_by_zmq(tmp_path) as town:
        hears, phone = await is_heard(town)
        town.car.plugs_in()
        await hears.until(town.now + timedelta(minutes=10))
        town.car.unplugs()
        await hears.until(town.now + timedelta(minutes=20))
        town.car.falls_asleep()
        await hears.until(town.now + timedelta(minutes=30))
        await phone.opens("/tonight")
        assert phone.reads("We notice within a quarter of an hour"), phone.text

        # ── the page is closed; nobody notices that the server has gone; the cable goes in right after a free look ──
        town.world.far_ends.telemetry_is_published_no_more()
        await town.time_passes(hours=1)
        glances = len(town.calls(MODEL_3))
        while len(town.calls(MODEL_3)) == glances:
            await town.time_passes(seconds=10)
        town.car.plugs_in()
        await town.time_passes(minutes=15)
        shown = await town.home.journeys.show_charging.tonight(driver_id=1)
        assert shown.night and shown.plan
        await phone.opens("/tonight")
        assert phone.reads("awake, plugged in"), phone.text


async def test_a_car_is_heard_by_mqtt_and_again_after_the_broker_was_away(tmp_path: Path) -> None:
    relay = Relay(lets_in=("chargekey", "secret"))
    async with relaying(relay) as port:
        at, word = f"mqtt://127.0.0.1:{port}/telemetry", SecretStr("secret")
        async with a_town(
            tmp_path, telemetry_mqtt=at, telemetry_mqtt_user="chargekey", telemetry_mqtt_password=word
        ) as town:
            await _subscribed(relay)
            phone = await town.a_phone()
            await town.pairs(phone, ready_by="07:00", target_percent="80")
            await _says(relay, town, b'"DetailedChargeStateStopped"')
            await town.time_passes(seconds=1)
            assert len(town.calls("/vehicle_data")) >= 1

            # ── it hangs up, and lets us in again ────────────────────
            relay.hangs_up()
            await _subscribed(relay)
            await _says(relay, town, b'"DetailedChargeStateDisconnected"')


async def _subscribed(relay: Relay) -> None:
    for _ in range(2):
        await relay.subscribed.get()


async def _says(relay: Relay, town: Town, state: bytes) -> None:
    """Until it has been heard."""
    ear = town.home.ear
    assert ear
    before = ear.heard
    relay.publish(f"telemetry/{MODEL_3}/v/DetailedChargeState", state)
    while ear.heard == before:
        await a_turn()
