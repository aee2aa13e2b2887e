"""Tokens, sealed in the database and renewed by one worker at a time."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Row, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.engine import database_ms
from chargekey.adapters.store.evidence_log import KeptEvidence
from chargekey.adapters.store.garage import KeptGarage
from chargekey.adapters.store.sealing import KeyRing, SealBroken
from chargekey.adapters.store.undecided import is_undecided
from chargekey.domain.evidence import Observation, ScopesGranted, Source, Subject, SubjectKind
from chargekey.domain.grant import known
from chargekey.domain.secret import Secret
from chargekey.ports.clock import Clock
from chargekey.ports.faults import AccessExpired, ConsentGone, TeslaFails
from chargekey.ports.tesla import TeslaSignIn, Tokens
from chargekey.ports.vault import AccessToken, SealedTokens

log = structlog.get_logger()
RENEW_BEFORE: Final = timedelta(minutes=1)
"""Tesla's best practice: renew within one minute of expiry (tesla-fleet-api §1.3)."""
RENEWAL_LEASE: Final = timedelta(seconds=45)
"""Longer than the token host's timeout, so that no second worker spends the same refresh token."""
_TOKEN, _GRANT = tables.token, tables.tesla_grant
_OF_GRANT: Final = (
    select(_TOKEN, _GRANT.c.base_url, is_undecided(_GRANT.c.id).label("is_undecided"))
    .join(_GRANT)
    .where(_TOKEN.c.grant_id == bindparam("of_grant"))
)


class KeptVault:
    """`ports.vault.Vault`. The new refresh token is saved before its access token is handed out."""

    def __init__(
        self,
        engine: AsyncEngine,
        ring: KeyRing,
        sign_in: TeslaSignIn,
        clock: Clock,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._engine, self._ring, self._sign_in, self._clock, self._pause = (
            engine,
            ring,
            sign_in,
            clock,
            pause,
        )

    def sealed(self, grant_id: int, tokens: Tokens) -> SealedTokens:
        return SealedTokens(
            self._ring.seal(tokens.access, place_of("access", grant_id)),
            self._ring.seal(tokens.refresh, place_of("refresh", grant_id)),
            tokens.access_expires_at,
        )

    async def access(self, grant_id: int) -> AccessToken:
        row = await self._row(grant_id)
        if row.access_expires_at - self._clock.now() > RENEW_BEFORE:
            return AccessToken(self._open(row, "access"), row.base_url)
        return await self.renewed(grant_id, self._open(row, "access"))

    async def renewed(self, grant_id: int, stale: Secret) -> AccessToken:
        for _ in range(int(RENEWAL_LEASE.total_seconds())):
            row = await self._row(grant_id)
            present = self._open(row, "access")
            if present != stale:
                return AccessToken(present, row.base_url)
            if row.is_undecided:
                raise AccessExpired("an account that nobody has chosen is not renewed")
            lease = await self._take_lease(grant_id)
            if lease:
                return await self._renew(grant_id, stale, lease)
            await self._pause(1.0)
        raise TeslaFails("another worker is still renewing this grant")

    async def move(self, grant_id: int, base_url: str) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(update(_GRANT).where(_GRANT.c.id == grant_id).values(base_url=base_url))

    async def _row(self, grant_id: int) -> Row[Any]:
        async with self._engine.begin() as connection:
            row = (await connection.execute(_OF_GRANT, {"of_grant": grant_id})).one_or_none()
        if row is None:
            raise ConsentGone("there are no tokens for this grant")
        return row

    async def _take_lease(self, grant_id: int) -> str | None:
        lease = secrets.token_hex(16)
        async with self._engine.begin() as connection:
            at_ms = await database_ms(connection)
            free = or_(_TOKEN.c.renewing.is_(None), _TOKEN.c.renewing_until_ms < at_ms)
            taken = await connection.execute(
                update(_TOKEN)
                .where(_TOKEN.c.grant_id == grant_id, free)
                .values(renewing=lease, renewing_until_ms=at_ms + RENEWAL_LEASE // timedelta(milliseconds=1))
            )
        return lease if taken.rowcount else None

    async def _renew(self, grant_id: int, stale: Secret, lease: str) -> AccessToken:
        try:
            row = await self._row(grant_id)
            present = self._open(row, "access")
            if present != stale:  # renewed by another between our look and our lease
                return AccessToken(present, row.base_url)
            refresh = self._open(row, "refresh")
            try:
                tokens = await self._sign_in.renew(grant_id, refresh)
            except ConsentGone:
                if not await self._has_moved_on(grant_id, refresh):
                    raise
                return await self.access(grant_id)  # it was spent by another, while we were stopped
            saved = await self._replace(grant_id, refresh, tokens)
        finally:
            async with self._engine.begin() as connection:
                await connection.execute(
                    update(_TOKEN)
                    .where(_TOKEN.c.grant_id == grant_id, _TOKEN.c.renewing == lease)
                    .values(renewing=None, renewing_until_ms=None)
                )
        if not saved:  # forgotten, or kept anew, while Tesla answered: what stands there now counts
            return await self.access(grant_id)
        return AccessToken(tokens.access, row.base_url)

    async def _replace(self, grant_id: int, spent: Secret, tokens: Tokens) -> bool:
        """Save a pair in place of the one whose refresh token bought it, if that is still there.

        Two who were stopped and went on may have spent the same token, which is good for a day. Then Tesla honours
        the pair that it made last, whoever comes home first.
        """
        async with self._engine.begin() as connection:
            query = select(_TOKEN).where(_TOKEN.c.grant_id == grant_id).with_for_update()
            row = (await connection.execute(query)).one_or_none()
            if row is None or not (self._holds(row, spent) or self._is_later(tokens, row)):
                return False
            await KeptGarage(connection).keep_tokens(grant_id, self.sealed(grant_id, tokens))
            await KeptEvidence(connection).append([self._scopes(grant_id, tokens)])
        return True

    def _holds(self, row: Row[Any], spent: Secret) -> bool:
        """Whether this is still the pair that was spent, sealed anew or not. One that does not open holds nothing."""
        try:
            return self._ring.open(row.refresh_sealed, place_of("refresh", row.grant_id)) == spent
        except SealBroken:
            return True

    def _is_later(self, tokens: Tokens, row: Row[Any]) -> bool:
        """Whether Tesla made this pair after the one that is kept; of an account told by no claim, it is not known."""
        ours, theirs = self._sign_in.issued_at(tokens.access), self._sign_in.issued_at(self._open(row, "access"))
        return ours is not None and theirs is not None and ours > theirs

    async def _has_moved_on(self, grant_id: int, spent: Secret) -> bool:
        return not self._holds(await self._row(grant_id), spent)

    def _open(self, row: Row[Any], column: str) -> Secret:
        """A token of that row. One that does not open is as good as gone: only its driver can give another."""
        place = place_of(column, row.grant_id)
        try:
            return self._ring.open(row.access_sealed if column == "access" else row.refresh_sealed, place)
        except SealBroken as broken:
            log.error("a sealed value does not open", where=place)
            raise ConsentGone("no tokens: what is kept for this grant does not open") from broken

    def _scopes(self, grant_id: int, tokens: Tokens) -> Observation:
        """Every fresh token says anew what the driver allows: Tesla tells of a change in no other way."""
        about = Subject(SubjectKind.GRANT, grant_id)
        return Observation(about, ScopesGranted(known(tokens.claims.scopes)), self._clock.now(), Source.TOKEN)


def place_of(column: str, grant_id: int) -> str:
    """What a token is bound to where it lies."""
    return f"token.{column}:{grant_id}"
