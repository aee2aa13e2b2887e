"""One region's Fleet API as an application: its routes, and how it says no."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tesla_simulator.fleet_api.answers import Refusal
from tesla_simulator.fleet_api.around_the_car import AroundTheCar
from tesla_simulator.fleet_api.commands import Commands
from tesla_simulator.fleet_api.gate import Gate
from tesla_simulator.fleet_api.people import People
from tesla_simulator.fleet_api.sharing import Sharing
from tesla_simulator.fleet_api.telemetry import TelemetryConfig
from tesla_simulator.fleet_api.vehicles import Vehicles
from tesla_simulator.world import World

_WORDS = {404: "not_found", 405: "invalid_method"}


def fleet_api(world: World, region: str) -> Starlette:
    gate = Gate(world, region)
    # Before the cars: their settings have addresses that look like a car's.
    rooms = (People(gate), Commands(gate), TelemetryConfig(gate), Vehicles(gate), Sharing(gate), AroundTheCar(gate))
    return Starlette(
        routes=[route for room in rooms for route in room.routes()],
        exception_handlers={Refusal: _refused, HTTPException: _nowhere},
    )


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return error.answer()


async def _nowhere(_: Request, error: Exception) -> Response:
    """No such path, or not by this method."""
    if not isinstance(error, HTTPException):
        raise error
    return Refusal(error.status_code, _WORDS.get(error.status_code, "invalid_request"), error.headers).answer()
