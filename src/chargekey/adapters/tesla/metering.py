"""Counting what Tesla bills, at the one place where every answer passes: the HTTP client."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

import httpx2

from chargekey.domain.spend import Billed
from chargekey.domain.vehicle import Vin

_BILLED: Final = (
    (re.compile(r"/api/1/vehicles/([A-Z0-9]{17})/vehicle_data$"), Billed.DATA),
    (re.compile(r"/api/1/vehicles/([A-Z0-9]{17})/(?:signed_command|command/[a-z_]+)$"), Billed.COMMAND),
    (re.compile(r"/api/1/vehicles/([A-Z0-9]{17})/wake_up$"), Billed.WAKE),
)
"""Paths by price category (tesla-fleet-api §9). The list and fleet_status are in none."""


def metered(record: Callable[[Vin, Billed], Awaitable[None]]) -> Callable[[httpx2.Response], Awaitable[None]]:
    """A response hook that records each billed answer: every status below 500 is billed, a refusal too."""

    async def hook(response: httpx2.Response) -> None:
        if response.status_code >= 500:
            return
        for path, billed in _BILLED:
            if found := path.search(response.request.url.path):
                await record(Vin(found[1]), billed)

    return hook
