"""The stream as a fleet-telemetry server publishes it by MQTT: each field under a topic of its own, its bare value.

`<topic_base>/<VIN>/v/<Field>` carries JSON, null for an absent value; `<topic_base>/<VIN>/connectivity` an object
(§8.4). There is no moment in it, so a value is of when it came in. What a broker has kept for us is of nobody knows
when: no session is kept there, and what it retains is not read.
"""

import json
import logging
import ssl
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

import aiomqtt

from chargekey.adapters.telemetry.counting import LeftOut
from chargekey.adapters.telemetry.fields import READ, Bare, values_of
from chargekey.adapters.telemetry.payloads import Unreadable
from chargekey.domain.secret import Secret
from chargekey.domain.telemetry import Reading
from chargekey.domain.vehicle import Vin, VinUnreadable
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Unreachable

MOST_BYTES: Final = 10_000
"""Of one bare value."""
MOST_UNREAD: Final = 100_000
_LINE: Final = {"CONNECTED": True, "DISCONNECTED": False}
_FIELD_PARTS: Final = 3
"""Of a topic below its base: the car's number, `v`, the field."""

_quiet = logging.getLogger("chargekey.adapters.telemetry.mqtt")
_quiet.setLevel(logging.ERROR)  # the library's own lines name topics, and so the numbers of cars


@dataclass(frozen=True, slots=True)
class Broker:
    """Where it is and how we are let in. `user` empty: it lets everybody in. `tls`: its certificate is checked."""

    host: str
    port: int
    topic_base: str
    tls: bool
    user: str
    password: Secret


class MqttTelemetry:
    """`ports.telemetry.TelemetrySource`."""

    def __init__(self, broker: Broker, clock: Clock) -> None:
        self._broker, self._clock, self._left_out = broker, clock, LeftOut()

    async def readings(self) -> AsyncGenerator[Reading, None]:
        base = self._broker.topic_base
        try:
            async with self._client() as client:
                await client.subscribe([(f"{base}/+/v/{field}", 0) for field in sorted(READ)])
                await client.subscribe(f"{base}/+/connectivity")
                async for message in client.messages:
                    if message.retain:
                        continue
                    try:
                        yield self._read(str(message.topic).removeprefix(f"{base}/").split("/"), message.payload)
                    except Unreadable as why:
                        self._left_out.say(why)
        except aiomqtt.MqttError as away:
            raise Unreachable("the MQTT broker") from away

    def _client(self) -> aiomqtt.Client:
        broker = self._broker
        return aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.user or None,
            password=broker.password.reveal() if broker.user else None,
            tls_context=ssl.create_default_context() if broker.tls else None,
            max_queued_incoming_messages=MOST_UNREAD,
            logger=_quiet,
        )

    def _read(self, parts: list[str], content: bytes) -> Reading:
        """`parts`: of the topic, below its base."""
        now = self._clock.now()
        try:
            vin, said = Vin(parts[0]), json.loads(content) if len(content) <= MOST_BYTES else None
        except VinUnreadable as wrong:
            raise Unreadable("no car's number") from wrong
        except (ValueError, RecursionError) as wrong:
            raise Unreadable("no JSON") from wrong
        if len(parts) == _FIELD_PARTS:
            return Reading(vin, now, values_of({parts[-1]: _bare(said)}))
        status = said.get("Status") if isinstance(said, dict) else None
        if not isinstance(status, str) or status not in _LINE:
            raise Unreadable("no status of a line")
        return Reading(vin, now, {}, _LINE[status])


def _bare(said: object) -> Bare:
    if isinstance(said, dict):
        place = [said.get(name) for name in ("latitude", "longitude")]
        numbers = [float(one) for one in place if isinstance(one, int | float) and not isinstance(one, bool)]
        return (numbers[0], numbers[1]) if len(numbers) == len(place) else None
    return said if isinstance(said, str | int | float | bool) else None
