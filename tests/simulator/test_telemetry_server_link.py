"""A car's connection to a real telemetry server (§8): mutual TLS, envelopes, acknowledgements, what waits."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from tesla_protocol.telemetry import vehicle_data_pb2 as vehicle_data

from tesla_simulator.clock import system_time
from tesla_simulator.demo import CLIENT_ID, MODEL_3
from tesla_simulator.telemetry import car_certificates
from tesla_simulator.telemetry.addresses import Address
from tesla_simulator.telemetry.envelope import Ack, Unreadable, ack, stream
from tesla_simulator.telemetry.lines import Closed, Line, Opened, Record, Waiting
from tesla_simulator.telemetry.server_link import ServerLink
from tests.simulator.served import START, Tesla
from tests.simulator.telemetry_server import (
    HOSTNAME,
    STREAM,
    OperatorsCertificates,
    Received,
    TelemetryServer,
    acknowledgement,
    listening,
)
from tests.simulator.test_telemetry_streams import STATE, told

A_SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> OperatorsCertificates:
    return OperatorsCertificates.made_in(tmp_path_factory.mktemp("operator"))


# ── a whole world and a server ───────────────────────────────────────────────────────────────────


@dataclass
class Served:
    tesla: Tesla
    server: TelemetryServer


@pytest.fixture
async def served(tesla: Tesla, certificates: OperatorsCertificates) -> AsyncIterator[Served]:
    """The car is told to stream to a server that lives on this machine."""
    trusts = (await tesla.web.get(f"{tesla.url}/control/telemetry_authority")).text
    server = TelemetryServer()
    async with listening(server, certificates.tls(trusts)) as address:
        answer = await tesla.control("telemetry_server_lives_at", hostname=HOSTNAME, address=address)
        assert answer.status_code == 200
        tesla.world.telemetry.tell(MODEL_3, CLIENT_ID, told(STATE, hostname=HOSTNAME, port=443, ca=certificates.ca))
        yield Served(tesla, server)


async def test_a_car_shows_who_it_is_and_sends_its_records_in_envelopes(served: Served) -> None:
    await served.tesla.world.time_passes(A_SECOND)
    socket = await served.server.connected.get()
    seen = socket.transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
    certificate = x509.load_der_x509_certificate(seen)
    (issuer,), (subject,) = (
        name.get_attributes_for_oid(NameOID.COMMON_NAME) for name in (certificate.issuer, certificate.subject)
    )
    assert (issuer.value, subject.value) == ("TeslaMotors", MODEL_3)
    assert socket.request is not None
    assert socket.request.headers["X-Network-Interface"] == "wifi"

    record = await served.server.received.get()
    assert (record.topic, record.device_type, record.device_id) == (b"V", b"vehicle_device", MODEL_3.encode())
    assert record.sender_id == b"vehicle_device." + MODEL_3.encode()
    assert record.created_at_s == int(START.timestamp())
    (datum,) = record.payload.data
    assert datum.value.detailed_charge_state_value == vehicle_data.DetailedChargeStateDisconnected
    assert served.tesla.world.record.billed == {f"{START:%Y-%m}": {"signal": 1}}


async def test_a_night_is_sent_in_its_order_with_the_connections_it_had(served: Served) -> None:
    served.tesla.car.plugs_in()
    await served.tesla.world.time_passes(timedelta(hours=10))
    states = [(await served.server.received.get()).payload for _ in range(3)]
    told = [payload.data[0].value.detailed_charge_state_value for payload in states]
    assert told == [
        vehicle_data.DetailedChargeStateStarting,
        vehicle_data.DetailedChargeStateCharging,
        vehicle_data.DetailedChargeStateComplete,
    ]
    assert await served.server.hung_up.get() == 1000

    served.tesla.car.wakes_up()
    await served.tesla.world.time_passes(A_SECOND)
    await served.server.received.get()
    assert served.server.connected.qsize() == 2


async def test_the_same_authority_signs_on_and_only_for_an_address_that_is_one(tesla: Tesla) -> None:
    asked = [(await tesla.web.get(f"{tesla.url}/control/telemetry_authority")).text for _ in "12"]
    assert asked[0] == asked[1]
    assert "PRIVATE" not in asked[0]
    answer = await tesla.control("telemetry_server_lives_at", hostname=HOSTNAME, address="4443")
    assert answer.status_code == 409


def test_an_authority_is_made_anew_before_it_ends() -> None:
    now = system_time()
    kept = car_certificates.authority("", now)
    assert car_certificates.authority(kept, now + timedelta(days=3600)) == kept
    assert car_certificates.authority(kept, now + timedelta(days=3640)) != kept


async def test_a_config_whose_port_is_a_text_leads_nowhere(served: Served, certificates: OperatorsCertificates) -> None:
    """Tesla's servers take it; the car never connects."""
    settings = told(STATE, hostname=HOSTNAME, port="443", ca=certificates.ca)
    served.tesla.world.telemetry.tell(MODEL_3, CLIENT_ID, settings)
    await served.tesla.world.time_passes(A_SECOND)
    world = (await served.tesla.web.get(f"{served.tesla.url}/control/world")).json()
    stream_of_the_car = world["cars"][MODEL_3]["streams"][CLIENT_ID]
    assert (stream_of_the_car["signals"], stream_of_the_car["records_waiting"]) == (0, 2)


# ── one link, whose pauses a test ends ───────────────────────────────────────────────────────────


@dataclass
class Pauses:
    """Each lasts until a test says so, and then the next begins."""

    asked: asyncio.Queue[float] = field(default_factory=asyncio.Queue)
    over: asyncio.Queue[None] = field(default_factory=asyncio.Queue)

    async def __call__(self, seconds: float) -> None:
        self.asked.put_nowait(seconds)
        await self.over.get()

    async def ends(self) -> float:
        seconds = await self.asked.get()
        self.over.put_nowait(None)
        return seconds


@dataclass
class OneLink:
    """A line that is open, and its link to wherever `at` says."""

    ca: str
    sends_again: bool = False
    at: str = "127.0.0.1:1"
    counted: int = 0
    pauses: Pauses = field(default_factory=Pauses)
    attempts: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self.authority = car_certificates.authority("", system_time())
        self.waiting = Waiting(Line(MODEL_3, CLIENT_ID, HOSTNAME, 443, self.ca, self.sends_again))
        self._link = ServerLink(self.waiting, self._where, self._card, self._count, self.pauses)
        self._runs = asyncio.create_task(self._link.run())

    def _where(self) -> Address:
        self.attempts.put_nowait(self.at)
        return Address.read(self.at)

    def _card(self) -> str:
        return car_certificates.for_car(MODEL_3, self.authority, system_time())

    def _count(self, at: datetime, signals: int) -> None:
        self.counted += signals

    def opens(self) -> None:
        self._adds(Opened(START, "one"))

    def hangs_up(self) -> None:
        self._adds(Closed(START, "one"))

    def says(self, *percents: int) -> None:
        for percent in percents:
            value = vehicle_data.Value(int_value=percent)
            datum = vehicle_data.Datum(key=vehicle_data.ChargeLimitSoc, value=value)
            self._adds(Record(vehicle_data.Payload(data=[datum], created_at=START, vin=MODEL_3)))

    def _adds(self, said: Any) -> None:
        self.waiting.add(said)
        self._link.takes(self.waiting)

    async def ends(self) -> None:
        self._runs.cancel()
        await asyncio.wait([self._runs])


@pytest.fixture
async def link(certificates: OperatorsCertificates) -> AsyncIterator[OneLink]:
    made = OneLink(certificates.ca)
    yield made
    await made.ends()


@pytest.fixture
async def keen(certificates: OperatorsCertificates) -> AsyncIterator[OneLink]:
    """With `delivery_policy: latest`."""
    made = OneLink(certificates.ca, sends_again=True)
    yield made
    await made.ends()


async def _percents(server: TelemetryServer, number: int) -> list[tuple[int, bool]]:
    payloads = [(await server.received.get()).payload for _ in range(number)]
    return [(payload.data[0].value.int_value, payload.is_resend) for payload in payloads]


async def test_who_cannot_connect_tries_ever_later_and_says_all_of_it_in_the_end(
    link: OneLink, certificates: OperatorsCertificates
) -> None:
    link.opens()
    link.says(50, 60)
    assert [await link.pauses.ends() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    link.says(70)
    server = TelemetryServer()
    assert await link.pauses.asked.get() == 30
    async with listening(server, certificates.tls(car_certificates.certificate(link.authority))) as address:
        link.at = address
        link.pauses.over.put_nowait(None)
        assert await _percents(server, 3) == [(50, False), (60, False), (70, False)]
        assert link.counted == 3


async def test_a_sleeping_car_does_not_try(link: OneLink, certificates: OperatorsCertificates) -> None:
    link.opens()
    link.says(50)
    link.hangs_up()
    await link.attempts.get()
    for _ in range(100):
        await asyncio.sleep(0)
    assert link.attempts.empty()
    server = TelemetryServer()
    async with listening(server, certificates.tls(car_certificates.certificate(link.authority))) as address:
        link.at = address
        link.opens()
        assert await _percents(server, 1) == [(50, False)]


@pytest.mark.parametrize("what", ["the car trusts another", "the server trusts another", "it holds nothing"])
async def test_certificates_that_do_not_fit_keep_the_two_apart(
    certificates: OperatorsCertificates, tmp_path: Path, what: str
) -> None:
    other = OperatorsCertificates.made_in(tmp_path)
    ca = {"the car trusts another": other.ca, "it holds nothing": ""}.get(what, certificates.ca)
    link, server = OneLink(ca), TelemetryServer()
    trusts = other.ca if what == "the server trusts another" else car_certificates.certificate(link.authority)
    async with listening(server, certificates.tls(trusts)) as address:
        link.at = address
        link.opens()
        link.says(50)
        assert await link.pauses.asked.get() == 1
    await link.ends()
    assert server.received.empty()


async def test_what_was_not_acknowledged_is_said_again_by_a_car_that_is_told_to(
    keen: OneLink, certificates: OperatorsCertificates
) -> None:
    server = TelemetryServer(acknowledges=False)
    async with listening(server, certificates.tls(car_certificates.certificate(keen.authority))) as address:
        keen.at = address
        keen.opens()
        keen.says(50, 60)
        first = [await server.received.get() for _ in range(2)]
        socket = await server.connected.get()
        await socket.send("no envelope")
        await socket.send(b"nor this")
        await socket.send(acknowledgement(first[0].txid, b"V", STREAM))
        await socket.send(acknowledgement(first[0].txid, b"V"))
        await socket.close()
        assert await keen.pauses.ends() == 1
        again = await server.received.get()
        assert (again.txid, again.payload.is_resend) == (first[1].txid, True)
        keen.says(70)
        assert await _percents(server, 1) == [(70, False)]
        assert keen.counted == 3


async def test_what_was_not_acknowledged_is_lost_by_a_car_that_is_not(
    link: OneLink, certificates: OperatorsCertificates
) -> None:
    server = TelemetryServer(acknowledges=False)
    async with listening(server, certificates.tls(car_certificates.certificate(link.authority))) as address:
        link.at = address
        link.opens()
        link.says(50)
        await server.received.get()
        await (await server.connected.get()).close()
        await link.pauses.ends()
        link.says(60)
        assert await _percents(server, 1) == [(60, False)]


# ── the envelope ─────────────────────────────────────────────────────────────────────────────────


@given(st.text(min_size=1), st.text(min_size=1), st.integers(1, 2**32 - 1), st.binary(min_size=1))
def test_another_reader_finds_in_an_envelope_what_was_put_there(
    topic: str, txid: str, created_at_s: int, noise: bytes
) -> None:
    payload = vehicle_data.Payload(vin=MODEL_3, data=[{"value": {"string_value": noise.hex()}}])
    said = Received.read(stream(MODEL_3, topic, txid, created_at_s, payload.SerializeToString()))
    assert (said.topic.decode(), said.txid.decode(), said.message_id.decode()) == (topic, txid, txid)
    assert (said.created_at_s, said.payload) == (created_at_s, payload)


def test_an_acknowledgement_by_another_writer_is_read() -> None:
    assert ack(acknowledgement(b"tx-1", b"V")) == Ack("tx-1", "V")
    assert ack(acknowledgement(b"tx-1", b"V", STREAM)) is None


@given(st.data())
def test_whatever_a_server_says_is_an_acknowledgement_or_unreadable(data: st.DataObject) -> None:
    whole = acknowledgement(b"tx-1", b"V")
    noise = data.draw(st.one_of(st.binary(), st.just(whole)))
    said = bytearray(noise)
    for place in data.draw(st.lists(st.integers(0, max(0, len(said) - 1)), max_size=4)) if said else []:
        said[place] = data.draw(st.integers(0, 255))
    try:
        found = ack(bytes(said))
    except Unreadable:
        return
    assert found is None or isinstance(found, Ack)
