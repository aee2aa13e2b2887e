"""Every reply of a car: the true one of a car that checks our signature, spoiled in fields, tag or bytes."""

from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2
from google.protobuf.message import DecodeError
from tesla_protocol.command.car_server_pb2 import Response
from tesla_protocol.command.signatures_pb2 import SessionInfo
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from chargekey.adapters.tesla.signing.session import from_kept
from chargekey.adapters.tesla.signing.telemetry_jws import signed_settings
from tests.adapters.tesla_car import Car, tlv
from tests.adapters.tesla_road import OURS, Order, Road, tell_current, tell_start
from tests.adapters.tesla_side import GRANT, VIN, said
from tests.fuzz.dice import Dice
from tests.fuzz.door import Broke, Door, only_faults
from tests.fuzz.odd import WORDS, spoiled, written

ORDERS: Final[tuple[Order, ...]] = (
    tell_start,
    tell_current,
    lambda commands, _: commands.prove(GRANT, VIN),
)
STATES: Final = (0, 1, 2, 3, -1, 2**31 - 1)
FAULTS: Final = (*range(30), 77, -1, -(2**31), 2**31 - 1)
COUNTS: Final = (0, 1, 2, 2**31, 2**32 - 1)
LENGTHS: Final = (0, 1, 7, 12, 13, 15, 16, 17, 32, 65, 129)
KEYS: Final = (b"", b"\x00", b"\x04" + bytes(64), b"\x02" + b"\x01" * 32, b"\x04" + b"\xff" * 64)
KEPT: Final = {
    "car_public_key": "AAAA",
    "epoch": "AAAA",
    "counter": 1,
    "clock_s": 2,
    "told_at": "2024-01-10T18:00:00+00:00",
}
PATIENCE: Final = 12
"""More replies than one order ever asks for."""


@dataclass(frozen=True)
class Spoils:
    """What is done to the replies of a car, one after the other; after these it tells the truth."""

    order: Order
    seals: bool
    fault: int
    reason: str
    throws: tuple[tuple[int, ...], ...]


def doors() -> list[Door]:
    return [
        Door("a car's reply", 150, _a_case, _played),
        Door("a kept session", 14, _kept, _kept_is_read),
        Door("telemetry settings", 14, _config, _settings_are_signed),
    ]


def _a_case(dice: Dice) -> Spoils:
    throws = tuple(tuple(dice.below(256) for _ in range(40)) for _ in range(1 + dice.below(3)))
    fault = dice.one_of(FAULTS) if dice.rarely(2) else 0
    reason = dice.one_of(WORDS).encode(errors="replace").decode() if dice.rarely(3) else ""
    return Spoils(dice.one_of(ORDERS), dice.rarely(2), fault, reason, throws)


async def _played(case: Spoils) -> None:
    road = Road()
    road.car.seals, road.car.refuses = case.seals, case.reason
    if case.fault:
        road.car.faults = [case.fault]
    left = list(case.throws)

    def answer(request: httpx2.Request) -> httpx2.Response:
        true = road.car(request)
        return _spoilt(true, Dice(left.pop(0)), road.car, request) if left else true

    commands, _ = road.client(*[answer] * PATIENCE)
    await only_faults(case.order(commands, True))
    if len(road.car.done) > 1:
        raise Broke("one order was obeyed twice")


def _spoilt(true: httpx2.Response, dice: Dice, car: Car, request: httpx2.Request) -> httpx2.Response:
    message = RoutableMessage.FromString(b64decode(true.json()["response"]))
    for _ in range(dice.below(4)):
        dice.one_of(tuple(SPOILS))(message, dice)
    if message.session_info and dice.rarely(2):
        _tag_anew(message, car, request)
    data = message.SerializeToString()
    if dice.rarely(6):
        data = _cut(data, dice)
    write: Callable[[bytes], bytes] = dice.one_of((b64encode, b64encode, b64encode, urlsafe_b64encode))
    return said(200, {"response": write(data).decode()}, x_txid="tx")


def _cut(data: bytes, dice: Dice) -> bytes:
    where = dice.below(len(data) + 1)
    flipped = bytes([data[where] ^ (1 << dice.below(8))]) if where < len(data) else b""
    return data[:where] if dice.rarely(2) else data[:where] + flipped + data[where + 1 :]


def _state(message: RoutableMessage, dice: Dice) -> None:
    message.signedMessageStatus.operation_status = dice.one_of(STATES)  # type: ignore[assignment]  # an open enum


def _fault(message: RoutableMessage, dice: Dice) -> None:
    message.signedMessageStatus.signed_message_fault = dice.one_of(FAULTS)


def _payload(message: RoutableMessage, dice: Dice) -> None:
    answer = Response()
    answer.actionStatus.result = dice.one_of(STATES)  # type: ignore[assignment]  # the same
    answer.actionStatus.result_reason.plain_text = dice.one_of(WORDS).encode(errors="replace").decode()
    message.protobuf_message_as_bytes = dice.bytes(30) if dice.rarely(2) else answer.SerializeToString()


def _seal(message: RoutableMessage, dice: Dice) -> None:
    seal = message.signature_data.AES_GCM_Response_data
    seal.nonce, seal.tag = bytes(dice.one_of(LENGTHS)), bytes(dice.one_of(LENGTHS))
    seal.counter, message.flags = dice.one_of(COUNTS), dice.one_of(COUNTS)


def _session(message: RoutableMessage, dice: Dice) -> None:
    try:
        info = SessionInfo.FromString(message.session_info)
    except DecodeError:  # spoiled before
        info = SessionInfo()
    info.counter, info.clock_time = dice.one_of(COUNTS), dice.one_of(COUNTS)
    if dice.rarely(2):
        info.epoch = bytes(dice.one_of(LENGTHS))
    if dice.rarely(3):
        info.publicKey = dice.one_of(KEYS)
    if dice.rarely(3):
        info.status = dice.one_of(STATES)  # type: ignore[assignment]  # the same
    message.session_info = dice.bytes(20) if dice.rarely(6) else info.SerializeToString()


def _address(message: RoutableMessage, dice: Dice) -> None:
    part = dice.below(4)
    if part == 0:
        message.request_uuid = bytes(dice.one_of(LENGTHS))
    elif part == 1:
        message.to_destination.routing_address = bytes(dice.one_of(LENGTHS))
    elif part == 2:
        message.from_destination.domain = dice.one_of(STATES)  # type: ignore[assignment]  # the same
    else:
        message.ClearField("signature_data")


SPOILS: Final = (_state, _fault, _payload, _seal, _session, _address)


def _tag_anew(message: RoutableMessage, car: Car, request: httpx2.Request) -> None:
    """So that it is the car itself which says so: only then is it read to the end."""
    asked = RoutableMessage.FromString(b64decode(_json(request)["routable_message"]))
    covered = tlv(t0=b"\x06", t2=VIN.whole.encode(), t6=asked.uuid) + message.session_info
    message.signature_data.session_info_tag.tag = car.mac(b"session info", covered)


def _json(request: httpx2.Request) -> Mapping[str, Any]:
    told: Mapping[str, Any] = httpx2.Response(200, content=request.content).json()
    return told


def _kept(dice: Dice) -> bytes:
    return written(spoiled(dice, KEPT))


async def _kept_is_read(data: bytes) -> None:
    from_kept(data)


def _config(dice: Dice) -> Any:
    return spoiled(dice, {"hostname": "charge.example", "port": 443, "fields": {"Soc": {"interval_seconds": 60}}})


async def _settings_are_signed(config: Any) -> None:
    if isinstance(config, dict) and signed_settings(OURS.private, config).count(".") != 2:
        raise Broke("that is no JWS")
