"""Looking at vehicles through the Fleet API."""

from collections.abc import Mapping, Sequence
from typing import Final

from chargekey.adapters.tesla import shapes
from chargekey.adapters.tesla.answers import request_id_of
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.domain.evidence import KeyStatus, Listed
from chargekey.domain.findings import MobileAccess
from chargekey.domain.vehicle import Reach, Vin
from chargekey.ports.faults import Puzzling, Refused
from chargekey.ports.tesla import Answer, Look

MOST_PAGES: Final = 50
VINS_A_QUESTION: Final = 100
MOBILE_ACCESS_OFF: Final = "mobile_access_disabled"
"""The error word of a car that lets nobody in from afar (tesla-fleet-api §6.1)."""


class FleetVehicles:
    """`ports.tesla.TeslaVehicles`."""

    def __init__(self, api: FleetApi, trusted_base_urls: frozenset[str]) -> None:
        self._api, self._trusted = api, trusted_base_urls

    async def find_region(self, grant_id: int) -> Answer[str]:
        response = await self._api.ask(grant_id, "/api/1/users/region")
        base_url = shapes.read(shapes.RegionBody, response).response.fleet_api_base_url.rstrip("/")
        if base_url not in self._trusted:
            raise Puzzling("Tesla named a region that is not configured", request_id=request_id_of(response))
        return Answer(base_url, request_id_of(response))

    async def listing(self, grant_id: int) -> Answer[Sequence[tuple[Vin, Listed]]]:
        found: dict[Vin, Listed] = {}
        page: int | None = 1
        for _ in range(MOST_PAGES):
            response = await self._api.ask(grant_id, "/api/1/vehicles", page=str(page), per_page="100")
            body = shapes.read(shapes.ListBody, response)
            found |= {Vin(one.vin): one.listed() for one in body.response}
            page = body.pagination.next if body.pagination else None
            if page is None:
                break
        return Answer(tuple(found.items()), request_id_of(response))

    async def glance(self, grant_id: int, vin: Vin) -> Answer[Listed]:
        response = await self._api.ask(grant_id, f"/api/1/vehicles/{vin.whole}")
        return Answer(shapes.read(shapes.OneVehicle, response).response.listed(), request_id_of(response))

    async def key_statuses(self, grant_id: int, vins: Sequence[Vin]) -> Answer[Mapping[Vin, KeyStatus]]:
        statuses: dict[Vin, KeyStatus] = {}
        request_id = None
        for start in range(0, len(vins), VINS_A_QUESTION):
            some = vins[start : start + VINS_A_QUESTION]
            asked = {"vins": [vin.whole for vin in some]}
            response = await self._api.ask_with(grant_id, "/api/1/vehicles/fleet_status", asked)
            status = shapes.read(shapes.FleetStatusBody, response).response
            statuses |= {vin: status.key_status(vin) for vin in some}
            request_id = request_id_of(response)
        return Answer(statuses, request_id)

    async def mobile_access(self, grant_id: int, vin: Vin) -> Answer[MobileAccess]:
        try:
            response = await self._api.ask(grant_id, f"/api/1/vehicles/{vin.whole}/mobile_enabled")
        except Refused as refused:
            if MOBILE_ACCESS_OFF in refused.detail.lower():
                return Answer(MobileAccess(allowed=False), refused.request_id)
            raise
        return Answer(MobileAccess(shapes.read(shapes.MobileBody, response).response.result), request_id_of(response))

    async def look(self, grant_id: int, vin: Vin, *, with_place: bool, for_order: bool = False) -> Answer[Look]:
        endpoints = "charge_state;location_data;charge_schedule_data" if with_place else "charge_state"
        path = f"/api/1/vehicles/{vin.whole}/vehicle_data"
        response = await self._api.ask(grant_id, path, for_order=for_order, endpoints=endpoints)
        told = shapes.read(shapes.DataBody, response)
        request_id = request_id_of(response)
        if not with_place:
            return Answer(Look(told.charge_state(), None), request_id)
        return Answer(Look(told.charge_state(), told.place(), told.schedules(), told.most_schedules), request_id)

    async def wake(self, grant_id: int, vin: Vin) -> Answer[Reach]:
        response = await self._api.command(grant_id, f"/api/1/vehicles/{vin.whole}/wake_up", {})
        state = shapes.read(shapes.WakeBody, response).response.state
        return Answer(shapes.reach_of(state), request_id_of(response))
