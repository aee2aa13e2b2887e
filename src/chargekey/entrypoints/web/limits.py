"""How much anybody may send, whatever he asks: refused before it is read where its size is said, else as it comes.

Rules of this room:

1. Nothing of ours is larger than a form. One number for all routes, so that a new route cannot forget it.
2. A size that is said is not believed: what comes is counted.
3. A request with two lengths is none: two servers would read it differently.
"""

from collections.abc import Callable
from typing import Final

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY: Final = 64 * 1024
LARGEST_HEAD: Final = 16 * 1024
"""Of target and headers. A browser's are 1 to 2 kB; servers in front of us take 8 to 32."""
TOO_LARGE: Final = 413
HEAD_TOO_LARGE: Final = 431
BAD_REQUEST: Final = 400
CLOSES: Final = {"Connection": "close"}
"""Whatever else he sends on this connection is not read."""
Refuse = Callable[[Request, int], Response]


class TooLarge(HTTPException):
    """More came than a form can have."""

    def __init__(self) -> None:
        super().__init__(TOO_LARGE, headers=CLOSES)


class Limits:
    """ASGI middleware. `refuse` makes the page for a status."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app, self._refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if status := _refusal(request):
            answer = self._refuse(request, status)
            answer.headers.update(CLOSES)
            await answer(scope, receive, send)
            return
        counted = _Counted(receive, send)
        await self._app(scope, counted.receive, counted.send)


class _Counted:
    """One request's way in, counted, and its way out."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._came, self._has_answered = 0, False

    async def receive(self) -> Message:
        """Raises `TooLarge`; once the answer has begun, the browser is taken for gone instead."""
        message = await self._receive()
        self._came += len(message.get("body", b""))
        if self._came <= LARGEST_BODY:
            return message
        if self._has_answered:
            return {"type": "http.disconnect"}
        raise TooLarge

    async def send(self, message: Message) -> None:
        self._has_answered = True
        await self._send(message)


def _refusal(request: Request) -> int | None:
    head = sum(len(name) + len(value) for name, value in request.headers.raw)
    if head + len(request.scope["raw_path"]) + len(request.scope["query_string"]) > LARGEST_HEAD:
        return HEAD_TOO_LARGE
    said = request.headers.get("content-length")
    if said is None:
        return None
    if "transfer-encoding" in request.headers or not (said.isascii() and said.isdigit()):
        return BAD_REQUEST
    is_large = len(said.lstrip("0")) > len(str(LARGEST_BODY)) or int(said) > LARGEST_BODY
    return TOO_LARGE if is_large else None
