"""Trouble on demand: answers that fail, hang, or never arrive.

kind              what the asker sees           did it happen?
├── ANSWERS       `status` and `body`           no
├── HANGS         a late answer                 yes, as late
├── ANSWERS_LATE  a late answer                 yes, at once
├── DRIPS         a byte, and late the rest     yes, at once
├── CUT_BEFORE    the connection breaks         no
├── CUT_WITHIN    half an answer                yes
└── CUT_AFTER     the connection breaks         yes

Which requests are met is a matter of what they are about and, where `chance` says so, of dice: the same seed throws
the same numbers.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Kind(StrEnum):
    """What a fault does to a request."""

    ANSWERS = "answers"
    HANGS = "hangs"
    ANSWERS_LATE = "answers_late"
    DRIPS = "drips"
    CUT_BEFORE = "cut_before"
    CUT_WITHIN = "cut_within"
    CUT_AFTER = "cut_after"


@dataclass
class Fault:
    """Meets the next `count` requests that fit; what is empty fits everything. `hang_s` is real seconds.

    `chance` below 1: of those that fit, so many in the long run, by the world's dice.
    """

    kind: Kind
    site: str = ""
    path_contains: str = ""
    vin: str = ""
    account: str = ""
    count: int = 1
    status: int = 500
    body: dict[str, Any] | str = field(default_factory=lambda: dict(_INTERNAL))
    headers: dict[str, str] = field(default_factory=dict)
    hang_s: float = 0.0
    chance: float = 1.0

    def fits(self, site: str, path: str, account: str) -> bool:
        return (
            self.count > 0
            and self.site in ("", site)
            and self.path_contains in path
            and self.vin in path
            and self.account in ("", account)
        )


_INTERNAL: dict[str, Any] = {"response": None, "error": "upstream internal error", "error_description": ""}


def next_fault(faults: list[Fault], site: str, path: str, account: str, dice: Random) -> Fault | None:
    """The first that fits, counted down; used up ones leave the list."""
    fitting = (fault for fault in faults if fault.fits(site, path, account))
    found = next((fault for fault in fitting if fault.chance >= 1 or dice.random() < fault.chance), None)
    if found is not None:
        found.count -= 1
        if found.count == 0:
            faults.remove(found)
    return found


async def suffer(
    fault: Fault,
    app: ASGIApp,
    recorded: Callable[[ASGIApp], ASGIApp],
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Let this request meet its fault. `app` is what would have answered; `recorded` makes it be written down."""
    if fault.kind is Kind.ANSWERS:
        await recorded(_answering(fault))(scope, receive, send)
    elif fault.kind is Kind.HANGS:
        await asyncio.sleep(fault.hang_s)
        await recorded(app)(scope, receive, send)
    elif fault.kind in (Kind.ANSWERS_LATE, Kind.DRIPS, Kind.CUT_WITHIN):
        await _part_by_part(fault, recorded(app), scope, receive, send)
    else:
        if fault.kind is Kind.CUT_AFTER:
            await recorded(app)(scope, receive, _to_nobody)
        await _cut(receive, send)


async def _part_by_part(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """It happens at once; its answer comes late, in drops, or only in part."""
    held: list[Message] = []

    async def hold(message: Message) -> None:
        held.append(message)

    await app(scope, receive, hold)
    start, body = held[0], b"".join(one.get("body", b"") for one in held[1:])
    if fault.kind is Kind.ANSWERS_LATE:
        await asyncio.sleep(fault.hang_s)
    await send(start)
    if fault.kind is Kind.CUT_WITHIN:
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await _cut(receive, send)
        return
    if fault.kind is Kind.DRIPS:
        await send({"type": "http.response.body", "body": body[:1], "more_body": True})
        await asyncio.sleep(fault.hang_s)
        body = body[1:]
    await send({"type": "http.response.body", "body": body})


def _answering(fault: Fault) -> ASGIApp:
    async def answer(_: Scope, __: Receive, send: Send) -> None:
        await _answer(fault, send)

    return answer


async def _answer(fault: Fault, send: Send) -> None:
    is_text = isinstance(fault.body, str)
    content = str(fault.body) if is_text else json.dumps(fault.body)
    kind = b"text/plain; charset=utf-8" if is_text else b"application/json"
    given = [(name.lower().encode(), value.encode()) for name, value in fault.headers.items()]
    headers = [(b"content-type", kind), *given]
    await send({"type": "http.response.start", "status": fault.status, "headers": headers})
    await send({"type": "http.response.body", "body": content.encode()})


async def _to_nobody(_: Message) -> None:
    """Where an answer goes that nobody shall get."""


async def _cut(receive: Receive, send: Send) -> None:
    """Break the connection without a byte of answer.

    ASGI has no word for it. Under uvicorn `send` belongs to the request's cycle, which knows its transport;
    without uvicorn there is no connection to cut, and we say so.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise RuntimeError("only a real connection can be cut: serve the world with uvicorn")
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
