"""What cars stream, published by MQTT as by Tesla's dispatcher: a topic for each signal, its bare value (§8.4)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from tesla_protocol.telemetry import vehicle_data_pb2 as vehicle_data

from tesla_simulator.demo import CLIENT_ID, MODEL_3
from tesla_simulator.telemetry.addresses import Address
from tesla_simulator.telemetry.mqtt import MqttDispatcher
from tests.simulator.mqtt_broker import NOT_AUTHORISED, Broker, brokering
from tests.simulator.served import Tesla, a_door
from tests.simulator.test_telemetry_server_link import Pauses
from tests.simulator.test_telemetry_streams import STATE, told


async def test_each_signal_has_a_topic_and_its_bare_value(tesla: Tesla) -> None:
    fields = ("DetailedChargeState", "ChargeLimitSoc", "ChargingCableType", "LocatedAtHome", "ScheduledDepartureTime")
    tesla.world.telemetry.tell(MODEL_3, CLIENT_ID, told({name: {"interval_seconds": 1} for name in fields}))
    broker = Broker()
    async with brokering(broker) as port:
        answer = await tesla.control("telemetry_is_published", mqtt=f"127.0.0.1:{port}", topic_base="cars")
        assert answer.status_code == 200
        await tesla.world.time_passes(timedelta(seconds=1))
        topic, connected = await broker.published.get()
        assert (topic, connected["Status"]) == (f"cars/{MODEL_3}/connectivity", "CONNECTED")
        assert connected.keys() == {"ConnectionId", "Status", "CreatedAt"}
        assert [await broker.published.get() for _ in fields] == [
            (f"cars/{MODEL_3}/v/DetailedChargeState", "DetailedChargeStateDisconnected"),
            (f"cars/{MODEL_3}/v/ChargeLimitSoc", 80),
            (f"cars/{MODEL_3}/v/ChargingCableType", None),
            (f"cars/{MODEL_3}/v/LocatedAtHome", True),
            (f"cars/{MODEL_3}/v/ScheduledDepartureTime", None),
        ]
        assert broker.client_ids.get_nowait()

        # ── and no more when it is told so ───────────────────────────
        await tesla.control("telemetry_is_published_no_more")
        tesla.car.plugs_in()
        await tesla.world.time_passes(timedelta(seconds=10))
        assert broker.published.empty()


async def test_it_is_published_by_both_ways_at_once(tesla: Tesla) -> None:
    broker = Broker()
    async with brokering(broker) as port:
        answer = await tesla.control("telemetry_is_published", mqtt=f"127.0.0.1:{port}", zmq="tcp://127.0.0.1:*")
        assert answer.json()["said"].startswith("tcp://127.0.0.1:")
        tesla.world.telemetry.tell(MODEL_3, CLIENT_ID, told(STATE))
        await tesla.world.time_passes(timedelta(seconds=1))
        assert (await broker.published.get())[0] == f"telemetry/{MODEL_3}/connectivity"
        assert sum(sum(month.values()) for month in tesla.world.record.billed.values()) == 1


async def test_a_broker_is_an_address_and_a_port_and_one_way_at_least_is_named(tesla: Tesla) -> None:
    for how in ({"mqtt": "localhost"}, {}):
        answer = await tesla.control("telemetry_is_published", **how)
        assert (answer.status_code, tesla.world.record.telemetry.publishing) == (409, None)


# ── a dispatcher alone ───────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def _dispatching(port: int, pauses: Pauses) -> AsyncIterator[MqttDispatcher]:
    dispatcher = MqttDispatcher(Address("127.0.0.1", port), "telemetry", pauses)
    runs = asyncio.create_task(dispatcher.run())
    yield dispatcher
    runs.cancel()
    await asyncio.wait([runs])


def _a_name(text: str) -> vehicle_data.Payload:
    datum = vehicle_data.Datum(key=vehicle_data.VehicleName, value=vehicle_data.Value(string_value=text))
    return vehicle_data.Payload(vin=MODEL_3, data=[datum])


@pytest.mark.parametrize("length", [0, 1, 80, 81, 16_000, 17_000, 100_000])
async def test_packets_of_any_length_arrive_whole(length: int) -> None:
    """Lengths are told in one byte up to 127, in two up to 16,383, and in three beyond."""
    broker = Broker()
    async with brokering(broker) as port, _dispatching(port, Pauses()) as dispatcher:
        dispatcher.publish("V", _a_name("ü" * length))
        assert await broker.published.get() == (f"telemetry/{MODEL_3}/v/VehicleName", "ü" * length)


async def test_a_place_is_told_as_a_pair() -> None:
    place = vehicle_data.LocationValue(latitude=52.5, longitude=5.25)
    datum = vehicle_data.Datum(key=vehicle_data.Location, value=vehicle_data.Value(location_value=place))
    broker = Broker()
    async with brokering(broker) as port, _dispatching(port, Pauses()) as dispatcher:
        dispatcher.publish("V", vehicle_data.Payload(vin=MODEL_3, data=[datum]))
        assert (await broker.published.get())[1] == {"latitude": 52.5, "longitude": 5.25}


async def test_what_a_broker_does_not_take_waits_until_one_does() -> None:
    door, _ = a_door()
    port, pauses = door.getsockname()[1], Pauses()
    async with _dispatching(port, pauses) as dispatcher:
        dispatcher.publish("V", _a_name("one"))
        assert await pauses.asked.get() == 10
        door.close()

        # ── it lets nobody in ────────────────────────────────────────
        closed = Broker(answers=NOT_AUTHORISED)
        async with brokering(closed, port):
            pauses.over.put_nowait(None)
            await pauses.asked.get()
            assert closed.published.empty()

        # ── it does, goes away, and is there again ───────────────────
        broker = Broker()
        async with brokering(broker, port):
            pauses.over.put_nowait(None)
            assert (await broker.published.get())[1] == "one"
            (await broker.connections.get()).close()
            await pauses.asked.get()
            dispatcher.publish("V", _a_name("two"))
            pauses.over.put_nowait(None)
            assert (await broker.published.get())[1] == "two"
