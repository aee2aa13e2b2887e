"""`ports.passkeys.PasskeyProofs` by W3C's WebAuthn, level 3, checked by the library `webauthn`.

Rules of this room:

1. What comes in may be any bytes from anybody: whatever they break, `NotProved` is all that comes out.
2. We ask for no attestation (5.4.7, `none`), and read no certificate: who made an authenticator is not our matter.
3. The user must have been verified, by face, finger or PIN: a passkey is all that is asked of him (6.1, flag UV).
"""

import json
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_attestation_object
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from chargekey.domain.passkey import CHALLENGE_LASTS, LONGEST_ID_BYTES, LONGEST_KEY_BYTES
from chargekey.ports.passkeys import NewPasskey, NotProved, Passkey, Registered, Signed, Use

ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
"""The three that WebAuthn (5.4, pubKeyCredParams) names for reaching every authenticator."""
TRANSPORTS: Final = {one.value: one for one in AuthenticatorTransport}
TIMEOUT_MS: Final = int(CHALLENGE_LASTS.total_seconds() * 1000)
STANDARD_PORTS: Final = {"http": 80, "https": 443}
BREAKS: Final = (
    WebAuthnException,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What the library lets through of bytes that are not as they should be: found by reading it, and by drawing some."""


class WebAuthn:
    """`base_url`: where the pages are. Its host is the relying party's id, its origin the only one that counts."""

    def __init__(self, base_url: str, operator: str) -> None:
        self._rp_id, self._origin, self._operator = urlsplit(base_url).hostname or "", _origin(base_url), operator

    # ── asking ───────────────────────────────────────────────────

    def to_add(self, challenge: bytes, user_handle: bytes, email: str, existing: Sequence[Passkey]) -> str:
        return options_to_json(
            generate_registration_options(
                rp_id=self._rp_id,
                rp_name=self._operator,
                user_id=user_handle,
                user_name=email,
                challenge=challenge,
                timeout=TIMEOUT_MS,
                attestation=AttestationConveyancePreference.NONE,
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
                exclude_credentials=[_described(one.made) for one in existing],
                supported_pub_key_algs=ALGORITHMS,
            )
        )

    def to_sign_in(self, challenge: bytes) -> str:
        return options_to_json(
            generate_authentication_options(
                rp_id=self._rp_id,
                challenge=challenge,
                timeout=TIMEOUT_MS,
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        )

    # ── checking ─────────────────────────────────────────────────

    def challenge_in(self, client_data: bytes) -> bytes:
        said = _read(client_data)
        if said.get("origin") != self._origin:
            raise NotProved("the browser was on another origin than CHARGEKEY_BASE_URL")
        if said.get("crossOrigin", False) is not False:
            raise NotProved("the page was framed by another site")
        challenge = said.get("challenge")
        try:
            return base64url_to_bytes(challenge) if isinstance(challenge, str) else b""
        except ValueError:
            raise NotProved("the challenge cannot be read") from None

    def added(self, registered: Registered, challenge: bytes) -> NewPasskey:
        try:
            _attests_nothing(registered.attestation)
            made = verify_registration_response(
                credential=_registration(registered),
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                require_user_verification=True,
                supported_pub_key_algs=ALGORITHMS,
            )
        except BREAKS as broken:
            raise NotProved(f"not registered: {type(broken).__name__}") from broken
        return _new(made, registered.transports)

    def used(self, signed: Signed, passkey: NewPasskey, challenge: bytes) -> Use:
        try:
            proved = verify_authentication_response(
                credential=_assertion(signed),
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=0,  # compared in the journey, which tells the driver
                require_user_verification=True,
            )
        except BREAKS as broken:
            raise NotProved(f"not signed: {type(broken).__name__}") from broken
        return Use(proved.new_sign_count, proved.credential_backed_up)


def _origin(url: str) -> str:
    """As a browser writes it: the port only where it is not the scheme's own."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in (None, STANDARD_PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def _read(client_data: bytes) -> dict[str, object]:
    try:
        said = json.loads(client_data)
    except (ValueError, RecursionError):
        raise NotProved("the client data cannot be read") from None
    if not isinstance(said, dict):
        raise NotProved("the client data cannot be read")
    return said


def _attests_nothing(attestation: bytes) -> None:
    """Browsers hand on none, or an authenticator's word for itself alone (5.4.7); certificates we did not ask for."""
    found = parse_attestation_object(attestation)
    is_its_own = found.fmt == AttestationFormat.PACKED and not found.att_stmt.x5c
    if found.fmt != AttestationFormat.NONE and not is_its_own:
        raise ValueError("an attestation that nobody asked for")


def _new(made: VerifiedRegistration, transports: Sequence[str]) -> NewPasskey:
    if len(made.credential_id) > LONGEST_ID_BYTES or len(made.credential_public_key) > LONGEST_KEY_BYTES:
        raise NotProved("longer than the standard allows")
    known = tuple(sorted(TRANSPORTS.keys() & set(transports)))
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count, made.credential_backed_up, known)


def _described(passkey: NewPasskey) -> PublicKeyCredentialDescriptor:
    transports = [TRANSPORTS[one] for one in passkey.transports]
    return PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=transports or None)


def _registration(registered: Registered) -> RegistrationCredential:
    """The browser's own word for the credential's id is not asked for: the attested one counts."""
    attested = parse_attestation_object(registered.attestation).auth_data.attested_credential_data
    credential_id = attested.credential_id if attested else b""
    response = AuthenticatorAttestationResponse(registered.client_data, registered.attestation)
    return RegistrationCredential(id=bytes_to_base64url(credential_id), raw_id=credential_id, response=response)


def _assertion(signed: Signed) -> AuthenticationCredential:
    response = AuthenticatorAssertionResponse(
        signed.client_data, signed.authenticator_data, signed.signature, signed.user_handle
    )
    return AuthenticationCredential(
        id=bytes_to_base64url(signed.credential_id), raw_id=signed.credential_id, response=response
    )
