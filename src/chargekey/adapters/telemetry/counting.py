"""What of a stream could not be read, said in the log now and then instead of each time."""

from collections import Counter

import structlog

log = structlog.get_logger()


class LeftOut:
    """Counts by reason, and says the first, the tenth, the hundredth and so on."""

    def __init__(self) -> None:
        self._counted: Counter[str] = Counter()

    def say(self, why: Exception) -> None:
        """`why` holds nothing of the record itself."""
        reason = str(why)
        self._counted[reason] += 1
        times = self._counted[reason]
        if times == 10 ** (len(str(times)) - 1):
            log.warning("a telemetry record cannot be read", why=reason, times=times)
