"""A signing session with one domain of one car: what the car told of itself, and which counters are used up.

Rules of this room (vehicle-command §3, §5):

1. Session info counts only with a tag that verifies for our key and for a request of ours of seconds ago.
2. Within an epoch neither counter nor clock goes back.
3. A car's own key changes with its computer. A changed one is believed in the answer to a greeting alone, as on the
   first day: it came over Tesla's authenticated wire for a challenge of ours, and its tag shows that whoever answered
   holds that key. On a refused command it is not. What an impostor on that wire could win is a lie told to us: what
   is signed under his key, no car obeys.
4. A counter is used up before it is sent: the caller saves the session first.
"""

import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from google.protobuf.message import DecodeError
from tesla_protocol.command.signatures_pb2 import SessionInfo

from chargekey.adapters.tesla.signing.keys import CarKeyUnreadable, agree, mac
from chargekey.adapters.tesla.signing.metadata import session_info_metadata

LAST_COUNTER: Final = 0xFFFFFFFF
KEY_NOT_ON_WHITELIST: Final = 1
LATEST_EXPIRY_S: Final = 1 << 30
"""Beyond it a car answers BAD_PARAMETER (§5)."""
ANSWER_WITHIN: Final = timedelta(seconds=10)
"""Tesla's own client throws session info away that comes later than this after its request (§3)."""


class SessionInfoRefused(Exception):
    """What claims to be session info is not to be believed; the text says why."""


class KeyNotOnCar(Exception):
    """The car does not know our key."""


class CountersUsedUp(Exception):
    """All counters of this epoch are spent: only a new handshake helps."""


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """`clock_s` is the car's clock, in seconds since its epoch began, at the moment `told_at`."""

    car_public_key: bytes
    epoch: bytes
    counter: int
    clock_s: int
    told_at: datetime

    @property
    def is_used_up(self) -> bool:
        return self.counter >= LAST_COUNTER

    def next(self) -> "Session":
        """The session with one more counter used up; that counter is for the next command."""
        if self.is_used_up:
            raise CountersUsedUp
        return replace(self, counter=self.counter + 1)

    def expires_at(self, now: datetime, lifetime: timedelta) -> int:
        """In seconds of the car's clock.

        Never nought, which would mean for ever, and never beyond what a car reads: where our clock was set wrong
        in between, the car calls the command expired and tells its time anew.
        """
        moment_s = self.clock_s + int((now - self.told_at + lifetime).total_seconds())
        return min(max(moment_s, 1), LATEST_EXPIRY_S)


def believe(
    known: Session | None,
    info: bytes,
    tag: bytes,
    *,
    ours: ec.EllipticCurvePrivateKey,
    vin: str,
    challenge: bytes,
    asked_at: datetime,
    now: datetime,
    greeted: bool,
) -> Session:
    """The session that this session info makes, or leaves. Raises `KeyNotOnCar` or `SessionInfoRefused`.

    `greeted`: it answers a greeting, rather than riding on a refused command.
    """
    told = _read(info)
    if told.status == KEY_NOT_ON_WHITELIST:
        raise KeyNotOnCar
    if now - asked_at > ANSWER_WITHIN:
        raise SessionInfoRefused("it came too late")
    _check_tag(told, info, tag, ours=ours, vin=vin, challenge=challenge)
    if len(told.epoch) != 16:
        raise SessionInfoRefused("its epoch is not 16 bytes")
    fresh = Session(told.publicKey, told.epoch, told.counter, told.clock_time, now)
    if known is None:
        return fresh
    if known.car_public_key != fresh.car_public_key:
        if not greeted:
            raise SessionInfoRefused("the car's key has changed")
        return fresh
    if known.epoch != fresh.epoch:
        return fresh
    if fresh.clock_s < known.clock_s:
        raise SessionInfoRefused("its clock went back")
    return replace(fresh, counter=max(known.counter, fresh.counter))


def kept(session: Session) -> bytes:
    """For the session cache."""
    return json.dumps(
        {
            "car_public_key": b64encode(session.car_public_key).decode(),
            "epoch": b64encode(session.epoch).decode(),
            "counter": session.counter,
            "clock_s": session.clock_s,
            "told_at": session.told_at.isoformat(),
        }
    ).encode()


def from_kept(data: bytes) -> Session | None:
    """What was kept; None if it cannot be read any more, which costs one handshake."""
    try:
        told = json.loads(data)
        return Session(
            b64decode(told["car_public_key"]),
            b64decode(told["epoch"]),
            int(told["counter"]),
            int(told["clock_s"]),
            datetime.fromisoformat(told["told_at"]).astimezone(UTC),
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _read(info: bytes) -> SessionInfo:
    try:
        return SessionInfo.FromString(info)
    except DecodeError as wrong:
        raise SessionInfoRefused("it cannot be read") from wrong


def _check_tag(
    told: SessionInfo, info: bytes, tag: bytes, *, ours: ec.EllipticCurvePrivateKey, vin: str, challenge: bytes
) -> None:
    try:
        shared = agree(ours, told.publicKey)
    except CarKeyUnreadable as wrong:
        raise SessionInfoRefused("it holds no key of a car") from wrong
    expected = mac(shared.for_session_info, session_info_metadata(vin, challenge) + info)
    if not hmac.compare_digest(expected, tag):
        raise SessionInfoRefused("its tag does not verify")
