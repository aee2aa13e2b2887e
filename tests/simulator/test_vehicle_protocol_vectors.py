"""The published and computed vectors of the protocol, as far as they concern the car's side."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tesla_protocol.command import universal_message_pb2 as messages

from tesla_simulator.vehicle_protocol import keys, metadata
from tesla_simulator.vehicle_protocol.car import CarProtocol, request_hash
from tesla_simulator.vehicle_protocol.domain import Domain
from tesla_simulator.vehicle_protocol.orders import Outcome
from tesla_simulator.vehicle_protocol.verifier import verified

VIN = "5YJ30123456789ABC"
CAR_SCALAR = "344EE5B466A7CF1EEB12B6F50331DB2E5EC5834EF5F4BEFCFD8CBE55C2528D70"
CAR_PUBLIC = (
    "04c7a1f47138486aa4729971494878d33b1a24e39571f748a6e16c5955b3d877d3"
    "a6aaa0e955166474af5d32c410f439a2234137ad1bb085fd4e8813c958f11d97"
)
CLIENT_PUBLIC = (
    "04b2b6bc68c2da0665ce656815594996c62394edd8bea905fe781a754fe6a845a7"
    "14330902f225e9269d466e05b349981fda9d85cc23c6fb444aa73b629105dc6e"
)
EPOCH = "4c463f9cc0d3d26906e982ed224adde6"
CLOCK_S = 2650
SESSION_INFO = "08061241" + CAR_PUBLIC + "1a10" + EPOCH + "255a0a0000"
GREETING_UUID = "1588d5a30eabc6f8fc9a951b11f6fd11"
NONCE = "dbf79447fa156674dae1caed"
STARTED_AT = datetime(2026, 1, 10, 18, 0, tzinfo=UTC)

# Tesla's own test of encrypted commands: vehicle "testvin", counter 2^32-1, expires at 50000.
GCM_KNOWN = (
    "320208023a0208005259296d587d130d34d74d6d5c628c73c1f8ef99cc4ae1c9"
    "5b97671474980ccc7946a90a2f7971a5c837b96c9cc1e8075d1aab92bc8557b7"
    "fdf2dcf9ddbb90e236246db699788e585e8b0ea84752e0090cc80c4384d27ca6"
    "fcdd216a470a061204bb0ca3712a3d0a10eaabe301b4b4a1243118a408252201"
    "15120c45d29af664e2ff8fd49218b718ffffffff0f2550c300002a106d846705"
    "ba5c143f94257275a2ca701f"
)
GCM_KNOWN_CLIENT = (
    "0450444fabe062f6ffc59de654373e1aa84aa4f053f365f3746fbaaa8ad5d587"
    "5e8279ba379b4788e9148f5000bd1fe085d18925e8d047239cfa0d9cd23417b7"
    "14"
)
GCM_KNOWN_PLAINTEXT = (
    "82014a2a480a430a41044b96809e66821b4553ff2b427a52d50843a2f718fd56"
    "f2ad93d46a8b1db74dd6190f20b6b82e85a8eac40e867b9a0cf74f364f03e994"
    "6e25ceee9934b19cb603120102ca01090a077465737476696e"
)

AMPS_TAG = "dc0a74de4d3011ad9cb105be777b2929bd9d043cba68c7bfe1cf8823fbd40df5"
LOCK_TAG = "973e5c92ebf2aef03be284a58d991df9ffdefd62b4fd3695084b4568d027ba29"


@pytest.fixture
def shared() -> keys.SharedKeys:
    return keys.agree(keys.private_key_from(bytes.fromhex(CAR_SCALAR)), bytes.fromhex(CLIENT_PUBLIC))


@pytest.fixture
def obeyed() -> list[tuple[str, dict[str, object]]]:
    return []


@pytest.fixture
def car(obeyed: list[tuple[str, dict[str, object]]]) -> CarProtocol:
    """The car of the published example: its key, its epoch, its clock at 2650 seconds, counter 6 seen."""

    def execute(name: str, arguments: dict[str, object]) -> Outcome:
        obeyed.append((name, arguments))
        return Outcome(True)

    domain = {
        "private_key": CAR_SCALAR,
        "epoch": EPOCH,
        "started_at": STARTED_AT.isoformat(),
        "clients": {CLIENT_PUBLIC: {"highest": 6, "window": 0}},
    }
    now = STARTED_AT + timedelta(seconds=CLOCK_S)
    return CarProtocol(VIN, lambda: now, lambda _: True, execute, json.loads(json.dumps({"2": domain, "3": domain})))


def a_command(domain: int, flags: int, payload: str, tag: str) -> messages.RoutableMessage:
    message = messages.RoutableMessage(uuid=b"u" * 16, flags=flags, protobuf_message_as_bytes=bytes.fromhex(payload))
    message.to_destination.domain = domain  # type: ignore[assignment]  # stubs know no plain int
    message.from_destination.routing_address = b"a" * 16
    message.signature_data.signer_identity.public_key = bytes.fromhex(CLIENT_PUBLIC)
    signature = message.signature_data.HMAC_Personalized_data
    signature.epoch, signature.counter, signature.expires_at = bytes.fromhex(EPOCH), 7, 2655
    signature.tag = bytes.fromhex(tag)
    return message


def answered(car: CarProtocol, message: messages.RoutableMessage) -> messages.RoutableMessage:
    reply = messages.RoutableMessage()
    reply.ParseFromString(car.answer(message.SerializeToString()))
    return reply


def test_the_two_sides_agree_on_the_published_keys(shared: keys.SharedKeys) -> None:
    assert shared.session_key.hex() == "1b2fce19967b79db696f909cff89ea9a"
    assert shared.session_info_key.hex() == "fceb679ee7bca756fcd441bf238bf2f338629b41d9eb9c67be1b32c9672ce300"
    assert shared.command_key.hex() == "6d3a14d0b6d762e4f076739e2cf6edd291d2e56e3f25bc6a2af5cb26dc753b14"


def test_a_scalar_gives_the_published_point_and_comes_back() -> None:
    key = keys.private_key_from(bytes.fromhex(CAR_SCALAR))

    assert keys.public_bytes_of(key).hex() == CAR_PUBLIC
    assert keys.scalar_of(key).hex() == CAR_SCALAR.lower()


def test_metadata_is_laid_out_as_the_published_examples() -> None:
    assert metadata.encoded({2: b"abc"}).hex() == "0203616263"
    assert metadata.encoded({5: metadata.four_bytes(100)}).hex() == "050400000064"
    assert (metadata.encoded({5: metadata.four_bytes(100), 2: b"abc"}) + metadata.END).hex() == (
        "0203616263050400000064ff"
    )


def test_session_info_is_tagged_as_published(shared: keys.SharedKeys) -> None:
    covered = metadata.of_session_info(VIN, bytes.fromhex(GREETING_UUID))
    tag = keys.hmac_sha256(shared.session_info_key, covered + bytes.fromhex(SESSION_INFO))

    assert covered.hex() == ("000106021135594a333031323334353637383941424306101588d5a30eabc6f8fc9a951b11f6fd11ff")
    assert tag.hex() == "996c1fe38331be138f8039c194b14db2198846ed7d8251e6749284d7b32ea002"


def test_the_car_greets_byte_by_byte_as_published(car: CarProtocol) -> None:
    request = messages.RoutableMessage(uuid=bytes.fromhex(GREETING_UUID))
    request.to_destination.domain = messages.DOMAIN_INFOTAINMENT
    request.from_destination.routing_address = bytes.fromhex("2c907bd76c640d360b3027dc7404efde")
    request.session_info_request.public_key = bytes.fromhex(CLIENT_PUBLIC)

    reply = answered(car, request)

    assert reply.session_info.hex() == SESSION_INFO
    assert reply.signature_data.session_info_tag.tag.hex() == (
        "996c1fe38331be138f8039c194b14db2198846ed7d8251e6749284d7b32ea002"
    )
    assert reply.to_destination == request.from_destination
    assert reply.from_destination == request.to_destination
    assert reply.request_uuid == request.uuid


def test_the_published_encrypted_command_is_opened(car: CarProtocol, shared: keys.SharedKeys) -> None:
    covered = metadata.of_command(
        signature_type=5, domain=3, vin=VIN, epoch=bytes.fromhex(EPOCH), expires_at=2655, counter=7, flags=0
    )
    message = a_command(3, 0, "38038e8c0f2e", "00")
    gcm = message.signature_data.AES_GCM_Personalized_data
    gcm.epoch, gcm.counter, gcm.expires_at = bytes.fromhex(EPOCH), 7, 2655
    gcm.nonce, gcm.tag = bytes.fromhex(NONCE), bytes.fromhex("8e128da165f162f4d7d2c8da866cf82a")

    assert covered.hex() == (
        "000105010103021135594a333031323334353637383941424303104c463f9cc0d3d26906e982ed224adde6"
        "040400000a5f050400000007ff"
    )
    assert answered(car, message).signedMessageStatus.signed_message_fault == 0


@pytest.mark.parametrize(
    ("domain", "flags", "payload", "tag"),
    [
        (3, 0, "120452020801", "6d75c4e7c5e144996e22f1bdf694e453c94774a636e4382053cb8e358bf25ea8"),
        (3, 2, "120452020801", "f3c24554a00e42160e6acef6dd4f1c8ef9c30ed6391ec818d75663bee00a47f0"),
        (3, 2, "1205da02020810", AMPS_TAG),
        (2, 2, "1001", LOCK_TAG),
        (2, 0, "1001", "0df5c37a3ff8adc1aac9d0cc081b7e88015f17b899965481cf8a9d425d716b9e"),
    ],
)
def test_a_command_signed_as_computed_is_accepted(
    car: CarProtocol, domain: int, flags: int, payload: str, tag: str
) -> None:
    reply = answered(car, a_command(domain, flags, payload, tag))

    assert reply.signedMessageStatus.signed_message_fault == 0
    assert reply.HasField("protobuf_message_as_bytes")


def test_the_computed_charging_command_sets_sixteen_ampere(
    car: CarProtocol, obeyed: list[tuple[str, dict[str, object]]]
) -> None:
    answered(car, a_command(3, 2, "1205da02020810", AMPS_TAG))

    assert obeyed == [("set_charging_amps", {"charging_amps": 16})]


@pytest.mark.parametrize(
    ("domain", "request_tag", "hashed", "covered", "tag"),
    [
        (
            3,
            AMPS_TAG,
            "08" + AMPS_TAG,
            "1dd5503be7fe6d13b1e9ab2ea9a6f995293d14df9445c847cb54a3e9f29361ea",
            "02ba52863266b6e48f33ece4278a1371",
        ),
        (
            2,
            LOCK_TAG,
            "08973e5c92ebf2aef03be284a58d991df9",
            "74822300a1bdaaec6ebfb422cb77c9e6e40499553203f1cb21bc8a508e1ddaa7",
            "3adad0e48a5917d5abd975e8df7865bd",
        ),
    ],
)
def test_an_answer_is_sealed_as_computed(
    shared: keys.SharedKeys, domain: int, request_tag: str, hashed: str, covered: str, tag: str
) -> None:
    digest = metadata.digest(
        metadata.of_answer(
            domain=domain,
            vin=VIN,
            counter=1,
            flags=2,
            request_hash=request_hash(domain, 8, bytes.fromhex(request_tag)),
        )
    )
    sealed = AESGCM(shared.session_key).encrypt(bytes.fromhex(NONCE), bytes.fromhex("0a020800"), digest)

    assert request_hash(domain, 8, bytes.fromhex(request_tag)).hex() == hashed
    assert digest.hex() == covered
    assert sealed.hex() == "2005d48e" + tag


def test_a_command_encrypted_by_teslas_own_test_is_opened_with_the_last_counter_of_an_epoch() -> None:
    message = messages.RoutableMessage.FromString(bytes.fromhex(GCM_KNOWN))
    message.signature_data.signer_identity.public_key = bytes.fromhex(GCM_KNOWN_CLIENT)
    now = STARTED_AT + timedelta(seconds=CLOCK_S)
    domain = Domain.loaded(
        2,
        {
            "private_key": "9d9c5e86d5a83057965ca94b5faeff116c275d08ca91e839bd2dea59c2229b81",
            "epoch": "eaabe301b4b4a1243118a40825220115",
            "started_at": STARTED_AT.isoformat(),
            "clients": {},
        },
    )

    command = verified(message, domain, "testvin", now, lambda _: True)

    assert command.payload.hex() == GCM_KNOWN_PLAINTEXT
    assert domain.epoch.hex() != "eaabe301b4b4a1243118a40825220115", "no counter is left in that epoch"
