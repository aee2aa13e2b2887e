"""Users and partners: who is asking, and for which app."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tesla_simulator.fleet_api.answers import Refusal, answered
from tesla_simulator.fleet_api.gate import Gate, body_of
from tesla_simulator.portal import Registration, RegistrationRefused


class People:
    """Calls about an account or an app, not about a car."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def routes(self) -> list[Route]:
        partner = "/api/1/partner_accounts"
        return [
            Route("/status", self.status),
            Route("/api/1/users/me", self.me),
            Route("/api/1/users/region", self.region),
            Route("/api/1/users/orders", self.orders),
            Route("/api/1/users/feature_config", self.feature_config),
            Route(partner, self.register, methods=["POST"]),
            Route(f"{partner}/public_key", self.public_key),
        ]

    async def status(self, _: Request) -> Response:
        return PlainTextResponse("ok")

    async def me(self, request: Request) -> Response:
        caller = self._gate.caller(request)
        caller.needs_one_of("user_data")
        record = caller.account.record
        return answered(
            {
                "email": record.email,
                "full_name": record.full_name,
                "profile_image_url": "",
                "vault_uuid": record.user_id,
            }
        )

    async def region(self, request: Request) -> Response:
        """Answered in every region the app is registered in."""
        region = self._gate.caller(request, anywhere=True).account.region
        base = self._gate.world.sites.fleet_api(region)
        return answered({"region": region, "fleet_api_base_url": base})

    async def feature_config(self, request: Request) -> Response:
        self._gate.caller(request)
        return answered({"signaling": {"enabled": True, "subscribe_connectivity": False, "use_auth_token": False}})

    async def orders(self, request: Request) -> Response:
        """Cars bought and not delivered yet, in short."""
        caller = self._gate.caller(request)
        caller.needs_one_of("user_data")
        world = self._gate.world
        found = [
            {
                "vehicleMapId": world.cars[vin].record.number,
                "referenceNumber": f"RN{world.cars[vin].record.number % 1_000_000_000}",
                "vin": vin,
                "orderStatus": "BOOKED",
                "orderSubstatus": "_Z",
                "modelCode": f"m{vin[3].lower()}",
                "countryCode": "NL",
                "locale": "en_NL",
                "mktOptions": "",
                "isB2b": False,
            }
            for vin in caller.account.record.ordered_vins
        ]
        return answered(found, count=len(found))

    async def register(self, request: Request) -> Response:
        """Fetches the public key from the domain before it answers."""
        client_id = self._gate.partner(request, must_be_registered=False)
        domain = (await body_of(request)).get("domain")
        if not isinstance(domain, str):
            raise Refusal(400, "invalid_field")
        try:
            made = await self._gate.world.portal.register(client_id, domain, self._gate.region)
        except RegistrationRefused as refused:
            raise Refusal(refused.status, refused.error) from refused
        return answered(self._partner(made))

    async def public_key(self, request: Request) -> Response:
        client_id = self._gate.partner(request, must_be_registered=True)
        found = self._gate.world.portal.registration(client_id, self._gate.region)
        if found is None or found.domain != request.query_params.get("domain"):
            raise Refusal(404, "not_found")
        return answered({"public_key": found.public_key_hex})

    def _partner(self, made: Registration) -> dict[str, object]:
        app = self._gate.world.portal.record.apps[made.client_id]
        return {
            "client_id": app.client_id,
            "name": app.name,
            "description": app.name,
            "domain": made.domain,
            "ca": None,
            "created_at": made.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "updated_at": made.updated_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "enterprise_tier": "pay_as_you_go",
            "account_id": app.client_id,
            "issuer": None,
            "csr": None,
            "csr_updated_at": None,
            "public_key": made.public_key_hex,
            "public_key_hash": made.public_key_hash,
        }
