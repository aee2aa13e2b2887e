"""Who else may drive a car: the owner's list of drivers and the invitations by which they come to be on it."""

from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tesla_simulator.accounts import Access, Account
from tesla_simulator.cars.car import Car
from tesla_simulator.fleet_api.answers import Refusal, answered
from tesla_simulator.fleet_api.gate import Caller, Gate, body_of
from tesla_simulator.invitations import MOST_DRIVERS, Invitation, NotRedeemable

_OWNER: Final = "OWNER"
_A_PAGE: Final = 25


class Sharing:
    """All but redeeming is for the owner."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._world = gate.world

    def routes(self) -> list[Route]:
        one = "/api/1/vehicles/{tag}"
        return [
            Route(f"{one}/drivers", self.drivers),
            Route(f"{one}/drivers", self.remove_driver, methods=["DELETE"]),
            Route(f"{one}/invitations", self.invitations),
            Route(f"{one}/invitations", self.invite, methods=["POST"]),
            Route(f"{one}/invitations/{{number:int}}/revoke", self.revoke, methods=["POST"]),
            Route("/api/1/invitations/redeem", self.redeem, methods=["POST"]),
        ]

    async def drivers(self, request: Request) -> Response:
        _, car = self._owned(request, "vehicle_device_data")
        found = [_driver(account, access) for account, access in self._drivers_of(car)]
        return answered(found, count=len(found))

    async def remove_driver(self, request: Request) -> Response:
        body = await body_of(request)
        _, car = self._owned(request, "vehicle_cmds")
        for account, _access in self._drivers_of(car):
            if account.record.number == body.get("share_user_id"):
                account.sells(car.vin)
                return answered("ok")
        raise Refusal(404, "not_found")

    async def invitations(self, request: Request) -> Response:
        _, car = self._owned(request, "vehicle_device_data")
        found = [_told(one) for one in self._world.invitations.of(car.vin)][:_A_PAGE]
        pages = {"previous": None, "next": None, "current": 1, "per_page": _A_PAGE, "count": len(found), "pages": 1}
        return answered(found, pagination=pages, count=len(found))

    async def invite(self, request: Request) -> Response:
        await body_of(request)
        caller, car = self._owned(request, "vehicle_cmds")
        if len(self._drivers_of(car)) + len(self._world.invitations.of(car.vin)) >= MOST_DRIVERS:
            raise Refusal(422, "invalid_request")
        return answered(_told(self._world.invitations.invite(car.vin, caller.account.record.number)))

    async def revoke(self, request: Request) -> Response:
        await body_of(request)
        _, car = self._owned(request, "vehicle_cmds")
        try:
            self._world.invitations.revoke(car.vin, request.path_params["number"])
        except LookupError as error:
            raise Refusal(404, "not_found") from error
        return answered(True)

    async def redeem(self, request: Request) -> Response:
        """Whoever has the code drives the car from now on."""
        caller = self._gate.caller(request)
        body = await body_of(request)
        caller.needs_one_of("vehicle_cmds", "vehicle_device_data")
        try:
            found = self._world.invitations.redeem(str(body.get("code", "")), caller.account.record.number)
        except NotRedeemable as error:
            raise Refusal(404, "not_found") from error
        caller.account.gets(found.vin, "DRIVER")
        return answered({"vehicle_id_s": str(self._world.cars[found.vin].record.number), "vin": found.vin})

    def _owned(self, request: Request, scope: str) -> tuple[Caller, Car]:
        caller = self._gate.caller(request)
        caller.needs_one_of(scope)
        car, access = self._gate.car(request, caller)
        if access.access_type != _OWNER:
            raise Refusal(403, "Unauthorized")
        return caller, car

    def _drivers_of(self, car: Car) -> list[tuple[Account, Access]]:
        found = [(account, account.access_to(car.vin)) for account in self._world.accounts.values()]
        return [(account, access) for account, access in found if access and access.access_type != _OWNER]


def _driver(account: Account, access: Access) -> dict[str, Any]:
    first, _, last = account.record.full_name.partition(" ")
    return {
        "my_tesla_unique_id": account.record.number,
        "user_id": account.record.number,
        "user_id_s": str(account.record.number),
        "vault_uuid": account.record.user_id,
        "driver_first_name": first,
        "driver_last_name": last,
        "granular_access": {"hide_private": access.hides_private},
        "active_pubkeys": [],
        "public_key": "",
    }


def _told(one: Invitation) -> dict[str, Any]:
    return {
        "id": one.number,
        "id_s": str(one.number),
        "owner_id": one.owner,
        "owner_id_s": str(one.owner),
        "share_user_id": one.redeemed_by,
        "share_user_id_s": str(one.redeemed_by or ""),
        "product_id": one.vin,
        "product_type": "vehicle",
        "share_type": "customer",
        "state": "redeemed" if one.redeemed_by else "revoked" if one.revoked_at else "pending",
        "code": one.code,
        "share_link": f"https://www.tesla.com/_rs/1/{one.code}",
        "expires_at": _moment(one.expires_at),
        "revoked_at": _moment(one.revoked_at),
        "borrowing_device_id": None,
        "borrowing_key_hash": None,
        "key_id": None,
        "active_pubkeys": [None],
        "vin": one.vin,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
