"""A driver's months and years: what they came to, and their nights as a file."""

from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter, Depends, Response

from chargekey.domain.span import Span, SpanUnclear, read_span
from chargekey.entrypoints.web.door import Door, DriverPress, FormUnreadable, SignedIn
from chargekey.entrypoints.web.downloads import download
from chargekey.entrypoints.web.night_files import as_csv, as_json
from chargekey.entrypoints.web.screens.trouble import NotFound
from chargekey.entrypoints.web.showing_span import currency_of, nights_in_span
from chargekey.entrypoints.web.site import Journeys
from chargekey.journeys.night_shown import SpanShown
from chargekey.journeys.show_charging import NothingToShow
from chargekey.ports.clock import Clock

FILES: Final[Mapping[str, tuple[str, Callable[[SpanShown], str]]]] = {
    "csv": ("text/csv", as_csv),
    "json": ("application/json", as_json),
}


def routes(door: Door, journeys: Journeys, clock: Clock) -> APIRouter:
    """`/nights/in/2026-11` and `/nights/in/2026`."""
    router = APIRouter()

    @router.get("/nights/in/{written}")
    async def nights_in(written: str, me: SignedIn = Depends(door.driver)) -> Response:
        """What the month or the year came to."""
        span = _read(written)
        if span is None:
            return door.page(me.visitor, NotFound(), status=404)
        try:
            shown = await journeys.show_charging.nights_in(me.driver.id, span)
        except NothingToShow:
            return door.go(me.visitor, "/go")
        screen = nights_in_span(shown, clock.now(), door.words(me.visitor).locale.first_week_day)
        return door.page(me.visitor, screen, zone=shown.settings.goal.zone, currency=currency_of(shown))

    @router.post("/nights/in/{written}")
    async def take(written: str, press: DriverPress = Depends(door.driver_press)) -> Response:
        """Its nights as a file. By a press, so that nothing fetches it unasked."""
        span, kind = _read(written), press.fields.get("kind", "")
        if span is None or kind not in FILES:
            raise FormUnreadable
        try:
            shown = await journeys.show_charging.nights_in(press.me.driver.id, span)
        except NothingToShow:
            return door.go(press.me.visitor, "/go")
        media_type, write = FILES[kind]
        return download(write(shown), media_type, f"chargekey-nights-{span.written}.{kind}")

    return router


def _read(written: str) -> Span | None:
    try:
        return read_span(written)
    except SpanUnclear:
        return None
