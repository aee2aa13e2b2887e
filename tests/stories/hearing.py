"""What a town needs to hear its cars: the settings to stream, and time that passes no faster than it hears."""

import asyncio
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from tesla_simulator.telemetry.car_certificates import authority, certificate
from tesla_simulator.telemetry.lines import Line, Opened
from tests.stories.town import DOMAIN, Town

HOST: Final = f"stream.{DOMAIN}"
A_STEP: Final = timedelta(minutes=5)
A_STRANGER: Final = "5YJ3E7EA0KF004021"
PROBED_EVERY_S: Final = 0.02


def streaming_to(zmq: str, folder: Path, begins: datetime) -> dict[str, Any]:
    """The settings with which cars are told to stream, and heard there."""
    ca = folder / "ca.pem"
    ca.write_text(certificate(authority("", begins)))
    return {"telemetry_zmq": zmq, "telemetry_host": HOST, "telemetry_ca": str(ca)}


class Hears:
    """Passes time so that what was streamed is heard before more of it passes."""

    def __init__(self, town: Town) -> None:
        self._town, self._probes, self._signals = town, count(), 0

    async def until(self, moment: datetime) -> None:
        while self._town.now < moment:
            await self._town.until(min(moment, self._town.now + A_STEP))
            await self.all_that_was_said()

    async def all_that_was_said(self) -> None:
        """A stranger's car connects, until that is heard; of two, the second came after all that was said before."""
        ear = self._town.home.ear
        assert ear
        for _ in range(2):
            before = ear.heard
            while ear.heard == before:
                line = Line(A_STRANGER, "nobody", "stream.example.org", 443, "", sends_again=False)
                self._town.world.far_ends.lines.say(line, Opened(self._town.now, f"probe-{next(self._probes)}"))
                await asyncio.wait({asyncio.create_task(a_turn())}, timeout=PROBED_EVERY_S)

    async def all_signals(self) -> None:
        """The same, where a signal was said since: most moments of a long time pass in silence."""
        said = sum(of_month.get("signal", 0) for of_month in self._town.world.record.billed.values())
        if said > self._signals:
            self._signals = said
            await self.all_that_was_said()


async def a_turn() -> None:
    """Whoever else is ready goes first."""
    await asyncio.to_thread(lambda: None)
