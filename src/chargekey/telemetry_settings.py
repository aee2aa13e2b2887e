"""Where cars are heard, and where they are told to stream to: the part of the settings that is about their stream."""

import re
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from cryptography import x509
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

_ZMQ: Final = re.compile(r"tcp://[^\s/:]+:\d{1,5}|tcp://\[[0-9a-f:]+\]:\d{1,5}|ipc:///\S+")
_TOPICS: Final = re.compile(r"[^\s+#]+")
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


class TelemetrySettings(BaseSettings):
    """How a fleet-telemetry server of the operator's publishes what comes in, by ZMQ or by MQTT, and where cars find
    it.
    """

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

    telemetry_host: str = Field(
        "",
        description="The name under which cars find that server, such as `stream.charge.example`; the last two words "
        "of it are those of `CHARGEKEY_DOMAIN`. Set, Chargekey itself tells each car that is paired to stream there. "
        "Empty: no car is told, and one that was told before is told to stream no more.",
    )
    telemetry_port: int = Field(443, ge=1, le=65535, description="The port at which cars find it.")
    telemetry_ca: str = Field(
        "",
        description="A file with the certificates (PEM) of whoever signed that server’s certificate, up to the root: "
        "cars trust what is in it, and nothing else. Wanted with `CHARGEKEY_TELEMETRY_HOST`.",
    )

    @field_validator("telemetry_host")
    @classmethod
    def _is_a_name(cls, value: str) -> str:
        if value and not _HOST.fullmatch(value):
            raise ValueError("must be a name in small letters, without https:// and without a port")
        return value

    @field_validator("telemetry_ca")
    @classmethod
    def _holds_certificates(cls, value: str) -> str:
        if value:
            certificates(value)
        return value

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

    @model_validator(mode="after")
    def _is_heard_if_told(self) -> Self:
        """Each signal is billed, whether anybody hears it or not."""
        if self.telemetry_host and not self.hears_cars:
            raise ValueError(
                "CHARGEKEY_TELEMETRY_HOST tells cars where to stream to, but nothing says where Chargekey hears them: "
                "set CHARGEKEY_TELEMETRY_ZMQ or CHARGEKEY_TELEMETRY_MQTT, too"
            )
        if self.telemetry_host and not self.telemetry_ca:
            raise ValueError("CHARGEKEY_TELEMETRY_HOST needs CHARGEKEY_TELEMETRY_CA: without it no car trusts the host")
        return self

    @property
    def hears_cars(self) -> bool:
        return bool(self.telemetry_zmq or self.telemetry_mqtt)


def certificates(path: str) -> str:
    """The PEM in that file. Raises `ValueError` where it cannot be read, or holds no certificate."""
    try:
        pem = Path(path).read_text(encoding="ascii")
        x509.load_pem_x509_certificates(pem.encode())
    except OSError as unreadable:
        raise ValueError(f"cannot be read: {unreadable.strerror}") from unreadable
    except ValueError as none:
        raise ValueError("must be a file of certificates, each from BEGIN CERTIFICATE to END CERTIFICATE") from none
    return pem
