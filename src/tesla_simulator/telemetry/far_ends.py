"""What stands where the configs of cars point to, as a story sets it up: a server, dispatchers, or nobody.

Rules of this room:

1. A host whose server lives somewhere is reached there. All others are what is published, if anything is.
2. What was set up is kept; sockets and connections are of the moment, from `open` to `close`.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from tesla_simulator.clock import system_time
from tesla_simulator.telemetry import car_certificates
from tesla_simulator.telemetry.dispatchers import Published, ZmqDispatcher
from tesla_simulator.telemetry.lines import FarEnd, Lines, Waiting
from tesla_simulator.telemetry.record import Publishing, TelemetryRecord
from tesla_simulator.telemetry.server_link import Address, ServerLink


class FarEnds:
    """`count` is told when how many signals have left."""

    def __init__(self, record: TelemetryRecord, count: Callable[[datetime, int], None]) -> None:
        self._record = record
        self._count = count
        self._published: Published | None = None
        self._is_open = False
        self._links: dict[Waiting, ServerLink] = {}
        self._running: list[asyncio.Task[None]] = []
        self.lines = Lines(self._of)

    # ── what a story sets up ─────────────────────────────────────────────────

    def telemetry_server_lives_at(self, hostname: str, address: str) -> None:
        """Cars whose configs name this host find its server at ADDRESS:PORT. Raises `Misaddressed`."""
        Address.read(address)
        self._record.servers[hostname] = address
        self.lines.push()

    def telemetry_is_published(self, zmq: str, namespace: str = "tesla", transmit_decoded_records: bool = False) -> str:
        """As a fleet-telemetry server does that is configured so; in place of what was set before.

        Returns the address it is bound at, for one that names no port: tcp://127.0.0.1:*. Raises `CannotPublish`.
        """
        self.telemetry_is_published_no_more()
        return self._publish(Publishing(zmq, namespace, transmit_decoded_records))

    def telemetry_is_published_no_more(self) -> None:
        self._stop_publishing()
        self._record.publishing = None

    def authority(self) -> str:
        """What a server must trust to know cars: a certificate as PEM."""
        return car_certificates.certificate(self._authority())

    # ── while it is served ───────────────────────────────────────────────────

    def open(self) -> None:
        """In a running loop. What was set up before a restart is there again. Raises `CannotPublish`."""
        self._is_open = True
        if self._record.publishing is not None and self._published is None:
            self._publish(self._record.publishing)
        self.lines.push()

    async def close(self) -> None:
        """Raises what a connection broke off with, if it was none of the world's doing."""
        self._is_open = False
        self._stop_publishing()
        for running in self._running:
            running.cancel()
        for ended in await asyncio.gather(*self._running, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended

    def _of(self, waiting: Waiting) -> FarEnd | None:
        if waiting.line.hostname not in self._record.servers:
            return self._published
        return self._link(waiting) if self._is_open and type(waiting.line.port) is int else None

    def _link(self, waiting: Waiting) -> ServerLink:
        if waiting not in self._links:
            line = waiting.line
            self._links[waiting] = ServerLink(
                waiting,
                lambda: Address.read(self._record.servers[line.hostname]),
                lambda: car_certificates.for_car(line.vin, self._authority(), system_time()),
                self._count,
            )
            self._running.append(asyncio.create_task(self._links[waiting].run()))
        return self._links[waiting]

    def _authority(self) -> str:
        self._record.authority_pem = car_certificates.authority(self._record.authority_pem, system_time())
        return self._record.authority_pem

    def _publish(self, publishing: Publishing) -> str:
        dispatcher = ZmqDispatcher(publishing)
        self._published = Published(dispatcher, self._count)
        self._record.publishing = publishing
        self.lines.push()
        return dispatcher.address

    def _stop_publishing(self) -> None:
        if self._published is not None:
            self._published.close()
            self._published = None
