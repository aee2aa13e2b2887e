"""Those who go by the world's clock: told the time, they do all that is due and say when they are due next."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import httpx2

_WORKING_TAKES_AT_MOST_S: Final = 120.0
_ASKS_AGAIN_AFTER_S: Final = 0.5


class FollowerLost(Exception):
    """A follower did not say that its work is done; nobody can tell what has happened over there."""


class Followers:
    """Told one after the other, in the order of `addresses`."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = list(addresses)

    async def tell(self, now: datetime) -> datetime | None:
        """Returns when all have done what was due: the earliest moment any wants to be told. Raises `FollowerLost`."""
        dues = [await self._tell_one(address, now) for address in self.addresses]
        return min((due for due in dues if due is not None), default=None)

    async def greet(self, now: Callable[[], datetime]) -> datetime | None:
        """As `tell`, but waits for those who are not up yet."""
        while True:
            try:
                return await self.tell(now())
            except FollowerLost:
                await asyncio.sleep(_ASKS_AGAIN_AFTER_S)

    async def _tell_one(self, address: str, now: datetime) -> datetime | None:
        try:
            # Followers are on this machine and spoken to in plain HTTP: no certificates to load at every step.
            async with httpx2.AsyncClient(timeout=_WORKING_TAKES_AT_MOST_S, trust_env=False, verify=False) as client:
                answer = await client.post(address, json={"now": now.isoformat()})
            answer.raise_for_status()
            due = answer.json()["next_due"]
            return datetime.fromisoformat(due) if due is not None else None
        except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
            raise FollowerLost(address) from error
