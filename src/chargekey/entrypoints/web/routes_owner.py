"""The page for an owner: a cover, the request, his yes or no, and the way into the Tesla app. Nobody signs in here.

Its address is the way in, so nothing of ours repeats it: `security.FORWARDED` says what browsers are told.
"""

import re
from collections.abc import AsyncIterator
from typing import Final

from fastapi import APIRouter, Depends, Path, Response
from fastapi import Request as HttpRequest
from fastapi.sse import EventSourceResponse, ServerSentEvent

from chargekey.domain.causes.case import HandOff
from chargekey.domain.hand_off import LONGEST_WORDS, Reason
from chargekey.domain.secret import Secret
from chargekey.entrypoints.web.door import Door, Press, Visitor
from chargekey.entrypoints.web.live import LivePages, Moved
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.qr import qr_path
from chargekey.entrypoints.web.screens.owner import Cover, Decline, OwnersCar, OwnersEnd, OwnersPage
from chargekey.entrypoints.web.security import FORWARDED
from chargekey.entrypoints.web.site import Journeys
from chargekey.journeys.answer_hand_off import CarToAllow, Request
from chargekey.ports.bus import Bus

LINK_SHAPE: Final = r"^[A-Za-z0-9_-]{20,100}$"
TOKEN: Final = Path(pattern=LINK_SHAPE)
CALLBACK: Final = "/connect/callback"
CAME_FROM: Final = "chargekey-owner"
TRIP_LASTS_S: Final = 3600
GONE: Final = 410
NO_CONTENT: Final = 204


def routes(door: Door, journeys: Journeys, bus: Bus) -> APIRouter:
    """`/owner/{token}` and what is pressed on it."""
    router = APIRouter()
    page = _Pages(door, journeys)
    _reading(router, door, journeys, page)
    _answering(router, door, journeys, page)
    _at_tesla(router, door, journeys)
    _live(router, door, journeys, page, LivePages(door, bus))
    return router


class _Pages:
    """Which screen a link shows in this browser just now."""

    def __init__(self, door: Door, journeys: Journeys) -> None:
        self._door, self._journeys = door, journeys

    async def request(self, token: str, visitor: Visitor) -> Request | None:
        session = visitor.session.id if visitor.session else None
        return await self._journeys.answer_hand_off.read(Secret(token), session, reader_of(visitor))

    async def shown(self, token: str, visitor: Visitor, *, turned_back: bool = False) -> Screen:
        """The cover until somebody pressed; the request while it can be answered; what became of it after."""
        request = await self.request(token, visitor)
        if request is None:
            return OwnersEnd(None, "", (), self._door.site.domain)
        path = FORWARDED + token
        if request.state not in (HandOff.WAITING, HandOff.OPENED):
            cars = tuple(car.vin for car in request.cars)
            return OwnersEnd(request.state, request.asks_as, cars, self._door.site.domain)
        if request.state is HandOff.WAITING and not request.is_ours:
            return Cover(path)
        return self._open(path, request, visitor, turned_back=turned_back)

    def _open(self, path: str, request: Request, visitor: Visitor, *, turned_back: bool) -> OwnersPage:
        return OwnersPage(
            path=path,
            asks_as=request.asks_as,
            asks_from=request.asks_from,
            made_at=request.made_at,
            ends_at=request.ends_at,
            cars=tuple(_car(car, on_phone=visitor.on_phone) for car in request.cars),
            domain=self._door.site.domain,
            on_phone=visitor.on_phone,
            has_agreed=request.has_agreed,
            has_consented=request.has_consented,
            turned_back=turned_back,
            tesla_host=self._door.site.tesla_host,
            was_answered=request.was_answered,
            is_ours=request.is_ours,
        )


def _reading(router: APIRouter, door: Door, journeys: Journeys, page: _Pages) -> None:
    @router.get("/owner/{token}")
    async def read(token: str = TOKEN, back: bool = False, visitor: Visitor = Depends(door.visitor)) -> Response:
        """Changes nothing: whoever looks at links before people do gets the cover. `back`: he turned back at Tesla.

        Only where he has said yes, in that browser, an open page keeps the looks for the key going.
        """
        session = visitor.session.id if visitor.session else None
        await journeys.answer_hand_off.page_is_open(Secret(token), session)
        screen = await page.shown(token, visitor, turned_back=back)
        return door.page(visitor, screen, status=GONE if isinstance(screen, OwnersEnd) else 200)

    @router.post("/owner/{token}/open")
    async def opens(token: str = TOKEN, press: Press = Depends(door.press)) -> Response:
        """Somebody reads it."""
        await journeys.answer_hand_off.open(Secret(token), reader_of(press.visitor))
        return door.go(press.visitor, FORWARDED + token)


def _answering(router: APIRouter, door: Door, journeys: Journeys, page: _Pages) -> None:
    @router.post("/owner/{token}/yes")
    async def yes(token: str = TOKEN, press: Press = Depends(door.press)) -> Response:
        """He expected this. Only now, and only here, the page shows Tesla's link."""
        await journeys.answer_hand_off.agree(Secret(token), press.session.id, reader_of(press.visitor))
        return door.go(press.visitor, FORWARDED + token)

    @router.get("/owner/{token}/no")
    async def why_not(token: str = TOKEN, visitor: Visitor = Depends(door.visitor)) -> Response:
        """Asks for a reason."""
        shown = await page.shown(token, visitor)
        if not isinstance(shown, OwnersPage):
            return door.go(visitor, FORWARDED + token)
        return door.page(visitor, Decline(shown.path, shown.asks_as, LONGEST_WORDS))

    @router.post("/owner/{token}/no")
    async def no(token: str = TOKEN, press: Press = Depends(door.press)) -> Response:
        """He says no."""
        said = press.fields.get("reason", "")
        if said not in set(Reason):
            request = await page.request(token, press.visitor)
            asks_as = request.asks_as if request else ""
            again = Decline(FORWARDED + token, asks_as, LONGEST_WORDS, nothing_chosen=True)
            return door.page(press.visitor, again, status=422)
        await journeys.answer_hand_off.decline(
            Secret(token), press.session.id, reader_of(press.visitor), Reason(said), press.fields.get("line", "")
        )
        return door.go(press.visitor, FORWARDED + token)

    @router.post("/owner/{token}/returned")
    async def returned(token: str = TOKEN, press: Press = Depends(door.press)) -> Response:
        """The owner came back from the Tesla app: look sooner."""
        await journeys.answer_hand_off.page_is_open(Secret(token), press.session.id, returned=True)
        return Response(status_code=NO_CONTENT)


def _at_tesla(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.post("/owner/{token}/tesla")
    async def to_tesla(token: str = TOKEN, press: Press = Depends(door.press)) -> Response:
        """Off to Tesla's own page. A cookie that only the way back sees remembers where the owner came from."""
        locale = press.visitor.place.replace("_", "-")
        url = journeys.answer_hand_off.set_out(Secret(token), press.session, locale)
        answer = door.go(press.visitor, url)
        answer.set_cookie(
            CAME_FROM,
            token,
            max_age=TRIP_LASTS_S,
            path=CALLBACK,
            secure=not door.site.demo,
            httponly=True,
            samesite="lax",
        )
        return answer

    @router.post("/owner/{token}/allowed")
    async def allowed(token: str = TOKEN, press: Press = Depends(door.press)) -> Response:
        """He says that he had allowed our name before."""
        await journeys.answer_hand_off.has_allowed_our_name(Secret(token), press.session.id)
        return door.go(press.visitor, FORWARDED + token)


async def owner_came_back(door: Door, journeys: Journeys, request: HttpRequest) -> Response | None:
    """Tesla's callback, if it is an owner who comes back; None: then it is a driver. The code in it is not read."""
    token, visitor = request.cookies.get(CAME_FROM, ""), await door.guest(request)
    if not re.fullmatch(LINK_SHAPE, token) or visitor.session is None:
        return None
    asked = dict(request.query_params)
    if not await journeys.answer_hand_off.come_back(Secret(token), visitor.session, asked):
        return None
    answer = door.go(visitor, f"{FORWARDED}{token}{'?back=true' if 'error' in asked else ''}")
    answer.delete_cookie(CAME_FROM, path=CALLBACK, secure=not door.site.demo, httponly=True, samesite="lax")
    return answer


def _live(router: APIRouter, door: Door, journeys: Journeys, page: _Pages, live: LivePages) -> None:
    @router.get("/owner/{token}/live", response_class=EventSourceResponse)
    async def changes(token: str = TOKEN, visitor: Visitor = Depends(door.guest)) -> AsyncIterator[ServerSentEvent]:
        """The page's changing part, for as long as there is anything to change."""
        request = await page.request(token, visitor)
        if request is None:
            return
        session = visitor.session.id if visitor.session else None

        async def still_open() -> None:
            await journeys.answer_hand_off.page_is_open(Secret(token), session)

        async def part() -> str:
            shown = await page.shown(token, visitor)
            if not isinstance(shown, OwnersPage):
                raise Moved(FORWARDED + token)
            return door.fragment(visitor, shown)

        async for event in live.events(request.driver_id, still_open, part):
            yield event


def reader_of(visitor: Visitor) -> int | None:
    """The driver signed in in this browser, if any: the one who asks cannot answer himself there."""
    return visitor.driver.id if visitor.driver else None


def _car(car: CarToAllow, *, on_phone: bool) -> OwnersCar:
    qr, size = ("", 0) if on_phone or car.link is None else qr_path(car.link)
    return OwnersCar(car.vin, car.has_key, car.looked_at, car.stop, car.link, car.link_shown, qr, size)
