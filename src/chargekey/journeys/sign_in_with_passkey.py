"""A driver signs in with a passkey: his browser asks for a challenge, a passkey of his signs it, and he is in.

Rules of this room:

1. No name is asked for and none is told: which driver it is, the passkey says, and a refusal has one answer.
2. A challenge is used up by the first answer, right or wrong.
3. Whoever is refused too often from one network waits, as with links. A proof cannot be guessed: this is for quiet.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from chargekey.domain.network import network_of
from chargekey.domain.passkey import is_copied
from chargekey.journeys.keep_passkeys import fresh_challenge, hash_of, tell_of
from chargekey.journeys.sign_in import LIMITED_OVER, LINKS_FROM_ONE_NETWORK, Visit, enter
from chargekey.ports.clock import Clock
from chargekey.ports.notices import NoticeKind
from chargekey.ports.passkeys import NotProved, Passkey, PasskeyProofs, Purpose, Signed, Use
from chargekey.ports.people import WebSession
from chargekey.ports.store import Store

REFUSALS_FROM_ONE_NETWORK: Final = LINKS_FROM_ONE_NETWORK


class TooManyRefused(Exception):
    """So many passkeys were refused from that network within the hour that none is looked at for now."""


class SignInWithPasskey:
    """`fingerprint` is a keyed hash: from where a passkey was refused is kept as that alone, for an hour."""

    def __init__(self, store: Store, clock: Clock, proofs: PasskeyProofs, fingerprint: Callable[[str], str]) -> None:
        self._store, self._clock, self._proofs, self._fingerprint = store, clock, proofs, fingerprint

    async def ask(self, session: WebSession) -> str:
        """What this browser is to have signed."""
        async with self._store.unit() as unit:
            challenge = await fresh_challenge(unit, session, Purpose.SIGN_IN, self._clock.now())
        return self._proofs.to_sign_in(challenge)

    async def answer(self, signed: Signed, session: WebSession, client: str, named: str = "") -> Visit:
        """Sign the browser in, under a new cookie. `client`: its internet address; `named`: as it calls itself.

        Raises `NotProved` or `TooManyRefused`.
        """
        network, now = network_of(client), self._clock.now()
        asked_from = self._fingerprint(network) if network else None
        if asked_from:
            await self._let_in(asked_from, now)
        try:
            return await self._enter(signed, session, now, named)
        except NotProved:
            if asked_from:
                async with self._store.unit() as unit:
                    await unit.passkeys.add_refusal(asked_from, now)
            raise

    async def _let_in(self, asked_from: str, now: datetime) -> None:
        async with self._store.unit() as unit:
            await unit.passkeys.forget_refusals(now - LIMITED_OVER)
            refused = await unit.passkeys.refusals_from(asked_from, now - LIMITED_OVER)
        if refused >= REFUSALS_FROM_ONE_NETWORK:
            raise TooManyRefused

    async def _enter(self, signed: Signed, session: WebSession, now: datetime, named: str) -> Visit:
        challenge = self._proofs.challenge_in(signed.client_data)
        async with self._store.unit() as unit:
            is_ours = await unit.passkeys.use_challenge(session.id, Purpose.SIGN_IN, hash_of(challenge), now)
            passkey = await unit.passkeys.by_credential(signed.credential_id, signed.user_handle)
        if not is_ours:
            raise NotProved("no such challenge waits in this session")
        if passkey is None:
            raise NotProved("no such passkey is kept")
        use = self._proofs.used(signed, passkey.made, challenge)
        if is_copied(passkey.made.sign_count, use.sign_count):
            await self._tell_of_copy(passkey, now)
            raise NotProved("its count went back: somebody may have copied it")
        return await self._visit(passkey, use, session, now, named)

    async def _tell_of_copy(self, passkey: Passkey, now: datetime) -> None:
        async with self._store.unit() as unit:
            await tell_of(unit, passkey, NoticeKind.PASSKEY_COPIED, now)

    async def _visit(self, passkey: Passkey, use: Use, session: WebSession, now: datetime, named: str) -> Visit:
        async with self._store.unit() as unit:
            if not await unit.passkeys.note_use(passkey, use, now):
                raise NotProved("it was used or removed meanwhile")
            visit = await enter(unit, session, await unit.people.driver(passkey.driver_id), now, named, passkey.id)
        if visit is None:
            raise NotProved("the session ran out meanwhile")
        return visit
