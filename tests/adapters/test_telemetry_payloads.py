"""Records of a fleet-telemetry server are read as protobuf and as JSON, and nothing that has not its shape gets in."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from tesla_protocol.telemetry import vehicle_connectivity_pb2 as vehicle_connectivity
from tesla_protocol.telemetry import vehicle_data_pb2 as vehicle_data

from chargekey.adapters.telemetry.fields import Bare, values_of
from chargekey.adapters.telemetry.payloads import MOST_BYTES, Unreadable, connectivity_record, vehicle_record
from chargekey.domain.evidence import Charging
from chargekey.domain.place import Place
from chargekey.domain.telemetry import Signal, Value
from chargekey.domain.vehicle import Vin

VIN = "5YJ3E7EA0KF004021"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RECORD: dict[str, Any] = {
    "data": [
        {"key": "DetailedChargeState", "value": {"detailedChargeStateValue": "DetailedChargeStateCharging"}},
        {"key": "BatteryLevel", "value": {"doubleValue": 62.4}},
        {"key": "ChargeLimitSoc", "value": {"intValue": 80}},
        {"key": "ACChargingPower", "value": {"stringValue": "11.04"}},
        {"key": "ChargerPhases", "value": {"intValue": 2}},
        {"key": "ChargingCableType", "value": {"invalid": True}},
        {"key": "ChargerVoltage", "value": {"invalid": True}},
        {"key": "Location", "value": {"locationValue": {"latitude": 52.1, "longitude": 5.1}}},
        {"key": "FromNextYear", "value": {"doubleValue": 1}},
        {"key": "BatteryHeaterOn", "value": {"booleanValue": True}},
        {"key": "FastChargerPresent", "value": {"booleanValue": False}},
    ],
    "createdAt": "2026-11-22T08:59:58.500Z",
    "vin": VIN,
    "isResend": False,
    "fromNextYear": {},
}
VALUES: dict[Signal, Value] = {
    Signal.CHARGING: Charging.CHARGING,
    Signal.SOC: 62,
    Signal.LIMIT: 80,
    Signal.POWER: 11_040,
    Signal.PHASES: 3,
    Signal.PLACE: Place(52.1, 5.1),
    Signal.HEATING_BATTERY: True,
    Signal.AT_FAST_CHARGER: False,
}


def as_json(**other: object) -> bytes:
    return json.dumps({**RECORD, **other}).encode()


def as_protobuf(content: bytes) -> bytes:
    return json_format.Parse(content, vehicle_data.Payload(), ignore_unknown_fields=True).SerializeToString()


@pytest.mark.parametrize("content", [as_json(), as_protobuf(as_json())], ids=["json", "protobuf"])
def test_a_record_says_whose_when_and_what(content: bytes) -> None:
    reading = vehicle_record(content, NOW)
    assert (reading.vin, reading.moment) == (Vin(VIN), NOW - timedelta(seconds=1.5))
    assert reading.values == VALUES
    assert reading.is_connected is None


@pytest.mark.parametrize(
    ("field", "bare", "value"),
    [
        ("BatteryLevel", "62.6", 63),
        ("BatteryLevel", 100.4, None),
        ("BatteryLevel", -1, None),
        ("BatteryLevel", float("nan"), None),
        ("BatteryLevel", "nan", None),
        ("BatteryLevel", True, None),
        ("BatteryLevel", "9" * 400, None),
        ("DetailedChargeState", "Stopped", Charging.STOPPED),
        ("DetailedChargeState", "DetailedChargeStateUnknown", None),
        ("DetailedChargeState", 4, None),
        ("ChargerPhases", 0, None),
        ("FastChargerPresent", "True", True),
        ("FastChargerPresent", 1, None),
        ("BatteryHeaterOn", "false", False),
        ("BatteryHeaterOn", 2, None),
        ("ChargeState", "Enable", None),  # the coarse one of before knows no cable
    ],
)
def test_a_value_that_its_field_cannot_have_says_nothing(field: str, bare: Bare, value: Value) -> None:
    assert list(values_of({field: bare}).values()) == ([] if value is None else [value])


@pytest.mark.parametrize(
    ("bare", "place"),
    [
        ((52.1, 5.1), Place(52.1, 5.1)),
        ("(37.412374 N, 122.145867 W)", Place(37.412374, -122.145867)),
        ("(33.9 S, 151.2 E)", Place(-33.9, 151.2)),
        ((91.0, 0.0), None),
        ("(91 N, 0 E)", None),
        ("nowhere", None),
        (None, None),
    ],
)
def test_a_place_that_is_none_is_as_good_as_hidden(bare: Bare, place: Place | None) -> None:
    assert values_of({"Location": bare}) == {Signal.PLACE: place}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xff",
        b"{",
        b"[]",
        b'{"vin": 3}',
        as_json(vin="SHORT"),
        as_json(createdAt="yesterday"),
        as_json(createdAt=None),
        as_json(data=[{"key": "Soc", "value": {"doubleValue": "much"}}]),
        as_protobuf(as_json(vin=VIN.lower())),
        b'{"data": ' + b"[" * 5_000,
        b" " * (MOST_BYTES + 1),
    ],
)
def test_what_has_not_its_shape_is_left_out_and_not_repeated(content: bytes) -> None:
    with pytest.raises(Unreadable) as left_out:
        vehicle_record(content, NOW)
    assert VIN.lower() not in str(left_out.value).lower()


@pytest.mark.parametrize("ahead", ["2026-11-22T09:00:01Z", "2099-01-01T00:00:00Z"])
def test_a_clock_that_is_ahead_speaks_of_now(ahead: str) -> None:
    assert vehicle_record(as_json(createdAt=ahead), NOW).moment == NOW


@given(st.binary(max_size=200))
def test_no_bytes_break_it(content: bytes) -> None:
    for read in (vehicle_record, connectivity_record):
        try:
            read(content, NOW)
        except Unreadable:
            continue


@pytest.mark.parametrize(("status", "is_connected"), [("CONNECTED", True), ("DISCONNECTED", False)])
def test_a_line_that_is_there_or_gone(status: str, is_connected: bool) -> None:
    said = {"vin": VIN, "connectionId": "1", "status": status, "createdAt": "2026-11-22T09:00:00Z"}
    content = json.dumps(said).encode()
    event = json_format.Parse(content, vehicle_connectivity.VehicleConnectivity())
    for one in (content, event.SerializeToString()):
        reading = connectivity_record(one, NOW)
        assert (reading.vin, reading.moment, reading.is_connected) == (Vin(VIN), NOW, is_connected)
    with pytest.raises(Unreadable):
        connectivity_record(json.dumps({**said, "status": "UNKNOWN"}).encode(), NOW)
