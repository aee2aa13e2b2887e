"""The loop that listens to what cars stream: hear, and begin again when the stream breaks off."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Final

import structlog

from chargekey.domain.telemetry import Reading
from chargekey.ports.faults import Fault
from chargekey.ports.telemetry import TelemetrySource

log = structlog.get_logger()
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0


class Ear:
    """`heard`: how many readings have been dealt with. What is streamed while nobody listens is lost; looks go on."""

    def __init__(
        self,
        source: TelemetrySource,
        hear: Callable[[Reading], Awaitable[None]],
        pauses: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._source, self._hear, self._pauses = source, hear, pauses
        self.heard = 0
        self._dealing: asyncio.Task[None] | None = None

    async def forever(self, stop: asyncio.Event) -> None:
        """Listen until `stop`; what was heard by then is dealt with."""
        listens = asyncio.create_task(self._listen())
        await stop.wait()
        listens.cancel()
        await asyncio.wait({listens} | ({self._dealing} if self._dealing else set()))

    async def _listen(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                async with aclosing(self._source.readings()) as readings:
                    async for reading in readings:
                        pause_s = FIRST_PAUSE_S
                        self._dealing = asyncio.create_task(self._deal_with(reading))
                        await asyncio.shield(self._dealing)
            except Fault as fault:
                log.warning("the telemetry stream is out of reach", fault=type(fault).__name__, again_in_s=pause_s)
            except Exception:
                log.exception("the telemetry stream broke", again_in_s=pause_s)
            await self._pauses(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _deal_with(self, reading: Reading) -> None:
        """A reading that breaks is said, and the next one heard: what it said is kept and comes with that."""
        try:
            await self._hear(reading)
        except Exception:
            log.exception("what a car streamed was not written down")
        self.heard += 1
