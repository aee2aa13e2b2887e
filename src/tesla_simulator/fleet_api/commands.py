"""Orders to a car: plain ones for cars that take them, signed ones for the others."""

import base64
import binascii
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tesla_simulator.cars.car import Car
from tesla_simulator.cars.commands import is_about_charging, is_known
from tesla_simulator.fleet_api.answers import NO_SIGNING, SIGNING_REQUIRED, Refusal, answered, asleep
from tesla_simulator.fleet_api.gate import Gate, body_of
from tesla_simulator.fleet_api.vehicles import can_be_reached

_FOR_ALL: Final = ("vehicle_cmds",)
_FOR_CHARGING: Final = (*_FOR_ALL, "vehicle_charging_cmds")
"""A signed order is the car's to read, so either scope lets one through."""


class Commands:
    """The two ways in which a car is told something."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def routes(self) -> list[Route]:
        one = "/api/1/vehicles/{tag}"
        return [
            Route(f"{one}/command/{{name}}", self.plain, methods=["POST"]),
            Route(f"{one}/signed_command", self.signed, methods=["POST"]),
        ]

    async def plain(self, request: Request) -> Response:
        """A car that needs signing refuses before anything is run. A refusal of the car itself is a 200."""
        name: str = request.path_params["name"]
        arguments = await body_of(request)
        if not is_known(name):
            raise Refusal(400, "invalid_command")
        car = self._car(request, *(_FOR_CHARGING if is_about_charging(name) else _FOR_ALL))
        if car.needs_signing:
            raise Refusal(403, SIGNING_REQUIRED)
        _must_be_awake(car)
        outcome = car.execute(name, arguments)
        return answered({"result": outcome.ok, "reason": outcome.reason})

    async def signed(self, request: Request) -> Response:
        """A 200 tells that the car answered; whether it obeyed stands inside."""
        car = self._car(request, *_FOR_CHARGING)
        body = await body_of(request)
        if not car.can_have_keys:
            raise Refusal(422, NO_SIGNING)
        _must_be_awake(car)
        try:
            message = base64.b64decode(body.get("routable_message", ""), validate=True)
        except (TypeError, ValueError, binascii.Error) as error:
            raise Refusal(400, "invalid_field") from error
        car.is_looked_at()
        return answered(base64.b64encode(car.protocol.answer(message)).decode())

    def _car(self, request: Request, *scopes: str) -> Car:
        """Whoever asks has one of the scopes."""
        caller = self._gate.caller(request)
        caller.needs_one_of(*scopes)
        car, _ = self._gate.car(request, caller)
        can_be_reached(car)
        return car


def _must_be_awake(car: Car) -> None:
    if car.state != "online":
        raise asleep()
