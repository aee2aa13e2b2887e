"""What cars stream, published as the dispatchers of a fleet-telemetry server do (§8.4), over real sockets."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import typer
import zmq
import zmq.asyncio
from tesla_protocol.telemetry import vehicle_connectivity_pb2 as vehicle_connectivity
from tesla_protocol.telemetry import vehicle_data_pb2 as vehicle_data
from typer.testing import CliRunner

from tesla_simulator.__main__ import run
from tesla_simulator.demo import CLIENT_ID, EMAIL, MODEL_3
from tesla_simulator.telemetry.lines import MOST_WAITING, Closed, Line, Opened, Record, Waiting
from tests.simulator.served import START, Tesla, tesla_on_a_socket
from tests.simulator.test_telemetry_streams import STATE, told

ANY_PORT = "tcp://127.0.0.1:*"
A_SECOND = timedelta(seconds=1)
PROBED_EVERY_MS = 50


async def _publishes(tesla: Tesla, **how: object) -> str:
    answer = await tesla.control("telemetry_is_published", **{"zmq": ANY_PORT, **how})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["said"])


@asynccontextmanager
async def _subscribed(tesla: Tesla, address: str) -> AsyncIterator[zmq.asyncio.Socket]:
    """A subscriber that hears all from here on: first values have gone by, probes have come through and are read."""
    await tesla.world.time_passes(A_SECOND)
    probes = count()

    def probe() -> bytes:
        named = f"probe-{next(probes)}"
        line = Line("A-PROBE", "nobody", "stream.example.org", 443, "", sends_again=False)
        tesla.world.far_ends.lines.say(line, Opened(tesla.world.now, named))
        return named.encode()

    with zmq.asyncio.Context() as context, context.socket(zmq.SUB) as socket:
        socket.subscribe(b"")
        socket.connect(address)
        while not await socket.poll(PROBED_EVERY_MS):
            probe()
        last = probe()
        while last not in (await socket.recv_multipart())[1]:
            pass
        yield socket


async def _hears(socket: zmq.asyncio.Socket, number: int) -> list[list[bytes]]:
    return [await socket.recv_multipart() for _ in range(number)]


@pytest.fixture
async def streaming(tesla: Tesla) -> Tesla:
    fields: dict[str, Any] = STATE | {"ChargeLimitSoc": {"interval_seconds": 1}}
    tesla.world.telemetry.tell(MODEL_3, CLIENT_ID, told(fields))
    return tesla


async def test_a_charge_is_published_as_protobuf_under_its_topics(streaming: Tesla) -> None:
    async with _subscribed(streaming, await _publishes(streaming)) as socket:
        begins = streaming.world.now
        streaming.car.plugs_in()
        await streaming.world.time_passes(timedelta(seconds=10))
        heard = await _hears(socket, 2)
        assert [topic for topic, _ in heard] == [b"tesla_V", b"tesla_V"]
        starting, charging = [vehicle_data.Payload.FromString(payload) for _, payload in heard]
        assert (charging.vin, charging.is_resend) == (MODEL_3, False)
        assert charging.created_at.ToDatetime(begins.tzinfo) - starting.created_at.ToDatetime(
            begins.tzinfo
        ) == timedelta(seconds=2.5)
        (datum,) = charging.data
        assert datum.key == vehicle_data.DetailedChargeState
        assert datum.value.detailed_charge_state_value == vehicle_data.DetailedChargeStateCharging

        streaming.car.unplugs()
        streaming.car.falls_asleep()
        await streaming.world.time_passes(A_SECOND)
        ((topic, payload),) = await _hears(socket, 1)
        assert topic == b"tesla_connectivity"
        event = vehicle_connectivity.VehicleConnectivity.FromString(payload)
        assert (event.vin, event.status) == (MODEL_3, vehicle_connectivity.DISCONNECTED)
        assert event.connection_id


async def test_decoded_records_are_json_in_the_namespace_that_was_named(streaming: Tesla) -> None:
    address = await _publishes(streaming, namespace="fleet", transmit_decoded_records=True)
    async with _subscribed(streaming, address) as socket:
        at = streaming.world.now
        streaming.car.somebody_sets_the_limit(90)
        await streaming.world.time_passes(A_SECOND)
        ((topic, payload),) = await _hears(socket, 1)
        assert (topic, json.loads(payload)) == (
            b"fleet_V",
            {
                "data": [{"key": "ChargeLimitSoc", "value": {"intValue": 90}}],
                "createdAt": (at + timedelta(seconds=0.5)).strftime("%Y-%m-%dT%H:%M:%S.500Z"),
                "vin": MODEL_3,
                "isResend": False,
            },
        )
        streaming.car.loses_reception()
        await streaming.world.time_passes(A_SECOND)
        streaming.car.has_reception_again()
        await streaming.world.time_passes(A_SECOND)
        gone, back = [json.loads(payload) for _, payload in await _hears(socket, 2)]
        assert (gone["status"], back["status"]) == ("DISCONNECTED", "CONNECTED")
        assert gone.keys() == {"vin", "connectionId", "status", "createdAt", "networkInterface"}
        assert gone["connectionId"] != back["connectionId"]


async def test_a_night_on_a_turned_clock_is_published_whole(streaming: Tesla) -> None:
    """Far more than a subscriber reads in the moment in which the clock is turned."""
    async with _subscribed(streaming, await _publishes(streaming)) as socket:
        streaming.world.telemetry.tell(MODEL_3, CLIENT_ID, told({"Soc": {"interval_seconds": 1}}))
        streaming.car.plugs_in()
        await streaming.world.time_passes(timedelta(hours=12))
        socs: list[float] = []
        while True:
            topic, payload = await socket.recv_multipart()
            if topic == b"tesla_V":
                socs.append(vehicle_data.Payload.FromString(payload).data[0].value.double_value)
            elif socs:
                break
        event = vehicle_connectivity.VehicleConnectivity.FromString(payload)
        assert event.status == vehicle_connectivity.DISCONNECTED
        assert socs[-1] == 80
        assert len(socs) > 3000
        assert socs == sorted(socs)


async def test_signals_are_on_the_bill_and_the_stream_in_the_state(streaming: Tesla) -> None:
    await _publishes(streaming)
    await streaming.world.time_passes(A_SECOND)
    bill = (await streaming.web.get(f"{streaming.url}/control/bill")).json()
    assert bill["lines"] == [{"category": "Streaming signals", "count": 2, "per_usd": 150_000, "usd": "0.0000"}]
    assert (await streaming.web.get(f"{streaming.url}/control/world")).json()["cars"][MODEL_3]["streams"] == {
        CLIENT_ID: {"hostname": "stream.example.org", "is_open": True, "signals": 2, "records_waiting": 0}
    }


async def test_what_nobody_receives_waits_and_is_not_billed(streaming: Tesla) -> None:
    await streaming.world.time_passes(A_SECOND)
    streaming.car.plugs_in()
    await streaming.world.time_passes(timedelta(seconds=10))
    assert streaming.world.record.billed == {}
    await _publishes(streaming)
    assert streaming.world.record.billed == {f"{START:%Y-%m}": {"signal": 4}}


async def test_it_is_published_on_after_a_restart_and_no_more_when_told_so(tmp_path: Path) -> None:
    async with tesla_on_a_socket(tmp_path) as tesla:
        address = await _publishes(tesla)
        assert (await tesla.control("telemetry_is_published", zmq=address)).status_code == 200
        tesla.world.telemetry.tell(MODEL_3, CLIENT_ID, told(STATE))
    async with tesla_on_a_socket(tmp_path) as again:
        async with _subscribed(again, address) as socket:
            again.car.plugs_in()
            await again.world.time_passes(A_SECOND)
            assert (await socket.recv_multipart())[0] == b"tesla_V"
        assert (await again.control("telemetry_is_published_no_more")).status_code == 200
        assert again.world.record.telemetry.publishing is None


@pytest.mark.parametrize("address", ["nonsense", "tcp://192.0.2.1:5284"])
async def test_an_address_that_cannot_be_bound_is_said_so(tesla: Tesla, address: str) -> None:
    answer = await tesla.control("telemetry_is_published", zmq=address)
    assert (answer.status_code, address in answer.json()["error"]) == (409, True)


async def test_a_place_is_told_while_a_consent_carries_it(tesla: Tesla) -> None:
    world, account = tesla.world, tesla.world.accounts[EMAIL]
    world.telemetry.tell(MODEL_3, CLIENT_ID, told({"Location": {"interval_seconds": 1}}))
    account.consents(CLIENT_ID, ["vehicle_device_data"])
    await _publishes(tesla)
    await world.time_passes(A_SECOND)
    assert world.record.billed == {}
    account.ticks(CLIENT_ID, "vehicle_location")
    account.place_is_hidden_from_it(MODEL_3)
    await world.time_passes(A_SECOND)
    assert world.record.billed == {}
    account.place_is_shown_to_it(MODEL_3)
    await world.time_passes(A_SECOND)
    assert world.record.billed == {f"{START:%Y-%m}": {"signal": 1}}


async def test_a_config_is_gone_with_a_scope_that_it_needs(tesla: Tesla) -> None:
    world, account = tesla.world, tesla.world.accounts[EMAIL]
    place = {"Location": {"interval_seconds": 1}}

    def tells(fields: dict[str, Any]) -> None:
        account.consents(CLIENT_ID, ["vehicle_device_data", "vehicle_location", "vehicle_charging_cmds"])
        world.telemetry.tell(MODEL_3, CLIENT_ID, told(fields))

    def is_told() -> bool:
        return world.telemetry.of(MODEL_3, CLIENT_ID) is not None

    tells(STATE)
    account.unticks(CLIENT_ID, "vehicle_location", "vehicle_charging_cmds")
    assert is_told()
    account.unticks(CLIENT_ID, "vehicle_device_data")
    assert not is_told()

    tells(STATE | place)
    account.unticks(CLIENT_ID, "vehicle_charging_cmds")
    assert is_told()
    account.consents(CLIENT_ID, ["vehicle_device_data"])
    assert not is_told()


def test_the_newest_records_wait_for_a_line_that_is_down() -> None:
    line = Line(MODEL_3, CLIENT_ID, "stream.example.org", 443, "", sends_again=False)
    waiting = Waiting(line)
    for number in range(MOST_WAITING + 3):
        waiting.add(Record(vehicle_data.Payload(created_at={"seconds": number})))
    assert list(waiting.leave()) == []
    waiting.add(Opened(START, "one"))
    opened, *records = waiting.leave()
    seconds = [record.payload.created_at.seconds for record in records if isinstance(record, Record)]
    assert isinstance(opened, Opened)
    assert seconds == list(range(3, MOST_WAITING + 3))


def test_connections_of_which_nothing_is_left_to_say_are_forgotten() -> None:
    waiting = Waiting(Line(MODEL_3, CLIENT_ID, "stream.example.org", 443, "", sends_again=False))
    for number in range(MOST_WAITING + 1):
        at = START + timedelta(minutes=number)
        waiting.add(Opened(at, f"{number}"))
        waiting.add(Record(vehicle_data.Payload()))
        waiting.add(Closed(at, f"{number}"))
    assert len(waiting) == 3 * MOST_WAITING
    assert next(waiting.leave()) == Opened(START + timedelta(minutes=1), "1")


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--telemetry-zmq", "nonsense"),
        ("--telemetry-mqtt", "localhost"),
        ("--telemetry-server", "stream.example.org=4443"),
    ],
)
def test_a_command_line_with_an_address_that_is_none_is_refused(option: str, said: str) -> None:
    app = typer.Typer()
    app.command()(run)
    outcome = CliRunner().invoke(app, [option, said])
    assert (outcome.exit_code, option in outcome.output) == (2, True)
