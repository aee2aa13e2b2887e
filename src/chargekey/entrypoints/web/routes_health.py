"""Whether the process lives, and whether it can do its work."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

Ready = Callable[[], Awaitable[bool]]


def routes(is_ready: Ready) -> APIRouter:
    """`is_ready` asks the database, at the least; False or a fault of its own says no."""
    router = APIRouter()

    @router.get("/healthz")
    async def lives() -> PlainTextResponse:
        """The process answers."""
        return PlainTextResponse("ok\n")

    @router.get("/readyz")
    async def ready() -> PlainTextResponse:
        """The database answers too."""
        return PlainTextResponse("ok\n") if await is_ready() else PlainTextResponse("not ready\n", 503)

    return router
