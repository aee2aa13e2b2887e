"""A home that sends no mail promises none: every sample screen, rendered as such a home would, and read."""

import re
from html import unescape
from typing import Final

import pytest

from chargekey.entrypoints.web.pages import TEMPLATES
from tests.browser.gallery import shown
from tests.browser.samples import screens
from tests.promising_mail import PROMISES, WAYS

SCREENS: Final = screens()
ONLY_WITH_MAIL: Final = {
    "01-outbox": "the demo's mail",
    "01-outbox-empty": "the demo's mail",
    "01-sign-in-sent": "nobody is asked for an address",
    "09-owner-made-sent": "nobody is asked for an address",
    "09-owner-made-unsent": "nobody is asked for an address",
    "17-receipt-mailed": "no tick asks for it",
    "17-receipt-not-mailed": "no tick asks for it",
    "20-operator-given-up": "a mail that could not leave",
    "20-operator-much-wrong": "a mail server that is shut",
    "20-operator-right": "a mail server that is open; the same without one is 20-operator-no-mail",
    "20-operator-wrong": "a mail server that is open; the same without one is 20-operator-no-mail",
    "30-first-run-home": "asks for the mail server",
    "30-first-run-home-again": "asks for the mail server",
    "30-first-run-ready-served": "a mail server that is open; the same without one is 30-first-run-ready",
    "30-first-run-wrong": "a mail server that is shut",
}
"""Screens that nobody comes to in a home without mail, and why."""
TRUE_ANYWAY: Final = (
    "No mail leaves this service.",
    "No mail leaves this home.",
    "Mail No mail server is set.",
    "Mail Not used. No mail server is set.",
    "Mail Not looked at yet.",
    "no mail address, no whole VIN",
    "your mail address, so that coming back goes on",
    "the log and your mail address.",
    "Apps for mail and chat",
    "Mail and chat apps",
    "By mail or message, however you talk to them.",
    "Sign in and write to us from there, or write a mail to",
)
"""What speaks of mail and holds without a mail server: what others send, an address that is kept, a check."""


def read(name: str, *, sends_mail: bool) -> str:
    """All words of the page, those too that only a script will show."""
    bare = re.sub(r"<[^>]*>", " ", shown(name, SCREENS[name], sends_mail=sends_mail))
    return " ".join(unescape(bare).split())


@pytest.mark.parametrize("name", sorted(SCREENS.keys() - ONLY_WITH_MAIL))
def test_no_screen_promises_a_mail_where_none_leaves(name: str) -> None:
    text = read(name, sends_mail=False)
    for saying in TRUE_ANYWAY:
        text = text.replace(saying, "")
    assert [found.group() for found in PROMISES.finditer(text)] == []
    assert re.findall(r".{0,60}\bmail(?:ed|s)?\b.{0,40}", text, re.IGNORECASE) == []


@pytest.mark.parametrize("name", sorted(SCREENS.keys() - ONLY_WITH_MAIL))
def test_nothing_is_offered_that_only_a_mail_could_do(name: str) -> None:
    html = shown(name, SCREENS[name], sends_mail=False)
    assert re.findall(r'action="/key/send"|action="/sign-in"|name="(?:mail|address)"', html) == []


def test_what_a_driver_is_told_once_promises_none_either() -> None:
    """It stands on his pages and his devices, whether it was mailed to him or not."""
    assert PROMISES.findall((TEMPLATES / "notices.html").read_text()) == []


def test_each_promise_that_is_looked_for_is_made_where_mail_leaves() -> None:
    """A way that is not found there is dead: its sentence has changed, and would no longer be found here either."""
    every = "\n".join(read(name, sends_mail=True) for name in SCREENS)
    assert [way for way in WAYS if not re.search(way, every, re.IGNORECASE)] == []


def test_what_is_passed_over_is_there() -> None:
    every = "\n".join(read(name, sends_mail=False) for name in SCREENS)
    assert [saying for saying in TRUE_ANYWAY if saying not in every] == []
    assert ONLY_WITH_MAIL.keys() <= SCREENS.keys()
