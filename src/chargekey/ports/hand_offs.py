"""Pages for owners: what the store keeps of them. Of a page's link it keeps a hash, so nobody reads it out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chargekey.domain.hand_off import Course, Reason


@dataclass(frozen=True, slots=True, repr=False)
class OwnersPage:
    """One request to an owner. `asks_as`: the name that the driver typed. `vehicles`: our numbers, oldest first.

    `answered_in`: the browser session that said yes or no; None: nobody has, or it has ended since.
    `reason` and `words` go with a no.
    """

    id: int
    driver_id: int
    asks_as: str
    vehicles: tuple[int, ...]
    course: Course
    answered_in: int | None
    reason: Reason | None
    words: str


class HandOffs(Protocol):
    """Two presses at once: the database lets one of them through, and the other finds it answered."""

    async def add(self, driver_id: int, token_hash: str, asks_as: str, vehicles: Sequence[int], course: Course) -> int:
        """A new page; returns its number."""

    async def by_token(self, token_hash: str) -> OwnersPage | None:
        """The page with that link, None if there is none. It stays as it is."""

    async def latest_about(self, vehicle_id: int) -> OwnersPage | None:
        """The newest page that lists the car, whatever became of it."""

    async def of_driver(self, driver_id: int) -> Sequence[OwnersPage]:
        """All pages of a driver, newest first."""

    async def made_since(self, driver_id: int, moment: datetime) -> int:
        """How many the driver made since then."""

    async def open(self, page_id: int, now: datetime) -> None:
        """Somebody pressed to read it; the first time counts."""

    async def agree(self, page_id: int, session_id: int, now: datetime) -> bool:
        """A yes, if nobody answered, revoked or finished it before; whether this one counts."""

    async def consent(self, page_id: int, session_id: int, now: datetime) -> None:
        """The browser that said yes came back from Tesla's own page, or says that it was there before."""

    async def decline(self, page_id: int, session_id: int, now: datetime, reason: Reason, words: str) -> bool:
        """A no, likewise; also after a yes of the same browser, as long as the key has not arrived."""

    async def revoke(self, page_id: int, now: datetime) -> bool:
        """The one who asked takes it back; whether there was something to take back."""

    async def finish(self, page_id: int, now: datetime) -> None:
        """Every car on it has our key."""
