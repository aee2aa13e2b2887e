"""What a fleet-telemetry server makes of what cars send: topics, and payloads as protobuf or as JSON (§8.4)."""

from datetime import datetime
from typing import Final

from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message
from tesla_protocol.telemetry import vehicle_connectivity_pb2 as vehicle_connectivity

VEHICLE_DATA: Final = "V"
CONNECTIVITY: Final = "connectivity"
NETWORK: Final = "wifi"
"""What a car's `X-Network-Interface` says; all cars here are in reach of their owners' networks."""


def topic(namespace: str, kind: str) -> str:
    return f"{namespace}_{kind}"


def encoded(message: Message, decoded: bool) -> bytes:
    """`decoded`: as a server does that is told `transmit_decoded_records`."""
    if not decoded:
        return message.SerializeToString()
    return MessageToJson(message, indent=None, always_print_fields_with_no_presence=True).encode()


def connectivity(
    vin: str, connection: str, at: datetime, is_connected: bool
) -> vehicle_connectivity.VehicleConnectivity:
    status = vehicle_connectivity.CONNECTED if is_connected else vehicle_connectivity.DISCONNECTED
    return vehicle_connectivity.VehicleConnectivity(
        vin=vin, connection_id=connection, status=status, created_at=at, network_interface=NETWORK
    )
