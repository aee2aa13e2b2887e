"""The console: who waits, what they sent, what to ask next, and the answer. For agents alone."""

from collections.abc import AsyncIterator, Awaitable
from typing import Final

from fastapi import APIRouter, Depends, HTTPException, Path, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from chargekey.domain.role import Role
from chargekey.domain.support import NextQuestionLine, SupportCode, readable_code
from chargekey.entrypoints.web.door import Door, DriverPress, NotSignedIn, SignedIn
from chargekey.entrypoints.web.live import SIGN_IN, LivePages, Moved
from chargekey.entrypoints.web.screens.support import Console
from chargekey.entrypoints.web.showing_support import case_shown, link_again, queue_lines
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.staff import NOT_FOUND, only, only_pressing
from chargekey.entrypoints.web.words import Words, place_for
from chargekey.journeys.answer_support import NoSuchCase, NoSuchCause, OpenCase
from chargekey.journeys.get_support import DESK, NothingSaid
from chargekey.ports.bus import Bus
from chargekey.ports.support import LookedAs

CODE: Final = Path(pattern=f"^{SupportCode.shape}$")
UNPROCESSABLE: Final = 422
PATH: Final = "/console"


def routes(door: Door, journeys: Journeys, bus: Bus) -> APIRouter:
    """`/console` and the cases in it."""
    router = APIRouter(prefix=PATH)
    desk = _Desk(door, journeys)
    _queue(router, door, desk)
    _live(router, door, desk, LivePages(door, bus))
    _case(router, door, journeys, desk)
    _answering(router, door, journeys, desk)
    return router


class _Desk:
    """What an agent sees."""

    def __init__(self, door: Door, journeys: Journeys) -> None:
        self._door, self._journeys = door, journeys

    def words(self, me: SignedIn) -> Words:
        return self._door.words(me.visitor)

    def his_words(self, case: OpenCase) -> Words:
        """How the driver reads."""
        return self._door.words_for(place_for(case.locale))

    async def queue(self, me: SignedIn, wrong: str = "") -> Console:
        waiting = await self._journeys.answer_support.queue()
        return Console(queue_lines(self.words(me), waiting), wrong=wrong)

    async def case(self, me: SignedIn, case: OpenCase, *, said_nothing: bool = False) -> Console:
        waiting = await self._journeys.answer_support.queue()
        shown = case_shown(self.words(me), self.his_words(case), case, self._door.site)
        return Console(queue_lines(self.words(me), waiting, case.code.text), shown, said_nothing=said_nothing)


def _queue(router: APIRouter, door: Door, desk: _Desk) -> None:
    agent, agent_presses = only(door, Role.AGENT), only_pressing(door, Role.AGENT)

    @router.get("")
    async def waiting(me: SignedIn = Depends(agent)) -> Response:
        """Who waits."""
        return door.page(me.visitor, await desk.queue(me))

    @router.post("/find")
    async def find(press: DriverPress = Depends(agent_presses)) -> Response:
        """By the code that a driver says."""
        typed = press.fields.get("code", "")[:40]
        code = readable_code(typed)
        if code is None:
            return door.page(press.me.visitor, await desk.queue(press.me, typed or "?"), status=UNPROCESSABLE)
        return door.go(press.me.visitor, f"{PATH}/{code}")


def _live(router: APIRouter, door: Door, desk: _Desk, live: LivePages) -> None:
    agent = only(door, Role.AGENT)

    @router.get("/live", response_class=EventSourceResponse)
    async def changes(me: SignedIn = Depends(agent)) -> AsyncIterator[ServerSentEvent]:
        """The queue, at once and after every change."""

        async def still_open() -> None:
            """Whether somebody looks makes no difference."""

        async def part() -> str:
            try:
                return door.fragment(me.visitor, await desk.queue(await door.still(me)))
            except NotSignedIn as ended:
                raise Moved(SIGN_IN) from ended

        async for event in live.events(DESK, still_open, part):
            yield event


def _case(router: APIRouter, door: Door, journeys: Journeys, desk: _Desk) -> None:
    agent, agent_presses = only(door, Role.AGENT), only_pressing(door, Role.AGENT)

    @router.get("/{code}")
    async def read(code: str = CODE, me: SignedIn = Depends(agent)) -> Response:
        """Opens a case; that is written down."""
        try:
            case = await journeys.answer_support.read(me.driver.id, SupportCode(code))
        except NoSuchCase:
            return door.page(me.visitor, await desk.queue(me, code), status=NOT_FOUND)
        return door.page(me.visitor, await desk.case(me, case))

    @router.post("/{code}/look")
    async def look(code: str = CODE, press: DriverPress = Depends(agent_presses)) -> Response:
        """Looks again at what can be seen for nothing."""
        await _or_gone(journeys.answer_support.look_again(press.me.driver.id, SupportCode(code)))
        return door.go(press.me.visitor, f"{PATH}/{code}")

    @router.post("/{code}/wrong")
    async def wrong(code: str = CODE, press: DriverPress = Depends(agent_presses)) -> Response:
        """The cause that was named is not the one."""
        truly = press.fields.get("cause", "")
        await _or_gone(journeys.answer_support.judge(press.me.driver.id, SupportCode(code), truly))
        return door.go(press.me.visitor, f"{PATH}/{code}")

    @router.post("/{code}/close")
    async def close(code: str = CODE, press: DriverPress = Depends(agent_presses)) -> Response:
        """Nothing more to say."""
        await _or_gone(journeys.answer_support.close(press.me.driver.id, SupportCode(code)))
        return door.go(press.me.visitor, PATH)


def _answering(router: APIRouter, door: Door, journeys: Journeys, desk: _Desk) -> None:
    agent_presses = only_pressing(door, Role.AGENT)
    support = journeys.answer_support

    @router.post("/{code}/answer")
    async def answer(code: str = CODE, press: DriverPress = Depends(agent_presses)) -> Response:
        """In the agent's own words."""
        me, text = press.me, press.fields.get("message", "")
        try:
            await _or_gone(support.answer(me.driver.id, SupportCode(code), text))
        except NothingSaid:
            case = await support.shown(SupportCode(code))
            return door.page(me.visitor, await desk.case(me, case, said_nothing=True), status=UNPROCESSABLE)
        return door.go(me.visitor, f"{PATH}/{code}")

    @router.post("/{code}/ask")
    async def ask(code: str = CODE, press: DriverPress = Depends(agent_presses)) -> Response:
        """The question that tells most, in the driver's language."""
        case = await _found(journeys, code)
        asks = next((line.question for line in case.bundle.lines if isinstance(line, NextQuestionLine)), None)
        if asks:
            text = desk.his_words(case).question(asks)
            await support.answer(press.me.driver.id, case.code, text, LookedAs.ASKED)
        return door.go(press.me.visitor, f"{PATH}/{code}")

    @router.post("/{code}/link")
    async def link(code: str = CODE, press: DriverPress = Depends(agent_presses)) -> Response:
        """The way back to his step, once more."""
        case = await _found(journeys, code)
        text = link_again(desk.his_words(case), door.site)
        await support.answer(press.me.driver.id, case.code, text, LookedAs.SENT_THE_LINK)
        return door.go(press.me.visitor, f"{PATH}/{code}")


async def _found(journeys: Journeys, code: str) -> OpenCase:
    try:
        return await journeys.answer_support.shown(SupportCode(code))
    except NoSuchCase as gone:
        raise HTTPException(NOT_FOUND) from gone


async def _or_gone(work: Awaitable[None]) -> None:
    try:
        await work
    except (NoSuchCase, NoSuchCause) as gone:
        raise HTTPException(NOT_FOUND) from gone
