"""The stage on the web: both phones, the clock, the car, and everything that can be let happen.

All it does is call the world's verbs and show what is then.
"""

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tesla_simulator.followers import FollowerLost
from tesla_simulator.pages import faces, knobs, stage_panes
from tesla_simulator.pages.rendering import page, render
from tesla_simulator.phone import NotNow
from tesla_simulator.portal import NotHosted
from tesla_simulator.scenarios.scenario import Cast, cast
from tesla_simulator.scenarios.table import EndsWithTheDriver, end, play
from tesla_simulator.world import World

_SEE_OTHER: Final = 303


class Stage:
    """The stage itself. What happened last and what went wrong are of the moment and not kept."""

    def __init__(self, world: World, chargekey_url: str) -> None:
        self._world = world
        self._chargekey_url = chargekey_url
        self._trouble = ""
        self._happened = ""

    def routes(self) -> list[Route]:
        """The page, its moving part, and three forms."""
        return [
            Route("/stage", self.whole),
            Route("/stage/panes", self.panes),
            Route("/stage/turns", self.turns, methods=["POST"]),
            Route("/stage/happens", self.happens, methods=["POST"]),
            Route("/stage/plays", self.plays, methods=["POST"]),
        ]

    async def whole(self, request: Request) -> Response:
        address = urlsplit(self._chargekey_url)
        framed = (f"{address.scheme}://{address.netloc}",)
        values = {"chargekey_url": self._chargekey_url, "phone": self._looks_of_the_phone()}
        return page(
            request,
            "stage.html",
            status=200,
            framed=framed,
            world=self._panes(),
            scenarios=stage_panes.scenarios(),
            **values,
        )

    async def panes(self, request: Request) -> Response:
        answer = render(request, "_panes.html", world=self._panes())
        answer.headers["X-Phone"] = self._looks_of_the_phone()
        return answer

    async def turns(self, request: Request) -> Response:
        form = await request.form()
        try:
            moment = stage_panes.moment_of(str(form.get("to", "")), self._world)
        except knobs.NothingLikeThat:
            return Response("the clock cannot be turned there", status_code=409)
        try:
            await self._world.until(moment)
            self._trouble = ""
        except FollowerLost:
            self._trouble = "Chargekey did not answer, so the clock stopped here. Is it running?"
        return RedirectResponse("/stage", _SEE_OTHER)

    async def happens(self, request: Request) -> Response:
        form = await request.form()
        try:
            self._happened = knobs.let_happen(str(form.get("what", "")), self._world)
        except knobs.NothingLikeThat:
            return Response("that cannot happen now", status_code=409)
        return RedirectResponse("/stage", _SEE_OTHER)

    async def plays(self, request: Request) -> Response:
        """A scenario, with the account and the car of the driver's phone. `lets` is `begin` or `end`."""
        form = await request.form()
        scenario, let = str(form.get("scenario", "")), end if form.get("lets") == "end" else play
        try:
            done = await let(scenario, self._cast())
            begun = f"{done.says} {done.by_hand}".strip()
            self._happened = f"{done.id} is over." if let is end else f"{done.id}: {begun}"
        except EndsWithTheDriver:
            self._happened = f"{scenario}: only the driver ends this."
        except (NotNow, NotHosted) as error:
            self._happened = f"{scenario} cannot be played now: {error}."
        except LookupError:
            return Response("there is no such scenario, or nobody to play it with", status_code=409)
        return RedirectResponse("/stage", _SEE_OTHER)

    def _cast(self) -> Cast:
        """Whoever is signed in on the driver's phone, else the first account; the car shown, else the first."""
        phone, world = self._world.phone, self._world
        email = phone.record.email or next(iter(world.accounts), "")
        shown = faces.shown_car(phone)
        return cast(world, email, shown.vin if shown else next(iter(world.cars), ""))

    def _panes(self) -> stage_panes.StagePanes:
        return stage_panes.panes(self._world, trouble=self._trouble, happened=self._happened)

    def _looks_of_the_phone(self) -> str:
        """Changes when the app would look different; only equality counts."""
        phone, face = self._world.phone, faces.car_face(self._world.phone)
        car = faces.shown_car(phone)
        keys = len(car.keys) if car else 0
        consents = len(phone.account.record.consents) if phone.account else 0
        seen = (phone.shows, phone.record.domain, phone.record.email, keys, consents, face)
        return f"{hash(seen) & 0xFFFFFFFF:x}"
