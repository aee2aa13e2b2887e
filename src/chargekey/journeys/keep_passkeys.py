"""A driver keeps passkeys: he adds one on a device of his, sees which he has, names them, and takes one back.

Rules of this room:

1. The link by mail stays. So whoever loses his passkeys has lost nothing, and the last one may be removed as well.
2. Whatever changes how a driver signs in is mailed to him (`ports.notices.ABOUT_SIGN_IN`): it may not have been he.
3. It is offered once, after a link signed him in, where his browser can do it. After that the account page has it.
"""

import hashlib
import secrets
from datetime import datetime
from typing import Final

from chargekey.domain.passkey import CHALLENGE_LASTS, MOST_OF_ONE_DRIVER, name_of
from chargekey.journeys.tell_once import tell
from chargekey.ports.clock import Clock
from chargekey.ports.notices import NoticeKind
from chargekey.ports.passkeys import NewPasskey, NotProved, Passkey, PasskeyProofs, Purpose, Registered
from chargekey.ports.people import Driver, WebSession
from chargekey.ports.store import Store, Unit

CHALLENGE_BYTES: Final = 32
"""WebAuthn (13.4.3) asks for sixteen at least."""
HANDLE_BYTES: Final = 64
"""As many as it may have (14.6.1): random, so that what an authenticator keeps says nothing of the driver."""


class TooManyPasskeys(Exception):
    """He has as many as are kept of one driver."""


class KeepPasskeys:
    """The passkeys of drivers who are signed in."""

    def __init__(self, store: Store, clock: Clock, proofs: PasskeyProofs) -> None:
        self._store, self._clock, self._proofs = store, clock, proofs

    # ── adding ───────────────────────────────────────────────────

    async def ask(self, driver: Driver, session: WebSession) -> str:
        """What his browser is to make one by. Raises `TooManyPasskeys`."""
        async with self._store.unit() as unit:
            existing = await unit.passkeys.of_driver(driver.id)
            if len(existing) >= MOST_OF_ONE_DRIVER:
                raise TooManyPasskeys
            handle = await unit.passkeys.user_handle(driver.id, fresh_handle())
            challenge = await fresh_challenge(unit, session, Purpose.ADD, self._clock.now())
        return self._proofs.to_add(challenge, handle, driver.email, existing)

    async def add(self, driver: Driver, session: WebSession, registered: Registered, named: str) -> None:
        """What his browser made. Raises `NotProved` or `TooManyPasskeys`."""
        now, challenge = self._clock.now(), self._proofs.challenge_in(registered.client_data)
        async with self._store.unit() as unit:
            is_ours = await unit.passkeys.use_challenge(session.id, Purpose.ADD, hash_of(challenge), now)
        if not is_ours:
            raise NotProved("no such challenge waits in this session")
        made = self._proofs.added(registered, challenge)
        async with self._store.unit() as unit:
            await _keep(unit, driver.id, made, name_of(named, ""), now)
            await unit.passkeys.offer(session.id, None)

    # ── keeping ──────────────────────────────────────────────────

    async def rename(self, driver_id: int, passkey_id: int, typed: str) -> None:
        """He calls it otherwise. With nothing typed it keeps its name."""
        if name := name_of(typed, ""):
            async with self._store.unit() as unit:
                await unit.passkeys.rename(driver_id, passkey_id, name)

    async def remove(self, driver_id: int, passkey_id: int, here: WebSession) -> None:
        """It signs nobody in any more, and each browser that it let in forgets him, but the one he sits at."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            gone = await unit.passkeys.remove(driver_id, passkey_id)
            if gone:
                await unit.people.end_others(driver_id, here.id, gone.id)
                await tell_of(unit, gone, NoticeKind.PASSKEY_REMOVED, now)

    # ── the offer ────────────────────────────────────────────────

    async def was_offered(self, driver_id: int) -> None:
        """A page has shown him the offer: no other sign-in shows it again."""
        async with self._store.unit() as unit:
            await unit.passkeys.was_offered(driver_id, fresh_handle(), self._clock.now())

    async def not_now(self, driver_id: int, session: WebSession) -> None:
        """He does not want one: this browser stops offering it, too."""
        async with self._store.unit() as unit:
            await unit.passkeys.was_offered(driver_id, fresh_handle(), self._clock.now())
            await unit.passkeys.offer(session.id, None)


async def _keep(unit: Unit, driver_id: int, made: NewPasskey, named: str, now: datetime) -> None:
    if len(await unit.passkeys.of_driver(driver_id)) >= MOST_OF_ONE_DRIVER:
        raise TooManyPasskeys
    added = await unit.passkeys.add(driver_id, made, named, now)
    if added is None:
        raise NotProved("that credential is kept already")
    await tell_of(unit, added, NoticeKind.PASSKEY_ADDED, now)


async def tell_of(unit: Unit, passkey: Passkey, kind: NoticeKind, now: datetime) -> None:
    """By mail. Numbers of rows may come again, so a moment is part of what happened; a copy is told of once."""
    moment = passkey.added_at if kind is NoticeKind.PASSKEY_COPIED else now
    event = f"{kind.value}-{passkey.id}-{moment.isoformat()}"
    await tell(unit, passkey.driver_id, kind, event, {"named": passkey.named, "at": now.isoformat()}, now)


async def fresh_challenge(unit: Unit, session: WebSession, purpose: Purpose, now: datetime) -> bytes:
    """It waits for an answer out of that very browser, for minutes."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    await unit.passkeys.open_challenge(session.id, purpose, hash_of(challenge), now + CHALLENGE_LASTS)
    return challenge


def fresh_handle() -> bytes:
    return secrets.token_bytes(HANDLE_BYTES)


def hash_of(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()
