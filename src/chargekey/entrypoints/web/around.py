"""What goes on around a driver, whatever page he is on: Tesla's outage, a choice that waits, unread news."""

from typing import Final

from chargekey.entrypoints.web.door import LookAround
from chargekey.entrypoints.web.screens.frame import Around, Told
from chargekey.entrypoints.web.site import Journeys
from chargekey.ports.call_log import SIGN_IN
from chargekey.ports.notices import ABOUT_SIGN_IN, NoticeKind

MOST_TOLD: Final = 3
"""The latest: a driver who was away for long reads the rest where each belongs."""


def looks_around(journeys: Journeys) -> LookAround:
    """Asks the store four short questions for each page of a driver who is signed in."""

    async def look(driver_id: int) -> Around:
        outage = await journeys.watch_tesla.outage_for(driver_id)
        health = await journeys.watch_tesla.health()
        held_back = NoticeKind.SIGN_IN_ENDED if health.ends_sign_ins_in_masses else None
        unread = [
            one for one in await journeys.tell_once.unread(driver_id) if one.kind not in (held_back, *ABOUT_SIGN_IN)
        ]
        return Around(
            outage_since=outage.since if outage else None,
            only_sign_in=outage is not None and outage.region == SIGN_IN,
            choose_account_until=await journeys.choose_account.open_until(driver_id),
            many_signed_out=health.ends_sign_ins_in_masses,
            told=tuple(Told(one.kind.value, one.values, one.made_at) for one in unread[-MOST_TOLD:]),
        )

    return look
