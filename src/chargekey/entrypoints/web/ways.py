"""Where on our pages a remedy is begun, for those that are begun here; all others are done elsewhere."""

from collections.abc import Mapping
from typing import Final

from chargekey.domain.causes.remedies import Remedy

CHOOSE_ACCOUNT: Final = "/other-account"
"""Where a driver says which of two Tesla accounts it is."""

LINKS: Final[Mapping[Remedy, str]] = {
    Remedy.CHOOSE_ANOTHER_CAR: "/choose-car",
    Remedy.ASK_THE_OWNER: "/key/not-my-car",
    Remedy.HOLD_KEY_CARD: "/key/in-the-car",
    Remedy.WRITE_TO_LESSOR: "/key/letter",
    Remedy.ASK_FLEET_ADMIN: "/key/company",
    Remedy.SCAN_THE_CODE: "/key?show=computer",
    Remedy.WRITE_TO_US: "/help",
    Remedy.SAY_PLUGGED_IN_IS_HOME: "/car",
}
PRESSES: Final[Mapping[Remedy, str]] = {
    Remedy.START_CONSENT_AGAIN: "/permissions",
    Remedy.REPAIR_PERMISSIONS: "/permissions",
    Remedy.SWITCH_TESLA_ACCOUNT: "/permissions",
    Remedy.GO_ON_READ_ONLY: "/read-only",
}
"""Begun by pressing a button, since something is written down or left for Tesla."""


def leads_to(remedy: Remedy) -> str:
    """The page where it is begun by a link, "" for all others."""
    return LINKS.get(remedy, "")


def pressed_at(remedy: Remedy) -> str:
    """Where its button sends, "" for all others."""
    return PRESSES.get(remedy, "")
