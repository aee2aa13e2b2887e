"""Serves every sample screen on loopback, with the headers of the real thing, for tests and pictures."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from chargekey.domain.tariff import Currency
from chargekey.entrypoints.web import pages
from chargekey.entrypoints.web.screens.frame import QUIET, Frame
from chargekey.entrypoints.web.security import Doors, SecurityHeaders
from chargekey.entrypoints.web.words import Words
from tests.browser.sample_chart import NOW, ZONE, at
from tests.browser.samples import screens
from tests.browser.samples_account import MAIL
from tests.browser.samples_around import AROUND, OFFERED
from tests.browser.samples_no_mail import NO_MAIL

STATIC: Final = Path(pages.__file__).parent / "static"
LATER: Final = {"23-live": at(2, 16), "23-live-at-once": at(2, 16)}
"""Screens whose moment is another than the evening's."""
IN_POUNDS: Final = ("10-plan-all-included", "13-tonight-pounds")
"""Screens of a home in Britain."""
CONTACT: Final = "kim@home.example"


def shown(name: str, screen: pages.Screen, *, sends_mail: bool) -> str:
    """A sample as a whole page, in a home that sends mail or in one that does not."""
    of = NO_MAIL.get(name, name)
    _, around = AROUND.get(of, ("", QUIET))
    currency: Currency = "GBP" if of in IN_POUNDS else "EUR"
    frame = Frame(
        "Chargekey",
        LATER.get(of, NOW),
        "csrf-of-the-gallery",
        MAIL,
        around=around,
        offers_passkey=of in OFFERED,
        contact=CONTACT,
    )
    return pages.page(screen, frame, Words("en_GB", ZONE, sends_mail=sends_mail, currency=currency))


def gallery() -> FastAPI:
    """One page a sample, at /gallery/<name>; live parts have nothing to tell."""
    app = FastAPI(openapi_url=None)
    made = screens()

    @app.get("/gallery/{name}", response_class=HTMLResponse)
    async def sample(name: str) -> str:
        return shown(name, made[name], sends_mail=name not in NO_MAIL)

    @app.get("/account/devices/here")
    async def here() -> dict[str, object]:
        return {"told": False, "key": "BAAA"}

    @app.post("/sign-in/passkey/ask")
    @app.post("/account/passkeys/offer/seen")
    async def nothing_to_say() -> Response:
        return Response(status_code=204)

    @app.get("/{part:path}/live")
    async def nothing_new(part: str) -> Response:
        return Response(status_code=204)

    app.mount("/static", StaticFiles(directory=STATIC))
    app.add_middleware(SecurityHeaders, doors=Doors(["https://auth.tesla.com"], None, https=False))
    return app


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address under which the app answers, until the block ends."""
    with socket.socket(proto=socket.IPPROTO_TCP) as free:
        free.bind(("127.0.0.1", 0))
        free.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]}, daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{free.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
