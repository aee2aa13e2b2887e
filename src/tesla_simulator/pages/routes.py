"""The simulated app on the web. All it does is call the world's verbs and show what is then.

Forms come back as pages; nothing here answers anybody outside this machine.
"""

from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tesla_simulator.app_screens import Shows
from tesla_simulator.pages import faces, hands
from tesla_simulator.pages.rendering import render
from tesla_simulator.pages.stage import Stage
from tesla_simulator.phone import NotNow, Phone
from tesla_simulator.world import DRIVER, World

COOKIE: Final = "tesla_sim_phone"
"""Whose phone a browser is on; without it, the driver's."""
_SEE_OTHER: Final = 303


def routes(world: World, chargekey_url: str) -> list[Route]:
    """`/app` and `/stage` with all that is under them."""
    return [*AppPages(world, chargekey_url).routes(), *Stage(world, chargekey_url).routes()]


def ak_routes(world: World, chargekey_url: str) -> list[Route]:
    """Tesla's pairing link, which opens the app on the phone of this browser, and that app. Belongs on tesla.com."""
    pages = AppPages(world, chargekey_url)
    return [Route("/_ak/{domain}", pages.link), *pages.routes()]


class AppPages:
    """A phone as pages. `?back=1` remembers that the driver came from a link in the browser."""

    def __init__(self, world: World, chargekey_url: str) -> None:
        self._world = world
        self._chargekey_url = chargekey_url

    def routes(self) -> list[Route]:
        """Looking is GET, all else is POST and leads back to a page."""
        return [
            Route("/app", self.car),
            Route("/app/locks", self.locks),
            Route("/app/third-parties", self.third_parties),
            Route("/app/phone", self.phone),
            Route("/app/phone", self.lends_a_hand, methods=["POST"]),
            Route("/app/signs-in", self.signs_in, methods=["POST"]),
            Route("/app/becomes", self.becomes, methods=["POST"]),
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
        await self._phone(request).opens_pairing_link(domain, vin)
        return self._car_page(request, came_by_link=True)

    async def car(self, request: Request) -> Response:
        return self._car_page(request, came_by_link="back" in request.query_params)

    async def locks(self, request: Request) -> Response:
        car = faces.shown_car(self._phone(request))
        keys = faces.key_rows(car) if car else []
        values = self._of_every_page(request, "locks")
        return render(
            request,
            "app_locks.html",
            car=faces.car_face(self._phone(request)),
            keys=keys,
            most_keys=car.record.most_keys if car else 0,
            **values,
        )

    async def third_parties(self, request: Request) -> Response:
        account = self._phone(request).account
        parties = faces.third_parties(account, self._world.portal) if account else []
        return render(request, "app_third_parties.html", parties=parties, **self._of_every_page(request, "access"))

    async def swipes(self, request: Request) -> Response:
        form = await request.form()
        try:
            self._phone(request).swipes_to(str(form.get("vin", "")))
        except LookupError:
            return Response("this car is not in the app", status_code=404)
        return await _goes_to("/app", request)

    async def allows(self, request: Request) -> Response:
        await self._phone(request).allows()
        return await _goes_to("/app", request)

    async def cancels(self, request: Request) -> Response:
        self._phone(request).cancels()
        return await _goes_to("/app", request)

    async def taps_key_card(self, request: Request) -> Response:
        self._phone(request).taps_key_card()
        return await _goes_to("/app", request)

    async def reads(self, request: Request) -> Response:
        self._phone(request).goes_home()
        return await _goes_to("/app", request)

    async def deletes_key(self, request: Request) -> Response:
        form = await request.form()
        car = faces.shown_car(self._phone(request))
        try:
            public_key = bytes.fromhex(str(form.get("public_key", "")))
        except ValueError:
            return Response("that is no key", status_code=400)
        if car is not None and public_key:
            car.somebody_deletes_our_key(public_key)
        return await _goes_to("/app/locks", request)

    async def revokes(self, request: Request) -> Response:
        form = await request.form()
        account = self._phone(request).account
        if account is not None:
            account.revokes_consent(str(form.get("client_id", "")))
        return await _goes_to("/app/third-parties", request)

    async def phone(self, request: Request) -> Response:
        return self._phone_page(request)

    async def lends_a_hand(self, request: Request) -> Response:
        form = await request.form()
        try:
            told = await hands.lend(str(form.get("does", "")), self._phone(request))
        except LookupError:
            return Response("that cannot be done with this phone now", status_code=409)
        return self._phone_page(request, told, came_by_link=bool(form.get("back")))

    async def signs_in(self, request: Request) -> Response:
        form = await request.form()
        try:
            self._phone(request).signs_in(str(form.get("email", "")))
        except (LookupError, NotNow):
            return Response("nobody can sign in so", status_code=409)
        return await _goes_to("/app", request)

    async def becomes(self, request: Request) -> Response:
        """This browser is on another phone from now on."""
        form = await request.form()
        name = str(form.get("phone", ""))
        if name not in self._world.phones:
            return Response("there is no such phone", status_code=404)
        answer = await _goes_to("/app", request)
        answer.set_cookie(COOKIE, quote(name), httponly=True, samesite="lax", path="/")
        return answer

    def _name_of_phone(self, request: Request) -> str:
        return next((n for n in self._world.phones if quote(n) == request.cookies.get(COOKIE)), DRIVER)

    def _phone(self, request: Request) -> Phone:
        return self._world.phones[self._name_of_phone(request)]

    def _phone_page(self, request: Request, told: str = "", *, came_by_link: bool = False) -> Response:
        phone, accounts = self._phone(request), self._world.accounts.values()
        values = self._of_every_page(request, "phone")
        return render(
            request,
            "app_phone.html",
            hands=hands.possible(phone),
            told=told,
            can_sign_in=phone.record.has_app,
            accounts=[(account.email, account.record.full_name) for account in accounts],
            phones=list(self._world.phones),
            name=self._name_of_phone(request),
            **{**values, "back": self._chargekey_url if came_by_link else values["back"]},
        )

    def _web_page(self, request: Request, phone: Phone, back: str) -> Response:
        """In the browser: the app has not come up."""
        title, says = phone.words
        leads = phone.shows is Shows.WEB_PAGE
        link = f"{self._world.sites.from_a_page('/tesla')}/_ak/{quote(phone.record.domain)}" if leads else ""
        vin = phone.record.asked_vin
        return render(request, "app_web_page.html", title=title, says=says, link=link, vin=vin, back=back)

    def _car_page(self, request: Request, *, came_by_link: bool) -> Response:
        phone = self._phone(request)
        if phone.shows in (Shows.WEB_PAGE, Shows.NO_APP):
            return self._web_page(request, phone, self._chargekey_url if came_by_link else "")
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
        return {"place": place, "email": self._phone(request).record.email, "back": back}


async def _goes_to(address: str, request: Request) -> Response:
    form = await request.form()
    return RedirectResponse(f"{address}?back=1" if form.get("back") else address, _SEE_OTHER)
