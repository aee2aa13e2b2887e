"""Writing a mail: what to say is a journey's matter, how to say it is not. A driver's mails are `ports/notices`."""

from collections.abc import Sequence
from typing import Protocol

from chargekey.domain.operator_check import Line
from chargekey.ports.notify import Mail


class OperatorWording(Protocol):
    """The mail to those who run this service."""

    def our_side(self, to: str, lines: Sequence[Line]) -> Mail:
        """What is wrong with our own side and what to do, or that all is right again."""
