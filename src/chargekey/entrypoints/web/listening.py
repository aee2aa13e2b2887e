"""How we listen: what a connection may cost us before anybody has asked for a page.

Rules of this room:

1. A request is whole in time, its head and its body, or the connection ends. uvicorn by itself waits for ever.
2. A head that does not end is not gathered for ever. Of uvicorn's two parsers only h11 has a bound for that; one that
   comes whole is measured by `limits`.
3. There are at most so many connections; one more is told so at once (503), and costs nothing else.

What one client may open at a time is the reverse proxy's to say: here all come from the proxy (threat-model.md).
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from chargekey.entrypoints.web.limits import LARGEST_HEAD

WHOLE_WITHIN_S: Final = 20.0
"""From its opening, or from a later request's first byte. The largest body comes in that time over 26 kbit/s."""
ENDS_WITHIN_S: Final = 3
"""Pages that are open for ever must not hold up a stop for longer."""
IS_WHOLE: Final = (h11.DONE, h11.MUST_CLOSE, h11.CLOSED, h11.ERROR)


def listening(
    app: ASGIApp,
    *,
    host: str,
    port: int,
    proxies: Sequence[str],
    most_connections: int,
    whole_within_s: float = WHOLE_WITHIN_S,
) -> uvicorn.Config:
    """The server's settings. Its log goes through our mask; it names neither itself nor its version."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_impatient(whole_within_s),
        ws="none",
        h11_max_incomplete_event_size=LARGEST_HEAD,
        limit_concurrency=most_connections,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        forwarded_allow_ips=list(proxies),
        timeout_graceful_shutdown=ENDS_WITHIN_S,
    )


def _impatient(whole_within_s: float) -> type[H11Protocol]:
    class Impatient(H11Protocol):
        """Ends a connection whose request is not whole in time, however steadily it drips."""

        _ends: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
            super().connection_made(transport)
            self._is_waited_for()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state in IS_WHOLE:
                self._is_waited_for_no_more()
            else:
                self._is_waited_for()

        def connection_lost(self, exc: Exception | None) -> None:
            self._is_waited_for_no_more()
            super().connection_lost(exc)

        def _is_waited_for(self) -> None:
            """What has begun to be waited for is not given more time by another byte."""
            if self._ends is None:
                self._ends = self.loop.call_later(whole_within_s, self.transport.close)

        def _is_waited_for_no_more(self) -> None:
            if self._ends is not None:
                self._ends.cancel()
                self._ends = None

    return Impatient
