"""What one app has told one car to stream: kept by Tesla's servers, taken by the car at its next connection.

Rules of this room:

1. The servers read the settings and do not check who signed them; the car does, and then says so in an error.
2. A car takes what is new when it is online; until then the settings are not synced.
3. Settings end at their `exp`, with the consent, and with the app's billing; nothing brings them back by itself.
"""

import base64
import binascii
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from tesla_protocol.telemetry import vehicle_data_pb2 as vehicle_data

from tesla_simulator.telemetry.schnorr import is_signed_by

ALGORITHM: Final = "Tesla.SS256"
FOR_THE_FLEET: Final = "com.tesla.fleet.TelemetryClient"
MOST_APPS: Final = 5
OF_THE_PLACE: Final = frozenset(
    {
        "Location",
        "OriginLocation",
        "DestinationLocation",
        "DestinationName",
        "RouteLine",
        "GpsState",
        "GpsHeading",
    }
)
"""Fields that are told only with the scope `vehicle_location`; whether a car is at home is told without (§8.1)."""
BAD_SIGNATURE: Final = "error loading config file: crypto/ecdsa: verification error"


class Misset(Exception):
    """Settings that Tesla's servers do not take."""


@dataclass
class TelemetryError:
    """What a car reports of an app's settings. `name` is the app's client id."""

    created_at: datetime
    name: str
    error: str
    error_name: str
    tx_id: str = field(default_factory=lambda: str(uuid4()))


@dataclass
class TelemetrySettings:
    """`config` None: the car has refused them. `synced`: the car has seen them."""

    config: dict[str, Any] | None
    message: str
    signature: str
    synced: bool = False

    @property
    def ends_at(self) -> float:
        """Seconds since 1970; for ever where they name no end."""
        exp = (self.config or {}).get("exp")
        return float(exp) if isinstance(exp, int | float) else float("inf")

    @property
    def needs(self) -> frozenset[str]:
        """The scopes without which they end."""
        fields = (self.config or {}).get("fields", {})
        of_the_place = frozenset() if OF_THE_PLACE.isdisjoint(fields) else frozenset({"vehicle_location"})
        return frozenset({"vehicle_device_data"}) | of_the_place


def settings_of(token: str) -> TelemetrySettings:
    """Read, and not believed: the signature is the car's to check. Raises `Misset`."""
    message, _, signature = token.rpartition(".")
    head, _, payload = message.partition(".")
    header, config = _json(head), _json(payload)
    if header.get("alg") != ALGORITHM:
        raise Misset("the token's alg is not Tesla.SS256")
    if config.get("aud") != FOR_THE_FLEET or not isinstance(config.get("iss"), str):
        raise Misset("the token names no issuer or another audience")
    if not isinstance(config.get("hostname"), str) or "port" not in config or not isinstance(config.get("ca"), str):
        raise Misset("hostname, port and ca are needed")
    _refuse_odd_fields(config.get("fields"))
    return TelemetrySettings(config, message, signature)


def is_rightly_signed(settings: TelemetrySettings, keys: Collection[bytes] | None) -> bool:
    """By the issuer it names, whose key is on the car; `keys` None: a car that has no keys of apps asks for none."""
    issuer = _decoded((settings.config or {}).get("iss", ""), base64.b64decode)
    signature = _decoded(settings.signature + "=" * (-len(settings.signature) % 4), base64.urlsafe_b64decode)
    return (keys is None or issuer in keys) and is_signed_by(issuer, settings.message.encode(), signature)


def _refuse_odd_fields(fields: object) -> None:
    if not isinstance(fields, dict) or not fields:
        raise Misset("no fields")
    for name, asked in fields.items():
        if name not in vehicle_data.Field.keys():  # noqa: SIM118 - an enum wrapper is no mapping
            raise Misset(f"{name} is no field")
        interval = asked.get("interval_seconds") if isinstance(asked, dict) else None
        if not isinstance(interval, int) or isinstance(interval, bool) or interval < 1:
            raise Misset(f"{name} has no interval_seconds")


def _json(part: str) -> dict[str, Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError) as error:
        raise Misset("the token is not three parts of base64") from error
    if not isinstance(found, dict):
        raise Misset("the token is not three parts of base64")
    return found


def _decoded(text: object, decode: Any) -> bytes:
    try:
        decoded: bytes = decode(text) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        return b""
    return decoded
