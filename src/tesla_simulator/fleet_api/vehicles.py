"""Vehicles: the list, the looks, waking, and the state of keys."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tesla_simulator.accounts import Access
from tesla_simulator.cars.car import Car
from tesla_simulator.cars.record import CarRecord
from tesla_simulator.fleet_api import shapes
from tesla_simulator.fleet_api.answers import PRIVATE, Refusal, answered, asleep, missing_scopes
from tesla_simulator.fleet_api.gate import Caller, Gate, body_of

_PER_PAGE: Final = 100
_LOCATION: Final = "location_data"
_BLOCKS: Final[Mapping[str, Callable[[CarRecord], shapes.Fields]]] = {
    "charge_state": shapes.charge_state,
    "climate_state": shapes.climate_state,
    "closures_state": shapes.closures_state,
    "gui_settings": shapes.gui_settings,
    "charge_schedule_data": shapes.charge_schedule_data,
    "preconditioning_schedule_data": shapes.preconditioning_schedule_data,
    "vehicle_config": shapes.vehicle_config,
    "vehicle_state": shapes.vehicle_state,
}
_WITHOUT_ASKING: Final = (
    "charge_state", "climate_state", "drive_state", "gui_settings", "vehicle_config", "vehicle_state",
)  # fmt: skip
_ANY_VEHICLE_SCOPE: Final = ("vehicle_device_data", "vehicle_cmds", "vehicle_charging_cmds")


class Vehicles:
    """Calls about cars that change nothing in them but their sleep."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def routes(self) -> list[Route]:
        one = "/api/1/vehicles/{tag}"
        return [
            Route("/api/1/vehicles", self.all),
            Route("/api/1/products", self.products),
            Route("/api/1/vehicles/fleet_status", self.fleet_status, methods=["POST"]),
            Route(one, self.one),
            Route(f"{one}/vehicle_data", self.data),
            Route(f"{one}/wake_up", self.wake_up, methods=["POST"]),
            Route(f"{one}/mobile_enabled", self.mobile_enabled),
        ]

    async def all(self, request: Request) -> Response:
        caller = self._gate.caller(request)
        caller.needs_one_of("vehicle_device_data")
        page = _positive(request, "page", 1)
        per_page = _positive(request, "per_page", _PER_PAGE)
        accesses = caller.account.listed
        count, pages = len(accesses), max(1, math.ceil(len(accesses) / per_page))
        shown = [self._vehicle(caller, access) for access in accesses[(page - 1) * per_page : page * per_page]]
        pagination = {
            "previous": page - 1 if page > 1 else None,
            "next": page + 1 if page < pages else None,
            "current": page,
            "per_page": per_page,
            "count": count,
            "pages": pages,
        }
        return answered(shown, pagination=pagination, count=len(shown))

    async def products(self, request: Request) -> Response:
        """All that an account has; in this world that is cars. One page, however many."""
        caller = self._gate.caller(request)
        caller.needs_one_of("vehicle_device_data", "energy_device_data")
        seen = caller.account.listed if "vehicle_device_data" in caller.scopes else []
        shown = [self._vehicle(caller, access) for access in seen]
        return answered(shown, count=len(shown))

    async def one(self, request: Request) -> Response:
        """The free look: wakes nobody, keeps nobody awake."""
        caller = self._gate.caller(request)
        caller.needs_one_of("vehicle_device_data")
        car, access = self._gate.car(request, caller)
        return answered(shapes.vehicle(car, caller.account, access))

    async def data(self, request: Request) -> Response:
        """Asked of the car itself. Unknown blocks are not answered, as with Tesla."""
        caller = self._gate.caller(request)
        caller.needs_one_of("vehicle_device_data")
        given = request.query_params.get("endpoints")
        asked = given.split(";") if given else list(_WITHOUT_ASKING)
        if _LOCATION in asked and "vehicle_location" not in caller.scopes:
            raise missing_scopes()
        car, access = self._gate.car(request, caller)
        if not caller.account.record.shares_data:
            raise Refusal(451, PRIVATE)
        can_be_reached(car)
        if car.state != "online":
            raise asleep()
        car.is_looked_at()
        told = shapes.vehicle(car, caller.account, access)
        told |= {name: block(car.record) for name, block in _BLOCKS.items() if name in asked}
        shows_place = _LOCATION in asked and not access.hides_private
        if "drive_state" in asked or shows_place:
            told["drive_state"] = shapes.drive_state(car.record, shows_place)
        return answered(told)

    async def wake_up(self, request: Request) -> Response:
        """Asks; the car takes its time. The answer tells the state it has now."""
        caller = self._gate.caller(request)
        await body_of(request)
        caller.needs_one_of("vehicle_cmds", "vehicle_charging_cmds")
        car, access = self._gate.car(request, caller)
        can_be_reached(car)
        car.is_asked_to_wake()
        return answered(shapes.vehicle(car, caller.account, access))

    async def mobile_enabled(self, request: Request) -> Response:
        caller = self._gate.caller(request)
        caller.needs_one_of(*_ANY_VEHICLE_SCOPE)
        car, _ = self._gate.car(request, caller)
        return answered({"result": car.mobile_access_as_told, "reason": ""})

    async def fleet_status(self, request: Request) -> Response:
        """What the servers know of keys: works with sleeping cars, and lags behind them."""
        caller = self._gate.caller(request)
        caller.needs_one_of(*_ANY_VEHICLE_SCOPE)
        vins = (await body_of(request)).get("vins")
        if not isinstance(vins, list) or not vins or not all(isinstance(vin, str) for vin in vins):
            raise Refusal(400, "invalid_field")
        paired: list[str] = []
        unpaired: list[str] = []
        information = {}
        for car in self._known(caller, vins):
            information[car.vin] = shapes.fleet_information(car, len(vins))
            if not car.record.is_in_no_list:
                (paired if self._is_paired(caller, car) else unpaired).append(car.vin)
        told = {"key_paired_vins": paired, "unpaired_vins": unpaired, "vehicle_info": information}
        return answered(told)

    def _known(self, caller: Caller, vins: list[str]) -> list[Car]:
        return [self._gate.world.cars[vin] for vin in vins if caller.account.access_to(vin) is not None]

    def _is_paired(self, caller: Caller, car: Car) -> bool:
        world = self._gate.world
        car.settle()
        partner = world.portal.registration(caller.client_id, caller.region)
        lag = world.record.fleet_status_lag if car.record.key_lag is None else car.record.key_lag
        known = car.reported_keys(as_of=world.now - lag)
        return partner is not None and partner.public_key_hex in known

    def _vehicle(self, caller: Caller, access: Access) -> shapes.Fields:
        car = self._gate.world.cars[access.vin]
        car.settle()
        return shapes.vehicle(car, caller.account, access)


def can_be_reached(car: Car) -> None:
    """Raises `Refusal` for what stands in the way of every live call, asleep or not."""
    if not car.mobile_access_as_told:
        raise Refusal(401, "mobile_access_disabled")
    if car.record.in_service:
        raise Refusal(405, "vehicle is currently in service")


def _positive(request: Request, name: str, otherwise: int) -> int:
    given = request.query_params.get(name)
    if given is None:
        return otherwise
    if not given.isascii() or not given.isdigit() or not 0 < int(given) <= 10_000:
        raise Refusal(400, "invalid_field")
    return int(given)
