"""`chargekey init --pages`: a home set up in a browser on this machine, opened by a link from the terminal.

Rules of this room:

1. Pages listen on loopback, and for one browser (`first_run_door`). They end when told to, or with the command.
2. On the home's own port the public key is answered meanwhile, and nothing else, so that Tesla can fetch it before
   Chargekey runs. Where somebody answers there already, it is left to him.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Mapping
from typing import Final

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles

from chargekey.entrypoints.api import key_file
from chargekey.entrypoints.setting_up.home import KeyAnswered, SettingUp
from chargekey.entrypoints.setting_up.questions import WillNotDo
from chargekey.entrypoints.setting_up.sitting import Sitting
from chargekey.entrypoints.web import routes_first_run
from chargekey.entrypoints.web.build import STATIC
from chargekey.entrypoints.web.door import FormUnreadable
from chargekey.entrypoints.web.first_run_door import FORBIDDEN, HOSTS, FirstRunDoor, NotLetIn
from chargekey.entrypoints.web.limits import Limits
from chargekey.entrypoints.web.listening import listening
from chargekey.entrypoints.web.routes_first_run import Ending, KeyHost, Pace
from chargekey.entrypoints.web.screens.first_run import Refusal, Refused
from chargekey.entrypoints.web.security import Doors, SecurityHeaders

LOOPBACK: Final = "127.0.0.1"
MOST_CONNECTIONS: Final = 50
USUAL_PACE: Final = Pace()
NOT_FOUND, BAD_REQUEST, MISTAKEN = 404, 400, 500


def run(home: SettingUp, given: Mapping[str, str], port: int, say: Callable[[str], None]) -> bool:
    """Until they are closed. Whether Chargekey is to start now. `port` 0: a free one. Raises `WillNotDo`."""
    sitting, door = Sitting(home, given), FirstRunDoor(home.clock)
    with _at(port) as listens:
        say("Open this link in a browser on this machine. It works once:")
        say(f"  {door.link(listens.getsockname()[1])}")
        say("(From elsewhere: ssh -L with the same port on both sides.) Ctrl-C ends the pages.")
        with contextlib.suppress(KeyboardInterrupt):
            return asyncio.run(_until_closed(sitting, door, listens))
    return False


def _at(port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as taken:
        raise WillNotDo(f"port {port} of this machine cannot be had ({taken.strerror}): --pages-port") from taken


async def _until_closed(sitting: Sitting, door: FirstRunDoor, listens: socket.socket) -> bool:
    ending = Ending()
    async with contextlib.AsyncExitStack() as until_the_end:

        async def opens(key: KeyAnswered) -> bool:
            return await _answers_for(key, until_the_end)

        app = build(door, sitting, KeyHost(opens), ending)
        server = uvicorn.Server(_listening(app, listens.getsockname()[1]))
        closing = asyncio.create_task(_close_when_told(server, ending))
        try:
            await server.serve(sockets=[listens])
        finally:
            closing.cancel()
    return ending.starts


async def _close_when_told(server: uvicorn.Server, ending: Ending) -> None:
    await ending.now.wait()
    server.should_exit = True


async def _answers_for(key: KeyAnswered, until_the_end: contextlib.AsyncExitStack) -> bool:
    """False: there somebody answers already."""
    family = socket.AF_INET6 if ":" in key.host else socket.AF_INET
    try:
        listens = socket.create_server((key.host, key.port), family=family)
    except OSError:
        return False
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(key_file.routes(key.public_pem))
    app.add_middleware(Limits, refuse=lambda _, status: Response(status_code=status))
    config = _listening(app, key.port)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listens])
    until_the_end.push_async_callback(server.shutdown, sockets=[listens])
    return True


def _listening(app: FastAPI, port: int) -> uvicorn.Config:
    return listening(app, host=LOOPBACK, port=port, proxies=[], most_connections=MOST_CONNECTIONS)


def build(door: FirstRunDoor, sitting: Sitting, host: KeyHost, ending: Ending, pace: Pace = USUAL_PACE) -> FastAPI:
    """The pages, walled in."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(routes_first_run.routes(door, sitting, host, ending, pace))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    doors = Doors(forms_lead_to=[], framed_by=None, https=False)
    _refuse(app, door, doors)
    app.router.redirect_slashes = False
    app.add_middleware(Limits, refuse=lambda _, status: PlainTextResponse("not understood", status))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)
    app.add_middleware(SecurityHeaders, doors=doors)
    return app


def _refuse(app: FastAPI, door: FirstRunDoor, doors: Doors) -> None:
    @app.exception_handler(NotLetIn)
    async def not_let_in(request: Request, trouble: NotLetIn) -> Response:
        return door.page(request, Refused(trouble.why), FORBIDDEN)

    @app.exception_handler(FormUnreadable)
    async def form_unreadable(request: Request, _: FormUnreadable) -> Response:
        return door.page(request, Refused(Refusal.PRESS), BAD_REQUEST)

    @app.exception_handler(RequestValidationError)
    @app.exception_handler(HTTPException)
    async def no_such_page(request: Request, _: Exception) -> Response:
        return door.page(request, Refused(Refusal.PAGE), NOT_FOUND)

    @app.exception_handler(Exception)
    async def our_mistake(request: Request, _: Exception) -> Response:
        """What happened stands in the terminal: the server writes it there."""
        answer = door.page(request, Refused(Refusal.MISTAKE), MISTAKEN)
        answer.headers.update({**doors.headers(), "Cache-Control": "no-store"})
        return answer
