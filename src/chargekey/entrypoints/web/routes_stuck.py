"""What a driver says and does when the key does not come: answers, remedies, another look."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from fastapi import APIRouter, Depends, Response

from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.journey import Step
from chargekey.entrypoints.web.door import Door, DriverPress, SignedIn
from chargekey.entrypoints.web.live import LivePages, Moved
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.frame import Part
from chargekey.entrypoints.web.showing_trouble import in_the_way, is_waiting, waits_for, what_happened
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PATHS, trail
from chargekey.ports.bus import Bus

E = TypeVar("E", bound=StrEnum)
NO_CONTENT = 204
WHY = "/key/why"


def routes(door: Door, journeys: Journeys, bus: Bus) -> APIRouter:
    """`/key/why` with its live part, and the presses of all pages about trouble."""
    router = APIRouter()
    page = WhyPage(door, journeys)
    _why(router, door, journeys, page)
    _saying(router, door, journeys)
    LivePages(door, bus).serve(router, f"{WHY}/live", journeys.pair_vehicle.page_is_open, page.part)
    return router


class WhyPage:
    """The question that tells most, then what to try."""

    def __init__(self, door: Door, journeys: Journeys) -> None:
        self._door, self._journeys = door, journeys

    async def screen(self, me: SignedIn) -> Screen:
        """Raises `Moved` when the key is not the driver's step, or something is in the way after all."""
        here = await self._journeys.standings.of(me.driver.id)
        if here.step is not Step.ADD_KEY:
            raise Moved(PATHS[here.step])
        trouble = await self._journeys.troubleshoot.page(me.driver.id, failed=True)
        at, link = trail(here, Part.KEY), (await self._journeys.pair_vehicle.page(me.driver.id)).link
        if is_waiting(trouble):
            return waits_for(trouble, at, link)
        if not trouble.diagnosis.offers_link and not trouble.diagnosis.suspects:
            return in_the_way(trouble, at)
        return what_happened(trouble, at, link if trouble.diagnosis.offers_link else "")

    async def part(self, me: SignedIn, _show: str) -> str:
        """The part that changes."""
        return self._door.fragment(me.visitor, await self.screen(me))


def _why(router: APIRouter, door: Door, journeys: Journeys, page: WhyPage) -> None:
    @router.get(WHY)
    async def why(me: SignedIn = Depends(door.driver)) -> Response:
        """Why the key has not come: one question, or what to try."""
        await journeys.pair_vehicle.page_is_open(me.driver.id)
        try:
            return door.page(me.visitor, await page.screen(me))
        except Moved as moved:
            return door.go(me.visitor, moved.path)

    @router.post(WHY)
    async def it_did_not_work(press: DriverPress = Depends(door.driver_press)) -> Response:
        """The driver opened the link, on this device or another, and nothing came of it."""
        await journeys.troubleshoot.says_it_failed(press.me.driver.id)
        return door.go(press.me.visitor, WHY)


def _saying(router: APIRouter, door: Door, journeys: Journeys) -> None:
    stuck = journeys.troubleshoot

    @router.post("/key/opened")
    async def opened(press: DriverPress = Depends(door.driver_press)) -> Response:
        """The page itself says that its link was pressed."""
        await stuck.opened_link(press.me.driver.id)
        return Response(status_code=NO_CONTENT)

    @router.post("/key/answer")
    async def answer(press: DriverPress = Depends(door.driver_press)) -> Response:
        """What only the driver can see."""
        await _answered(journeys, press)
        return door.go(press.me.visitor, WHY)

    @router.post("/permissions/answer")
    async def answer_about_consent(press: DriverPress = Depends(door.driver_press)) -> Response:
        """What Tesla's page showed."""
        await _answered(journeys, press)
        return door.go(press.me.visitor, "/go")

    @router.post("/key/tried")
    async def tried(press: DriverPress = Depends(door.driver_press)) -> Response:
        """The driver did what we proposed; now the link once more, or another look."""
        remedy = _one_of(Remedy, press.fields, "remedy")
        if remedy:
            await stuck.tried(press.me.driver.id, remedy)
        await stuck.look_again(press.me.driver.id)
        return door.go(press.me.visitor, "/go")

    @router.post("/key/look-again")
    async def look_again(press: DriverPress = Depends(door.driver_press)) -> Response:
        """The driver did what was in the way."""
        await stuck.look_again(press.me.driver.id)
        return door.go(press.me.visitor, "/go")


async def _answered(journeys: Journeys, press: DriverPress) -> None:
    """A question or an answer that is none of ours is not kept."""
    question, said = _one_of(Question, press.fields, "question"), _one_of(Answer, press.fields, "answer")
    if question and said:
        await journeys.troubleshoot.answer(press.me.driver.id, question, said)


def _one_of(kind: type[E], fields: Mapping[str, str], name: str) -> E | None:
    """The member that a field names; None for anything else."""
    return next((one for one in kind if one.value == fields.get(name)), None)
