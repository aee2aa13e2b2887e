"""Which part of a driver's way a wrong line of the operator's check closes: that whose next step would fail."""

from collections.abc import Sequence

from chargekey.domain.findings import Closed
from chargekey.domain.operator_check import Check, Line, State, wrong


def closes(lines: Sequence[Line], closed: Closed, region: str | None) -> tuple[Line, ...]:
    """Those wrong lines with which the next step of that part would fail. `region` None: not known yet."""
    return tuple(line for line in wrong(lines) if _closes(line, lines, closed, region))


def _closes(line: Line, lines: Sequence[Line], closed: Closed, region: str | None) -> bool:
    """Before consent any region may be the driver's, so one that is not registered closes it only if none is."""
    match line.check:
        case Check.LIMITS:
            return True
        case Check.APP | Check.WAY_BACK:
            return closed is Closed.CONSENT
        case Check.KEY_FILE | Check.KEYS_ALIKE:
            return closed is Closed.KEY
        case Check.REGISTERED if region is None:
            return all(one.state is State.WRONG for one in lines if one.check is Check.REGISTERED)
        case Check.REGISTERED:
            return line.region == region
        case _:
            return False
