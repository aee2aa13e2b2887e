"""Somebody else owns the car: the three ways, the page for the owner, the letter, and staying read-only."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Depends, Response

from chargekey.domain.evidence import ChargeState, Listed
from chargekey.domain.hand_off import VALID_FOR, NameUnreadable
from chargekey.domain.secret import Secret
from chargekey.domain.vehicle import Reach, Vin
from chargekey.entrypoints.web.door import Door, DriverPress, SignedIn
from chargekey.entrypoints.web.live import SHOW, LivePages, Moved
from chargekey.entrypoints.web.owner_letters import to_owner
from chargekey.entrypoints.web.qr import qr_path
from chargekey.entrypoints.web.screens.frame import Part
from chargekey.entrypoints.web.screens.owner import (
    AskedCar,
    AskedOwner,
    AskOwner,
    AskWrong,
    CompanyCar,
    InTheCar,
    Letter,
    NotMyCar,
    PageMade,
    ReadOnly,
    Way,
)
from chargekey.entrypoints.web.security import FORWARDED
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PATHS, trail
from chargekey.journeys.hand_off_to_owner import AskedTooOften, CarOfOther, NothingToAsk, NotMine
from chargekey.journeys.pair_vehicle import NoVehicleChosen
from chargekey.journeys.sign_in import AddressUnreadable, readable_address
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault
from chargekey.ports.notify import Notify

WAYS: Final[Mapping[str, str]] = {
    Way.OWNER: "/key/owner",
    Way.IN_THE_CAR: "/key/in-the-car",
    Way.COMPANY: "/key/company",
}
A_CAR: Final = "car_"
"""Each car has a box of its own name, since a field comes once in a form of ours."""

WRONG: Final[Mapping[type[Exception], AskWrong]] = {
    NameUnreadable: AskWrong.NAME,
    NothingToAsk: AskWrong.CARS,
    AddressUnreadable: AskWrong.ADDRESS,
    AskedTooOften: AskWrong.TOO_OFTEN,
}


def routes(door: Door, journeys: Journeys, bus: Bus, notify: Notify, clock: Clock) -> APIRouter:
    """`/key/not-my-car`, what it leads to, and `/read-only`."""
    router = APIRouter()
    page = _Pages(door, journeys)
    _ways(router, door, page)
    _asking(router, door, journeys, page, notify)
    _letter(router, door, page, clock)
    _giving_up(router, door, journeys, page)

    async def asks_tesla_nothing(_driver_id: int) -> None:
        """Only the owner's yes starts looks: until then there is no key to look for."""

    live = LivePages(door, bus)
    live.serve(router, "/key/owner/live", asks_tesla_nothing, page.status_part)
    live.serve(router, "/key/in-the-car/live", journeys.pair_vehicle.page_is_open, page.in_the_car_part)
    return router


class _Pages:
    """The screens that need to know the car."""

    def __init__(self, door: Door, journeys: Journeys) -> None:
        self._door, self._journeys = door, journeys

    async def shown(self, me: SignedIn) -> NotMine:
        """Raises `Moved` where no car is chosen."""
        try:
            return await self._journeys.hand_off_to_owner.shown(me.driver.id)
        except NoVehicleChosen as nothing:
            raise Moved(await self._present(me)) from nothing

    async def without_key(self, me: SignedIn) -> NotMine:
        """Raises `Moved` too where the key is on the chosen car."""
        shown = await self.shown(me)
        if shown.key_is_there:
            raise Moved(await self._present(me))
        return shown

    async def status(self, me: SignedIn) -> AskedOwner | AskOwner:
        """What became of the page, or the form that makes it. Raises `Moved` once every car has its key."""
        shown = await self.shown(me)
        asked = shown.asked
        if shown.key_is_there and (asked is None or all(car.has_key for car in asked.cars)):
            raise Moved(await self._present(me))
        if asked is None:
            return await self.form(me, shown)
        here = await self._journeys.standings.of(me.driver.id)
        return AskedOwner(
            trail=trail(here, Part.KEY),
            car=shown.vehicle.vin,
            state=asked.state,
            since=asked.since,
            asks_as=asked.asks_as,
            made_at=asked.made_at,
            ends_at=asked.ends_at,
            cars=tuple(map(_car, asked.cars)),
            reason=asked.reason,
            words=asked.words,
        )

    async def status_part(self, me: SignedIn, _show: str) -> str:
        return self._door.fragment(me.visitor, await self.status(me))

    async def form(self, me: SignedIn, shown: NotMine) -> AskOwner:
        here = await self._journeys.standings.of(me.driver.id)
        name = shown.asked.asks_as if shown.asked else ""
        ticked = frozenset({shown.vehicle.id})
        hours = int(VALID_FOR.total_seconds() // 3600)
        return AskOwner(trail(here, Part.KEY), shown.vehicle.vin, tuple(map(_car, shown.wanting)), ticked, hours, name)

    async def in_the_car(self, me: SignedIn, show: str) -> InTheCar:
        """Raises `Moved` when the key is there."""
        await self.without_key(me)
        here = await self._journeys.standings.of(me.driver.id)
        key = await self._journeys.pair_vehicle.page(me.driver.id)
        on_phone = show == "phone" or (show != "computer" and me.visitor.on_phone)
        qr, size = ("", 0) if on_phone else qr_path(key.link)
        return InTheCar(
            trail=trail(here, Part.KEY),
            car=key.vehicle.vin,
            domain=self._door.site.domain,
            link=key.link,
            link_shown=key.link_shown,
            on_phone=on_phone,
            qr=qr,
            qr_size=size,
            looked_at=key.looked_at,
        )

    async def in_the_car_part(self, me: SignedIn, show: str) -> str:
        return self._door.fragment(me.visitor, await self.in_the_car(me, show))

    async def _present(self, me: SignedIn) -> str:
        return PATHS[(await self._journeys.standings.of(me.driver.id)).step]


def _ways(router: APIRouter, door: Door, page: _Pages) -> None:
    @router.get("/key/not-my-car")
    async def not_my_car(me: SignedIn = Depends(door.driver)) -> Response:
        """Three ways on for somebody who drives the car and does not own it."""
        try:
            shown = await page.without_key(me)
            form = await page.form(me, shown)
        except Moved as moved:
            return door.go(me.visitor, moved.path)
        return door.page(me.visitor, NotMyCar(form.trail, shown.vehicle.vin, shown.access, shown.listed_at))

    @router.post("/key/not-my-car")
    async def choose(press: DriverPress = Depends(door.driver_press)) -> Response:
        """On to the way that was chosen."""
        return door.go(press.me.visitor, WAYS.get(press.fields.get("way", ""), "/key/not-my-car"))

    @router.get("/key/in-the-car")
    async def in_the_car(show: str = SHOW, me: SignedIn = Depends(door.driver)) -> Response:
        """The key card way, with the link."""
        try:
            return door.page(me.visitor, await page.in_the_car(me, show))
        except Moved as moved:
            return door.go(me.visitor, moved.path)

    @router.get("/key/company")
    async def company(me: SignedIn = Depends(door.driver)) -> Response:
        """The fleet's administrator, or one page for all cars that want a key."""
        try:
            shown = await page.without_key(me)
            form = await page.form(me, shown)
        except Moved as moved:
            return door.go(me.visitor, moved.path)
        return door.page(me.visitor, CompanyCar(form.trail, shown.vehicle.vin, form.cars))


def _asking(router: APIRouter, door: Door, journeys: Journeys, page: _Pages, notify: Notify) -> None:
    @router.get("/key/owner")
    async def asked(me: SignedIn = Depends(door.driver)) -> Response:
        """What became of the page for the owner, or the form that makes it."""
        try:
            return door.page(me.visitor, await page.status(me))
        except Moved as moved:
            return door.go(me.visitor, moved.path)

    @router.get("/key/owner/new")
    async def anew(every: bool = False, me: SignedIn = Depends(door.driver)) -> Response:
        """The form again; `every` ticks all cars that want a key."""
        try:
            form = await page.form(me, await page.shown(me))
        except Moved as moved:
            return door.go(me.visitor, moved.path)
        ticked = frozenset(car.id for car in form.cars) if every else form.ticked
        return door.page(me.visitor, replace(form, ticked=ticked))

    @router.post("/key/owner")
    async def make(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Makes the page, mails its link if that is wanted, and shows the link this once."""
        me = press.me
        try:
            shown = await page.shown(me)
        except Moved as moved:
            return door.go(me.visitor, moved.path)
        form = await page.form(me, shown)
        ticked = frozenset(car.id for car in form.cars if f"{A_CAR}{car.id}" in press.fields or len(form.cars) == 1)
        name, address = press.fields.get("name", "")[:200], press.fields.get("address", "").strip()[:300]
        try:
            to = readable_address(address) if address else None
            token = await journeys.hand_off_to_owner.make(me.driver.id, name, ticked)
        except tuple(WRONG) as wrong:
            again = replace(form, ticked=ticked, name=name, address=address, wrong=WRONG[type(wrong)])
            return door.page(me.visitor, again, status=422)
        cars = tuple(car.vin for car in form.cars if car.id in ticked)
        made = await _made(door, journeys, me, token, cars)
        return door.page(me.visitor, await _mailed(door, notify, me, made, to) if to else made)

    @router.post("/key/owner/revoke")
    async def revoke(press: DriverPress = Depends(door.driver_press)) -> Response:
        """The link is worth nothing from now on."""
        await journeys.hand_off_to_owner.revoke(press.me.driver.id)
        return door.go(press.me.visitor, "/key/owner")


async def _made(door: Door, journeys: Journeys, me: SignedIn, token: Secret, cars: Sequence[Vin]) -> PageMade:
    here = await journeys.standings.of(me.driver.id)
    asked = (await journeys.hand_off_to_owner.shown(me.driver.id)).asked
    if asked is None:
        raise Moved("/key/owner")
    link = f"{door.site.base_url}{FORWARDED}{token.reveal()}"
    return PageMade(trail(here, Part.KEY), asked.asks_as, tuple(cars), link, asked.ends_at, None, False)


async def _mailed(door: Door, notify: Notify, me: SignedIn, made: PageMade, to: str) -> PageMade:
    words = door.words(me.visitor)
    mail = to_owner(words, to, made.asks_as, me.driver.email, made.cars, made.link, made.ends_at)
    try:
        await notify.send(mail)
    except Fault:
        return replace(made, sent_to=to, mail_failed=True)
    return replace(made, sent_to=to)


def _letter(router: APIRouter, door: Door, page: _Pages, clock: Clock) -> None:
    @router.get("/key/letter")
    async def letter(me: SignedIn = Depends(door.driver)) -> Response:
        """A text for a lessor, to copy or print."""
        try:
            shown = await page.shown(me)
        except Moved as moved:
            return door.go(me.visitor, moved.path)
        cars = tuple(car.vehicle.vin for car in shown.wanting) or (shown.vehicle.vin,)
        return door.page(me.visitor, Letter(cars, door.site.domain, me.driver.email, clock.now()))


def _giving_up(router: APIRouter, door: Door, journeys: Journeys, page: _Pages) -> None:
    @router.get("/read-only")
    async def read_only(me: SignedIn = Depends(door.driver)) -> Response:
        """What still works without the key."""
        try:
            shown = await page.without_key(me)
        except Moved as moved:
            return door.go(me.visitor, moved.path)
        if not shown.is_read_only:
            return door.go(me.visitor, "/go")
        seen = (await journeys.standings.of(me.driver.id)).vehicle_seen
        listed, charge = seen.fact(Listed), seen.fact(ChargeState)
        screen = ReadOnly(
            shown.vehicle.vin,
            listed.reach if listed else Reach.UNKNOWN,
            shown.listed_at,
            charge.soc_percent if charge else None,
            seen.when(ChargeState),
            shows_cheap_hours=bool(await journeys.plan_charge.can_go_by_the_hour()),
        )
        return door.page(me.visitor, screen)

    @router.post("/read-only")
    async def stay(press: DriverPress = Depends(door.driver_press)) -> Response:
        """From now on nothing is looked for and nothing is asked."""
        await journeys.hand_off_to_owner.stay_read_only(press.me.driver.id)
        return door.go(press.me.visitor, "/read-only")

    @router.post("/read-only/end")
    async def try_again(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Back to the key."""
        await journeys.hand_off_to_owner.try_again(press.me.driver.id)
        return door.go(press.me.visitor, "/key/not-my-car")


def _car(car: CarOfOther) -> AskedCar:
    return AskedCar(car.vehicle.id, car.vehicle.vin, car.has_key, car.looked_at)
