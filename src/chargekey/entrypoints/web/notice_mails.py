"""The mails of what a driver is told once, in his language: the same words that his pages show."""

from markupsafe import Markup

from chargekey.entrypoints.web.pages import environment
from chargekey.entrypoints.web.words import Words, place_for
from chargekey.ports.notices import Notice
from chargekey.ports.notify import Mail
from chargekey.ports.people import Driver


class NoticeMails:
    """`ports.notices.NoticeWording`. `base_url` is where the pages are."""

    def __init__(self, base_url: str, zone: str) -> None:
        self._base_url, self._zone = base_url, zone

    def notice(self, to: Driver, notice: Notice) -> Mail:
        words = Words(place_for(to.locale), self._zone)
        said = environment(words.locale.language).get_template("notices.html")
        module = said.make_module({"words": words})
        subject = _plain(module.title(notice.kind.value, notice.values))  # type: ignore[attr-defined]  # a macro
        text = _plain(module.text(notice.kind.value, notice.values))  # type: ignore[attr-defined]  # a macro
        next_step = _plain(module.step(notice.kind.value))  # type: ignore[attr-defined]  # a macro
        return Mail(to.email, subject, f"{text}\n\n{next_step}\n\n{self._base_url}/go\n")


def _plain(said: Markup) -> str:
    return said.striptags()
