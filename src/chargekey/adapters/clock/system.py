"""The system's clock, the one place besides `turned` that reads it."""

from datetime import UTC, datetime


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)
