"""How an owner shares a car: an invitation that one other account redeems once, within a day, and drives from then on.

Limits as Tesla documents them: a code is good once and for 24 hours; five people besides the owner at most.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tesla_simulator.clock import TurnedClock

GOOD_FOR: Final = timedelta(hours=24)
MOST_DRIVERS: Final = 5
_FIRST: Final = 429_509_621_657


@dataclass
class Invitation:
    """`redeemed_by` is an account's number."""

    number: int
    vin: str
    owner: int
    code: str
    expires_at: datetime
    revoked_at: datetime | None = None
    redeemed_by: int | None = None


class NotRedeemable(Exception):
    """No such code, or not any more."""


class Invitations:
    """`record` is kept."""

    def __init__(self, record: list[Invitation], clock: TurnedClock) -> None:
        self.record = record
        self._clock = clock

    def of(self, vin: str) -> Sequence[Invitation]:
        """Those that can still be redeemed, newest first."""
        return [one for one in reversed(self.record) if one.vin == vin and self.is_open(one)]

    def invite(self, vin: str, owner: int) -> Invitation:
        made = Invitation(
            _FIRST + len(self.record), vin, owner, secrets.token_urlsafe(32), self._clock.now() + GOOD_FOR
        )
        self.record.append(made)
        return made

    def revoke(self, vin: str, number: int) -> Invitation:
        """Raises `LookupError`."""
        found = next((one for one in self.record if one.vin == vin and one.number == number), None)
        if found is None:
            raise LookupError(number)
        found.revoked_at = found.revoked_at or self._clock.now()
        return found

    def redeem(self, code: str, by: int) -> Invitation:
        """Raises `NotRedeemable`."""
        found = next((one for one in self.record if secrets.compare_digest(one.code.encode(), code.encode())), None)
        if found is None or not self.is_open(found) or found.owner == by:
            raise NotRedeemable
        found.redeemed_by = by
        return found

    def is_open(self, one: Invitation) -> bool:
        return one.revoked_at is None and one.redeemed_by is None and self._clock.now() < one.expires_at
