"""Writing a mail in the driver's own language: what to say is a journey's matter, how to say it is not."""

from collections.abc import Sequence
from typing import Protocol

from chargekey.domain.operator_check import Line
from chargekey.domain.vehicle import Vin
from chargekey.ports.notify import Mail
from chargekey.ports.people import Driver


class Wording(Protocol):
    """The mails that call a driver back. `car` shows as model and last four; `path` is the page to go on at."""

    def goes_on(self, to: Driver, car: Vin, causes: tuple[str, ...], path: str) -> Mail:
        """What he waited for is over: these causes are gone."""

    def try_again(self, to: Driver, car: Vin, causes: tuple[str, ...], path: str) -> Mail:
        """The time to wait is over, and nobody but he can see whether it helped."""

    def still_waits(self, to: Driver, car: Vin, causes: tuple[str, ...], path: str) -> Mail:
        """We looked for as long as we said, and it is as it was: from now on he looks himself."""


class OperatorWording(Protocol):
    """The mail to those who run this service."""

    def our_side(self, to: str, lines: Sequence[Line]) -> Mail:
        """What is wrong with our own side and what to do, or that all is right again."""
