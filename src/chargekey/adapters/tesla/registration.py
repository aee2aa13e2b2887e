"""The operator's own calls: the app registered as partner, region by region (tesla-fleet-api §2)."""

from collections.abc import Mapping
from typing import Any

import httpx2

from chargekey.adapters.tesla import shapes
from chargekey.adapters.tesla.answers import request_id_of
from chargekey.adapters.tesla.fleet_api import sent
from chargekey.adapters.tesla.oauth import TeslaOAuth
from chargekey.ports.faults import Puzzling, VehicleGone
from chargekey.ports.tesla import Answer


class PartnerRegistration:
    """`ports.tesla.TeslaRegistration`."""

    def __init__(self, http: httpx2.AsyncClient, oauth: TeslaOAuth, regions: Mapping[str, str]) -> None:
        self._http, self._oauth, self._regions = http, oauth, regions

    async def register(self, region: str, domain: str) -> Answer[str]:
        response = await self._send(region, "POST", "/api/1/partner_accounts", json={"domain": domain})
        key = shapes.read(shapes.PublicKeyBody, response).response.public_key
        if key is None:
            raise Puzzling("Tesla registered the domain without a key", request_id=request_id_of(response))
        return Answer(key, request_id_of(response))

    async def registered_key(self, region: str, domain: str) -> Answer[str | None]:
        try:
            response = await self._send(region, "GET", "/api/1/partner_accounts/public_key", params={"domain": domain})
        except VehicleGone as not_found:  # a 404 here is about the domain
            return Answer(None, not_found.request_id)
        return Answer(shapes.read(shapes.PublicKeyBody, response).response.public_key, request_id_of(response))

    async def _send(self, region: str, method: str, path: str, **asked: Any) -> httpx2.Response:
        base_url = self._regions[region]
        token = await self._oauth.partner_token(base_url)
        headers = {"Authorization": f"Bearer {token.reveal()}", "Content-Type": "application/json"}
        return await sent(self._http, method, base_url + path, headers=headers, is_command=False, **asked)
