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
from tesla_simulator.telemetry.addresses import Address
from tesla_simulator.telemetry.dispatchers import CannotPublish, Published, ZmqDispatcher
from tesla_simulator.telemetry.lines import FarEnd, Lines, Waiting
from tesla_simulator.telemetry.mqtt import MqttDispatcher
from tesla_simulator.telemetry.record import Publishing, TelemetryRecord
from tesla_simulator.telemetry.server_link import ServerLink


class FarEnds:
    """`count` is told when how many signals have left."""

    def __init__(self, record: TelemetryRecord, count: Callable[[datetime, int], None]) -> None:
        self._record = record
        self._count = count
        self._published: Published | None = None
        self._zmq: ZmqDispatcher | None = None
        self._mqtt: MqttDispatcher | None = None
        self._mqtt_runs: asyncio.Task[None] | None = None
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

    def telemetry_is_published(
        self,
        zmq: str = "",
        namespace: str = "tesla",
        transmit_decoded_records: bool = False,
        mqtt: str = "",
        topic_base: str = "telemetry",
    ) -> str:
        """As a fleet-telemetry server does that is configured so; in place of what was set before.

        Returns the address it is bound at, for one that names no port: tcp://127.0.0.1:*. Raises `CannotPublish`, and
        `Misaddressed` for a broker.
        """
        if not zmq and not mqtt:
            raise CannotPublish("name where: zmq or mqtt")
        self.telemetry_is_published_no_more()
        return self._publish(Publishing(zmq, namespace, transmit_decoded_records, mqtt, topic_base))

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
        self._run_mqtt()
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
        broker = Address.read(publishing.mqtt) if publishing.mqtt else None
        self._zmq = ZmqDispatcher(publishing) if publishing.zmq else None
        self._mqtt = MqttDispatcher(broker, publishing.topic_base) if broker else None
        self._published = Published([one for one in (self._zmq, self._mqtt) if one is not None], self._count)
        self._record.publishing = publishing
        if self._is_open:
            self._run_mqtt()
        self.lines.push()
        return self._zmq.address if self._zmq else ""

    def _run_mqtt(self) -> None:
        if self._mqtt is not None and self._mqtt_runs is None:
            self._mqtt_runs = asyncio.create_task(self._mqtt.run())
            self._running.append(self._mqtt_runs)

    def _stop_publishing(self) -> None:
        if self._zmq is not None:
            self._zmq.close()
        if self._mqtt_runs is not None:
            self._mqtt_runs.cancel()
        self._published = self._zmq = self._mqtt = self._mqtt_runs = None
