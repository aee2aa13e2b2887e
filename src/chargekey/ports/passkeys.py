"""Signing in with a passkey: what is kept of one, and what proves that it was used.

Nothing in here is a secret of the driver's: of a passkey we are only ever shown the public half.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Purpose(StrEnum):
    """What a challenge was made for. One for signing in adds no passkey."""

    ADD = "add"
    SIGN_IN = "sign_in"


class NotProved(Exception):
    """What the browser handed over proves nothing. The text says why, in words of ours alone: it may be logged."""


@dataclass(frozen=True, slots=True, repr=False)
class NewPasskey:
    """What an authenticator made. `is_synced`: its maker carries it to the driver's other devices.

    `transports`: how a browser reaches it again, in the standard's words.
    """

    credential_id: bytes
    public_key: bytes
    sign_count: int
    is_synced: bool
    transports: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Passkey:
    """One that is kept. `used_at` None: nobody has signed in with it yet."""

    id: int
    driver_id: int
    made: NewPasskey
    named: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class Registered:
    """What a browser hands over when its authenticator made a passkey; each as the standard writes it."""

    client_data: bytes
    attestation: bytes
    transports: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Signed:
    """What a browser hands over when a passkey signed. `user_handle`: whose it is, as the authenticator keeps it."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes
    user_handle: bytes


@dataclass(frozen=True, slots=True)
class Use:
    """A proved use of a passkey: how often its authenticator says it has signed, and whether it is synced by now."""

    sign_count: int
    is_synced: bool


class PasskeyProofs(Protocol):
    """The standard's ceremonies. What a browser is asked is JSON, as the standard writes it."""

    def to_add(self, challenge: bytes, user_handle: bytes, email: str, existing: Sequence[Passkey]) -> str:
        """Ask for a new one, on no authenticator that has one of `existing`. `email` is only what its owner reads."""

    def to_sign_in(self, challenge: bytes) -> str:
        """Ask for any one of ours: who it is, the passkey itself says."""

    def challenge_in(self, client_data: bytes) -> bytes:
        """Which challenge the browser answers. Raises `NotProved` where there is none."""

    def added(self, registered: Registered, challenge: bytes) -> NewPasskey:
        """Raises `NotProved`."""

    def used(self, signed: Signed, passkey: NewPasskey, challenge: bytes) -> Use:
        """Raises `NotProved`. Its count is not compared here: what to do about it is the journey's matter."""


class PasskeyBook(Protocol):
    """Passkeys, and challenges that wait for an answer."""

    # ── challenges ───────────────────────────────────────────────

    async def open_challenge(self, session_id: int, purpose: Purpose, challenge_hash: str, ends_at: datetime) -> None:
        """It waits, for that browser session alone. Of many in one session the oldest go."""

    async def use_challenge(self, session_id: int, purpose: Purpose, challenge_hash: str, now: datetime) -> bool:
        """Use it up. False: there is none such, of that session, for that purpose, or it waited too long."""

    # ── passkeys ─────────────────────────────────────────────────

    async def user_handle(self, driver_id: int, fresh: bytes) -> bytes:
        """Under which number authenticators know the driver: `fresh` if he has none yet. It says nothing of him."""

    async def add(self, driver_id: int, made: NewPasskey, named: str, now: datetime) -> Passkey | None:
        """None: that credential is kept already, his or somebody else's."""

    async def of_driver(self, driver_id: int) -> Sequence[Passkey]:
        """Oldest first."""

    async def by_credential(self, credential_id: bytes, user_handle: bytes) -> Passkey | None:
        """The one with that number, if it belongs to whom that handle names."""

    async def rename(self, driver_id: int, passkey_id: int, named: str) -> None:
        """Another driver's passkey stays."""

    async def remove(self, driver_id: int, passkey_id: int) -> Passkey | None:
        """What was removed. None: he has none such."""

    async def note_use(self, passkey: Passkey, use: Use, now: datetime) -> bool:
        """False: it was used or removed meanwhile, so this use proves nothing any more."""

    # ── refusals ─────────────────────────────────────────────────

    async def refusals_from(self, network: str, since: datetime) -> int:
        """How often a passkey was refused there. `network` is a keyed hash of it."""

    async def add_refusal(self, network: str, now: datetime) -> None:
        """Once more."""

    async def forget_refusals(self, before: datetime) -> None:
        """From where they came is kept no longer."""

    # ── the offer ────────────────────────────────────────────────

    async def may_be_offered(self, driver_id: int) -> bool:
        """Whether he has no passkey, and was never shown the offer."""

    async def offer(self, session_id: int, until: datetime | None) -> None:
        """That browser may offer one until then; None: no longer."""

    async def was_offered(self, driver_id: int, fresh: bytes, now: datetime) -> None:
        """He has seen it, and is not asked again. `fresh` as for `user_handle`."""
