"""Leaving, its receipt, and one's own data."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from chargekey.journeys.disconnect import Sure, What


@dataclass(frozen=True, slots=True)
class Line:
    """One tick in words. `at` None: never seen. `do`: what only the driver can do about it, "" where nothing is."""

    what: What
    sure: Sure
    name: str
    saw: str
    do: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Before leaving: what to undo while we can still look whether it is undone."""

    template: ClassVar[str] = "leaving/disconnect.html"
    lines: tuple[Line, ...]
    revoke_url: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """After leaving. `file` is the receipt as JSON. `is_erased`: nothing is kept.

    `mailed` None: he did not want it by mail; False: the mail server would not take it.
    """

    template: ClassVar[str] = "leaving/receipt.html"
    number: str
    at: datetime
    lines: tuple[Line, ...]
    revoke_url: str
    is_erased: bool
    rows: tuple[tuple[str, int], ...]
    file: str
    mailed: bool | None = None

    @property
    def is_out_of_the_car(self) -> bool:
        """Whether no car is known to have a schedule of ours still."""
        return all(line.what is not What.SCHEDULES or line.sure is Sure.VERIFIED for line in self.lines)


@dataclass(frozen=True, slots=True)
class MyData:
    """One's own data: to take away, or to have erased."""

    template: ClassVar[str] = "leaving/my_data.html"
    is_connected: bool
    mail: str
