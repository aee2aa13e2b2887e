"""The loop that listens: one reading after the other, past what breaks, and again after the stream broke off."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Final

from structlog.testing import capture_logs

from chargekey.domain.telemetry import Reading
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.worker.ear import Ear
from chargekey.ports.faults import Unreachable

SIX: Final = datetime(2024, 1, 10, 18, tzinfo=UTC)
A_READING: Final = Reading(Vin("5YJ3E7EA0KF004021"), SIX, {})


class Source:
    """`ports.telemetry.TelemetrySource`: out of reach, broken, then two readings, away again, then silent."""

    def __init__(self) -> None:
        self.begun, self.is_silent = 0, asyncio.Event()

    async def readings(self) -> AsyncGenerator[Reading, None]:
        self.begun += 1
        if self.begun == 3:
            yield A_READING
            yield A_READING
        if self.begun == 2:
            raise RuntimeError("broken")
        if self.begun < 5:
            raise Unreachable("the broker")
        yield A_READING
        self.is_silent.set()
        await asyncio.Event().wait()


async def test_it_hears_all_there_is_and_begins_again_ever_later() -> None:
    source, paused, heard = Source(), list[float](), list[Reading]()

    async def hear(reading: Reading) -> None:
        heard.append(reading)
        if len(heard) == 1:
            raise RuntimeError("broken")

    async def pauses(seconds: float) -> None:
        paused.append(seconds)

    ear, stop = Ear(source, hear, pauses), asyncio.Event()
    with capture_logs() as said:
        listening = asyncio.create_task(ear.forever(stop))
        await source.is_silent.wait()
        stop.set()
        await listening
    assert (len(heard), ear.heard) == (3, 3)
    assert paused == [1, 2, 1, 2], "each time that something came in it begins at once"
    assert [one["log_level"] for one in said] == ["warning", "error", "error", "warning", "warning"]
    assert "4021" not in str(said)


async def test_what_was_heard_before_the_end_is_dealt_with() -> None:
    begun, may_end, done = asyncio.Event(), asyncio.Event(), list[Reading]()

    async def hear(reading: Reading) -> None:
        begun.set()
        await may_end.wait()
        done.append(reading)

    source = Source()
    source.begun = 4
    ear, stop = Ear(source, hear), asyncio.Event()
    listening = asyncio.create_task(ear.forever(stop))
    await begun.wait()
    stop.set()
    await asyncio.wait({listening}, timeout=0)
    may_end.set()
    await listening
    assert done == [A_READING]
