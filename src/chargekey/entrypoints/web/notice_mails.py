"""What a driver is told once, in his language, for his mail and his devices: the same words that his pages show."""

from typing import Any, Final

from markupsafe import Markup

from chargekey.entrypoints.web.pages import environment
from chargekey.entrypoints.web.words import Words, place_for
from chargekey.ports.notices import ABOUT_SIGN_IN, Notice
from chargekey.ports.notify import Mail
from chargekey.ports.people import Driver
from chargekey.ports.push import PushMessage

BACK_AT: Final = "/go"
"""Leads to whatever step the driver is at by then."""
ACCOUNT: Final = "/account"


class NoticeMails:
    """`ports.notices.NoticeWording`. `base_url` is where the pages are."""

    def __init__(self, base_url: str, zone: str) -> None:
        self._base_url, self._zone = base_url, zone

    def notice(self, to: Driver, notice: Notice) -> Mail:
        title, text, next_step = self._said(to, notice)
        return Mail(to.email, title, f"{text}\n\n{next_step}\n\n{self._base_url}{_leads_to(notice)}\n")

    def message(self, to: Driver, notice: Notice) -> PushMessage:
        title, text, _ = self._said(to, notice)
        return PushMessage(title, text, _leads_to(notice), f"notice-{notice.id}")

    def _said(self, to: Driver, notice: Notice) -> tuple[str, str, str]:
        """Title, text, and what leads on."""
        words = Words(place_for(to.locale), self._zone)
        macros: Any = environment(words.locale.language).get_template("notices.html").make_module({"words": words})
        kind, values = notice.kind.value, notice.values
        return _plain(macros.title(kind, values)), _plain(macros.text(kind, values)), _plain(macros.step(kind))


def _leads_to(notice: Notice) -> str:
    return ACCOUNT if notice.kind in ABOUT_SIGN_IN else BACK_AT


def _plain(said: Markup) -> str:
    return said.striptags()
