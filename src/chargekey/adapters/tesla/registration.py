"""The operator's own calls: the app registered as partner, region by region (tesla-fleet-api §2)."""

from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx2

from chargekey.adapters.tesla import shapes
from chargekey.adapters.tesla.answers import request_id_of
from chargekey.adapters.tesla.call_record import Record, unrecorded
from chargekey.adapters.tesla.fleet_api import sent
from chargekey.adapters.tesla.oauth import TeslaOAuth
from chargekey.adapters.tesla.patience import Patience
from chargekey.domain.findings import RegistrationTrouble
from chargekey.domain.secret import Secret
from chargekey.ports.clock import Clock
from chargekey.ports.faults import (
    AccessExpired,
    Fault,
    NotRegistered,
    OperatorFault,
    OverLimit,
    Puzzling,
    Refused,
    TeslaFails,
    Unreachable,
    VehicleGone,
)
from chargekey.ports.tesla import Answer, PartnerLook

KEY_PATH: Final = "/api/1/partner_accounts/public_key"
WHY: Final = (
    ("already been taken", RegistrationTrouble.KEY_OR_DOMAIN_TAKEN),
    ("root domain", RegistrationTrouble.DOMAIN_NOT_ALLOWED),
    ("invalid domain", RegistrationTrouble.DOMAIN_NOT_ALLOWED),
    ("424", RegistrationTrouble.KEY_NOT_FETCHED),
)
"""Words of a refused registration, and what they mean (§2, errors)."""


class PartnerRegistration:
    """`ports.tesla.TeslaRegistration`. `machine` is the machine's own clock: one turned by a demo is off by intent."""

    def __init__(
        self,
        http: httpx2.AsyncClient,
        oauth: TeslaOAuth,
        regions: Mapping[str, str],
        machine: Clock,
        record: Record = unrecorded,
        patience: Patience | None = None,
    ) -> None:
        self._http, self._oauth, self._regions = http, oauth, regions
        self._machine, self._record, self._patience = machine, record, patience

    # ── registering ──────────────────────────────────────────────

    async def register(self, region: str, domain: str) -> Answer[str]:
        try:
            response = await self._send(region, "POST", "/api/1/partner_accounts", json={"domain": domain})
        except (OperatorFault, Puzzling, Refused) as refused:
            raise _not_registered(refused) from refused
        key = shapes.read(shapes.PublicKeyBody, response).response.public_key
        if key is None:
            raise Puzzling("Tesla registered the domain without a key", request_id=request_id_of(response))
        return Answer(key, request_id_of(response))

    async def registered_key(self, region: str, domain: str) -> Answer[str | None]:
        try:
            response = await self._send(region, "GET", KEY_PATH, params={"domain": domain})
        except VehicleGone as not_found:  # a 404 here is about the domain
            return Answer(None, not_found.request_id)
        return Answer(shapes.read(shapes.PublicKeyBody, response).response.public_key, request_id_of(response))

    # ── looking at our own side ──────────────────────────────────

    async def look(self, region: str, domain: str) -> PartnerLook:
        try:
            token = await self._oauth.partner_token(self._regions[region])
        except OperatorFault:
            return PartnerLook(reached=True, secret_is_right=False)
        except Fault as fault:
            return PartnerLook(reached=not isinstance(fault, Unreachable | TeslaFails))
        try:
            response = await self._send_as(token, region, "GET", KEY_PATH, params={"domain": domain})
            key = shapes.read(shapes.PublicKeyBody, response).response.public_key
        except VehicleGone:
            return PartnerLook(True, True, True, key="")
        except OperatorFault as refused:
            over = isinstance(refused, OverLimit)
            return PartnerLook(True, True, within_limits=not over, key=None if over else "")  # 412: no partner here
        except Fault as fault:
            reached = not isinstance(fault, Unreachable | TeslaFails)
            return PartnerLook(reached, None if isinstance(fault, AccessExpired) else True)
        if self._patience:
            self._patience.limit_is_lifted()
        return PartnerLook(True, True, True, key or "", self._ahead(response))

    async def sign_in_page(self) -> tuple[bool, bool | None]:
        return await self._oauth.takes_our_way_back()

    def _ahead(self, response: httpx2.Response) -> timedelta | None:
        """Our machine's clock against the Date of an answer, which is whole seconds; None where it had none."""
        try:
            told = parsedate_to_datetime(response.headers.get("date", ""))
            return self._machine.now() - told if told.tzinfo else None
        except (ValueError, OverflowError):
            return None

    async def _send(self, region: str, method: str, path: str, **asked: Any) -> httpx2.Response:
        token = await self._oauth.partner_token(self._regions[region])
        return await self._send_as(token, region, method, path, **asked)

    async def _send_as(self, token: Secret, region: str, method: str, path: str, **asked: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token.reveal()}", "Content-Type": "application/json"}
        url, record = self._regions[region] + path, self._record
        return await sent(self._http, method, url, headers=headers, is_command=False, record=record, **asked)


def _not_registered(refused: Fault) -> NotRegistered:
    said = refused.detail.lower()
    why = next((why for word, why in WHY if word in said), RegistrationTrouble.OTHER)
    return NotRegistered(refused.detail, why=why, request_id=refused.request_id)
