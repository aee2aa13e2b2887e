"""Codes, refresh tokens and access tokens: how they are given, how they rotate, when they die.

Rules of this room, each from Tesla's pages on third-party tokens:

1. A code is good once and for a few minutes.
2. A refresh token is good once, for three months; but the one used last is accepted for 24 hours more, for
   apps that failed to save its successor.
3. A new pair ends the access tokens given before, and the refresh token given before.
4. Without a living consent nothing is good.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tesla_simulator.accounts import Account
from tesla_simulator.clock import TurnedClock
from tesla_simulator.jwts import Signer, Unreadable, seconds
from tesla_simulator.sites import Sites

ACCESS_LIVES: Final = timedelta(hours=8)
REFRESH_LIVES: Final = timedelta(days=90)
GRACE: Final = timedelta(hours=24)
CODE_LIVES: Final = timedelta(minutes=5)
_KEPT_FOR_ANSWERS: Final = timedelta(days=2)


@dataclass
class Code:
    """What a code stands for until an app redeems it."""

    email: str
    client_id: str
    redirect_uri: str
    nonce: str
    state: str
    locale: str
    expires_at: datetime
    is_used: bool = False


@dataclass
class Grant:
    """What one app holds for one account: the refresh token to use next, and the one used last."""

    email: str
    client_id: str
    locale: str
    began_at: datetime
    refresh_token: str
    expires_at: datetime
    used_token: str = ""
    used_at: datetime | None = None


@dataclass
class AccessToken:
    """`email` is empty for a partner's own token."""

    email: str
    client_id: str
    scopes: list[str]
    expires_at: datetime
    is_replaced: bool = False
    is_revoked: bool = False


@dataclass
class TokenRecord:
    """What is kept. Codes are under themselves, access tokens under their `jti`."""

    codes: dict[str, Code] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    access: dict[str, AccessToken] = field(default_factory=dict)
    signing_key_pem: str = ""


class TokenRefused(Exception):
    """The token endpoint's answer: `status`, the error word and what it says."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.description = description


class Tokens:
    """The ledger of everything that opens a door."""

    def __init__(self, record: TokenRecord, sites: Sites, clock: TurnedClock) -> None:
        self.record = record
        self.signer = Signer(record.signing_key_pem)
        self._sites = sites
        self._clock = clock

    def new_code(self, account: Account, client_id: str, redirect_uri: str, nonce: str, state: str, locale: str) -> str:
        """Begins with the account's region, as Tesla's do."""
        code = f"{account.region.upper()}_{secrets.token_hex(32)}"
        self.record.codes[code] = Code(
            account.email, client_id, redirect_uri, nonce, state, locale, self._clock.now() + CODE_LIVES
        )
        return code

    def redeem(self, code: str, client_id: str, redirect_uri: str) -> Code:
        found = self.record.codes.get(code)
        unusable = found is None or found.is_used or found.client_id != client_id
        if found is None or unusable or found.expires_at <= self._clock.now():
            raise TokenRefused(400, "invalid_auth_code", "The authorization code is expired or was used before.")
        if found.redirect_uri != redirect_uri:
            raise TokenRefused(400, "invalid_redirect_url", "Not the redirect URI of the authorization.")
        found.is_used = True
        return found

    def begin(self, account: Account, code: Code) -> dict[str, object]:
        """The first pair of a grant. An older grant of the same app ends."""
        self.record.grants = [g for g in self.record.grants if not _same(g, account.email, code.client_id)]
        grant = Grant(account.email, code.client_id, code.locale, self._clock.now(), "", self._clock.now())
        self.record.grants.append(grant)
        answer = self._new_pair(account, grant)
        if code.state:
            answer["state"] = code.state
        answer["id_token"] = self._id_token(account, code)
        return answer

    def grant_of(self, refresh_token: str, client_id: str) -> Grant:
        """Raises `TokenRefused` with login_required for a token that is unknown, used up or too old."""
        now = self._clock.now()
        for grant in self.record.grants:
            if grant.client_id != client_id:
                continue
            if grant.refresh_token == refresh_token and now < grant.expires_at:
                return grant
            if grant.used_token == refresh_token and grant.used_at and now < grant.used_at + GRACE:
                return grant
        raise login_required()

    def rotate(self, account: Account, grant: Grant, refresh_token: str) -> dict[str, object]:
        reset_at = account.record.password_reset_at
        if account.consent_to(grant.client_id) is None or (reset_at and reset_at >= grant.began_at):
            raise login_required()
        if refresh_token == grant.refresh_token:
            grant.used_token, grant.used_at = refresh_token, self._clock.now()
        return self._new_pair(account, grant)

    def unused_for_months(self, email: str) -> None:
        """What every app holds for this account has run out, as if it had lain idle for three months."""
        now = self._clock.now()
        for grant in self.record.grants:
            if grant.email == email:
                grant.expires_at, grant.used_at = now, None
        self.expires_now(email)

    def is_older_than_its_consent(self, email: str, scope: str) -> None:
        """The access tokens of now lack a scope that was granted since; renewed ones have it."""
        for token in self._of(email):
            token.scopes = [one for one in token.scopes if one != scope]

    def expires_now(self, email: str) -> None:
        """The access tokens of now are over; new ones are as good as the consent."""
        for token in self._of(email):
            token.expires_at = min(token.expires_at, self._clock.now())

    def tesla_ends_every_grant(self) -> None:
        """By mistake or by policy: all users of all apps have to sign in again. What they consented to stays."""
        self.record.grants.clear()
        for token in self.record.access.values():
            token.is_revoked = bool(token.email)

    def partner_token(self, client_id: str, subject: str, scopes: list[str]) -> dict[str, object]:
        now = self._clock.now()
        expires_at = now + ACCESS_LIVES
        token, token_id = self.signer.signed(
            self._claims(client_id, subject, scopes, expires_at) | {"gty": "client-credentials"}
        )
        self.record.access[token_id] = AccessToken("", client_id, scopes, expires_at)
        return {"access_token": token, "expires_in": _lifetime(), "token_type": "Bearer"}

    def looked_up(self, bearer: str) -> AccessToken | None:
        """None: not a token of this world. A found one may still be expired or replaced."""
        try:
            token_id = self.signer.claims_of(bearer).get("jti", "")
        except Unreadable:
            return None
        return self.record.access.get(str(token_id))

    def _new_pair(self, account: Account, grant: Grant) -> dict[str, object]:
        now = self._clock.now()
        self._retire(account.email, grant.client_id, now)
        consent = account.consent_to(grant.client_id)
        scopes = list(consent.scopes) if consent else []
        expires_at = now + ACCESS_LIVES
        region = account.region.upper()
        token, token_id = self.signer.signed(
            self._claims(grant.client_id, account.record.user_id, scopes, expires_at)
            | {"ou_code": region, "amr": ["pwd", "mfa", "otp"], "locale": grant.locale or "en-US"}
            | {"auth_time": seconds(grant.began_at)}
        )
        self.record.access[token_id] = AccessToken(account.email, grant.client_id, scopes, expires_at)
        answer: dict[str, object] = {"access_token": token, "expires_in": _lifetime(), "token_type": "Bearer"}
        if "offline_access" in scopes:
            grant.refresh_token = f"{region}_{secrets.token_hex(32)}"
            grant.expires_at = now + REFRESH_LIVES
            answer["refresh_token"] = grant.refresh_token
        return answer

    def _of(self, email: str) -> list[AccessToken]:
        return [token for token in self.record.access.values() if token.email == email]

    def _retire(self, email: str, client_id: str, now: datetime) -> None:
        for token in self.record.access.values():
            if token.email == email and token.client_id == client_id:
                token.is_replaced = True
        self.record.access = {
            token_id: token
            for token_id, token in self.record.access.items()
            if now < token.expires_at + _KEPT_FOR_ANSWERS
        }
        codes = self.record.codes.items()
        self.record.codes = {c: kept for c, kept in codes if now < kept.expires_at + _KEPT_FOR_ANSWERS}

    def _id_token(self, account: Account, code: Code) -> str:
        now = self._clock.now()
        claims: dict[str, object] = {
            "iss": self._issuer,
            "aud": code.client_id,
            "sub": account.record.user_id,
            "iat": seconds(now),
            "exp": seconds(now + ACCESS_LIVES),
        }
        if code.nonce:
            claims["nonce"] = code.nonce
        return self.signer.signed(claims)[0]

    def _claims(self, azp: str, sub: str, scopes: list[str], expires_at: datetime) -> dict[str, object]:
        return {
            "iss": self._issuer,
            "azp": azp,
            "sub": sub,
            "aud": self._sites.audiences,
            "scp": scopes,
            "iat": seconds(self._clock.now()),
            "exp": seconds(expires_at),
        }

    @property
    def _issuer(self) -> str:
        return f"{self._sites.auth}/oauth2/v3/nts"


def login_required() -> TokenRefused:
    return TokenRefused(401, "login_required", "Login required")


def _same(grant: Grant, email: str, client_id: str) -> bool:
    return grant.email == email and grant.client_id == client_id


def _lifetime() -> int:
    return int(ACCESS_LIVES.total_seconds())
