"""Help, on every page: what happens most, and writing to us with what goes along shown first."""

from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request, Response

from chargekey.domain.support import SupportCode, readable_code
from chargekey.entrypoints.web.device import device_of
from chargekey.entrypoints.web.door import Door, DriverPress, SignedIn, Visitor
from chargekey.entrypoints.web.live import LivePages, Moved
from chargekey.entrypoints.web.screens.arriving import Help
from chargekey.entrypoints.web.screens.support import NotSent, WriteMore, WriteToUs, Written
from chargekey.entrypoints.web.showing_support import reader_of, tick_lines
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PARTS
from chargekey.journeys.get_support import NothingSaid, Shown, ShownTooLongAgo, WroteTooMuch
from chargekey.ports.bus import Bus

UNPROCESSABLE = 422
GONE = 410
TOO_MANY_REQUESTS = 429
LINE = "line_"


def routes(door: Door, journeys: Journeys, bus: Bus) -> APIRouter:
    """`/help` and what is pressed on it."""
    router = APIRouter()
    page = _Pages(door, journeys)
    _reading(router, door, journeys, page)
    _sending(router, door, journeys, page)
    _writing_more(router, door, journeys)

    async def still_open(_driver_id: int) -> None:
        """Whether he looks makes no difference."""

    LivePages(door, bus).serve(router, "/help/live", still_open, page.thread_part)
    return router


class _Pages:
    def __init__(self, door: Door, journeys: Journeys) -> None:
        self._door, self._journeys = door, journeys

    async def form(self, request: Request, me: SignedIn, typed: str = "", wrong: NotSent | None = None) -> WriteToUs:
        """With what would go along, gathered now."""
        agent = request.headers.get("user-agent", "")
        reader = reader_of(agent, device_of(request.headers), me.visitor.place, self._door.site.zone)
        shown: Shown = await self._journeys.get_support.show(me.driver.id, reader)
        lines = tick_lines(self._door.words(me.visitor), shown.bundle)
        return WriteToUs(shown.code, lines, PARTS.get(shown.step), typed, wrong)

    async def thread_part(self, me: SignedIn, _show: str) -> str:
        """The thread as it stands; raises `Moved` when it is erased."""
        thread = await self._journeys.get_support.thread(me.driver.id)
        if thread is None:
            raise Moved("/help")
        return self._door.fragment(me.visitor, Written(thread))


def _reading(router: APIRouter, door: Door, journeys: Journeys, page: _Pages) -> None:
    @router.get("/help")
    async def help_page(request: Request, visitor: Visitor = Depends(door.guest)) -> Response:
        """What he wrote and our answer, or the form; without a sign-in, advice and the operator's address."""
        if visitor.driver is None or visitor.session is None:
            return door.page(visitor, Help(None, door.site.contact))
        thread = await journeys.get_support.thread(visitor.driver.id)
        if thread:
            return door.page(visitor, Written(thread))
        me = SignedIn(visitor, visitor.session, visitor.driver)
        return door.page(visitor, await page.form(request, me))

    @router.get("/help/new")
    async def about_something_else(request: Request, me: SignedIn = Depends(door.driver)) -> Response:
        """The form, beside what he wrote before."""
        return door.page(me.visitor, await page.form(request, me))

    @router.get("/help/often")
    async def often(visitor: Visitor = Depends(door.guest)) -> Response:
        """What happens most, and what to do."""
        here = await journeys.standings.of(visitor.driver.id) if visitor.driver else None
        return door.page(visitor, Help(PARTS.get(here.step) if here else None, door.site.contact, here is not None))


def _sending(router: APIRouter, door: Door, journeys: Journeys, page: _Pages) -> None:
    @router.post("/help")
    async def send(request: Request, press: DriverPress = Depends(door.driver_press)) -> Response:
        """The message, and of the lines those that are ticked."""
        typed = press.fields.get("message", "")
        try:
            return await sent_or_stayed(press, typed)
        except ShownTooLongAgo:
            screen = await page.form(request, press.me, typed, NotSent.SHOWN_TOO_LONG_AGO)
            return door.page(press.me.visitor, screen, status=GONE)

    async def sent_or_stayed(press: DriverPress, typed: str) -> Response:
        """Raises `ShownTooLongAgo` also for a code that is not his."""
        code = readable_code(press.fields.get("code", ""))
        if code is None:
            raise ShownTooLongAgo
        ticked = _ticked(press.fields) if "along" in press.fields else frozenset()
        try:
            await journeys.get_support.send(press.me.driver.id, code, typed, ticked)
        except NothingSaid:
            return await stayed(press, code, typed)
        return door.go(press.me.visitor, "/help")

    async def stayed(press: DriverPress, code: SupportCode, typed: str) -> Response:
        """The same form with the same lines, ticked as they were."""
        me = press.me
        bundle = await journeys.get_support.shown(me.driver.id, code)
        lines = tick_lines(door.words(me.visitor), bundle, _ticked(press.fields))
        along = "along" in press.fields
        screen = WriteToUs(code, lines, None, typed, NotSent.NOTHING_SAID, along)
        return door.page(me.visitor, screen, status=UNPROCESSABLE)


def _writing_more(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.get("/help/more")
    async def more(me: SignedIn = Depends(door.driver)) -> Response:
        """One more message in the same case."""
        thread = await journeys.get_support.thread(me.driver.id)
        return door.page(me.visitor, WriteMore(thread)) if thread else door.go(me.visitor, "/help")

    @router.post("/help/more")
    async def write_more(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Sends it."""
        me, typed = press.me, press.fields.get("message", "")
        try:
            await journeys.get_support.write_more(me.driver.id, typed)
        except ShownTooLongAgo:
            return door.go(me.visitor, "/help/new")
        except (NothingSaid, WroteTooMuch) as wrong:
            too_many = isinstance(wrong, WroteTooMuch)
            thread = await journeys.get_support.thread(me.driver.id)
            if thread is None:
                return door.go(me.visitor, "/help/new")
            why = NotSent.TOO_MANY if too_many else NotSent.NOTHING_SAID
            status = TOO_MANY_REQUESTS if too_many else UNPROCESSABLE
            return door.page(me.visitor, WriteMore(thread, typed, why), status=status)
        return door.go(me.visitor, "/help")


def _ticked(fields: Mapping[str, str]) -> frozenset[int]:
    numbers = (name.removeprefix(LINE) for name in fields if name.startswith(LINE))
    return frozenset(int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) <= len("100"))
