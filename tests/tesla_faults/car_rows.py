"""What a car itself answers instead of obeying (tesla-fleet-api §6.2, §6.3).

Tesla's proxy hides it behind a 500. Chargekey signs without that proxy, so the car's own numbers arrive here.
"""

from dataclasses import dataclass
from typing import Final

from chargekey.ports.faults import Busy, Fault, KeyMissing, MobileAccessOff, Puzzling, Refused
from tests.tesla_faults import outcomes as comes
from tests.tesla_faults.row import Outcome


@dataclass(frozen=True, slots=True)
class CarRow:
    """`number` is the message fault. `tries`: how often the command is signed before it is given up."""

    number: int
    name: str
    becomes: type[Fault]
    tries: int
    outcome: Outcome


MOST_TRIES: Final = 3
NO: Final = comes.CAR_SAYS_NO
ROWS: Final = (
    CarRow(1, "busy", Busy, 1, comes.TRIED_AGAIN),
    CarRow(2, "subsystem timed out", Busy, 1, comes.TRIED_AGAIN),
    CarRow(3, "key not known", KeyMissing, 1, comes.NEEDS_KEY),
    CarRow(4, "key switched off", Refused, 1, NO),
    CarRow(5, "signature wrong", Busy, MOST_TRIES, comes.TRIED_AGAIN),
    CarRow(6, "counter wrong", Busy, MOST_TRIES, comes.TRIED_AGAIN),
    CarRow(7, "not allowed to this key", Refused, 1, NO),
    CarRow(8, "wrong part of the car", Refused, 1, NO),
    CarRow(9, "command not known", Refused, 1, NO),
    CarRow(10, "command not read", Refused, 1, NO),
    CarRow(11, "still starting", Busy, 1, comes.TRIED_AGAIN),
    CarRow(12, "another car was meant", Refused, 1, NO),
    CarRow(13, "bad value", Refused, 1, NO),
    CarRow(14, "list of keys is full", Refused, 1, NO),
    CarRow(15, "another epoch", Busy, MOST_TRIES, comes.TRIED_AGAIN),
    CarRow(16, "nonce of another length", Refused, 1, NO),
    CarRow(17, "too late", Busy, MOST_TRIES, comes.TRIED_AGAIN),
    CarRow(18, "car has no identity", Refused, 1, NO),
    CarRow(19, "metadata not hashed", Refused, 1, NO),
    CarRow(20, "expiry too far ahead", Busy, MOST_TRIES, comes.TRIED_AGAIN),
    CarRow(21, "remote access is off", MobileAccessOff, 1, comes.MOBILE_ACCESS),
    CarRow(22, "remote service access is off", Refused, 1, NO),
    CarRow(23, "wants account credentials", Refused, 1, NO),
    CarRow(24, "request too long", Refused, 1, NO),
    CarRow(25, "done, and the answer too long", Puzzling, 1, comes.LOOKED_AFTER),
    CarRow(26, "counter used before", Busy, MOST_TRIES, comes.TRIED_AGAIN),
    CarRow(27, "handle of a key not known", Refused, 1, NO),
    CarRow(28, "answer must be encrypted", Refused, 1, NO),
)
