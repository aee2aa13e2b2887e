"""The world played from outside: what there is, as JSON, and every verb by its name.

Rules of this room:

1. Only for this machine: the Host must be a loopback name, so that no page of the Internet can rebind its way in.
2. Only JSON is taken, and no other origin is let in: a form or script of another page cannot reach it.
3. A verb about a car is told its `vin`, one about an account its `email`, one about a phone its `phone` (without
   it, the driver's); all other members are its arguments, moments as ISO texts and durations in seconds.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError, validate_call
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tesla_simulator.bill import bill
from tesla_simulator.followers import FollowerLost
from tesla_simulator.phone import NotNow
from tesla_simulator.portal import NotHosted
from tesla_simulator.scenarios.scenario import Cast, Scenario, cast
from tesla_simulator.scenarios.table import SCENARIOS, EndsWithTheDriver, end, play
from tesla_simulator.summary import summary
from tesla_simulator.telemetry.addresses import Misaddressed
from tesla_simulator.telemetry.dispatchers import CannotPublish
from tesla_simulator.verbs import Unusable, Verbs
from tesla_simulator.world import World


class Control:
    """The JSON side of the world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._verbs = Verbs(world)

    def routes(self) -> list[Route]:
        return [
            Route("/control/world", self.world),
            Route("/control/bill", self.bill),
            Route("/control/telemetry_authority", self.telemetry_authority),
            Route("/control/clock", self.clock, methods=["POST"]),
            Route("/control/scenarios", self.scenarios),
            Route("/control/plays", self.plays, methods=["POST"]),
            Route("/control/ends", self.ends, methods=["POST"]),
            Route("/control/{verb}", self.verb, methods=["POST"]),
        ]

    async def world(self, _: Request) -> Response:
        return JSONResponse(summary(self._world))

    async def bill(self, request: Request) -> Response:
        """`?month=2024-11`, without it the present one."""
        month = request.query_params.get("month", f"{self._world.now:%Y-%m}")
        return JSONResponse(bill(self._world.record.billed, month))

    async def telemetry_authority(self, _: Request) -> Response:
        """PEM, for the `tls.ca_file` of a fleet-telemetry server."""
        return PlainTextResponse(self._world.far_ends.authority())

    async def clock(self, request: Request) -> Response:
        """{"advance_s": seconds} or {"until": ISO}. Answers when every follower has done what was due."""
        body = await _object(request)
        try:
            if "until" in body:
                moment = _MOMENT.validate_python(body["until"])
            else:
                moment = self._world.now + _SECONDS.validate_python(body.get("advance_s"))
            await self._world.until(moment)
        except ValidationError as error:
            raise _Misspoken(422, str(error)) from error
        except FollowerLost as lost:
            raise _Misspoken(503, f"{lost} did not do what was due") from lost
        return JSONResponse({"now": self._world.now.isoformat()})

    async def scenarios(self, _: Request) -> Response:
        """What can be played, and how each ends."""
        return JSONResponse(
            [
                {"id": one.id, "says": one.says, "by_hand": one.by_hand, "ends": one.ends is not None}
                for one in SCENARIOS.values()
            ]
        )

    async def plays(self, request: Request) -> Response:
        """{"scenario": id, "email": whose, "vin": of which car}."""
        return await self._let(play, request)

    async def ends(self, request: Request) -> Response:
        """As `plays`, for what passes without the driver."""
        return await self._let(end, request)

    async def _let(self, happen: Callable[[str, Cast], Awaitable[Scenario]], request: Request) -> Response:
        asked = await _object(request)
        try:
            people = cast(self._world, str(asked.get("email", "")), str(asked.get("vin", "")))
            done = await happen(str(asked.get("scenario", "")), people)
        except LookupError as error:
            raise _Misspoken(404, f"there is no {error}") from error
        except EndsWithTheDriver as error:
            raise _Misspoken(409, f"only the driver ends {error}") from error
        except (NotNow, NotHosted) as error:
            raise _Misspoken(409, str(error)) from error
        return JSONResponse({"said": done.says, "by_hand": done.by_hand})

    async def verb(self, request: Request) -> Response:
        arguments = await _object(request)
        try:
            found = self._verbs.find(request.path_params["verb"], arguments)
            if found is None:
                raise _Misspoken(404, "no such verb; there are: " + ", ".join(self._verbs.names))
            said = validate_call(found)(*arguments.pop("args", ()), **arguments)
            result = await said if isinstance(said, Awaitable) else said
        except LookupError as error:
            raise _Misspoken(404, f"there is no {error}") from error
        except (ValidationError, Unusable) as error:
            raise _Misspoken(422, str(error)) from error
        except (NotNow, NotHosted, CannotPublish, Misaddressed) as error:
            raise _Misspoken(409, str(error)) from error
        return JSONResponse({"said": result if isinstance(result, str) else None})


class _Misspoken(Exception):
    def __init__(self, status: int, says: str) -> None:
        super().__init__(says)
        self.status = status


async def misspoken(_: Request, error: Exception) -> Response:
    """The answer to a request that makes no sense here."""
    if not isinstance(error, _Misspoken):
        raise error
    return JSONResponse({"error": str(error)}, status_code=error.status)


MISSPOKEN: Final[Mapping[Any, Any]] = {_Misspoken: misspoken}
_MOMENT: Final[TypeAdapter[datetime]] = TypeAdapter(datetime)
_SECONDS: Final[TypeAdapter[timedelta]] = TypeAdapter(timedelta)


async def _object(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise _Misspoken(415, "only application/json is taken")
    try:
        body = await request.json()
    except ValueError as error:
        raise _Misspoken(400, "this is not JSON") from error
    if not isinstance(body, dict):
        raise _Misspoken(400, "a JSON object is wanted")
    return body
