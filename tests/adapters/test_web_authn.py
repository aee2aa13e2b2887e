"""The ceremonies of passkeys against an authenticator of our own: what counts, and what proves nothing."""

import json
from dataclasses import replace
from typing import Any, Final

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.adapters.passkeys.web_authn import WebAuthn
from chargekey.ports.passkeys import NewPasskey, NotProved, Registered, Signed
from tests.adapters.soft_authenticator import (
    AS_A_PHONE,
    HONEST,
    USER_PRESENT,
    USER_VERIFIED,
    Authenticator,
    Behaves,
    unwritten,
    written,
)

HERE: Final = "https://charge.nordlicht.example"
PROOFS: Final = WebAuthn(HERE, "Nordlicht")
CHALLENGE, OTHER = b"a challenge of thirty-two bytes..", b"another challenge of as many bytes"
HANDLE: Final = b"h" * 64


def registered(form: dict[str, str]) -> Registered:
    return Registered(unwritten(form["client_data"]), unwritten(form["attestation"]), ("internal", "telepathy"))


def signed(form: dict[str, str]) -> Signed:
    names = ("credential", "client_data", "authenticator_data", "signature", "user_handle")
    return Signed(*(unwritten(form[name]) for name in names))


def a_passkey(authenticator: Authenticator, how: Behaves = HONEST) -> NewPasskey:
    options = PROOFS.to_add(CHALLENGE, HANDLE, "maren@post.example", [])
    return PROOFS.added(registered(authenticator.makes(options, how)), CHALLENGE)


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator(HERE)


# ── what counts ──────────────────────────────────────────────────────────────────────────────────


def test_a_passkey_is_made_and_signs(phone: Authenticator) -> None:
    passkey = a_passkey(phone)
    assert (passkey.credential_id, passkey.is_synced) == (phone.kept[0].id, True)
    assert passkey.transports == ("internal",)  # what the standard does not know is left out
    use = PROOFS.used(signed(phone.signs(PROOFS.to_sign_in(OTHER))), passkey, OTHER)
    assert (use.sign_count, use.is_synced) == (0, True)


def test_a_key_of_the_old_kind_counts_and_stays_where_it_is() -> None:
    stick = Authenticator(HERE, counts=True, count=7)
    how = Behaves(flags=USER_PRESENT | USER_VERIFIED)
    passkey = a_passkey(stick, how)
    assert (passkey.sign_count, passkey.is_synced) == (7, False)
    assert PROOFS.used(signed(stick.signs(PROOFS.to_sign_in(OTHER), how)), passkey, OTHER).sign_count == 8


def test_what_a_browser_is_asked_names_nobody_but_to_its_owner(phone: Authenticator) -> None:
    asked = json.loads(PROOFS.to_add(CHALLENGE, HANDLE, "maren@post.example", []))
    assert asked["rp"] == {"id": "charge.nordlicht.example", "name": "Nordlicht"}
    assert unwritten(asked["user"]["id"]) == HANDLE
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert json.loads(PROOFS.to_sign_in(CHALLENGE))["allowCredentials"] == []


@pytest.mark.parametrize(
    ("base_url", "origin"),
    [
        ("https://Charge.Example:443", "https://charge.example"),
        ("https://charge.example:8443/here", "https://charge.example:8443"),
        ("http://localhost:8700", "http://localhost:8700"),
        ("http://[::1]:8700", "http://[::1]:8700"),
    ],
)
def test_the_origin_is_compared_as_a_browser_writes_it(base_url: str, origin: str) -> None:
    proofs, browser = WebAuthn(base_url, "Here"), Authenticator(origin)
    form = browser.makes(proofs.to_add(CHALLENGE, HANDLE, "maren@post.example", []))
    assert proofs.challenge_in(unwritten(form["client_data"])) == CHALLENGE
    assert proofs.added(registered(form), CHALLENGE).credential_id == browser.kept[0].id


# ── what proves nothing ──────────────────────────────────────────────────────────────────────────

LIES: Final[dict[str, Behaves]] = {
    "another place": Behaves(rp_id="nordlicht.example"),
    "another challenge": Behaves(challenge=written(b"of the day before yesterday.....")),
    "the other ceremony": Behaves(kind="webauthn.neither"),
    "nobody touched it": Behaves(flags=AS_A_PHONE & ~USER_PRESENT),
    "nobody was verified": Behaves(flags=AS_A_PHONE & ~USER_VERIFIED),
}


@pytest.mark.parametrize("how", LIES.values(), ids=LIES)
def test_no_passkey_is_added_by(how: Behaves, phone: Authenticator) -> None:
    with pytest.raises(NotProved):
        a_passkey(phone, how)


@pytest.mark.parametrize("how", LIES.values(), ids=LIES)
def test_nobody_is_signed_in_by(how: Behaves, phone: Authenticator) -> None:
    passkey = a_passkey(phone)
    with pytest.raises(NotProved):
        PROOFS.used(signed(phone.signs(PROOFS.to_sign_in(OTHER), how)), passkey, OTHER)


@pytest.mark.parametrize(
    ("origin", "how"),
    [
        ("https://charge.nordlicht.example.evil.example", HONEST),
        ("http://charge.nordlicht.example", HONEST),
        ("https://charge.nordlicht.example:444", HONEST),
        (HERE, Behaves(is_framed=True)),
        (HERE, Behaves(challenge="é")),
    ],
)
def test_a_page_elsewhere_or_in_a_frame_proves_nothing(origin: str, how: Behaves) -> None:
    form = Authenticator(origin).makes(PROOFS.to_add(CHALLENGE, HANDLE, "maren@post.example", []), how)
    with pytest.raises(NotProved):
        PROOFS.challenge_in(unwritten(form["client_data"]))


@pytest.mark.parametrize("format_of_attestation", ["android-safetynet", "fido-u2f", "tpm", "apple", "unheard-of"])
def test_certificates_that_nobody_asked_for_are_not_read(format_of_attestation: str, phone: Authenticator) -> None:
    with pytest.raises(NotProved):
        a_passkey(phone, Behaves(attests_as=format_of_attestation))


def test_one_wrong_bit_of_what_was_signed_is_enough(phone: Authenticator) -> None:
    passkey = a_passkey(phone)
    true = signed(phone.signs(PROOFS.to_sign_in(OTHER)))
    assert PROOFS.used(true, passkey, OTHER).sign_count == 0
    for name in ("authenticator_data", "signature", "client_data"):
        whole = bytearray(getattr(true, name))
        for place in range(len(whole)):
            whole[place] ^= 1
            changed: Any = {name: bytes(whole)}
            with pytest.raises(NotProved):
                PROOFS.used(replace(true, **changed), passkey, OTHER)
            whole[place] ^= 1


def test_the_signature_of_another_passkey_does_not_count(phone: Authenticator) -> None:
    passkey, thief = a_passkey(phone), Authenticator(HERE)
    a_passkey(thief)
    with pytest.raises(NotProved):
        PROOFS.used(signed(thief.signs(PROOFS.to_sign_in(OTHER))), passkey, OTHER)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes_at_all_prove_nothing_and_break_nothing(first: bytes, second: bytes) -> None:
    passkey = NewPasskey(first, second, 0, is_synced=False, transports=())
    for tries in (
        lambda: PROOFS.challenge_in(first),
        lambda: PROOFS.added(Registered(first, second, ()), CHALLENGE),
        lambda: PROOFS.used(Signed(first, second, first, second, first), passkey, CHALLENGE),
    ):
        with pytest.raises(NotProved):
            tries()


CBOR: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.binary(max_size=40) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.integers(-4, 4) | st.text(max_size=8), inner),
    max_leaves=8,
)


@given(key=CBOR, statement=CBOR)
def test_no_key_and_no_statement_of_whatever_shape_breaks_anything(key: object, statement: object) -> None:
    phone = Authenticator(HERE)
    form = phone.makes(PROOFS.to_add(CHALLENGE, HANDLE, "maren@post.example", []))
    whole = cbor2.loads(unwritten(form["attestation"]))
    head = whole["authData"][: 55 + len(phone.kept[0].id)]
    form["attestation"] = written(
        cbor2.dumps({"fmt": "packed", "attStmt": statement, "authData": head + cbor2.dumps(key)})
    )
    with pytest.raises(NotProved):
        PROOFS.added(registered(form), CHALLENGE)
    passkey = NewPasskey(b"any", cbor2.dumps(key), 0, is_synced=False, transports=())
    with pytest.raises(NotProved):
        PROOFS.used(signed(phone.signs(PROOFS.to_sign_in(OTHER))), passkey, OTHER)


@pytest.mark.parametrize("odd", [b"", b"[" * 100_000, b"null", b"[]", b'{"origin": 1}', b"\xff", b'{"a":1}' * 2])
def test_client_data_that_is_none_is_no_mistake_of_ours(odd: bytes) -> None:
    with pytest.raises(NotProved):
        PROOFS.challenge_in(odd)
