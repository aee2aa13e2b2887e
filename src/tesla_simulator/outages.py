"""What is wrong at Tesla itself, for a while: down, slow, or counting requests.

Unlike the single faults of `faults`, these are kept across restarts, strike everybody they fit, and end by
themselves when their moment has come.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from tesla_simulator.accounts import Region
from tesla_simulator.clock import TurnedClock
from tesla_simulator.faults import Fault, Kind

_APIS: Final = ("na", "eu", "fleet-auth")
_SIGN_IN: Final = ("auth", "fleet-auth")
_REGIONS: Final = ("na", "eu")
# Of a limit nobody gave an end: what clients then have to believe.
_WAITS_AT_LEAST_S: Final = 60


class Trouble(StrEnum):
    """What becomes of a request."""

    FAILS = "fails"
    IS_SLOW = "is_slow"
    IS_ONE_TOO_MANY = "is_one_too_many"
    REJECTS_TOKENS = "rejects_tokens"


@dataclass
class Outage:
    """Empty `sites` are none of the API's: the trouble is in Tesla's app alone. `until` None: until it is ended.

    `email` and `vin` narrow it to one account or one car. `hang_s` is real seconds.
    """

    trouble: Trouble
    sites: list[str] = field(default_factory=list)
    until: datetime | None = None
    status: int = 503
    hang_s: float = 0.0
    email: str = ""
    vin: str = ""


class Outages:
    """`record` is kept."""

    def __init__(self, record: list[Outage], clock: TurnedClock) -> None:
        self.record = record
        self._clock = clock

    @property
    def current(self) -> list[Outage]:
        now = self._clock.now()
        self.record[:] = [one for one in self.record if one.until is None or now < one.until]
        return self.record

    def strikes(self, trouble: Trouble, site: str = "", email: str = "") -> bool:
        """`site` empty: the app's own troubles."""
        return any(
            one.trouble is trouble and (site in one.sites if site else not one.sites) and one.email in ("", email)
            for one in self.current
        )

    def fault(self, site: str, path: str, email: str) -> Fault | None:
        """What a request meets now; the newest trouble counts."""
        for one in reversed(self.current):
            if site in one.sites and one.email in ("", email) and one.vin in path:
                return self._fault_of(one, site)
        return None

    # ── what can go wrong ────────────────────────────────────────────────────

    def tesla_goes_down(self, until: datetime | None = None, status: int = 503) -> None:
        """Every API answers with this status; signing in and the key prompt of the app fail too."""
        self._add(Trouble.FAILS, (*_APIS, "auth"), until, status)

    def a_region_goes_down(self, region: Region, until: datetime | None = None, status: int = 503) -> None:
        self._add(Trouble.FAILS, (region,), until, status)

    def sign_in_goes_down(self, until: datetime | None = None, status: int = 503) -> None:
        """Nobody can sign in or renew a token; whoever has one goes on."""
        self._add(Trouble.FAILS, _SIGN_IN, until, status)

    def tesla_gets_slow(self, hang_s: float = 5.0, until: datetime | None = None) -> None:
        self.record.append(Outage(Trouble.IS_SLOW, [*_APIS], until, hang_s=hang_s))

    def tesla_counts_requests(self, until: datetime | None = None, email: str = "", vin: str = "") -> None:
        """429 with the headers Tesla sends, for everybody or for one account or car."""
        self.record.append(Outage(Trouble.IS_ONE_TOO_MANY, [*_REGIONS], until, 429, email=email, vin=vin))

    def tesla_rejects_tokens(self, until: datetime | None = None, email: str = "") -> None:
        """While a key is granted in the app: a fault of Tesla's, for everybody or for one account."""
        self.record.append(Outage(Trouble.REJECTS_TOKENS, [], until, email=email))

    def is_well_again(self) -> None:
        self.record.clear()

    def _add(self, trouble: Trouble, sites: Sequence[str], until: datetime | None, status: int) -> None:
        self.record.append(Outage(trouble, [*sites], until, status))

    def _fault_of(self, outage: Outage, site: str) -> Fault:
        if outage.trouble is Trouble.IS_SLOW:
            return Fault(Kind.HANGS, hang_s=outage.hang_s)
        if outage.trouble is Trouble.IS_ONE_TOO_MANY:
            return self._too_many(outage)
        return Fault(Kind.ANSWERS, status=outage.status, body=_words(site))

    def _too_many(self, outage: Outage) -> Fault:
        left_s = int((outage.until - self._clock.now()).total_seconds()) if outage.until else 0
        wait = str(max(left_s, 1) if outage.until else _WAITS_AT_LEAST_S)
        headers = {"ratelimit-limit": "60", "ratelimit-remaining": "0", "ratelimit-reset": wait, "retry-after": wait}
        return Fault(Kind.ANSWERS, status=429, body=f"Retry in {wait} seconds", headers=headers)


def _words(site: str) -> dict[str, Any] | str:
    if site == "auth":
        return "This page is not available at the moment."
    if site == "fleet-auth":
        return {"error": "server_error", "error_description": "Internal server error"}
    return {"response": None, "error": "upstream internal error", "error_description": ""}
