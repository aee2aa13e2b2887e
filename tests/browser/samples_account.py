"""The account page: passkeys and devices that are told, and without either; and passkeys that let nobody in."""

from datetime import timedelta

from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.account import Account, Browser, KeptPasskey, ToldDevice
from chargekey.entrypoints.web.screens.arriving import SignIn
from tests.browser.sample_chart import NOW

MAIL = "m.vogt@nordlicht.example"


def account() -> dict[str, Screen]:
    """By the names that their pictures bear."""
    devices = (
        ToldDevice(1, "Chrome, Android", NOW - timedelta(days=12), is_here=True),
        ToldDevice(2, "Firefox, Linux", NOW - timedelta(days=2), is_here=False),
        ToldDevice(3, "", NOW - timedelta(hours=1), is_here=False),
    )
    passkeys = (
        KeptPasskey(1, "Safari, iPhone", NOW - timedelta(days=40), NOW - timedelta(minutes=3), is_synced=True),
        KeptPasskey(2, "Key on my key ring", NOW - timedelta(days=2), None, is_synced=False),
        KeptPasskey(3, "", NOW - timedelta(days=9), NOW - timedelta(days=3), is_synced=True),
    )
    browsers = (
        Browser(1, "Chrome, Android", NOW, by_passkey=True, is_here=True),
        Browser(2, "Firefox, Linux", NOW - timedelta(minutes=70), by_passkey=False, is_here=False),
        Browser(3, "", NOW - timedelta(days=9), by_passkey=False, is_here=False),
    )
    return {
        "01-sign-in-passkey-refused": SignIn(is_passkey_refused=True),
        "01-sign-in-passkeys-paused": SignIn(are_passkeys_paused=True),
        "25-account": Account(MAIL, devices, passkeys, browsers),
        "25-account-no-device": Account(MAIL, (), browsers=browsers[:1]),
        "25-account-not-added": Account(MAIL, (), passkeys[:1], browsers[:1], is_not_added=True),
        "25-account-full": Account(MAIL, (), passkeys, browsers[:2], is_full=True),
    }
