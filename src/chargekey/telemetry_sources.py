"""Where this home hears cars, and where it tells them to stream to, put together as it is set."""

from typing import Final
from urllib.parse import urlsplit

from chargekey.adapters.telemetry.by_mqtt import Broker, MqttTelemetry
from chargekey.adapters.telemetry.by_zmq import ZmqTelemetry
from chargekey.domain.secret import Secret
from chargekey.domain.streaming import StreamTo
from chargekey.ports.clock import Clock
from chargekey.ports.telemetry import TelemetrySource
from chargekey.settings import Settings
from chargekey.telemetry_settings import certificates

PLAIN_PORT: Final = 1883
TLS_PORT: Final = 8883
"""MQTT's at IANA, without and with TLS."""


def telemetry_of(settings: Settings, clock: Clock) -> TelemetrySource | None:
    """None: no stream is set, and cars are looked at."""
    if settings.telemetry_zmq:
        return ZmqTelemetry(settings.telemetry_zmq, settings.telemetry_namespace, clock)
    return MqttTelemetry(broker_of(settings), clock) if settings.telemetry_mqtt else None


def stream_of(settings: Settings) -> StreamTo | None:
    """None: cars are not told."""
    if not settings.telemetry_host:
        return None
    return StreamTo(settings.telemetry_host, settings.telemetry_port, certificates(settings.telemetry_ca))


def broker_of(settings: Settings) -> Broker:
    parts = urlsplit(settings.telemetry_mqtt)
    tls = parts.scheme == "mqtts"
    return Broker(
        host=parts.hostname or "",
        port=parts.port or (TLS_PORT if tls else PLAIN_PORT),
        topic_base=parts.path.strip("/"),
        tls=tls,
        user=settings.telemetry_mqtt_user,
        password=Secret(settings.telemetry_mqtt_password.get_secret_value()),
    )
