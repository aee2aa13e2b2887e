"""`/internet/<domain>/<path>`: any domain of the simulation as whoever opens it would see it, the portal included."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tesla_simulator.internet import CannotBeReached
from tesla_simulator.world import World


def internet_route(world: World) -> Route:
    """GET alone, and nothing of the asker but the path goes along."""

    async def site(request: Request) -> Response:
        domain, path = request.path_params["domain"], "/" + request.path_params["path"]
        try:
            seen = await world.internet.get(domain, path)
        except CannotBeReached:
            # A domain that was there when this request came in; `doors` cuts the connections to all others.
            return Response(status_code=502)
        return Response(seen.content, seen.status, seen.headers)

    return Route("/internet/{domain}/{path:path}", site, methods=["GET"])
