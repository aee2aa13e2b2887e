"""The system's clock and an offset, for demo and tests. The offset outlives a restart."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path


class OffsetUnreadable(Exception):
    """The file that keeps the offset holds something else."""


class TurnedClock:
    """Runs at the system's speed, from wherever it was turned to.

    `kept_in` None: the offset is forgotten with the process.
    """

    def __init__(self, kept_in: Path | None = None) -> None:
        self._kept_in = kept_in
        self._offset = _read(kept_in) if kept_in and kept_in.exists() else timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def turn(self, to: datetime) -> None:
        """From now on it is `to`, and runs on from there. Kept before it counts."""
        offset = to - datetime.now(UTC)
        if self._kept_in:
            fresh = self._kept_in.with_suffix(".new")
            fresh.write_text(json.dumps({"offset_us": offset // timedelta(microseconds=1)}))
            fresh.replace(self._kept_in)
        self._offset = offset


def _read(path: Path) -> timedelta:
    try:
        return timedelta(microseconds=int(json.loads(path.read_text())["offset_us"]))
    except (ValueError, KeyError, TypeError, OverflowError) as wrong:
        raise OffsetUnreadable(f"{path.name} does not hold a clock offset") from wrong
