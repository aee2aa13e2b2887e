"""The mails about somebody else's car: to the owner, from the driver who asks; and to the driver, what came of it."""

from collections.abc import Sequence
from datetime import datetime

from chargekey.domain.causes.case import HandOff
from chargekey.domain.hand_off import Reason
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.words import Words, place_for
from chargekey.journeys.tell_of_owner import News
from chargekey.ports.notify import Mail
from chargekey.ports.people import Driver


class OwnerLetters:
    """What the driver is told. `base_url` is where the pages are."""

    def __init__(self, base_url: str, zone: str) -> None:
        self._base_url, self._zone = base_url, zone

    def came_of_it(self, to: Driver, news: News) -> Mail:
        """One mail for the end that was news: the key arrived, or the owner said no."""
        words = Words(place_for(to.locale), self._zone)
        cars = str(words.listed([words.car(vin) for vin in news.cars]))
        if news.state is HandOff.DONE:
            text = words.said(
                "The owner has added the key to %(cars)s. Tesla says so. You can go on, with your own sign-in:\n\n"
                "%(page)s\n",
                cars=cars,
                page=f"{self._base_url}/go",
            )
            return Mail(to.email, words.said("The key is on %(cars)s", cars=cars), text)
        text = words.said(
            "The owner of %(cars)s said no: %(reason)s.%(words)s\n\nNothing was changed on the car. This page says "
            "what still works and which other ways there are:\n\n%(page)s\n\nWe will not remind you.\n",
            cars=cars,
            reason=said_why(words, news.reason),
            words=f"\n\n“{news.words}”" if news.words else "",
            page=f"{self._base_url}/key/owner",
        )
        return Mail(to.email, words.said("The owner of %(cars)s said no", cars=cars), text)


def to_owner(words: Words, address: str, asks_as: str, asks_from: str, cars: Sequence[Vin], link: str,
             ends_at: datetime) -> Mail:  # fmt: skip
    """The forwarded link. It names who asks and the car, and that nothing happens without the owner."""
    named = str(words.listed([words.car(vin) for vin in cars]))
    text = words.said(
        "%(name)s (%(mail)s) drives %(cars)s and asks you, its owner, to allow smart charging.\n\nThis page says who "
        "asks for what, and takes your yes or no. You need no account:\n\n%(link)s\n\nIt is good once, until %(day)s, "
        "%(time)s. If you did not expect this, say no there, or do nothing: without you nothing happens.\n",
        name=asks_as,
        mail=asks_from,
        cars=named,
        link=link,
        day=words.day(ends_at),
        time=words.clock(ends_at),
    )
    return Mail(address, words.said("%(name)s asks to charge %(cars)s", name=asks_as, cars=named), text)


def said_why(words: Words, reason: Reason | None) -> str:
    """The reason of a no, as the end of a sentence."""
    return {
        Reason.NOT_EXPECTED: words.said("nobody had told them"),
        Reason.NOT_MY_CAR: words.said("it is not their car"),
        Reason.NOT_NOW: words.said("not now"),
        Reason.DO_NOT_WANT: words.said("they do not want this"),
    }.get(reason or Reason.OTHER, words.said("another reason"))
