"""Where cars are heard: the part of the settings that is about their stream."""

import re
from typing import Final, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

_ZMQ: Final = re.compile(r"tcp://[^\s/:]+:\d{1,5}|tcp://\[[0-9a-f:]+\]:\d{1,5}|ipc:///\S+")
_TOPICS: Final = re.compile(r"[^\s+#]+")


class TelemetrySettings(BaseSettings):
    """How a fleet-telemetry server of the operator's publishes what comes in: by ZMQ or by MQTT."""

    telemetry_zmq: str = Field(
        "",
        description="Where a fleet-telemetry server of yours publishes what cars stream by ZMQ, such as "
        "`tcp://127.0.0.1:5284`. Empty, and no MQTT either: cars are looked at, and not heard.",
    )
    telemetry_namespace: str = Field(
        "tesla",
        pattern="^[A-Za-z0-9_.-]{1,60}$",
        description="The server’s `namespace`, with which its ZMQ topics begin.",
    )
    telemetry_mqtt: str = Field(
        "",
        description="Where it publishes by MQTT instead, with its `topic_base`: `mqtt://broker.example:1883/cars`, "
        "or `mqtts://`, by default at port 8883, where the broker’s certificate is checked.",
    )
    telemetry_mqtt_user: str = Field("", description="The user name at the MQTT broker. Empty: no login.")
    telemetry_mqtt_password: SecretStr = Field(SecretStr(""), description="The password at the MQTT broker.")

    @field_validator("telemetry_zmq")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value and not _ZMQ.fullmatch(value):
            raise ValueError("must be tcp://HOST:PORT, or ipc:///PATH")
        return value

    @field_validator("telemetry_mqtt")
    @classmethod
    def _is_a_broker(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (
            parts.scheme not in ("mqtt", "mqtts")
            or not parts.hostname
            or parts.port == 0
            or parts.username is not None
            or not _TOPICS.fullmatch(parts.path.strip("/"))
        ):
            raise ValueError("must be mqtt://HOST:PORT/TOPIC_BASE, or mqtts://, without a user in it")
        return value

    @model_validator(mode="after")
    def _is_one_way(self) -> Self:
        """Heard twice, everything would come twice."""
        if self.telemetry_zmq and self.telemetry_mqtt:
            raise ValueError("choose one: CHARGEKEY_TELEMETRY_ZMQ or CHARGEKEY_TELEMETRY_MQTT")
        return self

    @property
    def hears_cars(self) -> bool:
        return bool(self.telemetry_zmq or self.telemetry_mqtt)
