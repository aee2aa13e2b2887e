"""Who may come in: token, registration, region, account, scope, car, in this order.

Each check raises the `Refusal` Tesla would answer with.
"""

import json
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request

from tesla_simulator.accounts import Access, Account
from tesla_simulator.cars.car import Car
from tesla_simulator.fleet_api.answers import (
    EXCEEDED_LIMIT,
    LOCKED,
    MUST_PAY,
    REGIONS,
    REGISTER,
    Refusal,
    TokenExpired,
    missing_scopes,
)
from tesla_simulator.portal import Billing
from tesla_simulator.tokens import AccessToken
from tesla_simulator.world import World

_BEARER: Final = "Bearer "


@dataclass(frozen=True)
class Caller:
    """An app that acts for an account."""

    account: Account
    client_id: str
    scopes: frozenset[str]
    region: str

    def needs_one_of(self, *scopes: str) -> None:
        """Raises `Refusal` when the token carries none of them."""
        if not self.scopes & set(scopes):
            raise missing_scopes()


class Gate:
    """One for each region's site."""

    def __init__(self, world: World, region: str) -> None:
        self.world = world
        self.region = region

    def caller(self, request: Request, anywhere: bool = False) -> Caller:
        """`anywhere`: answered in every region the app is registered in, not only in the account's own."""
        token = self._token(request)
        if not token.email:
            raise Refusal(401, "invalid bearer token")
        account = self.world.accounts[token.email]
        if account.consent_to(token.client_id) is None:
            raise Refusal(401, "User revoked consent")
        self._needs_registration(token.client_id)
        if not anywhere and account.region != self.region:
            raise self._out_of_region(account)
        if account.record.is_locked:
            raise Refusal(423, LOCKED)
        if not account.record.has_used_the_app or account.record.waits_for_its_business:
            raise Refusal(401, "unknown user")
        return Caller(account, token.client_id, frozenset(token.scopes), self.region)

    def speaks_for_itself(self, request: Request) -> bool:
        """Whether the token is an app's own, not an account's. Raises `Refusal` for none."""
        return not self._token(request).email

    def partner(self, request: Request, must_be_registered: bool) -> str:
        """The client id of an app that speaks for itself."""
        token = self._token(request)
        if token.email:
            raise Refusal(403, "Expected partner account")
        if must_be_registered:
            self._needs_registration(token.client_id)
        return token.client_id

    def car(self, request: Request, caller: Caller) -> tuple[Car, Access]:
        if caller.account.is_refused_this_time():
            raise missing_scopes()
        tag: str = request.path_params["tag"]
        car = self.world.car_by_tag(tag)
        access = caller.account.access_to(car.vin) if car else None
        if car is None or access is None:
            raise Refusal(404, f"{tag} not_found")
        car.settle()
        return car, access

    def account_of(self, authorization: str) -> str:
        """The e-mail address a token speaks for, or nothing: for faults that meet one account only."""
        token = self.world.tokens.looked_up(authorization.removeprefix(_BEARER)) if authorization else None
        return token.email if token else ""

    def _token(self, request: Request) -> AccessToken:
        """A token that is alive. A token replaced by rotation is as good as none."""
        authorization = request.headers.get("authorization", "")
        token = self.world.tokens.looked_up(authorization.removeprefix(_BEARER))
        if not authorization.startswith(_BEARER) or token is None:
            raise Refusal(401, "invalid bearer token")
        if token.email and self.world.accounts[token.email].consent_to(token.client_id) is None:
            raise Refusal(401, "User revoked consent")
        if token.is_revoked:
            raise Refusal(401, "User revoked consent")
        if token.expires_at <= self.world.now:
            raise TokenExpired
        if token.is_replaced:
            raise Refusal(401, "invalid bearer token")
        self._must_have_paid(token.client_id)
        return token

    def _must_have_paid(self, client_id: str) -> None:
        billing = self.world.portal.billing(client_id)
        if billing is Billing.EXCEEDED:
            raise Refusal(403, EXCEEDED_LIMIT)
        if billing is Billing.UNPAID:
            raise Refusal(402, MUST_PAY)

    def _needs_registration(self, client_id: str) -> None:
        if self.world.portal.registration(client_id, self.region) is None:
            base = self.world.sites.fleet_api(self.region)
            text = f"Account {client_id} must be registered in the current region {base}, please see {REGISTER}"
            raise Refusal(412, text)

    def _out_of_region(self, account: Account) -> Refusal:
        base = self.world.sites.fleet_api(account.region)
        text = f"user out of region, use base URL: {base}, see {REGIONS}"
        return Refusal(421, text, {"Alt-Svc": f"h2={_origin(base)}"})


async def body_of(request: Request) -> dict[str, Any]:
    """A JSON object, or nothing at all: then no kind of content need be named. Raises `Refusal`."""
    content = await request.body()
    kind = request.headers.get("content-type")
    if (content or kind) and (kind or "").split(";")[0].strip() != "application/json":
        raise Refusal(406, "the Content-Type header must be application/json")
    if not content:
        return {}
    try:
        body = json.loads(content)
    except (JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(400, "invalid_request") from error
    if not isinstance(body, dict):
        raise Refusal(400, "invalid_request")
    return body


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
