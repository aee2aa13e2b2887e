"""What time it is. The only way to know."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Two exist: `system`, and `turned` for demo and tests."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
