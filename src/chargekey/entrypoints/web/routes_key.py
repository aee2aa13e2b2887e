"""The second half of the guide: the key and its test. Both pages watch by themselves."""

from fastapi import APIRouter, Depends, Request, Response

from chargekey.domain.evidence import KeyStatus, Source
from chargekey.domain.journey import Proof, Step
from chargekey.domain.page_to_phone import mails_again_at
from chargekey.domain.vehicle import Access, KeyNeed
from chargekey.entrypoints.web.device import device_of
from chargekey.entrypoints.web.door import Door, DriverPress, SignedIn
from chargekey.entrypoints.web.live import SHOW, LivePages, Moved
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.qr import qr_path
from chargekey.entrypoints.web.screens.frame import Part
from chargekey.entrypoints.web.screens.guide import AddKey, KeyNotNeeded, TestKey
from chargekey.entrypoints.web.showing_trouble import hints, in_the_way, is_waiting, keeps_links, waits_for
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PATHS, trail
from chargekey.journeys.lost_key import KeyLost
from chargekey.journeys.standing import Whereabouts
from chargekey.journeys.troubleshoot import Trouble
from chargekey.ports.bus import Bus
from chargekey.ports.notify import Mail, Notify

NO_CONTENT = 204


def routes(door: Door, journeys: Journeys, bus: Bus, notify: Notify) -> APIRouter:
    """`/key` and `/test`, each with its live part."""
    router = APIRouter()
    key, test, pairing = _KeyPage(door, journeys), _TestPage(door, journeys), journeys.pair_vehicle
    _key(router, door, journeys, key)
    _sending(router, door, journeys, key, notify)
    _test(router, door, journeys, test)
    live = LivePages(door, bus)
    live.serve(router, "/key/live", pairing.page_is_open, key.part)
    live.serve(router, "/test/live", pairing.page_is_open, test.part)
    return router


class _KeyPage:
    """Shows the key step, on a phone with a button and on a computer with a QR code."""

    def __init__(self, door: Door, journeys: Journeys) -> None:
        self._door, self._journeys = door, journeys

    async def screen(self, me: SignedIn, show: str) -> Screen:
        """What stands in the way, what is waited for, or the link. Raises `Moved` when it is not the driver's step."""
        here = await self._journeys.standings.of(me.driver.id)
        if here.step is not Step.ADD_KEY:
            raise Moved(PATHS[here.step])
        if (await self._journeys.hand_off_to_owner.shown(me.driver.id)).is_read_only:
            raise Moved("/read-only")
        trouble = await self._journeys.troubleshoot.page(me.driver.id)
        if is_waiting(trouble):
            link = (await self._journeys.pair_vehicle.page(me.driver.id)).link
            return waits_for(trouble, trail(here, Part.KEY), link)
        if not trouble.diagnosis.offers_link:
            return in_the_way(trouble, trail(here, Part.KEY))
        return await self.link(me, show, late=trouble)

    async def link(self, me: SignedIn, show: str, *, late: Trouble | None = None) -> AddKey:
        """The link itself. Raises `Moved` when the key is not the driver's step."""
        here = await self._journeys.standings.of(me.driver.id)
        if here.step is not Step.ADD_KEY:
            raise Moved(PATHS[here.step])
        key = await self._journeys.pair_vehicle.page(me.driver.id)
        device, _, sent = show.partition("-")
        on_phone = device == "phone" or (device != "computer" and me.visitor.on_phone)
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
            was_sent_to_phone=bool(sent),
            lost=key.lost,
            lost_by=_lost_by(key.lost, late),
            hints=hints(late) if late else (),
            keeps_links=keeps_links(late) if late else False,
            page=f"{self._door.site.base_url}/key?show=phone",
            opened_at=late.opened_at if late and late.is_late else None,
            likeliest=late.diagnosis.suspects[0] if late and late.is_late and late.diagnosis.suspects else None,
            owner_has_until=late.file.owner_has_until if late else None,
            mails_again_at=mails_again_at(late.file.case.driver, late.file.case.now) if late else None,
        )

    async def part(self, me: SignedIn, show: str) -> str:
        """The part that changes."""
        return self._door.fragment(me.visitor, await self.screen(me, show))


def _lost_by(lost: KeyLost | None, late: Trouble | None) -> str:
    """The cause that mostly takes a key away so."""
    if lost and lost.ours_changed:
        return "E3"
    return "D13" if late and late.file.case.in_service_before_that else "E2"


def _key(router: APIRouter, door: Door, journeys: Journeys, key: _KeyPage) -> None:
    @router.get("/key")
    async def add_key(request: Request, show: str = SHOW, me: SignedIn = Depends(door.driver)) -> Response:
        """The link that opens the Tesla app, and whether the key has arrived."""
        await journeys.troubleshoot.read_on(me.driver.id, device_of(request.headers))
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
        screen = KeyNotNeeded(trail(here, Part.PLAN), here.vehicle.vin, Source.TESLA if told_at else None, told_at)
        return door.page(me.visitor, screen)


def _sending(router: APIRouter, door: Door, journeys: Journeys, key: _KeyPage, notify: Notify) -> None:
    @router.post("/key/send")
    async def send(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Mails the driver the way to this page, to open on the phone that has the Tesla app. Never the VIN.

        So many an hour: then the page says when the next can be asked for.
        """
        me = press.me
        try:
            screen = await key.link(me, "")
        except Moved as moved:
            return door.go(me.visitor, moved.path)
        device = "phone" if press.fields.get("show") == "phone" else "computer"
        if not door.site.sends_mail or not await journeys.pair_vehicle.may_mail_page(me.driver.id):
            return door.go(me.visitor, f"/key?show={device}")
        words = door.words(me.visitor)
        car = words.car(screen.car)
        text = words.said(
            "Open this on the phone that has the Tesla app:\n\n%(page)s\n\nIt adds the key to %(car)s. "
            "If the phone asks you to sign in first, use this mail address.\n",
            page=f"{door.site.base_url}/key?show=phone",
            car=car,
        )
        await notify.send(Mail(me.driver.email, words.said("Add the key to %(car)s", car=car), text))
        return door.go(me.visitor, f"/key?show={device}-sent")


class _TestPage:
    """Shows whether the car itself knows the key."""

    def __init__(self, door: Door, journeys: Journeys) -> None:
        self._door, self._journeys = door, journeys

    async def screen(self, me: SignedIn) -> TestKey:
        """Raises `Moved` when there is nothing to test, or something comes before it."""
        here = await self._journeys.standings.of(me.driver.id)
        if not _may_see_test(here):
            raise Moved(PATHS[here.step])
        key = await self._journeys.pair_vehicle.page(me.driver.id)
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
            month=await self._journeys.keep_to_budget.of_chosen(key.vehicle, None),
        )

    async def part(self, me: SignedIn, _show: str) -> str:
        """The part that changes."""
        return self._door.fragment(me.visitor, await self.screen(me))


def _test(router: APIRouter, door: Door, journeys: Journeys, page: _TestPage) -> None:
    @router.get("/test")
    async def test(me: SignedIn = Depends(door.driver)) -> Response:
        """Whether the car itself knows the key."""
        await journeys.pair_vehicle.page_is_open(me.driver.id)
        try:
            return door.page(me.visitor, await page.screen(me))
        except Moved as moved:
            return door.go(me.visitor, moved.path)

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
