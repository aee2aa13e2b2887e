"""The second half of the guide: the key and its test. Both pages watch by themselves."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from chargekey.domain.evidence import KeyStatus, Source
from chargekey.domain.journey import Proof, Step
from chargekey.domain.vehicle import Access, KeyNeed
from chargekey.entrypoints.web.door import Door, DriverPress, SignedIn
from chargekey.entrypoints.web.live import Moved, events
from chargekey.entrypoints.web.qr import qr_path
from chargekey.entrypoints.web.screens.frame import Part
from chargekey.entrypoints.web.screens.guide import AddKey, KeyNotNeeded, TestKey
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PATHS, trail
from chargekey.journeys.standing import Whereabouts
from chargekey.ports.bus import Bus
from chargekey.ports.notify import Mail, Notify

NO_CONTENT = 204
SHOW = Query("", pattern="^(phone|computer|)$")


def routes(door: Door, journeys: Journeys, bus: Bus, notify: Notify) -> APIRouter:
    """`/key` and `/test`, each with its live part."""
    router = APIRouter()
    key = _KeyPage(door, journeys)
    _key(router, door, journeys, key)
    _key_live(router, door, journeys, bus, key)
    _sending(router, door, key, notify)
    _test(router, door, journeys, bus)
    return router


class _KeyPage:
    """Shows the key step, on a phone with a button and on a computer with a QR code."""

    def __init__(self, door: Door, journeys: Journeys) -> None:
        self._door, self._journeys = door, journeys

    async def screen(self, me: SignedIn, show: str, *, was_sent: bool = False) -> AddKey:
        """Raises `Moved` when the key is not the driver's step."""
        here = await self._journeys.standings.of(me.driver.id)
        if here.step is not Step.ADD_KEY:
            raise Moved(PATHS[here.step])
        key = await self._journeys.pair_vehicle.page(me.driver.id)
        on_phone = show == "phone" or (show != "computer" and me.visitor.on_phone)
        qr, size = ("", 0) if on_phone else qr_path(key.link)
        return AddKey(
            trail=trail(here, Part.KEY),
            car=key.vehicle.vin,
            cars_in_account=key.cars_in_account,
            domain=self._door.site.domain,
            link=key.link,
            link_shown=key.link_shown,
            on_phone=on_phone,
            qr=qr,
            qr_size=size,
            looked_at=key.looked_at,
            next_look_at=key.next_look_at,
            is_owner={Access.OWNER: True, Access.DRIVER: False}.get(key.access),
            other_car=key.other_car.vin if key.other_car else None,
            was_sent_to_phone=was_sent,
        )


def _key(router: APIRouter, door: Door, journeys: Journeys, key: _KeyPage) -> None:
    @router.get("/key")
    async def add_key(show: str = SHOW, me: SignedIn = Depends(door.driver)) -> Response:
        """The link that opens the Tesla app, and whether the key has arrived."""
        await journeys.pair_vehicle.page_is_open(me.driver.id)
        try:
            return door.page(me.visitor, await key.screen(me, show))
        except Moved as moved:
            return door.go(me.visitor, moved.path)

    @router.post("/key/returned")
    async def returned(press: DriverPress = Depends(door.driver_press)) -> Response:
        """The driver came back to the page from another app: look sooner."""
        await journeys.pair_vehicle.page_is_open(press.me.driver.id, returned=True)
        return Response(status_code=NO_CONTENT)

    @router.get("/key/not-needed")
    async def not_needed(me: SignedIn = Depends(door.driver)) -> Response:
        """Why this car skips two steps."""
        here = await journeys.standings.of(me.driver.id)
        if here.vehicle is None or trail(here, Part.PLAN).needs_key is not False:
            return door.go(me.visitor, PATHS[here.step])
        told_at = here.vehicle_seen.when(KeyStatus)
        screen = KeyNotNeeded(
            trail(here, Part.PLAN), here.vehicle.vin, Source.TESLA if told_at else None, told_at
        )
        return door.page(me.visitor, screen)


def _key_live(router: APIRouter, door: Door, journeys: Journeys, bus: Bus, key: _KeyPage) -> None:
    @router.get("/key/live", response_class=EventSourceResponse)
    async def key_live(
        show: str = SHOW, me: SignedIn = Depends(door.driver)
    ) -> AsyncIterator[ServerSentEvent]:
        """The key page's changing part."""

        async def still_open() -> None:
            await journeys.pair_vehicle.page_is_open(me.driver.id)

        async def part() -> str:
            return door.fragment(me.visitor, await key.screen(me, show))

        async for event in events(bus, me.driver.id, still_open, part):
            yield event


def _sending(router: APIRouter, door: Door, key: _KeyPage, notify: Notify) -> None:
    @router.post("/key/send")
    async def send(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Mails the driver the way to this page, to open on the phone that has the Tesla app. Never the VIN."""
        me = press.me
        try:
            screen = await key.screen(me, "")
        except Moved as moved:
            return door.go(me.visitor, moved.path)
        text = (
            f"Open this on the phone that has the Tesla app:\n\n{door.site.base_url}/key?show=phone\n\n"
            f"It adds the key to {screen.car.model} {screen.car}. "
            "If the phone asks you to sign in first, use this mail address.\n"
        )
        await notify.send(Mail(me.driver.email, f"Add the key to {screen.car.model} {screen.car}", text))
        return door.page(me.visitor, await key.screen(me, "", was_sent=True))


def _test(router: APIRouter, door: Door, journeys: Journeys, bus: Bus) -> None:
    async def screen(me: SignedIn) -> TestKey:
        here = await journeys.standings.of(me.driver.id)
        if not _may_see_test(here):
            raise Moved(PATHS[here.step])
        key = await journeys.pair_vehicle.page(me.driver.id)
        if key.need is not KeyNeed.ON_THE_CAR:
            raise Moved(PATHS[here.step])
        return TestKey(
            trail=trail(here, Part.TEST),
            car=key.vehicle.vin,
            proof=key.proof,
            reach=key.reach,
            proved_at=key.proved_at if key.proof is Proof.PROVED else None,
            paired_at=key.looked_at,
            next_try_at=key.next_look_at,
        )

    @router.get("/test")
    async def test(me: SignedIn = Depends(door.driver)) -> Response:
        """Whether the car itself knows the key."""
        await journeys.pair_vehicle.page_is_open(me.driver.id)
        try:
            return door.page(me.visitor, await screen(me))
        except Moved as moved:
            return door.go(me.visitor, moved.path)

    @router.get("/test/live", response_class=EventSourceResponse)
    async def test_live(me: SignedIn = Depends(door.driver)) -> AsyncIterator[ServerSentEvent]:
        """The test page's changing part."""

        async def still_open() -> None:
            await journeys.pair_vehicle.page_is_open(me.driver.id)

        async def part() -> str:
            return door.fragment(me.visitor, await screen(me))

        async for event in events(bus, me.driver.id, still_open, part):
            yield event

    @router.post("/test/returned")
    async def returned(press: DriverPress = Depends(door.driver_press)) -> Response:
        """The driver came back to the page: try sooner."""
        await journeys.pair_vehicle.page_is_open(press.me.driver.id, returned=True)
        return Response(status_code=NO_CONTENT)

    @router.post("/test/go-on")
    async def go_on(press: DriverPress = Depends(door.driver_press)) -> Response:
        """The car sleeps, and the driver sets his plan meanwhile."""
        await journeys.pair_vehicle.go_on_unproved(press.me.driver.id)
        return door.go(press.me.visitor, "/go")


def _may_see_test(here: Whereabouts) -> bool:
    return here.step in (Step.PROVE_KEY, Step.SET_GOAL, Step.TONIGHT)
