"""The MQTT dispatcher: each signal under a topic of its own, by the MQTT 3.1.1 that publishing without receipts needs.

Rules of this room:

1. `<topic_base>/<VIN>/v/<Field>` carries the bare value as JSON, null for one that is absent; connectivity has the
   member names of Tesla's own dispatcher (§8.4).
2. QoS 0, nothing retained, no keep-alive: three kinds of packets, which no library is needed for.
3. While the broker cannot be reached, what is to be published waits; it is tried again every ten seconds.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from google.protobuf.message import Message
from tesla_protocol.telemetry import vehicle_connectivity_pb2 as vehicle_connectivity
from tesla_protocol.telemetry import vehicle_data_pb2 as vehicle_data

from tesla_simulator.telemetry.addresses import Address

_CONNECT, _CONNACK, _PUBLISH = 0x10, 0x20, 0x30
_PROTOCOL: Final = b"\x00\x04MQTT\x04\x02\x00\x00"
"""Name, level 4, a clean session, no keep-alive."""
_CLIENT_ID: Final = "fleet-telemetry"
_ACCEPTED: Final = bytes((_CONNACK, 2, 0, 0))
_TRIED_AGAIN_AFTER_S: Final = 10.0
_MOST_UNSENT: Final = 1_000_000


class MqttDispatcher:
    """Publishes while `run` runs."""

    def __init__(
        self, broker: Address, topic_base: str, pauses: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._broker = broker
        self._topic_base = topic_base
        self._pauses = pauses
        self._unsent: deque[bytes] = deque(maxlen=_MOST_UNSENT)
        self._news = asyncio.Event()

    def publish(self, kind: str, message: Message) -> None:
        if isinstance(message, vehicle_data.Payload):
            for datum in message.data:
                field = vehicle_data.Field.Name(datum.key)
                self._add(f"{message.vin}/v/{field}", _bare(datum.value))
        elif isinstance(message, vehicle_connectivity.VehicleConnectivity):
            self._add(f"{message.vin}/{kind}", _connectivity(message))

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self._publish_all()
            except (OSError, asyncio.IncompleteReadError):
                await self._pauses(_TRIED_AGAIN_AFTER_S)

    async def _publish_all(self) -> None:
        """Until the broker goes away."""
        reader, writer = await asyncio.open_connection(self._broker.host, self._broker.port)
        try:
            writer.write(_packet(_CONNECT, _PROTOCOL + _string(_CLIENT_ID)))
            if await reader.readexactly(len(_ACCEPTED)) != _ACCEPTED:
                raise ConnectionRefusedError("the broker does not let us in")
            gone = asyncio.create_task(reader.read())
            try:
                while not gone.done():
                    await self._publish_what_there_is(writer)
                    news = asyncio.create_task(self._news.wait())
                    await asyncio.wait({gone, news}, return_when=asyncio.FIRST_COMPLETED)
                    news.cancel()
            finally:
                gone.cancel()
            await gone
            raise ConnectionResetError("the broker has gone")
        finally:
            writer.close()

    async def _publish_what_there_is(self, writer: asyncio.StreamWriter) -> None:
        self._news.clear()
        while self._unsent:
            writer.write(self._unsent[0])
            await writer.drain()
            self._unsent.popleft()

    def _add(self, topic: str, said: object) -> None:
        payload = json.dumps(said, separators=(",", ":")).encode()
        self._unsent.append(_packet(_PUBLISH, _string(f"{self._topic_base}/{topic}") + payload))
        self._news.set()


def _bare(value: vehicle_data.Value) -> object:
    """As JSON has it: an enum by its name, an absent value as null."""
    kind = value.WhichOneof("value")
    if kind is None or kind == "invalid":
        return None
    said = getattr(value, kind)
    if isinstance(said, vehicle_data.LocationValue):
        return {"latitude": said.latitude, "longitude": said.longitude}
    words = vehicle_data.Value.DESCRIPTOR.fields_by_name[kind].enum_type
    return words.values_by_number[said].name if words else said


def _connectivity(event: vehicle_connectivity.VehicleConnectivity) -> dict[str, str]:
    return {
        "ConnectionId": event.connection_id,
        "Status": vehicle_connectivity.ConnectivityEvent.Name(event.status),
        "CreatedAt": event.created_at.ToJsonString(),
    }


def _packet(kind: int, content: bytes) -> bytes:
    """The length goes before it, seven bits a byte, the lowest first."""
    length, left = bytearray(), len(content)
    while True:
        left, low = divmod(left, 128)
        length.append(low | (0x80 if left else 0))
        if not left:
            return bytes((kind, *length)) + content


def _string(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(2, "big") + raw
