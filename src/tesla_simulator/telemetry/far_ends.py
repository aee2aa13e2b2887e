"""What stands where the configs of cars point to, as a story sets it up: dispatchers, or nobody."""

from collections.abc import Callable
from datetime import datetime

from tesla_simulator.telemetry.dispatchers import Published, ZmqDispatcher
from tesla_simulator.telemetry.lines import FarEnd, Line, Lines
from tesla_simulator.telemetry.record import Publishing, TelemetryRecord


class FarEnds:
    """`record` is kept; sockets are of the moment. `count` is told when how many signals a server has received."""

    def __init__(self, record: TelemetryRecord, count: Callable[[datetime, int], None]) -> None:
        self._record = record
        self._count = count
        self._published: Published | None = None
        self.lines = Lines(self._of)

    def telemetry_is_published(self, zmq: str, namespace: str = "tesla", transmit_decoded_records: bool = False) -> str:
        """As a fleet-telemetry server does that is configured so; in place of what was set before.

        Returns the address it is bound at, for one that names no port: tcp://127.0.0.1:*. Raises `CannotPublish`.
        """
        self.telemetry_is_published_no_more()
        return self._open(Publishing(zmq, namespace, transmit_decoded_records))

    def telemetry_is_published_no_more(self) -> None:
        self.close()
        self._record.publishing = None

    def open(self) -> None:
        """What was set up before a restart is there again. Raises `CannotPublish`."""
        if self._record.publishing is not None and self._published is None:
            self._open(self._record.publishing)

    def close(self) -> None:
        if self._published is not None:
            self._published.close()
            self._published = None

    def _open(self, publishing: Publishing) -> str:
        dispatcher = ZmqDispatcher(publishing)
        self._published = Published(dispatcher, self._count)
        self._record.publishing = publishing
        self.lines.push()
        return dispatcher.address

    def _of(self, line: Line) -> FarEnd | None:
        return self._published
