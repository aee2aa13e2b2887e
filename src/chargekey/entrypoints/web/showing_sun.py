"""What of a night, a month or a year came from the home's own sun, as its page tells it."""

from typing import Final

from chargekey.entrypoints.web.screens.sun import OwnSun
from chargekey.entrypoints.web.words import money

TOLD_FROM_WH: Final = 100
"""The least that a page can say of a kWh."""


def own_sun(sun_wh: int, of_wh: int, forgone_nano: int | None) -> OwnSun | None:
    """None: nothing worth telling."""
    return OwnSun(sun_wh, of_wh, money(forgone_nano)) if sun_wh >= TOLD_FROM_WH else None
