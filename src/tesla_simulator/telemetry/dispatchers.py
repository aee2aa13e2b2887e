"""What cars send, published as the dispatchers of a fleet-telemetry server do, where there is no such server.

Rules of this room:

1. Whatever host a config names: what is published here is what the one server that all cars found has received.
2. A publisher knows no acknowledgement: what nobody listens to is lost, as with Tesla's own (§8.4).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

import zmq
from google.protobuf.message import Message

from tesla_simulator.telemetry.encoding import CONNECTIVITY, VEHICLE_DATA, connectivity, encoded, topic
from tesla_simulator.telemetry.lines import Line, Opened, Record, Said, Waiting
from tesla_simulator.telemetry.record import Publishing

# A turned clock says in a second what takes cars a night; a subscriber that reads on shall get all of it.
_MOST_UNREAD: Final = 1_000_000


class CannotPublish(Exception):
    """The address is not one to publish at, or somebody else does."""


class Dispatcher(Protocol):
    """One of a server's ways to pass on what came in."""

    def publish(self, kind: str, message: Message) -> None:
        """`kind` is the record's: `V` or `connectivity`. Never waits."""


class ZmqDispatcher:
    """A PUB socket. Two frames: the topic and the payload. Raises `CannotPublish` where it cannot be bound."""

    def __init__(self, publishing: Publishing) -> None:
        self._as = publishing
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.PUB)
        self._socket.set(zmq.SNDHWM, _MOST_UNREAD)
        try:
            self._socket.bind(publishing.zmq)
        except zmq.ZMQError as error:
            self.close()
            raise CannotPublish(f"{publishing.zmq}: {error.strerror}") from error

    @property
    def address(self) -> str:
        """Where it is bound, with the port that it got."""
        return self._socket.get_string(zmq.LAST_ENDPOINT)

    def publish(self, kind: str, message: Message) -> None:
        frames = [topic(self._as.namespace, kind).encode(), encoded(message, self._as.transmit_decoded_records)]
        self._socket.send_multipart(frames, zmq.NOBLOCK)

    def close(self) -> None:
        self._context.destroy(linger=0)


class Published:
    """The far end of every line while there are dispatchers. `count` is told when how many signals came in."""

    def __init__(self, dispatchers: Sequence[Dispatcher], count: Callable[[datetime, int], None]) -> None:
        self._dispatchers = dispatchers
        self._count = count

    def takes(self, waiting: Waiting) -> None:
        for said in waiting.leave():
            self._publish(waiting.line, said)
            if isinstance(said, Record):
                waiting.streamed += said.signals
                self._count(said.payload.created_at.ToDatetime(), said.signals)

    def _publish(self, line: Line, said: Said) -> None:
        if isinstance(said, Record):
            self._pass_on(VEHICLE_DATA, said.payload)
        else:
            self._pass_on(CONNECTIVITY, connectivity(line.vin, said.connection, said.at, isinstance(said, Opened)))

    def _pass_on(self, kind: str, message: Message) -> None:
        for dispatcher in self._dispatchers:
            dispatcher.publish(kind, message)
