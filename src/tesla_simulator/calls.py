"""What Tesla was asked: every answered request, in order, so that a story can count them and their price."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

_FREE: Final = ""


@dataclass(frozen=True)
class Call:
    """`path` has neither query nor secrets. `billed_as` is data, command, wake, or empty for free calls."""

    at: datetime
    site: str
    method: str
    path: str
    status: int
    vin: str
    billed_as: str


def billed_as(path: str, status: int) -> str:
    """Tesla's price category. Every answer below 500 is billed, refusals too."""
    if status >= 500 or "/vehicles/" not in path:
        return _FREE
    if path.endswith("/vehicle_data"):
        return "data"
    if path.endswith("/wake_up"):
        return "wake"
    return "command" if "/command/" in path or path.endswith("/signed_command") else _FREE
