"""What cars stream of themselves, as it comes in."""

from collections.abc import AsyncGenerator
from typing import Protocol

from chargekey.domain.telemetry import Reading


class TelemetrySource(Protocol):
    """A stream that Tesla's fleet-telemetry server publishes.

    Nothing is promised: what is published while nobody listens is lost, records come twice, late and out of order.
    """

    def readings(self) -> AsyncGenerator[Reading, None]:
        """From now on, for ever; what cannot be read is left out, and never ends it.

        Raises `Unreachable` when whoever publishes is out of reach: begin again in a while.
        """
