"""Keys and session info, byte for byte as Tesla's own code makes them, and nothing else believed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tesla_protocol.command.signatures_pb2 import SessionInfo
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from chargekey.adapters.tesla.signing import messages
from chargekey.adapters.tesla.signing.keys import CarKeyUnreadable, agree, mac
from chargekey.adapters.tesla.signing.messages import INFOTAINMENT
from chargekey.adapters.tesla.signing.metadata import Tag, number, session_info_metadata, written
from chargekey.adapters.tesla.signing.session import (
    CountersUsedUp,
    KeyNotOnCar,
    Session,
    SessionInfoRefused,
    believe,
    from_kept,
    kept,
)
from tests.wire.vectors import (
    CAR,
    CAR_PUBLIC,
    CLIENT,
    CLIENT_PUBLIC,
    COMMAND_KEY,
    EPOCH,
    HANDSHAKE_ADDRESS,
    HANDSHAKE_UUID,
    MIDNIGHT,
    SESSION_INFO,
    SESSION_INFO_KEY,
    SESSION_METADATA,
    SESSION_TAG,
    VIN,
    K,
    shared,
)

KNOWN = Session(CAR_PUBLIC, EPOCH, 6, 2650, MIDNIGHT)
SECOND = timedelta(seconds=1)


def told(
    *,
    info: bytes = SESSION_INFO,
    tag: bytes | None = None,
    known: Session | None = None,
    challenge: bytes = HANDSHAKE_UUID,
    vin: str = VIN,
    now: datetime = MIDNIGHT,
    greeted: bool = True,
) -> Session:
    """Session info heard at `now`, asked for at midnight; its tag is right unless given."""
    right = mac(SESSION_INFO_KEY, session_info_metadata(VIN, HANDSHAKE_UUID) + info)
    return believe(
        known,
        info,
        right if tag is None else tag,
        ours=CLIENT,
        vin=vin,
        challenge=challenge,
        asked_at=MIDNIGHT,
        now=now,
        greeted=greeted,
    )


def info(*, counter: int = 6, clock_s: int = 2650, epoch: bytes = EPOCH, public_key: bytes = CAR_PUBLIC) -> bytes:
    return SessionInfo(counter=counter, clock_time=clock_s, epoch=epoch, publicKey=public_key).SerializeToString()


def flipped(data: bytes) -> Iterator[bytes]:
    for place in range(len(data) * 8):
        yield bytes(byte ^ (1 << place % 8 if number == place // 8 else 0) for number, byte in enumerate(data))


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


def test_both_sides_agree_on_k() -> None:
    assert agree(CLIENT, CAR_PUBLIC).k == K
    assert agree(CAR, CLIENT_PUBLIC).k == K


def test_k_makes_a_key_for_session_info_and_one_for_commands() -> None:
    assert shared().for_session_info == SESSION_INFO_KEY
    assert shared().for_commands == COMMAND_KEY


@pytest.mark.parametrize("point", [b"", CAR_PUBLIC[:-1], b"\x04" + b"\x01" * 64], ids=["none", "short", "off curve"])
def test_what_is_no_point_is_no_key(point: bytes) -> None:
    with pytest.raises(CarKeyUnreadable):
        agree(CLIENT, point)


def test_a_shared_key_does_not_print() -> None:
    assert K.hex() not in repr(shared())
    assert repr(K) not in repr(shared())


# ── metadata ─────────────────────────────────────────────────────────────────────────────────────


def test_metadata_is_tag_length_value() -> None:
    assert written({Tag.PERSONALIZATION: b"abc"}).hex() == "0203616263ff"
    assert written({Tag.COUNTER: number(100)}).hex() == "050400000064ff"
    assert written({Tag.COUNTER: number(100), Tag.PERSONALIZATION: b"abc"}).hex() == "0203616263050400000064ff"


def test_session_info_has_its_metadata() -> None:
    assert session_info_metadata(VIN, HANDSHAKE_UUID) == SESSION_METADATA


# ── the handshake ────────────────────────────────────────────────────────────────────────────────


def test_the_handshake_asks_for_session_info_with_our_key() -> None:
    request = messages.handshake(INFOTAINMENT, CLIENT_PUBLIC, address=HANDSHAKE_ADDRESS, uuid=HANDSHAKE_UUID)
    message = RoutableMessage.FromString(request.message)
    assert message.to_destination.domain == INFOTAINMENT
    assert message.from_destination.routing_address == HANDSHAKE_ADDRESS
    assert message.session_info_request.public_key == CLIENT_PUBLIC
    assert message.uuid == HANDSHAKE_UUID
    assert not message.HasField("signature_data")


def test_teslas_session_info_is_believed() -> None:
    assert told(tag=SESSION_TAG) == KNOWN


def test_no_bit_of_session_info_or_tag_may_change() -> None:
    for changed in flipped(SESSION_INFO):
        with pytest.raises((SessionInfoRefused, KeyNotOnCar)):
            told(info=changed, tag=SESSION_TAG)
    for changed in flipped(SESSION_TAG):
        with pytest.raises(SessionInfoRefused):
            told(tag=changed)


def test_session_info_for_another_request_or_car_is_refused() -> None:
    with pytest.raises(SessionInfoRefused):
        told(challenge=bytes(16))
    with pytest.raises(SessionInfoRefused):
        told(vin="5YJ30123456789ABD")


@pytest.mark.parametrize("tag", [b"", SESSION_TAG[:16], SESSION_TAG + b"\x00"], ids=["none", "half", "longer"])
def test_session_info_without_a_whole_tag_is_refused(tag: bytes) -> None:
    with pytest.raises(SessionInfoRefused):
        told(tag=tag)


def test_session_info_that_comes_late_is_refused() -> None:
    told(now=MIDNIGHT + 10 * SECOND)
    with pytest.raises(SessionInfoRefused, match="late"):
        told(now=MIDNIGHT + 11 * SECOND)


def test_a_car_that_does_not_know_our_key_says_so_without_key_and_tag() -> None:
    with pytest.raises(KeyNotOnCar):
        told(info=SessionInfo(status=1).SerializeToString(), tag=b"")  # type: ignore[arg-type]  # the stub wants the enum


def test_key_not_on_the_whitelist_counts_even_with_a_right_tag() -> None:
    stranger = SessionInfo.FromString(SESSION_INFO)
    stranger.status = 1  # type: ignore[assignment]  # the stub wants the enum
    with pytest.raises(KeyNotOnCar):
        told(info=stranger.SerializeToString())


@pytest.mark.parametrize("wrong", [b"", b"\x04", b"\xff" * 20], ids=["nothing", "cut short", "noise"])
def test_what_is_no_session_info_is_refused(wrong: bytes) -> None:
    with pytest.raises(SessionInfoRefused):
        told(info=wrong)


def test_an_epoch_has_sixteen_bytes() -> None:
    with pytest.raises(SessionInfoRefused, match="epoch"):
        told(info=info(epoch=b"short"))


# ── what comes after the first ───────────────────────────────────────────────────────────────────


def test_within_an_epoch_the_clock_does_not_go_back() -> None:
    with pytest.raises(SessionInfoRefused, match="clock"):
        told(info=info(clock_s=2649), known=KNOWN)


def test_within_an_epoch_the_counter_does_not_go_back() -> None:
    ahead = replace(KNOWN, counter=40)
    assert told(info=info(counter=6, clock_s=2700), known=ahead).counter == 40
    assert told(info=info(counter=41, clock_s=2700), known=ahead).counter == 41


def test_a_new_epoch_begins_anew() -> None:
    booted = told(info=info(epoch=bytes(16), counter=0, clock_s=3), known=replace(KNOWN, counter=40))
    assert (booted.epoch, booted.counter, booted.clock_s) == (bytes(16), 0, 3)


def test_a_refused_command_does_not_change_the_cars_key() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(SessionInfoRefused, match="key has changed"):
        told(known=replace(KNOWN, car_public_key=public_point(other)), greeted=False)


def test_a_new_computer_in_the_car_is_believed_when_greeted_and_begins_anew() -> None:
    before = Session(public_point(ec.generate_private_key(ec.SECP256R1())), EPOCH, 40, 9999, MIDNIGHT)
    assert told(known=before) == KNOWN


def test_a_changed_key_is_believed_only_with_its_own_tag() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(SessionInfoRefused):
        told(info=info(public_key=public_point(other)), known=KNOWN)  # the tag is under the old key


def public_point(private: ec.EllipticCurvePrivateKey) -> bytes:
    numbers = private.public_key().public_numbers()
    return b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")


# ── counters, the car's clock, and what is kept ──────────────────────────────────────────────────


def test_a_counter_is_used_up_before_it_is_used() -> None:
    assert KNOWN.next().counter == 7


def test_the_last_counter_is_not_passed() -> None:
    with pytest.raises(CountersUsedUp):
        replace(KNOWN, counter=0xFFFFFFFF).next()


def test_expiry_counts_in_seconds_of_the_cars_clock() -> None:
    assert KNOWN.expires_at(MIDNIGHT, 5 * SECOND) == 2655
    assert KNOWN.expires_at(MIDNIGHT + 60 * SECOND, 5 * SECOND) == 2715


@pytest.mark.parametrize("days", [-365, 365 * 60], ids=["a clock set back", "a clock set far ahead"])
def test_expiry_is_never_nought_and_never_too_large_to_write(days: int) -> None:
    """Nought would mean: good for ever. Out of range, the car refuses in a way that a new handshake mends."""
    assert 0 < KNOWN.expires_at(MIDNIGHT + timedelta(days=days), 5 * SECOND) <= 2**30


def test_a_session_comes_back_from_the_cache_as_it_was() -> None:
    assert from_kept(kept(KNOWN)) == KNOWN


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no json",
        b"[]",
        b"null",
        b"{}",
        kept(KNOWN)[:-5],
        b"\xff\xfe",
        kept(KNOWN).replace(b'"counter": 6', b'"counter": null'),
    ],
)
def test_a_session_that_cannot_be_read_costs_a_handshake(data: bytes) -> None:
    assert from_kept(data) is None


def test_a_session_does_not_print_its_epoch_or_key() -> None:
    assert EPOCH.hex() not in repr(KNOWN)
    assert repr(EPOCH) not in repr(KNOWN)
