"""A small fleet-telemetry server for tests: mutual TLS, envelopes read and acknowledged by the flatbuffers library.

It shares nothing with the simulator's writer of envelopes, and knows the slots from Tesla's own server (§8).
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import flatbuffers
from flatbuffers import encode
from flatbuffers import number_types as numbers
from flatbuffers.table import Table
from tesla_protocol.telemetry import vehicle_data_pb2 as vehicle_data
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tesla_simulator.clock import system_time
from tesla_simulator.tesla_names.authority import Authority

HOSTNAME = "stream.demo.chargekey.example"
STREAM, ACK = 4, 5


@dataclass(frozen=True)
class Received:
    """One envelope with a record in it."""

    txid: bytes
    topic: bytes
    message_id: bytes
    created_at_s: int
    sender_id: bytes
    device_type: bytes
    device_id: bytes
    payload: vehicle_data.Payload

    @classmethod
    def read(cls, said: bytes) -> "Received":
        envelope = Table(said, encode.Get(numbers.UOffsetTFlags.packer_type, said, 0))
        assert envelope.Get(numbers.Uint8Flags, envelope.Pos + envelope.Offset(8)) == STREAM
        stream = Table(said, envelope.Indirect(envelope.Pos + envelope.Offset(10)))
        return cls(
            _bytes(envelope, 0),
            _bytes(envelope, 1),
            _bytes(envelope, 4),
            stream.Get(numbers.Uint32Flags, stream.Pos + stream.Offset(4)),
            _bytes(stream, 1),
            _bytes(stream, 3),
            _bytes(stream, 4),
            vehicle_data.Payload.FromString(_bytes(stream, 2)),
        )


def _bytes(table: Table, slot: int) -> bytes:
    at = table.Offset(4 + 2 * slot)
    start = table.Vector(at)
    return bytes(table.Bytes[start : start + table.VectorLen(at)])


def acknowledgement(txid: bytes, topic: bytes, kind: int = ACK) -> bytes:
    """As a server builds it: it repeats txid and topic."""
    builder = flatbuffers.Builder(64)
    named, spoken = builder.CreateByteVector(topic), builder.CreateByteVector(txid)
    builder.StartObject(0)
    message = builder.EndObject()
    builder.StartObject(5)
    builder.PrependUOffsetTRelativeSlot(0, spoken, 0)
    builder.PrependUOffsetTRelativeSlot(1, named, 0)
    builder.PrependUint8Slot(2, kind, 0)
    builder.PrependUOffsetTRelativeSlot(3, message, 0)
    builder.Finish(builder.EndObject())
    return bytes(builder.Output())


@dataclass
class TelemetryServer:
    """What has come in, in order. `acknowledges` False: it takes records and says nothing."""

    acknowledges: bool = True
    received: asyncio.Queue[Received] = field(default_factory=asyncio.Queue)
    connected: asyncio.Queue[ServerConnection] = field(default_factory=asyncio.Queue)
    hung_up: asyncio.Queue[int] = field(default_factory=asyncio.Queue)

    async def talk(self, socket: ServerConnection) -> None:
        self.connected.put_nowait(socket)
        try:
            async for said in socket:
                assert isinstance(said, bytes)
                record = Received.read(said)
                if self.acknowledges:
                    await socket.send(acknowledgement(record.txid, record.topic))
                self.received.put_nowait(record)
        except ConnectionClosed:
            pass
        self.hung_up.put_nowait(socket.close_code or 0)


@dataclass(frozen=True)
class OperatorsCertificates:
    """Of the server's host name, signed by an authority of the operator's own."""

    authority: Authority

    @classmethod
    def made_in(cls, folder: Path) -> "OperatorsCertificates":
        made = Authority(folder, called="An operator's authority")
        made.prepare([HOSTNAME], system_time())
        return cls(made)

    @property
    def ca(self) -> str:
        """What goes into the config."""
        return self.authority.certificate.read_text(encoding="ascii")

    def tls(self, trusts: str) -> ssl.SSLContext:
        """As strict as they come. `trusts`: whose certificates cars must show."""
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.verify_mode = ssl.CERT_REQUIRED
        tls.verify_flags |= ssl.VERIFY_X509_STRICT
        tls.load_verify_locations(cadata=trusts)
        tls.load_cert_chain(self.authority.leaf, self.authority.leaf_key)
        return tls


@asynccontextmanager
async def listening(server: TelemetryServer, tls: ssl.SSLContext, port: int = 0) -> AsyncIterator[str]:
    """Yields the address."""
    async with serve(server.talk, "127.0.0.1", port, ssl=tls) as open_now:
        host, taken = next(iter(open_now.sockets)).getsockname()
        yield f"{host}:{taken}"
