"""Tesla's OAuth: where the driver consents, and how codes and refresh tokens become tokens.

Its quirks (tesla-fleet-api §1): the exchange names an audience, a refresh names neither secret nor scope, a
refresh token is good once, and what was really granted stands in the access token's `scp`.
"""

import base64
import binascii
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chargekey.adapters.tesla.answers import text_of
from chargekey.adapters.tesla.call_record import Record, unrecorded
from chargekey.adapters.tesla.fleet_api import TIMEOUT, WHOLE_S, sent
from chargekey.adapters.tesla.pace import Pace
from chargekey.domain.grant import ASKED, ASKED_OF_OWNERS
from chargekey.domain.secret import Secret
from chargekey.ports.clock import Clock
from chargekey.ports.faults import (
    ConsentGone,
    Fault,
    OperatorFault,
    Puzzling,
    ScopeMissing,
    TeslaFails,
    TooOften,
    Unreachable,
)
from chargekey.ports.tesla import Tokens, UnverifiedClaims

TOKENS_EVERY_S: Final = 0.1
"""Tesla takes 20 such calls a second from an app (§1.3); this leaves room for a second process of ours."""
YEAR_2100: Final = 4_102_444_800
REVOKE_PATH: Final = "/user/revoke/consent"
MEANT_AS_SAID: Final = (ConsentGone, OperatorFault, TooOften, Unreachable)
"""Of the token host these alone are what they look like; everything else passes (§1.3)."""

NOT_LISTED: Final = ("recognize this redirect uri", "supplied is not registered for this")
"""Words of Tesla's page for a redirect URI that its portal does not list (§1.2)."""


SENDABLE: Final = r"^[!-~]{1,10000}$"
"""What can stand in a header: a token with anything else in it could not be used."""


class _TokenAnswer(BaseModel):
    """Of the token host's answer, what we use."""

    model_config = ConfigDict(extra="ignore")
    access_token: str = Field(pattern=SENDABLE)
    expires_in: int = Field(gt=0, le=366 * 86_400)
    refresh_token: str | None = Field(None, pattern=SENDABLE)
    id_token: str | None = None


class _Claims(BaseModel):
    """Of an access token's payload, what we use. Numbers beyond it are Tesla's own affair."""

    model_config = ConfigDict(extra="ignore")
    sub: str = Field(max_length=80, pattern=SENDABLE)
    scp: list[str] = []
    ou_code: str | None = Field(None, max_length=40, pattern=SENDABLE)


class TeslaOAuth:
    """`ports.tesla.TeslaSignIn`, and the partner token for the operator's own calls."""

    def __init__(
        self,
        http: httpx2.AsyncClient,
        clock: Clock,
        *,
        auth_url: str,
        token_url: str,
        client_id: str,
        client_secret: Secret,
        redirect_uri: str,
        audience: str,
        record: Record = unrecorded,
        whole_s: float = WHOLE_S,
    ) -> None:
        self._http, self._clock, self._record, self._whole_s = http, clock, record, whole_s
        self._auth_url, self._token_url = auth_url, token_url
        self._client_id, self._client_secret = client_id, client_secret
        self._redirect_uri, self._audience = redirect_uri, audience
        self._pace = Pace(TOKENS_EVERY_S)

    def consent_url(self, *, state: str, nonce: str, locale: str, repair: bool) -> str:
        asked = {
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "response_type": "code",
            "scope": " ".join(scope.value for scope in ASKED),
            "state": state,
            "nonce": nonce,
            "locale": locale,
            "show_keypair_step": "true",
        }
        if repair:
            asked |= {"prompt_missing_scopes": "true", "require_requested_scopes": "true"}
        else:
            asked |= {"prompt": "login", "prompt_missing_scopes": "true"}
        return str(httpx2.URL(f"{self._auth_url}/oauth2/v3/authorize", params=asked))

    def owners_consent_url(self, *, state: str, locale: str) -> str:
        asked = {
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "response_type": "code",
            "scope": " ".join(scope.value for scope in ASKED_OF_OWNERS),
            "state": state,
            "locale": locale,
            "prompt": "login",  # whoever else is signed in at Tesla in this browser is not meant
        }
        return str(httpx2.URL(f"{self._auth_url}/oauth2/v3/authorize", params=asked))

    @property
    def revoke_url(self) -> str:
        """Where the driver takes our access back himself."""
        url = httpx2.URL(f"{self._auth_url}{REVOKE_PATH}", params={"revoke_client_id": self._client_id})
        return str(url)

    async def exchange(self, code: str) -> Tokens:
        return await self._tokens(
            {
                "grant_type": "authorization_code",
                "client_id": self._client_id,
                "client_secret": self._client_secret.reveal(),
                "code": code,
                "audience": self._audience,
                "redirect_uri": self._redirect_uri,
            }
        )

    async def renew(self, grant_id: int, refresh: Secret) -> Tokens:
        return await self._tokens(
            {
                "grant_type": "refresh_token",
                "client_id": self._client_id,
                "refresh_token": refresh.reveal(),
            },
            grant_id,
        )

    def issued_at(self, access: Secret) -> datetime | None:
        try:
            issued = _payload(access.reveal()).get("iat")
        except Puzzling:
            return None
        return datetime.fromtimestamp(issued, UTC) if isinstance(issued, int) and 0 < issued < YEAR_2100 else None

    async def partner_token(self, audience: str) -> Secret:
        """A token of the app itself, for registration in the region of that audience."""
        answer = await self._ask(
            {
                "grant_type": "client_credentials",
                "client_id": self._client_id,
                "client_secret": self._client_secret.reveal(),
                "audience": audience,
                "scope": "openid vehicle_device_data vehicle_charging_cmds",
            }
        )
        return Secret(answer.access_token)

    async def takes_our_way_back(self) -> tuple[bool, bool | None]:
        """Whether Tesla's sign-in page answers, and whether it takes our redirect URI (§1.2).

        It says so at once, without a sign-in. A page that is neither a sign-in nor a refusal says nothing: robots
        may get a page of their own.
        """
        url = self.consent_url(state="check", nonce="check", locale="en-US", repair=False)
        try:
            response = await self._http.get(url, follow_redirects=False, timeout=TIMEOUT)
        except (httpx2.TransportError, httpx2.DecodingError):
            return False, None
        if any(word in text_of(response).lower() for word in NOT_LISTED):
            return True, False
        welcomes = response.status_code in (httpx2.codes.OK, httpx2.codes.FOUND, httpx2.codes.SEE_OTHER)
        return response.status_code < 500, True if welcomes else None

    async def _tokens(self, form: dict[str, str], grant_id: int | None = None) -> Tokens:
        answer = await self._ask(form, grant_id)
        if answer.refresh_token is None:
            raise ScopeMissing("offline_access: without it Tesla gives no refresh token")
        claims = _claims(answer.access_token)
        return Tokens(
            access=Secret(answer.access_token),
            refresh=Secret(answer.refresh_token),
            access_expires_at=self._clock.now() + timedelta(seconds=answer.expires_in),
            claims=UnverifiedClaims(
                account=claims.sub,
                scopes=frozenset(scope for scope in claims.scp if scope.isprintable()),
                region_code=claims.ou_code,
                nonce=_nonce(answer.id_token),
            ),
        )

    async def _ask(self, form: dict[str, str], grant_id: int | None = None) -> _TokenAnswer:
        """A lost answer may have spent the refresh token; Tesla keeps it good for 24 h, so asking again is safe."""
        url = f"{self._token_url}/oauth2/v3/token"
        await self._pace.turn()
        try:
            response = await sent(
                self._http,
                "POST",
                url,
                headers={},
                is_command=False,
                whole_s=self._whole_s,
                record=self._record,
                grant_id=grant_id,
                data=form,
            )
        except MEANT_AS_SAID:
            raise
        except Fault as passing:
            raise TeslaFails(passing.detail, request_id=passing.request_id) from passing
        try:
            return _TokenAnswer.model_validate_json(response.content)
        except ValidationError as wrong:
            raise Puzzling("the token host's answer cannot be read") from wrong


def _claims(token: str) -> _Claims:
    try:
        return _Claims.model_validate(_payload(token))
    except ValidationError as wrong:
        raise Puzzling("the access token names no account") from wrong


def _nonce(id_token: str | None) -> str | None:
    """None where Tesla tells none; what is no word becomes "", which no trip of ours began with."""
    told = _payload(id_token).get("nonce") if id_token else None
    if told is None:
        return None
    return told if isinstance(told, str) and told.isprintable() else ""


def _payload(token: str) -> dict[str, Any]:
    """The middle part of a JWT, unverified: it came over TLS from the token host itself."""
    parts = token.split(".")
    if len(parts) != 3:
        raise Puzzling("a token is no JWT")
    padded = parts[1].replace("-", "+").replace("_", "/") + "=" * (-len(parts[1]) % 4)
    try:
        payload = json.loads(base64.b64decode(padded, validate=True))
    except (binascii.Error, ValueError, RecursionError) as wrong:
        raise Puzzling("a token's payload cannot be read") from wrong
    if not isinstance(payload, dict):
        raise Puzzling("a token's payload is no object")
    return payload
