"""The choice between two Tesla accounts, with sample values."""

from dataclasses import replace
from datetime import timedelta

from chargekey.domain.other_account import compared
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.other_account import OtherAccount
from tests.browser.sample_chart import NOW

M3, MY = Vin("5YJ3E7EB4NF004F21"), Vin("7SAYGDEE1RF0077C0")


def other_account() -> dict[str, Screen]:
    """By the name that their pictures bear."""
    came_at, ends_at = NOW - timedelta(minutes=3), NOW + timedelta(minutes=57)
    two = OtherAccount(
        compared([M3], [MY]), M3, None, came_at, ends_at, False, "https://auth.tesla.com/user/revoke/consent?x=y"
    )
    dead = replace(two, ended_at=NOW - timedelta(hours=5))
    return {
        "03-other-account": two,
        "03-other-account-same-car": replace(two, cars=compared([M3], [M3])),
        "03-other-account-same-car-dead": replace(dead, cars=compared([M3], [M3]), suggests_other=True),
        "03-other-account-not-told": replace(dead, cars=compared([M3], None)),
        "03-other-account-first-has-none": replace(two, cars=compared([], [MY]), charged=None, suggests_other=True),
        "03-other-account-has-none": replace(two, cars=compared([M3], [])),
    }
