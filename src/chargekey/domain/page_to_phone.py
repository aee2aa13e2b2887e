"""How often the key page is mailed to a driver's own phone: he may press the button in anger, or somebody for him."""

from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.evidence import Seen
from chargekey.domain.findings import MailedKeyPage

COUNTED_OVER: Final = timedelta(hours=1)
MAILS_TO_ONE_DRIVER: Final = 5
"""In that time, as many as of sign-in links."""


def mails_again_at(driver: Seen, now: datetime) -> datetime | None:
    """When the next one may be asked for; None: now."""
    at = _counted(driver, now)
    return at[-MAILS_TO_ONE_DRIVER] + COUNTED_OVER if len(at) >= MAILS_TO_ONE_DRIVER else None


def one_more(driver: Seen, now: datetime) -> MailedKeyPage:
    """What is known once this one is on its way."""
    return MailedKeyPage((*_counted(driver, now), now)[-MAILS_TO_ONE_DRIVER:])


def _counted(driver: Seen, now: datetime) -> tuple[datetime, ...]:
    mailed = driver.fact(MailedKeyPage)
    return tuple(at for at in mailed.at if at > now - COUNTED_OVER) if mailed else ()
