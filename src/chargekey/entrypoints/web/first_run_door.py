"""Who may set up the home: the one browser in which the link was opened that the terminal showed.

Rules of this room:

1. The link is good once. The browser that opens it first gets a cookie, and no other is let in until the command is
   started anew: what is set here decides whom a home belongs to.
2. Only this machine is called, by its own names (`HOSTS`), so that no page of the Internet can rebind its way in; and a
   press counts only with this sitting's token, and only from our own page as far as the browser says.
"""

import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chargekey.entrypoints.web.door import SEE_OTHER, fields_of
from chargekey.entrypoints.web.pages import Screen, page
from chargekey.entrypoints.web.screens.first_run import Refusal
from chargekey.entrypoints.web.screens.frame import Frame
from chargekey.entrypoints.web.words import PLACES, Words, place_for
from chargekey.ports.clock import Clock

COOKIE: Final = "chargekey_first_run"
HOSTS: Final = ("localhost", "127.0.0.1")
FORBIDDEN: Final = 403
BEGIN: Final = "/begin/"


class NotLetIn(Exception):
    """This browser may see nothing, or its press does not count."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


class FirstRunDoor:
    """The link, the cookie, and pages for whoever came in."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._token, self._cookie, self._csrf = (secrets.token_urlsafe(32) for _ in range(3))
        self._is_used = False

    def link(self, port: int) -> str:
        """For the terminal. It opens once."""
        return f"http://localhost:{port}{BEGIN}{self._token}"

    def begin(self, request: Request, token: str) -> Response:
        """Raises `NotLetIn` for any but the first browser."""
        if not self._knows(request):
            if self._is_used or not secrets.compare_digest(token.encode(), self._token.encode()):
                raise NotLetIn(Refusal.LINK)
            self._is_used = True
        answer = self.go("/")
        answer.set_cookie(COOKIE, self._cookie, path="/", httponly=True, samesite="strict")
        return answer

    async def let_in(self, request: Request) -> None:
        """For FastAPI's Depends. Raises `NotLetIn`."""
        if not self._knows(request):
            raise NotLetIn(Refusal.LINK)

    async def press(self, request: Request) -> Mapping[str, str]:
        """What a form of ours says. Raises `NotLetIn` or `FormUnreadable`."""
        await self.let_in(request)
        fields = dict(await fields_of(request))
        token = fields.pop("csrf", "")
        if not (_is_from_here(request) and secrets.compare_digest(token.encode(), self._csrf.encode())):
            raise NotLetIn(Refusal.PRESS)
        return fields

    def page(self, request: Request, screen: Screen, status: int = 200) -> Response:
        """The screen as a whole page."""
        return HTMLResponse(page(screen, self._frame(fragment=False), _words(request)), status)

    def fragment(self, request: Request, screen: Screen) -> str:
        """The part of the screen that changes, for a page that is open."""
        return page(screen, self._frame(fragment=True), _words(request))

    def go(self, path: str) -> Response:
        """Onwards, by GET."""
        return RedirectResponse(path, SEE_OTHER)

    def _frame(self, *, fragment: bool) -> Frame:
        return Frame("Chargekey", self._clock.now(), self._csrf, fragment=fragment)

    def _knows(self, request: Request) -> bool:
        said = request.cookies.get(COOKIE, "")
        return self._is_used and secrets.compare_digest(said.encode(), self._cookie.encode())


def _words(request: Request) -> Words:
    return Words(place_for(request.headers.get("accept-language", "")) or PLACES[0], "UTC")


def _is_from_here(request: Request) -> bool:
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    said = request.headers.get("origin")
    return said is None or urlsplit(said).netloc == request.headers.get("host")
