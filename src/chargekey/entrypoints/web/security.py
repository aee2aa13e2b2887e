"""What every answer tells the browser: load nothing from elsewhere, frame nowhere, remember https.

Rules of this room:

1. No inline script or style, ever: `default-src 'self'` says it for all kinds.
2. A form may lead to Tesla's sign-in alone: browsers check where a form's answer redirects to.
3. Pages are the driver's own: nothing between us and his browser keeps them.
4. A page for an owner is opened by its address alone, so its address is told to nobody (`FORWARDED`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TWO_YEARS: Final = 63_072_000
STATIC: Final = "/static/"
FORWARDED: Final = "/owner/"
"""Pages whose address is itself the way in, sent on by people: no Referer repeats it, no search engine keeps it."""
CALLBACK: Final = "/connect/callback"
"""Where Tesla sends a browser back to, with a code in the address (RFC 9700, 4.2.4)."""
UNTRACED: Final = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}
SWITCHED_OFF: Final = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
)


@dataclass(frozen=True, slots=True)
class Doors:
    """Who may do what around our pages. Origins such as https://auth.tesla.com; `framed_by` None: nobody."""

    forms_lead_to: Sequence[str]
    framed_by: str | None
    https: bool

    def policy(self) -> str:
        """The Content-Security-Policy."""
        return "; ".join(
            (
                "default-src 'self'",
                "img-src 'self' data:",
                "object-src 'none'",
                f"frame-ancestors {self.framed_by or chr(39) + 'none' + chr(39)}",
                "base-uri 'none'",
                f"form-action {' '.join((chr(39) + 'self' + chr(39), *self.forms_lead_to))}",
            )
        )

    def headers(self) -> dict[str, str]:
        """All of them, for one answer."""
        headers = {
            "Content-Security-Policy": self.policy(),
            # Origin and Referer stay within our own pages, so that forms can be checked; nothing leaks outside.
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Permissions-Policy": SWITCHED_OFF,
        }
        if self.framed_by is None:
            headers |= {
                "X-Frame-Options": "DENY",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
            }
        if self.https:
            headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
        return headers


class SecurityHeaders:
    """ASGI middleware: adds the headers to every answer, event streams included."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self._app, self._headers = app, doors.headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_static = str(scope["path"]).startswith(STATIC)
        more = UNTRACED if str(scope["path"]).startswith((FORWARDED, CALLBACK)) else {}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers | more)
                headers.setdefault("Cache-Control", "public, max-age=300" if is_static else "no-store")
                if headers["Cache-Control"] == "no-cache":  # what FastAPI says of event streams: kept, and asked about
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)
