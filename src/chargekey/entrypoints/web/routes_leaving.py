"""Leaving with a receipt, taking one's data along, and having it erased."""

import json
from dataclasses import asdict, is_dataclass, replace
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Depends, Request, Response

from chargekey.entrypoints.web.door import Door, DriverPress, FormUnreadable, Press, SignedIn, Visitor
from chargekey.entrypoints.web.downloads import download
from chargekey.entrypoints.web.leaving_words import as_file, as_text, lines_of, receipt_mail
from chargekey.entrypoints.web.screens.leaving import Disconnect, MyData, Receipt
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PATHS
from chargekey.entrypoints.web.words import Words
from chargekey.journeys.disconnect import Receipt as Left
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault
from chargekey.ports.notify import Notify

LONGEST_FILE: Final = 16 * 1024


def routes(door: Door, journeys: Journeys, clock: Clock, notify: Notify) -> APIRouter:
    """`/disconnect`, its receipt as a file, and `/my-data`."""
    router = APIRouter()
    _leaving(router, door, journeys, notify)
    _file(router, door)
    _data(router, door, journeys, clock)
    return router


def _leaving(router: APIRouter, door: Door, journeys: Journeys, notify: Notify) -> None:
    @router.get("/disconnect")
    async def confirm(me: SignedIn = Depends(door.driver)) -> Response:
        """What to undo first, while we can still look whether it is undone."""
        leaving = await journeys.disconnect.before(me.driver.id)
        if leaving is None:
            here = await journeys.standings.of(me.driver.id)
            return door.go(me.visitor, PATHS[here.step])
        lines = lines_of(door.words(me.visitor), leaving.ticks, door.site.domain)
        return door.page(me.visitor, Disconnect(lines, leaving.revoke_url))

    @router.post("/disconnect/look")
    async def look(press: DriverPress = Depends(door.driver_press)) -> Response:
        """He says that he undid something: see."""
        await journeys.disconnect.look(press.me.driver.id)
        return door.go(press.me.visitor, "/disconnect")

    @router.post("/disconnect")
    async def leave(request: Request, press: DriverPress = Depends(door.driver_press)) -> Response:
        """Erases our access, and with `erase` everything else, and gives the receipt; with `mail`, by mail too."""
        is_erased, mail_to = press.fields.get("erase") == "yes", press.me.driver.email
        left = await journeys.disconnect.leave(press.me.driver.id, erase=is_erased)
        visitor = await door.visitor(request) if is_erased else press.me.visitor
        receipt = _receipt(door, visitor, left)
        if press.fields.get("mail") == "yes":
            receipt = replace(receipt, mailed=await _mailed(notify, door.words(visitor), mail_to, receipt))
        return door.page(visitor, receipt)


async def _mailed(notify: Notify, words: Words, mail_to: str, receipt: Receipt) -> bool:
    """At once or not at all: the address may be erased by now, so nothing is left that could be tried again."""
    try:
        await notify.send(receipt_mail(words, mail_to, receipt))
    except Fault:
        return False
    return True


def _receipt(door: Door, visitor: Visitor, left: Left) -> Receipt:
    words = door.words(visitor)
    lines = lines_of(words, left.ticks, door.site.domain)
    return Receipt(
        left.number,
        left.at,
        lines,
        left.revoke_url,
        left.rows_erased is not None,
        tuple((left.rows_erased or {}).items()),
        as_file(left, lines, words, door.site.operator),
    )


def _file(router: APIRouter, door: Door) -> None:
    @router.post("/receipt")
    async def file(press: Press = Depends(door.press)) -> Response:
        """The receipt that the page holds, as a file. It is kept nowhere here, so the page brings it along."""
        text = press.fields.get("receipt", "")
        try:
            receipt = json.loads(text) if len(text) <= LONGEST_FILE else None
        except (ValueError, RecursionError) as wrong:
            raise FormUnreadable from wrong
        if not isinstance(receipt, dict):
            raise FormUnreadable
        if press.fields.get("as") == "text":
            return download(as_text(receipt), "text/plain", "chargekey-receipt.txt")
        return download(text, "application/json", "chargekey-receipt.json")


def _data(router: APIRouter, door: Door, journeys: Journeys, clock: Clock) -> None:
    @router.get("/my-data")
    async def my_data(me: SignedIn = Depends(door.driver)) -> Response:
        """What is kept, to take away or to have erased."""
        is_connected = await journeys.disconnect.is_connected(me.driver.id)
        return door.page(me.visitor, MyData(is_connected, me.driver.email))

    @router.post("/my-data")
    async def take(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Everything kept of this driver, as one file. By a press, so that nothing fetches it unasked."""
        everything = await journeys.give_data.all_of(press.me.driver.id)
        text = json.dumps(everything, default=_plain, ensure_ascii=False, indent=2)
        return download(text, "application/json", f"chargekey-my-data-{clock.now():%Y-%m-%d}.json")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)
