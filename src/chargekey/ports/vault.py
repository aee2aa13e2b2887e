"""Where tokens are kept, sealed, and renewed by one worker at a time."""

from dataclasses import dataclass
from typing import Protocol

from chargekey.domain.secret import Secret
from chargekey.ports.tesla import Tokens


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a call on a driver's behalf needs: the token, and where the account lives."""

    token: Secret
    base_url: str


class Vault(Protocol):
    """Tokens by grant."""

    async def keep(self, grant_id: int, tokens: Tokens, base_url: str) -> None:
        """Seal and save a pair, in place of the grant's earlier one."""

    async def access(self, grant_id: int) -> AccessToken:
        """A token good for a minute at least; renewed first where needed. `ConsentGone`: there is none."""

    async def renewed(self, grant_id: int, stale: Secret) -> AccessToken:
        """A newer token than `stale`: one renewal, however many ask at once.

        `AccessExpired`: the grant is undecided, and its refresh token is not spent.
        """

    async def move(self, grant_id: int, base_url: str) -> None:
        """Tesla said that the account lives at another base URL."""

    async def forget(self, grant_id: int) -> None:
        """Erase both tokens."""
