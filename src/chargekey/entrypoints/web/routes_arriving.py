"""Coming in: the first page, signing in by a mailed link, going to where one is, help."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Depends, Path, Request, Response

from chargekey.domain.goal import ChargeGoal
from chargekey.domain.journey import Step
from chargekey.domain.market import BUNDLED
from chargekey.domain.role import Role
from chargekey.domain.secret import Secret
from chargekey.domain.tariff import DayAheadTariff
from chargekey.entrypoints.web.charts import ChartSlot, draw_welcome
from chargekey.entrypoints.web.device import browser_named
from chargekey.entrypoints.web.door import Door, DriverPress, Press, SignedIn, Visitor
from chargekey.entrypoints.web.drawing_night import preview_slots
from chargekey.entrypoints.web.screens.arriving import (
    LinkSent,
    LinkWorthless,
    OpenLink,
    Outbox,
    OutboxMail,
    SignIn,
    Welcome,
    WhyWorthless,
)
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PARTS, PATHS
from chargekey.entrypoints.web.ways import CHOOSE_ACCOUNT
from chargekey.journeys.sign_in import LINK_LASTS, AddressUnreadable, LinkState, TooManyAsked, Visit
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.faults import Fault
from chargekey.ports.notify import Letter, Letters

TOKEN: Final = r"^[A-Za-z0-9_-]{20,100}$"  # noqa: S105  the shape of a link's token, not a token
TOO_MANY_REQUESTS: Final = 429
OUTBOX_PATH: Final = "/outbox"
LIT_HOURS: Final = 12
"""Quarter hours lit on the first page: about what a commuter's car needs a night."""
USUAL_TARIFF: Final = DayAheadTariff(added_micro_per_kwh=125_000, vat_percent=21)
"""What the first page reckons with, and the plan form begins with: Dutch energy tax and supplier, about, in 2024."""
_LINK: Final = re.compile(r"https?://\S+")


def routes(door: Door, journeys: Journeys, letters: Letters | None) -> APIRouter:
    """`letters` is the demo's mail, None elsewhere."""
    router = APIRouter()
    _first_page(router, door, journeys)
    _asking_for_link(router, door, journeys, OUTBOX_PATH if letters else None)
    _signing_in(router, door, journeys)
    if letters:
        _outbox(router, door, letters)
    return router


def _first_page(router: APIRouter, door: Door, journeys: Journeys) -> None:
    market = journeys.plan_charge.markets[0]
    is_usual = market == BUNDLED
    shown_by = USUAL_TARIFF if is_usual else DayAheadTariff(0, 0, market.currency)
    usual = ChargeSettings(ChargeGoal({}, 80, 20, door.site.zone), shown_by, None)

    @router.get("/")
    async def welcome(visitor: Visitor = Depends(door.guest)) -> Response:
        """The first page; a connected driver goes on to tonight."""
        here = await journeys.standings.of(visitor.driver.id) if visitor.driver else None
        if here and here.step is Step.TONIGHT:
            return door.go(visitor, PATHS[here.step])
        car = here.vehicle.vin if here and here.vehicle else None
        part = PARTS.get(here.step) if here else None
        prices = preview_slots(await journeys.show_charging.tonights_prices(usual))
        plain = Welcome((), None, None, part, car, at_exchange=not (is_usual or market.all_included))
        return door.page(visitor, _welcome(prices, plain))

    @router.get("/go")
    async def go(me: SignedIn = Depends(door.driver)) -> Response:
        """To the page of the driver's step, wherever that is now; first to a choice that only he can make."""
        if await journeys.choose_account.open_until(me.driver.id):
            return door.go(me.visitor, CHOOSE_ACCOUNT)
        here = await journeys.standings.of(me.driver.id)
        if here.grant is None and door.site.staff.holds(me.driver.email, Role.AGENT):
            return door.go(me.visitor, "/console")  # an agent with a car of his own finds the console by its address
        return door.go(me.visitor, PATHS[here.step])


def _asking_for_link(router: APIRouter, door: Door, journeys: Journeys, outbox_path: str | None) -> None:
    @router.get("/sign-in")
    async def ask(visitor: Visitor = Depends(door.visitor)) -> Response:
        """The mail field."""
        return door.page(visitor, SignIn())

    @router.post("/sign-in")
    async def send(request: Request, press: Press = Depends(door.press)) -> Response:
        """Mails a link, whether or not the address is known."""
        if not door.site.sends_mail:
            return door.page(press.visitor, SignIn())
        typed = press.fields.get("address", "")[:300]
        try:
            address = await journeys.sign_in.ask_for_link(typed, request.client.host if request.client else "")
        except AddressUnreadable:
            return door.page(press.visitor, SignIn(typed, is_unreadable=True), status=422)
        except TooManyAsked:
            return door.page(press.visitor, SignIn(typed, is_too_often=True), status=TOO_MANY_REQUESTS)
        except Fault:
            return door.page(press.visitor, SignIn(typed, mail_is_down=True), status=503)
        minutes = int(LINK_LASTS.total_seconds() // 60)
        return door.page(press.visitor, LinkSent(address, minutes, outbox_path))


def _signing_in(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.get("/sign-in/{token}")
    async def open_link(token: str = Path(pattern=TOKEN), visitor: Visitor = Depends(door.visitor)) -> Response:
        """Looks at a link without using it up: mail programs do so too."""
        state, address = await journeys.sign_in.look_at_link(Secret(token))
        if state is not LinkState.GOOD:
            return door.page(visitor, LinkWorthless(WhyWorthless(state.value)), status=410)
        return door.page(visitor, OpenLink(token, address))

    @router.post("/sign-in/link")
    async def follow(request: Request, press: Press = Depends(door.press)) -> Response:
        """Uses the link up and signs this browser in."""
        token = Secret(press.fields.get("token", ""))
        named = browser_named(request.headers)
        came_of_it = await journeys.sign_in.follow_link(token, press.session, press.visitor.place, named)
        if not isinstance(came_of_it, Visit):
            return door.page(press.visitor, LinkWorthless(WhyWorthless(came_of_it.value)), status=410)
        return door.hand_over(came_of_it, press.visitor, "/go")

    @router.post("/notices/read")
    async def has_read(press: DriverPress = Depends(door.driver_press)) -> Response:
        """What he was told is shown no more."""
        await journeys.tell_once.has_read(press.me.driver.id)
        return door.go(press.me.visitor, "/go")

    @router.post("/sign-out")
    async def sign_out(press: Press = Depends(door.press)) -> Response:
        """This browser forgets the driver."""
        await journeys.sign_in.sign_out(press.session)
        return door.forget(press.visitor, "/")


def _outbox(router: APIRouter, door: Door, letters: Letters) -> None:
    @router.get(OUTBOX_PATH, include_in_schema=False)
    async def outbox(visitor: Visitor = Depends(door.guest)) -> Response:
        """Demo only: the mail that would have left."""
        return door.page(visitor, Outbox(tuple(map(_outbox_mail, await letters.letters())), door.site.staff.agents))


def _outbox_mail(letter: Letter) -> OutboxMail:
    link = _LINK.search(letter.mail.text)
    return OutboxMail(
        letter.mail.to, letter.mail.subject, letter.mail.text, link.group() if link else None, letter.sent_at
    )


def _welcome(slots: Sequence[ChartSlot], plain: Welcome) -> Welcome:
    """The first page with tonight's prices, the cheapest hours lit."""
    if not slots:
        return plain
    cheapest = sorted(slots, key=lambda slot: (slot.price_micro_per_kwh, slot.start))[:LIT_HOURS]
    chosen = {slot.start for slot in cheapest}
    lit = [ChartSlot(one.start, one.end, one.price_micro_per_kwh, int(one.start in chosen)) for one in slots]
    mean = round(sum(slot.price_micro_per_kwh for slot in cheapest) / len(cheapest))
    dearest = max(slot.price_micro_per_kwh for slot in slots)
    return replace(plain, bars=draw_welcome(lit), lit_micro_per_kwh=mean, evening_micro_per_kwh=dearest)
