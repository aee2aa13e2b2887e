"""Our signing against the simulated car: one bit flipped in a signed field is refused by name, a copy does nothing.

The car's side is written apart from ours, so what is right here is right twice.
"""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tesla_protocol.command.universal_message_pb2 import MessageFault_E, RoutableMessage

from chargekey.adapters.tesla.signing import messages
from chargekey.adapters.tesla.signing.keys import agree
from chargekey.adapters.tesla.signing.messages import INFOTAINMENT, Reply, Request
from chargekey.adapters.tesla.signing.session import Session, believe
from tesla_simulator.vehicle_protocol.domain import LONGEST_EPOCH_S
from tests.simulator.signing import VIN, Garage, order_amps

PAYLOAD: Final = order_amps(12)
LIVES: Final = timedelta(seconds=10)
CAR_RAN_FOR_S: Final = 5_000

Flipped = tuple[RoutableMessage, str]


class Driver:
    """Our side of the wire, paired with the one car of a garage."""

    def __init__(self, garage: Garage) -> None:
        self.garage = garage
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        garage.keys.add(self.public)
        self.session = self._greets()
        self.shared = agree(self.key, self.session.car_public_key)

    def signs(self, vin: str = VIN) -> Request:
        """The next command, as Chargekey would send it."""
        self.session = self.session.next()
        return messages.command(
            INFOTAINMENT,
            PAYLOAD,
            vin=vin,
            public_key=self.public,
            shared=self.shared,
            epoch=self.session.epoch,
            counter=self.session.counter,
            expires_at=self.session.expires_at(self.garage.now, LIVES),
            address=secrets.token_bytes(16),
            uuid=secrets.token_bytes(16),
        )

    def sends(self, request: Request, as_message: bytes | None = None) -> Reply:
        answer = self.garage.car.answer(as_message or request.message)
        return messages.read_reply(request, answer, vin=VIN, shared=self.shared)

    def _greets(self) -> Session:
        request = messages.handshake(INFOTAINMENT, self.public, address=b"\1" * 16, uuid=b"\2" * 16)
        reply = messages.read_reply(request, self.garage.car.answer(request.message), vin=VIN, shared=None)
        return believe(
            None,
            reply.info,
            reply.info_tag,
            ours=self.key,
            vin=VIN,
            challenge=request.uuid,
            asked_at=self.garage.now,
            now=self.garage.now,
            greeted=True,
        )


@pytest.fixture
def driver() -> Driver:
    """Paired; the car has been running for a while, and has obeyed once."""
    garage = Garage()
    garage.time_passes(CAR_RAN_FOR_S)
    paired = Driver(garage)
    assert paired.sends(paired.signs()).fault == 0
    assert garage.obeyed == [("set_charging_amps", {"charging_amps": 12})]
    return paired


def bits_of(value: bytes) -> Iterator[bytes]:
    """The same bytes with one bit flipped, each in turn."""
    for bit in range(8 * len(value)):
        other = bytearray(value)
        other[bit // 8] ^= 1 << bit % 8
        yield bytes(other)


def bits_of_number(value: int) -> Iterator[int]:
    """The same 32-bit number with one bit flipped, each in turn."""
    return (value ^ 1 << bit for bit in range(32))


def test_any_bit_of_the_tag_counts(driver: Driver) -> None:
    request = driver.signs()
    for tag in bits_of(request.tag):
        message = RoutableMessage.FromString(request.message)
        message.signature_data.HMAC_Personalized_data.tag = tag
        _is_refused(driver, message, "INVALID_SIGNATURE")


def test_any_bit_of_the_payload_counts(driver: Driver) -> None:
    request = driver.signs()
    for payload in bits_of(PAYLOAD):
        message = RoutableMessage.FromString(request.message)
        message.protobuf_message_as_bytes = payload
        _is_refused(driver, message, "INVALID_SIGNATURE")


def test_any_bit_of_the_epoch_counts(driver: Driver) -> None:
    request = driver.signs()
    for epoch in bits_of(driver.session.epoch):
        message = RoutableMessage.FromString(request.message)
        message.signature_data.HMAC_Personalized_data.epoch = epoch
        _is_refused(driver, message, "INCORRECT_EPOCH")


def test_any_bit_of_the_counter_counts(driver: Driver) -> None:
    request = driver.signs()
    for counter in bits_of_number(driver.session.counter):
        message = RoutableMessage.FromString(request.message)
        message.signature_data.HMAC_Personalized_data.counter = counter
        _is_refused(driver, message, "INVALID_SIGNATURE")


def test_any_bit_of_the_flags_counts(driver: Driver) -> None:
    request = driver.signs()
    for flags in bits_of_number(messages.ENCRYPT_ANSWER):
        message = RoutableMessage.FromString(request.message)
        message.flags = flags
        _is_refused(driver, message, "INVALID_SIGNATURE")


def test_any_bit_of_the_expiry_counts(driver: Driver) -> None:
    request = driver.signs()
    for expires_at in bits_of_number(driver.session.expires_at(driver.garage.now, LIVES)):
        message = RoutableMessage.FromString(request.message)
        message.signature_data.HMAC_Personalized_data.expires_at = expires_at
        is_over, is_unheard_of = 0 < expires_at < CAR_RAN_FOR_S, expires_at > LONGEST_EPOCH_S
        named = "TIME_EXPIRED" if is_over else "BAD_PARAMETER" if is_unheard_of else "INVALID_SIGNATURE"
        _is_refused(driver, message, named)


@pytest.mark.parametrize(
    ("domain", "named"),
    [
        (INFOTAINMENT ^ 1, "INCORRECT_EPOCH"),  # vehicle security has an epoch of its own
        (INFOTAINMENT ^ 2, "INVALID_DOMAINS"),
        (INFOTAINMENT ^ 4, "INVALID_DOMAINS"),
    ],
)
def test_any_bit_of_the_domain_counts(driver: Driver, domain: int, named: str) -> None:
    message = RoutableMessage.FromString(driver.signs().message)
    message.to_destination.domain = domain  # type: ignore[assignment]  # the stub wants the enum
    _is_refused(driver, message, named)


def test_a_command_signed_for_another_car_is_refused(driver: Driver) -> None:
    for vin in bits_of(VIN.encode()):
        if vin.isascii():
            _is_refused(driver, RoutableMessage.FromString(driver.signs(vin.decode()).message), "INVALID_SIGNATURE")


def test_a_command_under_another_name_is_refused(driver: Driver) -> None:
    request = driver.signs()
    for public_key in bits_of(driver.public):
        message = RoutableMessage.FromString(request.message)
        message.signature_data.signer_identity.public_key = public_key
        _is_refused(driver, message, "UNKNOWN_KEY_ID")


def test_an_altered_command_uses_up_no_counter(driver: Driver) -> None:
    request = driver.signs()
    message = RoutableMessage.FromString(request.message)
    message.flags ^= 1
    _is_refused(driver, message, "INVALID_SIGNATURE")
    assert driver.sends(request).fault == 0
    assert len(driver.garage.obeyed) == 2


def test_a_replayed_command_changes_nothing(driver: Driver) -> None:
    request = driver.signs()
    assert driver.sends(request).fault == 0
    obeyed = list(driver.garage.obeyed)

    for _ in range(3):
        again = driver.sends(request)
        assert MessageFault_E.Name(again.fault) == "MESSAGEFAULT_ERROR_INVALID_TOKEN_OR_COUNTER"
    assert driver.garage.obeyed == obeyed

    driver.garage.time_passes(60)
    late = driver.sends(request)
    assert MessageFault_E.Name(late.fault) == "MESSAGEFAULT_ERROR_TIME_EXPIRED"
    assert driver.garage.obeyed == obeyed


def _is_refused(driver: Driver, message: RoutableMessage, named: str) -> None:
    """By this name; and the car has not obeyed it."""
    obeyed = len(driver.garage.obeyed)
    reply = RoutableMessage.FromString(driver.garage.car.answer(message.SerializeToString()))
    fault = MessageFault_E.Name(reply.signedMessageStatus.signed_message_fault)
    assert fault == f"MESSAGEFAULT_ERROR_{named}"
    assert len(driver.garage.obeyed) == obeyed
