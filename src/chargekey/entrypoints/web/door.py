"""Who stands at the door: the browser's session, the driver, and whether a press is truly his.

Rules of this room:

1. The cookie is only a key to a session in the store. Outside the demo it is `__Host-`, so no other host can set it.
2. A press (POST) counts only with the session's token in the form, and only from our own pages as far as the
   browser says where it comes from.
3. A form is no larger than anything else that comes in (`limits`), and each field comes once.
4. The Host header is never believed: which pages are ours, the settings say.
"""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.requests import ClientDisconnect

from chargekey.domain.secret import Secret
from chargekey.domain.tariff import Currency
from chargekey.entrypoints.web.pages import Screen, page
from chargekey.entrypoints.web.screens.frame import QUIET, Around, Frame
from chargekey.entrypoints.web.security import FORWARDED
from chargekey.entrypoints.web.site import Site
from chargekey.entrypoints.web.words import Words, place_for
from chargekey.journeys.sign_in import SESSION_LASTS, SignIn, Visit
from chargekey.ports.clock import Clock
from chargekey.ports.people import Driver, WebSession

FORM_FIELDS: Final = 100
FORM_TYPE: Final = "application/x-www-form-urlencoded"
SEE_OTHER: Final = 303
LONGEST_COOKIE: Final = 200
OWN_PATH: Final = re.compile(r"/(?:[\w-]+/)*[\w-]*", re.ASCII)
"""What a path of ours looks like: nothing in it can be read as another host."""
LookAround = Callable[[int], Awaitable[Around]]
"""What goes on around a driver, by his number."""


class NotSignedIn(Exception):
    """The page is a driver's, and nobody is signed in."""


class OpenTooLong(Exception):
    """The press does not carry its session's token, or comes from elsewhere."""

    def __init__(self, back_path: str) -> None:
        super().__init__(back_path)
        self.back_path = back_path


class FormUnreadable(Exception):
    """Not a form, not whole, not text, or with a field twice."""


@dataclass(frozen=True, slots=True, repr=False)
class Visitor:
    """A browser. `session` None: it has no cookie, and none is made just for looking."""

    session: WebSession | None
    driver: Driver | None
    cookie: Secret | None
    place: str
    on_phone: bool
    around: Around = QUIET


@dataclass(frozen=True, slots=True, repr=False)
class SignedIn:
    """A browser in which a driver is signed in."""

    visitor: Visitor
    session: WebSession
    driver: Driver


@dataclass(frozen=True, slots=True, repr=False)
class Press:
    """A form that a browser truly sent from one of our pages."""

    visitor: Visitor
    session: WebSession
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class DriverPress:
    """The same of a driver."""

    me: SignedIn
    fields: Mapping[str, str]


class Door:
    """Sessions and presses for FastAPI's Depends, and pages for those who came in."""

    def __init__(self, site: Site, sign_in: SignIn, clock: Clock, look_around: LookAround | None = None) -> None:
        self.site, self._sign_in, self._clock = site, sign_in, clock
        self._look_around = look_around
        self._cookie_name = "chargekey" if site.demo else "__Host-chargekey"

    # ── coming in ────────────────────────────────────────────────

    async def guest(self, request: Request) -> Visitor:
        """Somebody who only looks: known if he has a cookie, and given none otherwise."""
        cookie = self._cookie(request)
        return await self._with_around(_visitor(request, await self._sign_in.visit(cookie) if cookie else None))

    async def visitor(self, request: Request) -> Visitor:
        """Somebody who may press something: with a session, made if need be."""
        return await self._with_around(_visitor(request, await self._sign_in.visit(self._cookie(request))))

    async def driver(self, request: Request) -> SignedIn:
        """Raises `NotSignedIn`."""
        return _signed_in(await self.guest(request))

    async def still(self, me: SignedIn) -> SignedIn:
        """The same driver a while later: what goes on around him may have changed. Raises `NotSignedIn`."""
        if not await self._sign_in.is_still_in(me.session):
            raise NotSignedIn
        return replace(me, visitor=await self._with_around(me.visitor))

    async def _with_around(self, visitor: Visitor) -> Visitor:
        if visitor.driver is None or self._look_around is None:
            return visitor
        return replace(visitor, around=await self._look_around(visitor.driver.id))

    async def press(self, request: Request) -> Press:
        """Raises `OpenTooLong` or `FormUnreadable`."""
        if not self._is_from_here(request):
            raise OpenTooLong("/")
        fields = await fields_of(request)
        visitor = await self.guest(request)
        if visitor.session is None or not _same(fields.get("csrf", ""), visitor.session.csrf):
            raise OpenTooLong(self._back_path(request))
        return Press(visitor, visitor.session, fields)

    async def driver_press(self, request: Request) -> DriverPress:
        """Raises `NotSignedIn` too."""
        press = await self.press(request)
        return DriverPress(_signed_in(press.visitor), press.fields)

    def _cookie(self, request: Request) -> Secret | None:
        value = request.cookies.get(self._cookie_name, "")
        return Secret(value) if 0 < len(value) <= LONGEST_COOKIE else None

    def _is_from_here(self, request: Request) -> bool:
        """As far as the browser says: older ones say nothing, and then the token alone decides."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        said = request.headers.get("origin")
        if said is None:
            return True
        if said == "null":  # what pages under `no-referrer` send, by the Fetch standard; then the browser must vouch
            return request.headers.get("sec-fetch-site") == "same-origin"
        return self.site.is_own(said)

    def _back_path(self, request: Request) -> str:
        """The page that the form stood on, by the browser's word, if it is one of ours; else the start page."""
        if request.url.path.startswith(FORWARDED):
            return FORWARDED + request.url.path.removeprefix(FORWARDED).split("/")[0]  # these pages send no Referer
        said = request.headers.get("referer", "")
        path = urlsplit(said).path if self.site.is_own(said) else ""
        return path if OWN_PATH.fullmatch(path) else "/"

    # ── going out ────────────────────────────────────────────────

    def page(
        self,
        to: Visitor,
        screen: Screen,
        *,
        status: int = 200,
        zone: str | None = None,
        currency: Currency | None = None,
    ) -> Response:
        """The screen as a whole page. `currency` None: the home's own."""
        text = page(screen, self._frame(to), self.words(to, zone, currency))
        return self._with_cookie(to, HTMLResponse(text, status))

    def fragment(
        self, to: Visitor, screen: Screen, *, zone: str | None = None, currency: Currency | None = None
    ) -> str:
        """The part of the screen that changes, for a page that is open."""
        return page(screen, self._frame(to, fragment=True), self.words(to, zone, currency))

    def words(self, to: Visitor, zone: str | None = None, currency: Currency | None = None) -> Words:
        """How this browser reads. `zone` and `currency` None: the service's own."""
        return self.words_for(to.place, zone, currency)

    def words_for(self, place: str, zone: str | None = None, currency: Currency | None = None) -> Words:
        """The same for somebody who reads it later, by his place."""
        site = self.site
        return Words(place, zone or site.zone, sends_mail=site.sends_mail, currency=currency or site.currency)

    def go(self, to: Visitor, path: str) -> Response:
        """Onwards, by GET."""
        return self._with_cookie(to, RedirectResponse(path, SEE_OTHER))

    def hand_over(self, visit: Visit, to: Visitor, path: str) -> Response:
        """Onwards with the cookie of a visit that has just begun."""
        return self.go(Visitor(visit.session, visit.driver, visit.cookie, to.place, to.on_phone), path)

    def forget(self, to: Visitor, path: str) -> Response:
        """Onwards without any cookie."""
        answer = RedirectResponse(path, SEE_OTHER)
        answer.delete_cookie(self._cookie_name, path="/", secure=not self.site.demo, httponly=True, samesite="lax")
        return answer

    def _frame(self, to: Visitor, *, fragment: bool = False) -> Frame:
        return Frame(
            operator=self.site.operator,
            now=self._clock.now(),
            csrf=to.session.csrf.reveal() if to.session else "",
            signed_in_as=to.driver.email if to.driver else None,
            fragment=fragment,
            demo=self.site.demo,
            around=to.around,
            offers_passkey=self._offers_passkey(to),
            contact=self.site.contact,
        )

    def _offers_passkey(self, to: Visitor) -> bool:
        until = to.session.offers_passkey_until if to.session and to.driver else None
        return until is not None and self._clock.now() < until

    def _with_cookie(self, to: Visitor, answer: Response) -> Response:
        if to.cookie:
            answer.set_cookie(
                self._cookie_name,
                to.cookie.reveal(),
                max_age=int(SESSION_LASTS.total_seconds()),
                path="/",
                secure=not self.site.demo,
                httponly=True,
                samesite="lax",
            )
        return answer


def _visitor(request: Request, visit: Visit | None) -> Visitor:
    place = place_for(request.headers.get("accept-language", ""))
    if visit is None:
        return Visitor(None, None, None, place, is_phone(request.headers))
    return Visitor(visit.session, visit.driver, visit.cookie, place, is_phone(request.headers))


def _signed_in(visitor: Visitor) -> SignedIn:
    if visitor.session is None or visitor.driver is None:
        raise NotSignedIn
    return SignedIn(visitor, visitor.session, visitor.driver)


def is_phone(headers: Mapping[str, str]) -> bool:
    """Good enough to choose between a button and a QR code; each page links to the other.

    Only the demo's stage may frame a page, and what it frames is the driver's phone.
    """
    if headers.get("sec-fetch-dest") == "iframe":
        return True
    if headers.get("sec-ch-ua-mobile") == "?1":
        return True
    return any(word in headers.get("user-agent", "") for word in ("Mobi", "Android", "iPhone", "iPod"))


def _same(given: str, csrf: Secret) -> bool:
    return secrets.compare_digest(given.encode(), csrf.reveal().encode())


async def fields_of(request: Request) -> Mapping[str, str]:
    """What a form says. Raises `FormUnreadable`."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != FORM_TYPE:
        raise FormUnreadable
    try:
        body = await request.body()
        text, strict = body.decode(), bool(body)
        pairs = parse_qsl(text, True, strict, errors="strict", max_num_fields=FORM_FIELDS)
    except (ValueError, ClientDisconnect) as unreadable:
        raise FormUnreadable from unreadable
    fields = dict(pairs)
    if len(fields) != len(pairs) or any("\0" in value for value in fields.values()):
        raise FormUnreadable
    return fields
