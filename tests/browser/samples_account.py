"""The account page, with devices that are told and without."""

from datetime import timedelta

from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.account import Account, ToldDevice
from tests.browser.sample_chart import NOW

MAIL = "m.vogt@nordlicht.example"


def account() -> dict[str, Screen]:
    """By the names that their pictures bear."""
    devices = (
        ToldDevice(1, "Chrome, Android", NOW - timedelta(days=12), is_here=True),
        ToldDevice(2, "Firefox, Linux", NOW - timedelta(days=2), is_here=False),
        ToldDevice(3, "", NOW - timedelta(hours=1), is_here=False),
    )
    return {"25-account": Account(MAIL, devices), "25-account-no-device": Account(MAIL, ())}
