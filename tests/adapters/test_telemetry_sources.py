"""A stream comes in by ZMQ and by MQTT, over real sockets, and goes on after what cannot be read."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zmq
import zmq.asyncio
from structlog.testing import capture_logs

from chargekey.adapters.telemetry.by_mqtt import Broker, MqttTelemetry
from chargekey.adapters.telemetry.by_zmq import ZmqTelemetry
from chargekey.adapters.telemetry.counting import LeftOut
from chargekey.adapters.telemetry.payloads import Unreadable
from chargekey.domain.evidence import Charging
from chargekey.domain.place import Place
from chargekey.domain.secret import Secret
from chargekey.domain.telemetry import Reading, Signal
from chargekey.domain.vehicle import Vin
from chargekey.ports.faults import Unreachable
from chargekey.ports.telemetry import TelemetrySource
from tests.adapters.telemetry_ends import Relay, StandingClock, relaying

VIN = "5YJ3E7EA0KF004021"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CLOCK = StandingClock(NOW)
PROBED_EVERY_MS = 50


def by_zmq(address: str, namespace: str = "tesla") -> TelemetrySource:
    return ZmqTelemetry(address, namespace, CLOCK)


def by_mqtt(port: int, user: str = "", password: str = "") -> TelemetrySource:
    return MqttTelemetry(Broker("127.0.0.1", port, "telemetry", False, user, Secret(password)), CLOCK)


def record(**other: object) -> bytes:
    said = {"data": [{"key": "ChargeLimitSoc", "value": {"intValue": 70}}], "createdAt": "2026-11-22T08:00:00Z"}
    return json.dumps({**said, "vin": VIN, **other}).encode()


async def _published(socket: zmq.asyncio.Socket, wanted: asyncio.Task[Reading], *frames: bytes) -> Reading:
    """Again and again, until the subscriber has joined and heard it."""
    while not wanted.done():
        await socket.send_multipart(frames)
        await asyncio.wait({wanted}, timeout=PROBED_EVERY_MS / 1000)
    return wanted.result()


def _next(readings: AsyncIterator[Reading]) -> asyncio.Task[Reading]:
    async def one() -> Reading:
        return await anext(readings)

    return asyncio.create_task(one())


async def test_zmq_brings_both_kinds_of_records_and_leaves_out_what_it_cannot_read() -> None:
    with zmq.asyncio.Context() as context, context.socket(zmq.PUB) as socket:
        port = socket.bind_to_random_port("tcp://127.0.0.1")
        async with aclosing(by_zmq(f"tcp://127.0.0.1:{port}").readings()) as readings:
            first = await _published(socket, _next(readings), b"tesla_V", record())
            assert (first.vin, first.values) == (Vin(VIN), {Signal.LIMIT: 70})

            event = {"vin": VIN, "status": "DISCONNECTED", "createdAt": "2026-11-22T08:00:00Z"}
            for frames in (
                [b"tesla_V"],
                [b"tesla_V", b"nonsense"],
                [b"tesla_Visitors", record()],
                [b"fleet_V", record()],
                [b"tesla_V", record(vin="none")],
                [b"tesla_connectivity", json.dumps(event).encode()],
            ):
                await socket.send_multipart(frames)
            said = await anext(readings)
            while said.is_connected is None:
                assert said == first  # published again before it was heard
                said = await anext(readings)
            assert said == Reading(Vin(VIN), first.moment, {}, is_connected=False)


async def test_zmq_waits_for_a_publisher_that_is_not_there_yet(tmp_path: Path) -> None:
    address = f"ipc://{tmp_path}/stream"
    async with aclosing(by_zmq(address, "fleet").readings()) as readings:
        first = _next(readings)
        await asyncio.wait({first}, timeout=0)
        with zmq.asyncio.Context() as context, context.socket(zmq.PUB) as socket:
            socket.bind(address)
            assert (await _published(socket, first, b"fleet_V", record())).values == {Signal.LIMIT: 70}


async def test_mqtt_brings_bare_values_of_now() -> None:
    relay = Relay(lets_in=("chargekey", "secret"))
    relay.kept[f"telemetry/{VIN}/v/ChargeLimitSoc"] = b"50"
    async with relaying(relay) as port, aclosing(by_mqtt(port, "chargekey", "secret").readings()) as readings:
        first = _next(readings)
        for _ in range(2):
            await relay.subscribed.get()
        for topic, payload in {
            f"telemetry/{VIN}/v/Soc": b"nonsense",
            "telemetry/A-PROBE/v/Soc": b"1",
            f"telemetry/{VIN}/v/Odometer": b"1",
            f"elsewhere/{VIN}/v/Soc": b"1",
            f"telemetry/{VIN}/connectivity": b'{"Status": "ODD"}',
            f"telemetry/{VIN}/v/DetailedChargeState": b'"DetailedChargeStateCharging"',
            f"telemetry/{VIN}/v/BatteryLevel": b"51.5",
            f"telemetry/{VIN}/v/ChargerVoltage": b"null",
            f"telemetry/{VIN}/v/Location": b'{"latitude": 52.1, "longitude": 5.1}',
        }.items():
            relay.publish(topic, payload)
        relay.publish(f"telemetry/{VIN}/connectivity", b'{"ConnectionId": "1", "Status": "CONNECTED"}')
        said = [await first, *[await anext(readings) for _ in range(4)]]
        assert [one.values for one in said] == [
            {Signal.CHARGING: Charging.CHARGING},
            {Signal.SOC: 52},
            {},
            {Signal.PLACE: Place(52.1, 5.1)},
            {},
        ]
        assert said[-1].is_connected
        assert {(one.vin, one.moment) for one in said} == {(Vin(VIN), NOW)}


async def test_a_broker_that_is_away_or_lets_us_not_in_is_out_of_reach() -> None:
    relay = Relay(lets_in=("chargekey", "secret"))
    async with relaying(relay) as port:
        with pytest.raises(Unreachable):
            await anext(by_mqtt(port).readings())

        # ── it lets us in, and goes away ─────────────────────────────
        wanted = _next(by_mqtt(port, "chargekey", "secret").readings())
        for _ in range(2):
            await relay.subscribed.get()
        relay.hangs_up()
        with pytest.raises(Unreachable):
            await wanted
    with pytest.raises(Unreachable):
        await anext(by_mqtt(port).readings())


def test_what_cannot_be_read_is_said_now_and_then() -> None:
    left_out = LeftOut()
    with capture_logs() as said:
        for _ in range(150):
            left_out.say(Unreadable("no moment"))
        left_out.say(Unreadable("no car's number"))
    assert [(one["why"], one["times"]) for one in said] == [
        ("no moment", 1),
        ("no moment", 10),
        ("no moment", 100),
        ("no car's number", 1),
    ]
