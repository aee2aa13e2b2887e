"""An operator has restored a backup: which accounts still open is found at once, and who must allow it again is told.

Tesla changes a refresh token with each use, and takes the one used last for a day. So the passes in a backup are dead a
day after the renewal that followed it, and no earlier look of ours can tell: each is tried.

Rules of this room:

1. Run before Chargekey starts. Nothing is sent to any car; what goes on at one is looked at first, as ever.
2. What does not open any more is ours, not the driver's: he reads that, once, and not that his password has changed.
3. What could not be asked just now is not called lost.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from chargekey.domain.causes.settled import End, why_consent_ended
from chargekey.domain.evidence import ConsentEnded, Observation, Source
from chargekey.domain.journey import Step
from chargekey.journeys.standing import about_grant, tend_if_ready, whereabouts
from chargekey.ports.clock import Clock
from chargekey.ports.faults import AccessExpired, ConsentGone, Fault
from chargekey.ports.people import Grant
from chargekey.ports.store import Store
from chargekey.ports.vault import Vault

SPENT: Final = "no tokens: those of the backup are spent"


@dataclass(frozen=True, slots=True)
class Restored:
    """Grants by number. `ended`: those that had ended when the backup was made; nobody is told of them again."""

    open: tuple[int, ...]
    lost: tuple[int, ...]
    ended: tuple[int, ...]
    silent: tuple[int, ...]


class ComeBack:
    """`notice` tells a driver what he lost, once."""

    def __init__(self, store: Store, clock: Clock, vault: Vault, notice: Callable[[int], Awaitable[None]]) -> None:
        self._store, self._clock, self._vault, self._notice = store, clock, vault, notice

    async def look(self) -> Restored:
        """Renew every sign-in, one after the other: that also takes hold of those that last a day at most."""
        found: dict[str, list[int]] = {"open": [], "lost": [], "ended": [], "silent": []}
        async with self._store.unit() as unit:
            grants = await unit.garage.live_grants()
        for grant in grants:
            found[await self._try(grant)].append(grant.id)
        return Restored(**{name: tuple(numbers) for name, numbers in found.items()})

    async def _try(self, grant: Grant) -> str:
        async with self._store.unit() as unit:
            here = await whereabouts(unit, grant.driver_id)
        if here.grant == grant and here.step is Step.GRANT_PERMISSIONS:
            return "ended"
        try:
            held = await self._vault.access(grant.id)
            await self._vault.renewed(grant.id, held.token)
        except ConsentGone as gone:
            await self._lost(grant, gone)
            return "lost"
        except AccessExpired:  # another account that waits for its driver's word: never renewed
            return "open"
        except Fault:
            return "silent"
        async with self._store.unit() as unit:
            await tend_if_ready(unit, grant.driver_id, self._clock.now())
        return "open"

    async def _lost(self, grant: Grant, gone: ConsentGone) -> None:
        """Tesla has one word for most ends, and for a token that was used since: after a restore it is that."""
        ended = ConsentEnded(gone.detail)
        if why_consent_ended(ended) is End.NOT_RENEWED:
            ended = ConsentEnded(SPENT)
        seen = Observation(about_grant(grant.id), ended, self._clock.now(), Source.US, gone.request_id)
        async with self._store.unit() as unit:
            await unit.evidence.append([seen])
        await self._notice(grant.driver_id)
