"""Screens as they are in a home that sends no mail: by the name of the picture, the sample that is shown so."""

from collections.abc import Mapping
from typing import Final

from chargekey.entrypoints.web.pages import Screen

NO_MAIL: Final[Mapping[str, str]] = {
    "01-help-no-mail": "01-help",
    "01-sign-in-no-mail": "01-sign-in",
    "11-token-rejected-no-mail": "11-token-rejected",
    "12-asleep-no-mail": "12-asleep",
    "17-disconnect-no-mail": "17-disconnect",
    "20-operator-no-mail": "20-operator-no-mail",
    "20-our-side-consent-no-mail": "20-our-side-consent",
    "25-account-no-mail": "25-account",
}


def without_mail(screens: Mapping[str, Screen]) -> dict[str, Screen]:
    """The same screens under the names of their pictures."""
    return {name: screens[of] for name, of in NO_MAIL.items()}
