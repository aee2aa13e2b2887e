"""Where Chargekey can be cut through: every commit that wrote something, and every request that it sends.

Rules of this room:

1. Seams name themselves, by the journey that is at it and by what it writes or asks, so that none can be forgotten.
2. The product knows nothing of them: they are put around its engine and its HTTP client after these are made.
3. A name means the same in every run. How often it is passed may differ: a pass is counted, never foretold.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import FrameType
from typing import Any, Final

import greenlet  # type: ignore[import-untyped]  # it ships no types; SQLAlchemy brings it
import httpx2
from pydantic import BaseModel
from sqlalchemy import event

from chargekey.adapters.tesla.call_record import kind_of
from chargekey.serving import Home

WRITES: Final = re.compile(
    r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM|(?:CREATE|ALTER|DROP) TABLE|CREATE (?:UNIQUE )?INDEX)\s+\"?(\w+)",
    re.IGNORECASE,
)
MIGRATES: Final = re.compile(r"^\s*(?:CREATE|ALTER|DROP)\s", re.IGNORECASE)
PASSAGES: Final = frozenset({"chargekey.adapters.store.store"})
"""Every journey goes through these."""


class Side(StrEnum):
    """On which side of a commit or a send."""

    BEFORE = "before"
    AFTER = "after"


class Cut(BaseModel):
    """Meet `signal` at that side of the `nth` pass of a seam."""

    seam: str
    side: Side
    nth: int
    signal: int

    def __str__(self) -> str:
        return f"{self.side} {self.seam} ({self.nth})"


@dataclass
class Seams:
    """Around one Chargekey. `passed` hears of every pass, before it; `met` of the cut, right before its signal."""

    cut: Cut | None
    passed: Callable[[str], None]
    met: Callable[[], None]

    def __post_init__(self) -> None:
        self._passes: Counter[str] = Counter()
        self._wrote: dict[int, set[str]] = {}
        self._committing: dict[int, str] = {}

    def surround(self, home: Home) -> None:
        """From now on every commit and every send is a seam."""
        engine = home.engine.sync_engine
        event.listen(engine, "begin", self._begins)
        event.listen(engine, "before_cursor_execute", self._executes)
        event.listen(engine, "commit", self._commits)
        commit = engine.dialect.do_commit

        def committed(connection: Any) -> None:
            commit(connection)
            if seam := self._committing.pop(id(connection.dbapi_connection), None):
                self._meets(seam, Side.AFTER)

        engine.dialect.do_commit = committed  # type: ignore[method-assign, assignment]  # there is no event for after a commit
        hooks = home.http.event_hooks
        home.http.event_hooks = {"request": [self._sends], "response": [self._answered, *hooks["response"]]}

    # ── commits ──────────────────────────────────────────────────

    def _begins(self, connection: Any) -> None:
        self._wrote[_number(connection)] = set()

    def _executes(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if found := WRITES.match(statement):
            table = "the schema" if MIGRATES.match(statement) else found[1]
            self._wrote.setdefault(_number(connection), set()).add(table)

    def _commits(self, connection: Any) -> None:
        number = _number(connection)
        wrote = self._wrote.pop(number, set())
        if "the schema" in wrote:
            wrote = {"the schema"}
        if wrote:
            seam = f"{_who()} commits {' and '.join(sorted(wrote))}"
            self._committing[number] = seam
            self._passes_by(seam)

    # ── sends ────────────────────────────────────────────────────

    async def _sends(self, request: httpx2.Request) -> None:
        self._passes_by(_seam_of(request))

    async def _answered(self, response: httpx2.Response) -> None:
        self._meets(_seam_of(response.request), Side.AFTER)

    # ── the cut ──────────────────────────────────────────────────

    def _passes_by(self, seam: str) -> None:
        self._passes[seam] += 1
        self.passed(seam)
        self._meets(seam, Side.BEFORE)

    def _meets(self, seam: str, side: Side) -> None:
        cut = self.cut
        if cut and (cut.seam, cut.side, cut.nth) == (seam, side, self._passes[seam]):
            self.cut = None
            self.met()
            os.kill(os.getpid(), cut.signal)


def _seam_of(request: httpx2.Request) -> str:
    return f"{_who()} asks Tesla: {kind_of(request.url.path)}"


def _number(connection: Any) -> int:
    return id(connection.connection.dbapi_connection)


def _who() -> str:
    """The method that is at it: the innermost of a journey, else the outermost of an adapter, else the innermost."""
    frames = [(frame.f_globals.get("__name__", ""), frame.f_code.co_qualname) for frame in _stack()]
    ours = [(module, name.replace(".<locals>", "")) for module, name in frames if module.startswith("chargekey.")]
    journeys = [name for module, name in ours if module.startswith("chargekey.journeys.")]
    adapters = [name for module, name in ours if module.startswith("chargekey.adapters.") and module not in PASSAGES]
    return next(iter([*journeys, *reversed(adapters), *(name for _, name in ours)]), "somebody")


def _stack() -> Iterator[FrameType]:
    """Innermost first; through the greenlets in which SQLAlchemy runs."""
    frame: FrameType | None = sys._getframe(1)
    here: greenlet.greenlet | None = greenlet.getcurrent()
    while here is not None:
        while frame is not None:
            yield frame
            frame = frame.f_back
        here = here.parent
        frame = here.gr_frame if here is not None else None
