"""Our signing against the published vectors (reference vehicle-command §11): keys, metadata, tags, seals."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from chargekey.adapters.tesla.signing.keys import SharedKey, agree, mac
from chargekey.adapters.tesla.signing.messages import (
    ReplyUnreadable,
    command,
    handshake,
    open_answer,
    request_hash,
)
from chargekey.adapters.tesla.signing.metadata import (
    SignatureType,
    Tag,
    answer_metadata,
    command_metadata,
    number,
    session_info_metadata,
    written,
)
from chargekey.adapters.tesla.signing.session import Session, SessionInfoRefused, believe
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

VIN = "5YJ30123456789ABC"
CAR_SCALAR = int("344EE5B466A7CF1EEB12B6F50331DB2E5EC5834EF5F4BEFCFD8CBE55C2528D70", 16)
CAR_PUBLIC = bytes.fromhex(
    "04c7a1f47138486aa4729971494878d33b1a24e39571f748a6e16c5955b3d877d3"
    "a6aaa0e955166474af5d32c410f439a2234137ad1bb085fd4e8813c958f11d97"
)
OUR_SCALAR = int("2538CDC29A97C19C1E99A637D6CF4F8C970C118B56EDE1E6323E6D162C4B30DB", 16)
OUR_PUBLIC = bytes.fromhex(
    "04b2b6bc68c2da0665ce656815594996c62394edd8bea905fe781a754fe6a845a7"
    "14330902f225e9269d466e05b349981fda9d85cc23c6fb444aa73b629105dc6e"
)
K = bytes.fromhex("1b2fce19967b79db696f909cff89ea9a")
EPOCH = bytes.fromhex("4c463f9cc0d3d26906e982ed224adde6")
UUID = bytes.fromhex("1588d5a30eabc6f8fc9a951b11f6fd11")
ADDRESS = bytes.fromhex("2c907bd76c640d360b3027dc7404efde")
INFO = bytes.fromhex(
    "0806124104c7a1f47138486aa4729971494878d33b1a24e39571f748a6e16c5955b3d877d3"
    "a6aaa0e955166474af5d32c410f439a2234137ad1bb085fd4e8813c958f11d97"
    "1a104c463f9cc0d3d26906e982ed224adde6255a0a0000"
)
INFO_TAG = bytes.fromhex("996c1fe38331be138f8039c194b14db2198846ed7d8251e6749284d7b32ea002")
NONCE = bytes.fromhex("dbf79447fa156674dae1caed")
COUNTER, EXPIRES_AT = 7, 2655
VCSEC, INFOTAINMENT = 2, 3
NOW = datetime(2024, 11, 6, 18, tzinfo=UTC)


def our_key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(OUR_SCALAR, ec.SECP256R1())


def test_both_sides_agree_on_the_same_key() -> None:
    car = ec.derive_private_key(CAR_SCALAR, ec.SECP256R1())
    assert our_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) == OUR_PUBLIC
    assert agree(our_key(), CAR_PUBLIC).k == agree(car, OUR_PUBLIC).k == K


def test_keys_are_drawn_from_the_shared_one() -> None:
    shared = SharedKey(K)
    assert shared.for_session_info.hex() == "fceb679ee7bca756fcd441bf238bf2f338629b41d9eb9c67be1b32c9672ce300"
    assert shared.for_commands.hex() == "6d3a14d0b6d762e4f076739e2cf6edd291d2e56e3f25bc6a2af5cb26dc753b14"


def test_metadata_is_tag_length_value_and_an_end_mark() -> None:
    values = {Tag.PERSONALIZATION: b"abc", Tag.COUNTER: number(100)}
    assert written(values).hex().upper() == "0203616263050400000064FF"


def test_session_info_of_the_handshake_is_believed() -> None:
    metadata = session_info_metadata(VIN, UUID)
    assert metadata.hex() == "000106021135594a333031323334353637383941424306101588d5a30eabc6f8fc9a951b11f6fd11ff"
    assert mac(SharedKey(K).for_session_info, metadata + INFO) == INFO_TAG
    session = believed(None)
    assert (session.counter, session.epoch, session.clock_s) == (6, EPOCH, 2650)


def believed(known: Session | None, **changed: object) -> Session:
    told: dict[str, object] = {
        "ours": our_key(),
        "vin": VIN,
        "challenge": UUID,
        "asked_at": NOW,
        "now": NOW + timedelta(seconds=1),
    }
    info, tag = changed.pop("info", INFO), changed.pop("tag", INFO_TAG)
    return believe(known, info, tag, **(told | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        {"tag": bytes(32)},
        {"tag": b""},
        {"challenge": bytes(16)},
        {"vin": "5YJ30123456789ABD"},
        {"info": INFO[:1] + b"\x07" + INFO[2:]},
        {"now": NOW + timedelta(seconds=11)},
    ],
    ids=["wrong tag", "no tag", "another request", "another car", "a changed counter", "too late"],
)
def test_other_session_info_is_not_believed(changed: dict[str, object]) -> None:
    with pytest.raises(SessionInfoRefused):
        believed(None, **changed)


def test_a_counter_never_rolls_back_within_an_epoch() -> None:
    known = Session(CAR_PUBLIC, EPOCH, 40, 2600, NOW)
    assert believed(known).counter == 40


def test_a_clock_that_goes_back_is_not_believed() -> None:
    with pytest.raises(SessionInfoRefused):
        believed(Session(CAR_PUBLIC, EPOCH, 6, 2651, NOW))


def test_a_new_epoch_begins_anew() -> None:
    assert believed(Session(CAR_PUBLIC, bytes(16), 40, 9999, NOW)).counter == 6


def test_a_changed_car_key_is_not_believed() -> None:
    with pytest.raises(SessionInfoRefused):
        believed(Session(OUR_PUBLIC, EPOCH, 6, 2600, NOW))


@pytest.mark.parametrize(
    ("domain", "flags", "payload", "tag"),
    [
        (3, 0, "120452020801", "6d75c4e7c5e144996e22f1bdf694e453c94774a636e4382053cb8e358bf25ea8"),
        (3, 2, "120452020801", "f3c24554a00e42160e6acef6dd4f1c8ef9c30ed6391ec818d75663bee00a47f0"),
        (3, 2, "1205da02020810", "dc0a74de4d3011ad9cb105be777b2929bd9d043cba68c7bfe1cf8823fbd40df5"),
        (2, 2, "1001", "973e5c92ebf2aef03be284a58d991df9ffdefd62b4fd3695084b4568d027ba29"),
        (2, 0, "1001", "0df5c37a3ff8adc1aac9d0cc081b7e88015f17b899965481cf8a9d425d716b9e"),
    ],
)
def test_a_command_carries_the_published_tag(domain: int, flags: int, payload: str, tag: str) -> None:
    request = command(
        domain,
        bytes.fromhex(payload),
        vin=VIN,
        public_key=OUR_PUBLIC,
        shared=SharedKey(K),
        epoch=EPOCH,
        counter=COUNTER,
        expires_at=EXPIRES_AT,
        address=ADDRESS,
        uuid=UUID,
        flags=flags,
    )
    message = RoutableMessage.FromString(request.message)
    assert request.tag.hex() == message.signature_data.HMAC_Personalized_data.tag.hex() == tag
    assert message.flags == flags
    assert message.protobuf_message_as_bytes.hex() == payload


def test_the_sealed_command_of_the_documentation_is_reproduced() -> None:
    metadata = command_metadata(SignatureType.AES_GCM_PERSONALIZED, INFOTAINMENT, VIN, EPOCH, EXPIRES_AT, COUNTER, 0)
    assert metadata.hex() == (
        "000105010103021135594a333031323334353637383941424303104c463f9cc0d3d26906e982ed224adde6"
        "040400000a5f050400000007ff"
    )
    sealed = AESGCM(K).encrypt(NONCE, bytes.fromhex("120452020801"), hashlib.sha256(metadata).digest())
    assert sealed[:-16].hex() == "38038e8c0f2e"
    assert sealed[-16:].hex() == "8e128da165f162f4d7d2c8da866cf82a"


@pytest.mark.parametrize(
    ("domain", "request_tag", "aad", "tag"),
    [
        (
            3,
            "dc0a74de4d3011ad9cb105be777b2929bd9d043cba68c7bfe1cf8823fbd40df5",
            "1dd5503be7fe6d13b1e9ab2ea9a6f995293d14df9445c847cb54a3e9f29361ea",
            "02ba52863266b6e48f33ece4278a1371",
        ),
        (
            2,
            "973e5c92ebf2aef03be284a58d991df9ffdefd62b4fd3695084b4568d027ba29",
            "74822300a1bdaaec6ebfb422cb77c9e6e40499553203f1cb21bc8a508e1ddaa7",
            "3adad0e48a5917d5abd975e8df7865bd",
        ),
    ],
)
def test_a_sealed_answer_opens(domain: int, request_tag: str, aad: str, tag: str) -> None:
    hashed = request_hash(bytes.fromhex(request_tag), domain)
    assert len(hashed) == (17 if domain == VCSEC else 33)
    metadata = answer_metadata(domain, VIN, 1, 2, hashed, 0)
    assert hashlib.sha256(metadata).hexdigest() == aad
    sealed = bytes.fromhex("2005d48e")
    assert open_answer(SharedKey(K), metadata, NONCE, sealed, bytes.fromhex(tag)).hex() == "0a020800"
    with pytest.raises(ReplyUnreadable):
        open_answer(SharedKey(K), metadata, NONCE, b"\x00" + sealed[1:], bytes.fromhex(tag))


def test_the_request_hash_of_a_short_message_is_cut() -> None:
    tag = bytes.fromhex("973e5c92ebf2aef03be284a58d991df9ffdefd62b4fd3695084b4568d027ba29")
    assert request_hash(tag, VCSEC).hex() == "08973e5c92ebf2aef03be284a58d991df9"


def test_a_handshake_is_written_as_documented() -> None:
    message = RoutableMessage.FromString(handshake(INFOTAINMENT, OUR_PUBLIC, address=ADDRESS, uuid=UUID).message)
    assert message.session_info_request.public_key == OUR_PUBLIC
    assert (message.uuid, message.from_destination.routing_address) == (UUID, ADDRESS)
    assert message.to_destination.domain == INFOTAINMENT


def test_mac_is_hmac_with_sha_256() -> None:
    assert mac(b"key", b"message") == hmac.new(b"key", b"message", hashlib.sha256).digest()


def test_the_routable_message_of_the_documentation_is_read_and_written_alike() -> None:
    data = bytes.fromhex(
        "320208023a1212100a7962c10d38b61dd2a7722780a4f0969a031005514f57616bcc81a8ce0f9d7b48322952040a020805"
    )
    message = RoutableMessage.FromString(data)
    assert message.to_destination.domain == VCSEC
    assert message.from_destination.routing_address.hex() == "0a7962c10d38b61dd2a7722780a4f096"
    assert message.uuid.hex() == "05514f57616bcc81a8ce0f9d7b483229"
    assert message.protobuf_message_as_bytes.hex() == "0a020805"
    assert RoutableMessage.FromString(message.SerializeToString()) == message


def test_the_message_known_to_teslas_own_tests_opens() -> None:
    """TestGCMKnown of Tesla's Go code, read with our metadata and keys."""
    message = RoutableMessage.FromString(
        bytes.fromhex(
            "320208023a0208005259296d587d130d34d74d6d5c628c73c1f8ef99cc4ae1c95b97671474980ccc7946a90a2f7971a5c837"
            "b96c9cc1e8075d1aab92bc8557b7fdf2dcf9ddbb90e236246db699788e585e8b0ea84752e0090cc80c4384d27ca6fcdd216a"
            "470a061204bb0ca3712a3d0a10eaabe301b4b4a1243118a40825220115120c45d29af664e2ff8fd49218b718ffffffff0f25"
            "50c300002a106d846705ba5c143f94257275a2ca701f"
        )
    )
    ours = ec.derive_private_key(
        int("9d9c5e86d5a83057965ca94b5faeff116c275d08ca91e839bd2dea59c2229b81", 16), ec.SECP256R1()
    )
    theirs = bytes.fromhex(
        "0450444fabe062f6ffc59de654373e1aa84aa4f053f365f3746fbaaa8ad5d5875e"
        "8279ba379b4788e9148f5000bd1fe085d18925e8d047239cfa0d9cd23417b714"
    )
    seal = message.signature_data.AES_GCM_Personalized_data
    epoch = bytes.fromhex("eaabe301b4b4a1243118a40825220115")
    metadata = command_metadata(
        SignatureType.AES_GCM_PERSONALIZED, VCSEC, "testvin", epoch, 50_000, 0xFFFFFFFF, message.flags
    )
    opened = open_answer(agree(ours, theirs), metadata, seal.nonce, message.protobuf_message_as_bytes, seal.tag)
    assert opened.hex() == (
        "82014a2a480a430a41044b96809e66821b4553ff2b427a52d50843a2f718fd56f2ad93d46a8b1db74dd6190f20b6b82e85"
        "a8eac40e867b9a0cf74f364f03e9946e25ceee9934b19cb603120102ca01090a077465737476696e"
    )
