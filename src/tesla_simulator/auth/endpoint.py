"""fleet-auth: where apps exchange codes and renew tokens, and what the world may know of the signing key."""

import secrets
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tesla_simulator.portal import App
from tesla_simulator.sites import REGIONS
from tesla_simulator.tokens import TokenRefused, login_required
from tesla_simulator.world import World

_FORM: Final = "application/x-www-form-urlencoded"
_NEEDS: Final = {
    "authorization_code": ("client_id", "client_secret", "code", "redirect_uri"),
    "refresh_token": ("client_id", "refresh_token"),
    "client_credentials": ("client_id", "client_secret", "audience"),
}


class TokenEndpoint:
    """The site that apps talk to; drivers never see it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        known = "/oauth2/v3/thirdparty/.well-known"
        return [
            *self.token_route(),
            Route(f"{known}/openid-configuration", self.configuration),
            Route("/oauth2/v3/discovery/thirdparty/keys", self.keys),
        ]

    def token_route(self) -> list[Route]:
        """Also for auth.tesla.com, where older programs still ask, and Tesla answers, if less reliably."""
        return [Route("/oauth2/v3/token", self.token, methods=["POST"])]

    async def token(self, request: Request) -> Response:
        try:
            if request.headers.get("content-type", "").split(";")[0].strip() != _FORM:
                raise TokenRefused(400, "invalid_request", "The body must be a form.")
            return JSONResponse(self._answer(await request.form()), headers={"cache-control": "no-store"})
        except TokenRefused as refused:
            return JSONResponse(self._refusal(refused), status_code=refused.status)

    async def configuration(self, _: Request) -> Response:
        auth, fleet_auth = self._world.sites.auth, self._world.sites.fleet_auth
        return JSONResponse(
            {
                "issuer": f"{auth}/oauth2/v3/nts",
                "authorization_endpoint": f"{auth}/oauth2/v3/authorize",
                "token_endpoint": f"{fleet_auth}/oauth2/v3/token",
                "jwks_uri": f"{fleet_auth}/oauth2/v3/discovery/thirdparty/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "grant_types_supported": list(_NEEDS),
            }
        )

    async def keys(self, _: Request) -> Response:
        return JSONResponse(self._world.tokens.signer.public_keys())

    def _answer(self, form: FormData) -> dict[str, object]:
        """Raises `TokenRefused`."""
        grant_type = str(form.get("grant_type", ""))
        if grant_type not in _NEEDS:
            raise TokenRefused(400, "unsupported_grant_type", "Use one of: " + ", ".join(_NEEDS))
        for name in _NEEDS[grant_type]:
            if not form.get(name):
                text = f"The '{name}' parameter is missing. Include {name} in the request."
                raise TokenRefused(400, "invalid_request", text)
        given = {name: str(value) for name, value in form.items()}
        app = self._app(given)
        if grant_type == "refresh_token":
            return self._renewed(app, given["refresh_token"])
        # Documented as required; programs that leave it out at a code are known to get their tokens all the same.
        audiences = {self._world.sites.fleet_api(region) for region in REGIONS}
        if given.get("audience") not in {*audiences, None}:
            raise TokenRefused(400, "invalid_request", "The audience is not a Fleet API base URL.")
        if grant_type == "client_credentials":
            scopes = given.get("scope", "").split() or ["openid", *app.scopes]
            return self._world.tokens.partner_token(app.client_id, f"partner-{app.client_id}", scopes)
        if given["redirect_uri"] not in app.redirect_uris:
            raise TokenRefused(400, "invalid_redirect_url", "The redirect URI is not registered for this client_id.")
        code = self._world.tokens.redeem(given["code"], app.client_id, given["redirect_uri"])
        return self._world.tokens.begin(self._world.accounts[code.email], code)

    def _app(self, given: dict[str, str]) -> App:
        app = self._world.portal.app(given["client_id"])
        secret_needed = "client_secret" in _NEEDS[given["grant_type"]]
        if app is None or (secret_needed and not _same(app.client_secret, given["client_secret"])):
            text = "We don't recognize this client_id and client_secret combination"
            raise TokenRefused(400, "unauthorized_client", text)
        return app

    def _renewed(self, app: App, refresh_token: str) -> dict[str, object]:
        grant = self._world.tokens.grant_of(refresh_token, app.client_id)
        account = self._world.accounts.get(grant.email)
        if account is None:
            raise login_required()
        return self._world.tokens.rotate(account, grant, refresh_token)

    def _refusal(self, refused: TokenRefused) -> dict[str, str]:
        reference = secrets.token_hex(16)
        body = {"error": refused.error, "error_description": refused.description}
        if refused.error == "invalid_request":
            return body | {"referenceID": reference}
        return body | {"error_uri": f"{self._world.sites.auth}/error/reference/{reference}"}


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())
