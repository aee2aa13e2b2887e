"""Records of Tesla's fleet-telemetry server, as protobuf or as JSON, read into what our journeys know.

Every byte is checked here: the car's number, the moment, each value. A record that does not have its shape raises
`Unreadable`, a field that does not is left out.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, TypeVar

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from google.protobuf.timestamp_pb2 import Timestamp
from tesla_protocol.telemetry import vehicle_connectivity_pb2 as vehicle_connectivity
from tesla_protocol.telemetry import vehicle_data_pb2 as vehicle_data

from chargekey.adapters.telemetry.fields import READ, Bare, values_of
from chargekey.domain.telemetry import Reading
from chargekey.domain.vehicle import Vin, VinUnreadable

MOST_BYTES: Final = 1_000_000
"""The server's own bound for a message (§8.4)."""
_LINE: Final = {vehicle_connectivity.CONNECTED: True, vehicle_connectivity.DISCONNECTED: False}
_NESTED_AT_MOST: Final = 10
_NAMES: Final[Mapping[int, str]] = {vehicle_data.Field.Value(name): name for name in READ}
_ENUMS: Final = {field.name: field.enum_type for field in vehicle_data.Value.DESCRIPTOR.fields if field.enum_type}

M = TypeVar("M", bound=Message)


class Unreadable(Exception):
    """The record does not have its shape. The text says in which way, and repeats nothing of it."""


def vehicle_record(content: bytes, now: datetime) -> Reading:
    """Of topic `V`: fields that have changed. One that comes twice counts as it came last."""
    payload = _parsed(vehicle_data.Payload(), content)
    fields = {_NAMES[datum.key]: _bare(datum.value) for datum in payload.data if datum.key in _NAMES}
    return Reading(_vin(payload.vin), _moment(payload.created_at, now), values_of(fields))


def connectivity_record(content: bytes, now: datetime) -> Reading:
    """Of topic `connectivity`: the line to a car is there, or gone."""
    event = _parsed(vehicle_connectivity.VehicleConnectivity(), content)
    if event.status not in _LINE:
        raise Unreadable("no status of a line")
    return Reading(_vin(event.vin), _moment(event.created_at, now), {}, _LINE[event.status])


def _parsed(message: M, content: bytes) -> M:
    """By its first byte: a brace begins no record of protobuf's (field 15 is none, and a group)."""
    if len(content) > MOST_BYTES:
        raise Unreadable("longer than a record can be")
    try:
        if content[:1] == b"{":
            json_format.Parse(content, message, ignore_unknown_fields=True, max_recursion_depth=_NESTED_AT_MOST)
        else:
            message.ParseFromString(content)
    except (DecodeError, json_format.ParseError, ValueError, RecursionError) as wrong:
        raise Unreadable("neither protobuf nor JSON of its kind") from wrong
    return message


def _vin(text: str) -> Vin:
    try:
        return Vin(text)
    except VinUnreadable as wrong:
        raise Unreadable("no car's number") from wrong


def _moment(created_at: Timestamp, now: datetime) -> datetime:
    """Where a car's clock is ahead of ours, what it says is of now: a word from tomorrow would outlive every look."""
    try:
        moment = created_at.ToDatetime(UTC)
    except (ValueError, OverflowError) as wrong:
        raise Unreadable("no moment") from wrong
    if not created_at.seconds:
        raise Unreadable("no moment")
    return min(moment, now)


def _bare(value: vehicle_data.Value) -> Bare:
    kind = value.WhichOneof("value")
    if kind is None or kind == "invalid":
        return None
    said = getattr(value, kind)
    if isinstance(said, vehicle_data.LocationValue):
        return said.latitude, said.longitude
    if kind in _ENUMS:
        named = _ENUMS[kind].values_by_number.get(said)
        return named.name if named else None
    return said if isinstance(said, str | int | float | bool) else None
