"""No mail at all: an operator without a mail server, who hands out sign-in links himself."""

from chargekey.ports.faults import Refused
from chargekey.ports.notify import Mail


class NoMail:
    """`ports.notify.Notify` that says no. What is told by mail elsewhere stands in the app alone."""

    async def send(self, mail: Mail) -> None:
        raise Refused("no mail server is set")

    async def is_open(self) -> bool | None:
        return None
