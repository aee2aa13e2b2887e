"""Signed tokens: RS256, one key for the whole world."""

import json
import secrets
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

_ALGORITHM: Final = "RS256"
_KEY_BITS: Final = 2048


class _PlainAlphabet(json.JSONEncoder):
    """JSON whose base64 is the same in the plain and the URL alphabet.

    In ASCII text only these four characters end in the six bits that become - or _; as escapes they do not.
    """

    def encode(self, o: Any) -> str:
        text = super().encode(o)
        for character in ">?~\x7f":
            text = text.replace(character, f"\\u{ord(character):04x}")
        return text


class Unreadable(Exception):
    """Not a token of ours."""


class Signer:
    """`pem` may be empty: then a key is made when first needed and `pem` holds it from there on."""

    def __init__(self, pem: str = "") -> None:
        self.pem = pem

    @cached_property
    def _key(self) -> RSAKey:
        if not self.pem:
            made = RSAKey.generate_key(_KEY_BITS)
            self.pem = made.as_pem(private=True).decode()
        key = RSAKey.import_key(self.pem)
        key.ensure_kid()
        return key

    def signed(self, claims: dict[str, object]) -> tuple[str, str]:
        """A token and its id (`jti`).

        Some clients read the payload with the plain base64 alphabet, so it uses neither - nor _.
        """
        header = {"alg": _ALGORITHM, "typ": "JWT", "kid": self._key.kid}
        token_id = secrets.token_hex(16)
        claims = {"jti": token_id, **claims}
        return jwt.encode(header, claims, self._key, encoder_cls=_PlainAlphabet), token_id

    def claims_of(self, token: str) -> dict[str, Any]:
        """Checks the signature, not the dates. Raises `Unreadable`."""
        try:
            return jwt.decode(token, self._key, algorithms=[_ALGORITHM]).claims
        except (JoseError, ValueError) as error:
            raise Unreadable from error

    def public_keys(self) -> dict[str, Any]:
        """A JSON Web Key Set."""
        return dict(KeySet([self._key]).as_dict(private=False))


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())
