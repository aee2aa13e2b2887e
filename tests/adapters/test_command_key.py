"""The one key that signs commands: made once, never replaced, hosted in two forms."""

from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from chargekey.adapters.tesla.command_key import (
    CommandKeyMissing,
    CommandKeyUnreadable,
    load_command_key,
    make_command_key,
)

PEM: Final = serialization.Encoding.PEM
PRIVATE: Final = serialization.PrivateFormat.PKCS8
OPEN: Final = serialization.NoEncryption()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "command-key.pem"


def test_a_key_is_made_once_and_never_replaced(path: Path) -> None:
    assert make_command_key(path) is True
    first = path.read_bytes()
    assert make_command_key(path) is False
    assert path.read_bytes() == first


def test_whatever_is_there_stays_as_it_is(path: Path) -> None:
    path.write_text("something of the operator's")
    assert make_command_key(path) is False
    assert path.read_text() == "something of the operator's"


def test_only_its_owner_may_read_it(path: Path) -> None:
    make_command_key(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_two_keys_are_two(tmp_path: Path) -> None:
    hexes = set()
    for name in ("one", "other"):
        make_command_key(tmp_path / name)
        hexes.add(load_command_key(tmp_path / name).public_hex)
    assert len(hexes) == 2


def test_the_same_public_key_in_each_of_its_forms(path: Path) -> None:
    make_command_key(path)
    key = load_command_key(path)
    assert (len(key.public_bytes), key.public_bytes[0]) == (65, 4)  # an uncompressed point
    assert key.public_hex == key.public_bytes.hex()
    hosted = serialization.load_pem_public_key(key.public_pem)
    assert isinstance(hosted, ec.EllipticCurvePublicKey)
    assert isinstance(hosted.curve, ec.SECP256R1)
    point = hosted.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    assert point == key.public_bytes


def test_what_is_hosted_holds_no_private_key(path: Path) -> None:
    make_command_key(path)
    key = load_command_key(path)
    assert b"PRIVATE" not in key.public_pem
    secret = key.private.private_numbers().private_value
    for shown in (repr(key), str(key), key.public_hex, key.public_pem.decode()):
        assert f"{secret:x}" not in shown
        assert str(secret) not in shown


def test_without_a_key_the_command_that_makes_one_is_named(path: Path) -> None:
    with pytest.raises(CommandKeyMissing, match="chargekey make-key"):
        load_command_key(path)


P256: Final = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    "contents",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00\xff", id="noise"),
        pytest.param(
            P256.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo), id="the public half"
        ),
        pytest.param(
            P256.private_bytes(PEM, PRIVATE, serialization.BestAvailableEncryption(b"password")), id="under a password"
        ),
        pytest.param(ec.generate_private_key(ec.SECP384R1()).private_bytes(PEM, PRIVATE, OPEN), id="another curve"),
        pytest.param(ed25519.Ed25519PrivateKey.generate().private_bytes(PEM, PRIVATE, OPEN), id="Ed25519"),
        pytest.param(rsa.generate_private_key(65537, 2048).private_bytes(PEM, PRIVATE, OPEN), id="RSA"),
    ],
)
def test_what_is_no_p256_private_key_is_refused_and_not_repeated(path: Path, contents: bytes) -> None:
    path.write_bytes(contents)
    with pytest.raises(CommandKeyUnreadable, match=r"command-key\.pem") as refused:
        load_command_key(path)
    assert "BEGIN" not in str(refused.value)
    assert path.read_bytes() == contents
