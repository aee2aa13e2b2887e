"""Where tokens are kept, sealed, and renewed by one worker at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chargekey.domain.secret import Secret
from chargekey.ports.tesla import Tokens


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a call on a driver's behalf needs: the token, and where the account lives."""

    token: Secret
    base_url: str


@dataclass(frozen=True, slots=True)
class SealedTokens:
    """A pair that the database may see. It opens for its own grant alone."""

    access: bytes
    refresh: bytes
    access_expires_at: datetime


class Vault(Protocol):
    """Tokens by grant."""

    def sealed(self, grant_id: int, tokens: Tokens) -> SealedTokens:
        """Ready to be kept for that grant (`Garage.keep_tokens`)."""

    async def access(self, grant_id: int) -> AccessToken:
        """A token good for a minute at least; renewed first where needed. `ConsentGone`: there is none."""

    async def renewed(self, grant_id: int, stale: Secret) -> AccessToken:
        """A newer token than `stale`: one renewal, however many ask at once.

        `AccessExpired`: the grant is undecided, and its refresh token is not spent.
        """

    async def move(self, grant_id: int, base_url: str) -> None:
        """Tesla said that the account lives at another base URL."""
