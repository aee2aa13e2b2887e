"""The operator's page, for operators alone, and the door that our own side closes to drivers while it is not right."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response

from chargekey.domain.findings import Closed
from chargekey.domain.operator_check import Line, State
from chargekey.domain.role import Role
from chargekey.entrypoints.web.door import Door, DriverPress, SignedIn
from chargekey.entrypoints.web.live import LivePages, Moved
from chargekey.entrypoints.web.operator_words import name_of, saw_of, state_of, to_do
from chargekey.entrypoints.web.screens.operator import OperatorCheck, OurSideNotReady, Row
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.staff import only, only_pressing
from chargekey.entrypoints.web.upkeep_words import parked
from chargekey.entrypoints.web.words import Words
from chargekey.journeys.check_operator import OurSide
from chargekey.journeys.close_doors import Shut
from chargekey.ports.bus import Bus
from chargekey.ports.jobs import Work

GUARDED: Final = {"/permissions": Closed.CONSENT, "/key": Closed.KEY}
"""The pages from which a driver goes on to Tesla."""
LONGEST_NUMBER: Final = 18
"""More figures than that are no number of ours, and too many for the database."""
BACK_TO: Final = {closed: path for path, closed in GUARDED.items()}


class OurSideShut(Exception):
    """The page leads to a step that cannot work now."""

    def __init__(self, me: SignedIn, shut: Shut) -> None:
        super().__init__(shut.closed.value)
        self.me, self.shut = me, shut


def guard(door: Door, journeys: Journeys) -> Callable[[Request], Awaitable[None]]:
    """For the routers that hold guarded pages. Whoever is not signed in is left to the page itself."""

    async def look(request: Request) -> None:
        closed = GUARDED.get(request.url.path)
        if closed is None:
            return
        visitor = await door.guest(request)
        if visitor.session is None or visitor.driver is None:
            return
        shut = await journeys.close_doors.before(visitor.driver.id, closed)
        if shut:
            raise OurSideShut(SignedIn(visitor, visitor.session, visitor.driver), shut)

    return look


def not_ready(door: Door, me: SignedIn, shut: Shut) -> OurSideNotReady:
    words = door.words(me.visitor)
    return OurSideNotReady(
        closed=shut.closed,
        causes=tuple(line.cause for line in shut.lines),
        what=tuple(saw_of(words, line) for line in shut.lines),
        seen_at=max((line.at for line in shut.lines if line.at), default=None),
        told_at=shut.told_at,
        next_look_at=shut.next_look_at,
        mail=me.driver.email,
    )


def routes(door: Door, journeys: Journeys, bus: Bus) -> APIRouter:
    """`/operator` with its live part, and the live part of the closed door."""
    router = APIRouter()
    page = _Pages(door, journeys)
    _operators(router, door, journeys, page)
    live = LivePages(door, bus)
    live.serve(router, "/operator/live", _nobody_counts, page.operators_part)
    live.serve(router, "/our-side/consent/live", _nobody_counts, page.part_of(Closed.CONSENT))
    live.serve(router, "/our-side/key/live", _nobody_counts, page.part_of(Closed.KEY))
    return router


async def _nobody_counts(_driver_id: int) -> None:
    """These pages are open without anything being looked at for it."""


class _Pages:
    def __init__(self, door: Door, journeys: Journeys) -> None:
        self._door, self._journeys = door, journeys

    async def operators_part(self, me: SignedIn, _show: str) -> str:
        """The part that changes."""
        if not self._door.site.staff.holds(me.driver.email, Role.OPERATOR):
            raise Moved("/go")
        return self._door.fragment(me.visitor, await self.screen(me))

    async def screen(self, me: SignedIn) -> OperatorCheck:
        """Every check, what was given up, and what this month has cost."""
        words = self._door.words(me.visitor)
        given_up, cars = await self._journeys.look_after.parked()
        check = shown(words, await self._journeys.check_operator.shown())
        month = await self._journeys.keep_to_budget.of_home()
        return replace(check, given_up=tuple(parked(words, one, cars) for one in given_up), month=month)

    def part_of(self, closed: Closed) -> Callable[[SignedIn, str], Coroutine[Any, Any, str]]:
        async def part(me: SignedIn, _show: str) -> str:
            shut = await self._journeys.close_doors.before(me.driver.id, closed)
            if shut is None:
                raise Moved(BACK_TO[closed])
            return self._door.fragment(me.visitor, not_ready(self._door, me, shut))

        return part


def _operators(router: APIRouter, door: Door, journeys: Journeys, page: _Pages) -> None:
    operators, presses = only(door, Role.OPERATOR), only_pressing(door, Role.OPERATOR)

    @router.get("/operator")
    async def operator(me: SignedIn = Depends(operators)) -> Response:
        """Every check of our own side."""
        return door.page(me.visitor, await page.screen(me))

    @router.post("/operator/look")
    async def look(press: DriverPress = Depends(presses)) -> Response:
        """Looks now, unless that was done a moment ago."""
        await journeys.check_operator.look()
        return door.go(press.me.visitor, "/operator")

    @router.post("/operator/again")
    async def again(press: DriverPress = Depends(presses)) -> Response:
        """Sets going what was given up; what is not parked is left alone."""
        work, _, number = press.fields.get("about", "")[:60].partition(":")
        if work in set(Work) and number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER:
            await journeys.look_after.again(Work(work), int(number))
        return door.go(press.me.visitor, "/operator")


def shown(words: Words, side: OurSide) -> OperatorCheck:
    """The check as its page shows it."""
    wrong = tuple(line for line in side.lines if line.state is State.WRONG)
    others = tuple(line for line in side.lines if line.state is not State.WRONG)
    return OperatorCheck(_rows(words, wrong), _rows(words, others), side.looked_at, side.next_look_at, side.told_at)


def _rows(words: Words, lines: Sequence[Line]) -> tuple[Row, ...]:
    return tuple(
        Row(
            name_of(words, line),
            line.state,
            state_of(words, line),
            saw_of(words, line),
            to_do(words, line),
            line.at,
            line.cause,
        )
        for line in lines
    )
