"""The mails that call a driver back, in his language (`ports/wording`)."""

from chargekey.domain.causes.catalogue import BY_ID
from chargekey.domain.causes.verdict import present
from chargekey.domain.diagnosis import Finding
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.words import Words, place_for
from chargekey.ports.notify import Mail
from chargekey.ports.people import Driver


class Letters:
    """`ports.wording.Wording`. `base_url` is where the pages are."""

    def __init__(self, base_url: str, zone: str) -> None:
        self._base_url, self._zone = base_url, zone

    def goes_on(self, to: Driver, car: Vin, causes: tuple[str, ...], path: str) -> Mail:
        words = self._words(to)
        text = words.said(
            "What you waited for is over: %(causes)s. We looked a moment ago.\n\nGo on where you were:\n\n%(page)s\n",
            causes=_named(words, causes),
            page=self._base_url + path,
        )
        return Mail(to.email, words.said("%(car)s: you can go on", car=words.car(car)), text)

    def try_again(self, to: Driver, car: Vin, causes: tuple[str, ...], path: str) -> Mail:
        words = self._words(to)
        text = words.said(
            "We said that we would call you back: %(causes)s. It mostly passes by itself, and only the Tesla app can "
            "tell.\n\nOpen this on your phone and press the yellow button once more:\n\n%(page)s\n",
            causes=_named(words, causes),
            page=self._base_url + path,
        )
        return Mail(to.email, words.said("%(car)s: time to try again", car=words.car(car)), text)

    def still_waits(self, to: Driver, car: Vin, causes: tuple[str, ...], path: str) -> Mail:
        words = self._words(to)
        text = words.said(
            "It is as it was: %(causes)s. We have looked for as long as we said, and now stop looking by ourselves. "
            "When you know that something has changed, open this page and we look again:\n\n%(page)s\n",
            causes=_named(words, causes),
            page=self._base_url + path,
        )
        return Mail(to.email, words.said("%(car)s: still the same", car=words.car(car)), text)

    def _words(self, to: Driver) -> Words:
        return Words(place_for(to.locale), self._zone)


def _named(words: Words, causes: tuple[str, ...]) -> str:
    names = [words.cause(Finding(BY_ID[one], present("named"))) for one in causes if one in BY_ID]
    return str(words.listed([name for name in names if name])) or words.said("what was in the way")
