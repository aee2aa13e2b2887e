"""One of the two computers in the car that obey: its key, its epoch, its clock and whom it has heard.

Rules of this room:

1. The key outlives everything: a client that cached it never recovers from another one.
2. An epoch ends with a reboot, when the counters or the clock run out, and when the clock jumps back.
   A new epoch starts the clock and all counters at 0.
"""

import secrets
from datetime import datetime
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric import ec
from tesla_protocol.command import signatures_pb2 as pb
from tesla_protocol.command import universal_message_pb2 as messages

from tesla_simulator.vehicle_protocol import keys
from tesla_simulator.vehicle_protocol.window import SeenCounters

VEHICLE_SECURITY: Final[int] = messages.DOMAIN_VEHICLE_SECURITY
INFOTAINMENT: Final[int] = messages.DOMAIN_INFOTAINMENT

LAST_COUNTER: Final = 2**32 - 1
LONGEST_EPOCH_S: Final = 2**30
_EPOCH_BYTES: Final = 16


class Domain:
    """Holds what must not be lost between two commands; knows nothing of messages."""

    def __init__(self, number: int, started_at: datetime) -> None:
        self.number = number
        self.key: ec.EllipticCurvePrivateKey = keys.new_private_key()
        self._agreed: dict[bytes, keys.SharedKeys] = {}
        self.begins_an_epoch(started_at)

    def begins_an_epoch(self, now: datetime) -> None:
        self.epoch = secrets.token_bytes(_EPOCH_BYTES)
        self.started_at = now
        self.clients: dict[bytes, SeenCounters] = {}

    def clock_s(self, now: datetime) -> int:
        """Whole seconds since the epoch began; begins another epoch when time went back or ran out."""
        seconds = int((now - self.started_at).total_seconds())
        if now < self.started_at or seconds > LONGEST_EPOCH_S:
            self.begins_an_epoch(now)
            return 0
        return seconds

    def seen_of(self, client: bytes) -> SeenCounters:
        return self.clients.setdefault(client, SeenCounters())

    def takes(self, client: bytes, counter: int, now: datetime) -> bool:
        """Mark a counter as used. False: it was used before, or is too old."""
        seen = self.seen_of(client)
        taken = seen.takes_in_order(counter) if self.number == VEHICLE_SECURITY else seen.takes(counter)
        if taken and counter == LAST_COUNTER:
            self.begins_an_epoch(now)
        return taken

    def keys_with(self, client: bytes) -> keys.SharedKeys:
        """Raises ValueError when `client` is no public key."""
        if client not in self._agreed:
            self._agreed[client] = keys.agree(self.key, client)
        return self._agreed[client]

    def session_info(self, client: bytes, now: datetime) -> bytes:
        clock_s = self.clock_s(now)
        info = pb.SessionInfo(
            counter=self.seen_of(client).highest,
            publicKey=keys.public_bytes_of(self.key),
            epoch=self.epoch,
            clock_time=clock_s,
        )
        wire: bytes = info.SerializeToString()
        return wire

    def dump(self) -> dict[str, object]:
        return {
            "private_key": keys.scalar_of(self.key).hex(),
            "epoch": self.epoch.hex(),
            "started_at": self.started_at.isoformat(),
            "clients": {
                client.hex(): {"highest": seen.highest, "window": seen.window} for client, seen in self.clients.items()
            },
        }

    @classmethod
    def loaded(cls, number: int, state: dict[str, object]) -> Self:
        """The domain that `dump` described. Raises ValueError when it is not such a description."""
        clients = state.get("clients")
        if not isinstance(clients, dict):
            raise ValueError("the state of a domain lists its clients")
        domain = cls(number, datetime.fromisoformat(str(state.get("started_at"))))
        domain.key = keys.private_key_from(bytes.fromhex(str(state.get("private_key"))))
        domain.epoch = bytes.fromhex(str(state.get("epoch")))
        domain.clients = {
            bytes.fromhex(client): SeenCounters(int(seen["highest"]), int(seen["window"]))
            for client, seen in clients.items()
        }
        return domain
