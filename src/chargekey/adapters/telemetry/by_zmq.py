"""The stream as a fleet-telemetry server publishes it by ZMQ: two frames, `<namespace>_<record>` and the record (§8.4).

A publisher keeps nothing for whoever is away, and knows no acknowledgement. The socket connects by itself, before
there is a publisher and whenever it comes back: it is never out of reach.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import datetime
from typing import Final

import zmq
import zmq.asyncio

from chargekey.adapters.telemetry.counting import LeftOut
from chargekey.adapters.telemetry.payloads import MOST_BYTES, Unreadable, connectivity_record, vehicle_record
from chargekey.domain.telemetry import Reading
from chargekey.ports.clock import Clock

MOST_UNREAD: Final = 100_000
"""Records that wait for us; beyond them the newest are lost. All cars of a home reconnecting at once send fewer."""
PULSE_MS: Final = 30_000
"""So often the other end is asked whether it lives: a connection that died in silence is made anew."""
_RECORDS: Final[Mapping[str, Callable[[bytes, datetime], Reading]]] = {
    "V": vehicle_record,
    "connectivity": connectivity_record,
}


class ZmqTelemetry:
    """`ports.telemetry.TelemetrySource`. `address` such as tcp://127.0.0.1:5284."""

    def __init__(self, address: str, namespace: str, clock: Clock) -> None:
        self._address, self._clock, self._left_out = address, clock, LeftOut()
        self._records = {f"{namespace}_{kind}".encode(): read for kind, read in _RECORDS.items()}

    async def readings(self) -> AsyncGenerator[Reading, None]:
        with zmq.asyncio.Context() as context, context.socket(zmq.SUB) as socket:
            socket.set(zmq.LINGER, 0)
            socket.set(zmq.RCVHWM, MOST_UNREAD)
            socket.set(zmq.MAXMSGSIZE, MOST_BYTES)
            for option in (zmq.HEARTBEAT_IVL, zmq.HEARTBEAT_TIMEOUT):
                socket.set(option, PULSE_MS)
            for topic in self._records:
                socket.subscribe(topic)
            socket.connect(self._address)
            while True:
                try:
                    yield self._read(await socket.recv_multipart())
                except Unreadable as why:
                    self._left_out.say(why)

    def _read(self, frames: list[bytes]) -> Reading:
        if len(frames) != 2 or frames[0] not in self._records:
            raise Unreadable("not a topic and a record")
        return self._records[frames[0]](frames[1], self._clock.now())
