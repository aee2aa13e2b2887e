"""The simulated app and the stage on the web. All they do is call the world's verbs and show what is then.

Forms come back as pages; nothing here answers anybody outside this machine.
"""

from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tesla_simulator.cars.car import MOST_KEYS
from tesla_simulator.followers import FollowerLost
from tesla_simulator.pages import faces, knobs, stage_panes
from tesla_simulator.pages.rendering import page, render
from tesla_simulator.world import World

_SEE_OTHER: Final = 303


def routes(world: World, chargekey_url: str) -> list[Route]:
    """`/app` and `/stage` with all that is under them."""
    return [*AppPages(world, chargekey_url).routes(), *Stage(world, chargekey_url).routes()]


def ak_route(world: World, chargekey_url: str) -> Route:
    """Tesla's pairing link, which opens the app on the driver's phone. Belongs on tesla.com."""
    return Route("/_ak/{domain}", AppPages(world, chargekey_url).link)


class AppPages:
    """The driver's phone as pages. `?back=1` remembers that the driver came from a link in the browser."""

    def __init__(self, world: World, chargekey_url: str) -> None:
        self._world = world
        self._chargekey_url = chargekey_url

    def routes(self) -> list[Route]:
        """Looking is GET, all else is POST and leads back to a page."""
        return [
            Route("/app", self.car),
            Route("/app/locks", self.locks),
            Route("/app/third-parties", self.third_parties),
            Route("/app/swipes", self.swipes, methods=["POST"]),
            Route("/app/allows", self.allows, methods=["POST"]),
            Route("/app/cancels", self.cancels, methods=["POST"]),
            Route("/app/taps-key-card", self.taps_key_card, methods=["POST"]),
            Route("/app/reads", self.reads, methods=["POST"]),
            Route("/app/deletes-key", self.deletes_key, methods=["POST"]),
            Route("/app/revokes", self.revokes, methods=["POST"]),
        ]

    async def link(self, request: Request) -> Response:
        domain, vin = request.path_params["domain"], request.query_params.get("vin", "")
        await self._world.phone.opens_pairing_link(domain, vin)
        return self._car_page(request, came_by_link=True)

    async def car(self, request: Request) -> Response:
        return self._car_page(request, came_by_link="back" in request.query_params)

    async def locks(self, request: Request) -> Response:
        car = faces.shown_car(self._world.phone)
        keys = faces.key_rows(car) if car else []
        values = self._of_every_page(request, "locks")
        return render(
            request,
            "app_locks.html",
            car=faces.car_face(self._world.phone),
            keys=keys,
            most_keys=MOST_KEYS,
            **values,
        )

    async def third_parties(self, request: Request) -> Response:
        account = self._world.phone.account
        parties = faces.third_parties(account, self._world.portal) if account else []
        return render(request, "app_third_parties.html", parties=parties, **self._of_every_page(request, "access"))

    async def swipes(self, request: Request) -> Response:
        form = await request.form()
        try:
            self._world.phone.swipes_to(str(form.get("vin", "")))
        except LookupError:
            return Response("this car is not in the app", status_code=404)
        return await _goes_to("/app", request)

    async def allows(self, request: Request) -> Response:
        await self._world.phone.allows()
        return await _goes_to("/app", request)

    async def cancels(self, request: Request) -> Response:
        self._world.phone.cancels()
        return await _goes_to("/app", request)

    async def taps_key_card(self, request: Request) -> Response:
        self._world.phone.taps_key_card()
        return await _goes_to("/app", request)

    async def reads(self, request: Request) -> Response:
        self._world.phone.goes_home()
        return await _goes_to("/app", request)

    async def deletes_key(self, request: Request) -> Response:
        form = await request.form()
        car = faces.shown_car(self._world.phone)
        try:
            public_key = bytes.fromhex(str(form.get("public_key", "")))
        except ValueError:
            return Response("that is no key", status_code=400)
        if car is not None and public_key:
            car.somebody_deletes_our_key(public_key)
        return await _goes_to("/app/locks", request)

    async def revokes(self, request: Request) -> Response:
        form = await request.form()
        account = self._world.phone.account
        if account is not None:
            account.revokes_consent(str(form.get("client_id", "")))
        return await _goes_to("/app/third-parties", request)

    def _car_page(self, request: Request, *, came_by_link: bool) -> Response:
        phone = self._world.phone
        return render(
            request,
            "app_car.html",
            place="car",
            email=phone.record.email,
            back=self._chargekey_url if came_by_link else "",
            car=faces.car_face(phone),
            prompt=faces.prompt(phone),
            message=faces.message(phone),
        )

    def _of_every_page(self, request: Request, place: str) -> dict[str, Any]:
        back = self._chargekey_url if "back" in request.query_params else ""
        return {"place": place, "email": self._world.phone.record.email, "back": back}


class Stage:
    """The stage itself. What happened last and what went wrong are of the moment and not kept."""

    def __init__(self, world: World, chargekey_url: str) -> None:
        self._world = world
        self._chargekey_url = chargekey_url
        self._trouble = ""
        self._happened = ""

    def routes(self) -> list[Route]:
        """The page, its moving part, and two forms."""
        return [
            Route("/stage", self.whole),
            Route("/stage/panes", self.panes),
            Route("/stage/turns", self.turns, methods=["POST"]),
            Route("/stage/happens", self.happens, methods=["POST"]),
        ]

    async def whole(self, request: Request) -> Response:
        address = urlsplit(self._chargekey_url)
        framed = (f"{address.scheme}://{address.netloc}",)
        values = {"chargekey_url": self._chargekey_url, "phone": self._looks_of_the_phone()}
        return page(request, "stage.html", status=200, framed=framed, world=self._panes(), **values)

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


async def _goes_to(address: str, request: Request) -> Response:
    form = await request.form()
    return RedirectResponse(f"{address}?back=1" if form.get("back") else address, _SEE_OTHER)
