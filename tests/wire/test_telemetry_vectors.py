"""Telemetry settings signed with Tesla.SS256, held to the vectors of Tesla's Go code."""

import hashlib
import json
from base64 import b64decode, b64encode, urlsafe_b64decode

from chargekey.adapters.tesla.signing.telemetry_jws import nonce, schnorr, signed_settings
from tests.wire.p256 import is_signed
from tests.wire.vectors import CLIENT, CLIENT_PUBLIC, key

TESLAS_TOKEN = (
    "eyJhbGciOiJUZXNsYS5TUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJhdWQiOiJjb20udGVzbGEudmVoaWNsZS5NM1RFUkFTSElNQUJVQ0swMSIsImZvbyI6ImJhciIsImlzcyI6IkJIZGVMdlZ3MHBMZlFrd0o5dz"
    "U5bFdlTlhPZUJKS3l6K1RkYkdZcE5xZm5wOE14dGlBNHVZRzZiQWJENllzWVZEamNhcGRqMzhKeko0YjA2RzBTWWsrdz0ifQ."
    "4Xq2tsynDYOhLBWpnqLJfsAzdOqTOwHkVowI47A-yzVXIQHaawObJvAYRoRs61oVwWiEQ7XYXG8WE_Vz_49eVirAV9NGKymj3HBTTjN5DmViWmFz"
    "faIOXRWKJlE--vzU"
)
ISSUER = (
    "04775e2ef570d292df424c09f70e7d95678d5ce78124acb3f9375b198a4da9f9e9"
    "f0cc6d880e2e606e9b01b0fa62c6150e371aa5d8f7f09cc9e1bd3a1b449893ec"
)


def opened(token: str) -> tuple[bytes, dict[str, object], bytes]:
    """What was signed, the claims, the signature."""
    said, _, signature = token.rpartition(".")
    claims = said.partition(".")[2]
    return said.encode(), json.loads(plain(claims)), plain(signature)


def plain(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_the_nonce_is_rfc_6979s() -> None:
    scalar = int("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", 16)
    found = nonce(scalar, hashlib.sha256(b"sample").digest())
    assert f"{found:064x}" == "a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60"


def test_the_signature_is_teslas() -> None:
    assert schnorr(key("03" + "00" * 31), b"hello world").hex() == (
        "7cfdbeb5baa730540401550bdefa20976453e8539ae4b2f26ce33125801a08f90ed20c3d846497ff82cc9772e3db4703982f47bd0b0b89"
        "dfb9a49cd2e524054602b1e05fbf95f5686faea7a5809eb92f5ecc22eae74ceccc5e2a65dd67ff20fc"
    )


def test_a_token_made_by_tesla_verifies() -> None:
    said, claims, signature = opened(TESLAS_TOKEN)
    public = b64decode(str(claims["iss"]))
    assert public.hex() == ISSUER
    assert is_signed(public, said, signature)
    assert not is_signed(public, said + b"x", signature)


def test_our_token_verifies_and_says_who_and_for_whom() -> None:
    token = signed_settings(CLIENT, {"hostname": "telemetry.example.com", "aud": "somebody", "iss": "else"})
    said, claims, signature = opened(token)
    assert said.split(b".")[0] == TESLAS_TOKEN.split(".")[0].encode()
    assert claims == {
        "aud": "com.tesla.fleet.TelemetryClient",
        "hostname": "telemetry.example.com",
        "iss": b64encode(CLIENT_PUBLIC).decode(),
    }
    assert list(claims) == sorted(claims)
    assert is_signed(CLIENT_PUBLIC, said, signature)
