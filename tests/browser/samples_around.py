"""Screens while something goes on around their driver: Tesla's outage, and what he has not read yet."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.frame import QUIET, Around, Told
from tests.browser.sample_chart import NOW

OUT: Final = Around(outage_since=NOW - timedelta(minutes=12))
CAR: Final = {"car": "4F21"}
DECEMBER: Final = {"until": "2026-12-01T00:00:00+00:00"}
SINCE: Final = {"since": (NOW - timedelta(hours=2)).isoformat(), "over_at": (NOW - timedelta(minutes=4)).isoformat()}


def _told(kind: str, **values: str) -> Around:
    return Around(told=(Told(kind, values, NOW),))


AROUND: Final[Mapping[str, tuple[str, Around]]] = {
    "11-outage": ("13-tonight", OUT),
    "11-outage-on-the-way": ("06-key-phone", OUT),
    "11-outage-of-sign-in": ("13-tonight", Around(outage_since=NOW - timedelta(minutes=3), only_sign_in=True)),
    "03-other-account-waits": ("13-tonight", Around(choose_account_until=NOW + timedelta(minutes=41))),
    "11-outage-over": ("13-tonight", _told("tesla_is_back", **SINCE)),
    "24-many-signed-out": ("02-permissions-ended", Around(many_signed_out=True)),
    "24-lost-consent": ("02-permissions-ended", _told("sign_in_ended", why="revoked")),
    "24-lost-password": ("02-permissions-ended", _told("sign_in_ended", why="not_renewed")),
    "24-lost-car": ("04-choose-car", _told("car_gone", **CAR)),
    "24-lost-key": ("06-key-lost", _told("key_gone", **CAR)),
    "24-told-go-on": ("06-key-phone", _told("wait_is_over", causes="D2", **CAR)),
    "24-told-try-again": ("06-key-phone", _told("time_to_try_again", causes="J1", **CAR)),
    "24-told-given-up": ("06-key-phone", _told("wait_given_up", causes="D2 D4", **CAR)),
    "24-budget-nearly-spent": ("13-tonight-not-plugged-in-frugal", _told("budget_nearly_spent", **CAR, **DECEMBER)),
    "24-budget-spent": ("13-tonight-budget-spent", _told("budget_spent", **CAR, **DECEMBER)),
    "26-passkey-offered": ("02-permissions", QUIET),
    "26-passkey-offered-at-night": ("13-tonight", QUIET),
    "24-lost-mobile-access": ("13-tonight-unreachable", _told("mobile_access_off", **CAR)),
}
"""By the name of the picture: the screen, and what goes on around it."""
OFFERED: Final = frozenset({"26-passkey-offered", "26-passkey-offered-at-night"})
"""Where a link signed somebody in a moment ago. Shown by script alone, where the device can keep a passkey."""


def with_around(screens: Mapping[str, Screen]) -> dict[str, Screen]:
    """The same screens under the names of what goes on around them."""
    return {name: screens[of] for name, (of, _) in AROUND.items()}
