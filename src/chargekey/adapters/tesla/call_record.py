"""Writing down how each call to Tesla went: what was asked by its kind, never by its address."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chargekey.domain.vehicle import Vin
from chargekey.ports.call_log import SIGN_IN, Call
from chargekey.ports.clock import Clock

VIN: Final = re.compile(r"/vehicles/([A-HJ-NPR-Z0-9]{17})(?=/|$)")
KINDS: Final = (
    (re.compile(r"/oauth2/v3/token$"), "token"),
    (re.compile(r"/api/1/users/region$"), "region"),
    (re.compile(r"/api/1/vehicles$"), "list"),
    (re.compile(r"/api/1/vehicles/fleet_status$"), "fleet_status"),
    (re.compile(r"/api/1/partner_accounts(?:/public_key)?$"), "registration"),
    (re.compile(r"/vehicles/[^/]+$"), "vehicle"),
    (re.compile(r"/vehicles/[^/]+/(vehicle_data|signed_command|wake_up|mobile_enabled|drivers)$"), ""),
    (re.compile(r"/vehicles/[^/]+/command/([a-z_]{1,40})$"), ""),
)
"""Path and kind; a kind that is empty is the path's own last word."""
OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Ended:
    """A call that is over. `url` goes no further than here. `fault`: the name of the Fault that it became."""

    url: str
    grant_id: int | None
    status: int | None
    fault: str | None
    request_id: str | None
    took_ms: int


Record = Callable[[Ended], Awaitable[None]]
Keep = Callable[[Call], Awaitable[None]]


async def unrecorded(_: Ended) -> None:
    """For whoever keeps no log."""


def recorded(keep: Keep, clock: Clock, regions: Mapping[str, str], token_url: str) -> Record:
    """Turns what ended into a line of the log. `regions`: base URLs by name."""

    async def record(ended: Ended) -> None:
        await keep(_line(ended, clock.now(), _where(ended.url, regions, token_url)))

    return record


def _line(ended: Ended, now: datetime, region: str) -> Call:
    path = ended.url.partition("?")[0]
    found = VIN.search(path)
    return Call(
        at=now,
        grant_id=ended.grant_id,
        vin=Vin(found[1]) if found else None,
        what=kind_of(path),
        status=ended.status,
        fault=ended.fault,
        request_id=ended.request_id,
        took_ms=ended.took_ms,
        region=region,
    )


def kind_of(path: str) -> str:
    """What a path asks for, in a word without numbers in it."""
    for shape, kind in KINDS:
        if found := shape.search(path):
            return kind or found[1]
    return OTHER


def _where(url: str, regions: Mapping[str, str], token_url: str) -> str:
    if url.startswith(token_url):
        return SIGN_IN
    return next((name for name, base_url in regions.items() if url.startswith(base_url)), OTHER)
