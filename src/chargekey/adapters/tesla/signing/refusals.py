"""What a car's message faults and reasons mean to us (vehicle-command §6; tesla-fleet-api §5, §6.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from google.protobuf.message import DecodeError
from tesla_protocol.command.car_server_pb2 import Response

from chargekey.adapters.tesla.answers import small_print
from chargekey.ports.faults import Busy, Fault, KeyMissing, MobileAccessOff, MustBeSigned, Puzzling, Refused


class Next(Enum):
    """What helps."""

    SIGN_ANEW = "sign_anew"
    WAIT = "wait"
    PAIR = "pair"
    SWITCH_ON = "switch_on"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Row:
    """A message fault by Tesla's name, and what helps. None of these means that the command ran, but 25."""

    name: str
    next: Next


FAULTS: Final[Mapping[int, Row]] = {
    1: Row("BUSY", Next.WAIT),
    2: Row("TIMEOUT", Next.WAIT),
    3: Row("UNKNOWN_KEY_ID", Next.PAIR),
    4: Row("INACTIVE_KEY", Next.NOTHING),
    5: Row("INVALID_SIGNATURE", Next.SIGN_ANEW),
    6: Row("INVALID_TOKEN_OR_COUNTER", Next.SIGN_ANEW),
    7: Row("INSUFFICIENT_PRIVILEGES", Next.NOTHING),
    8: Row("INVALID_DOMAINS", Next.NOTHING),
    9: Row("INVALID_COMMAND", Next.NOTHING),
    10: Row("DECODING", Next.NOTHING),
    11: Row("INTERNAL", Next.WAIT),
    12: Row("WRONG_PERSONALIZATION", Next.NOTHING),
    13: Row("BAD_PARAMETER", Next.NOTHING),
    14: Row("KEYCHAIN_IS_FULL", Next.NOTHING),
    15: Row("INCORRECT_EPOCH", Next.SIGN_ANEW),
    16: Row("IV_INCORRECT_LENGTH", Next.NOTHING),
    17: Row("TIME_EXPIRED", Next.SIGN_ANEW),
    18: Row("NOT_PROVISIONED_WITH_IDENTITY", Next.NOTHING),
    19: Row("COULD_NOT_HASH_METADATA", Next.NOTHING),
    20: Row("TIME_TO_LIVE_TOO_LONG", Next.SIGN_ANEW),
    21: Row("REMOTE_ACCESS_DISABLED", Next.SWITCH_ON),
    22: Row("REMOTE_SERVICE_ACCESS_DISABLED", Next.NOTHING),
    23: Row("COMMAND_REQUIRES_ACCOUNT_CREDENTIALS", Next.NOTHING),
    24: Row("REQUEST_MTU_EXCEEDED", Next.NOTHING),
    25: Row("RESPONSE_MTU_EXCEEDED", Next.NOTHING),
    26: Row("REPEATED_COUNTER", Next.SIGN_ANEW),
    27: Row("INVALID_KEY_HANDLE", Next.NOTHING),
    28: Row("REQUIRES_RESPONSE_ENCRYPTION", Next.NOTHING),
}
RAN_BUT_ANSWER_TOO_LONG: Final = 25
KINDS: Final[Mapping[Next, type[Fault]]] = {
    Next.SIGN_ANEW: Busy,
    Next.WAIT: Busy,
    Next.PAIR: KeyMissing,
    Next.SWITCH_ON: MobileAccessOff,
    Next.NOTHING: Refused,
}
"""What is said when the tries are used up."""
PREFIXES: Final = ("car could not execute command: ", "vcsec could not execute command: ")
SUCCESS_LIKE: Final[Mapping[str, frozenset[str]]] = {
    "charge_start": frozenset({"is_charging", "requested", "complete"}),
    "charge_stop": frozenset({"not_charging"}),
    "set_charging_amps": frozenset({"already_set"}),
}
"""Reasons that say: it is so already."""
OTHER_REASONS: Final[Mapping[str, type[Fault]]] = {
    "unsigned_cmds_hardlocked": MustBeSigned,
    "could_not_wake_buses": Busy,
}
"""Reasons that say more than no (tesla-fleet-api §5)."""


def fault_of(number: int, request_id: str | None = None) -> Fault:
    """The Fault for a message fault that nothing on our side can mend just now."""
    row = FAULTS.get(number)
    if row is None or number == RAN_BUT_ANSWER_TOO_LONG:
        return Puzzling(f"message fault {number}", request_id=request_id)
    return KINDS[row.next](row.name, request_id=request_id)


def may_sign_anew(number: int) -> bool:
    """Whether fresh session info and a new signature may help."""
    row = FAULTS.get(number)
    return row is not None and row.next is Next.SIGN_ANEW


def check_action(payload: bytes, command: str, request_id: str | None = None) -> None:
    """What Infotainment says of a command it could read. Raises as `check_reason` does, or `Puzzling`.

    An empty payload is a yes.
    """
    try:
        answer = Response.FromString(payload)
    except DecodeError as wrong:
        raise Puzzling("the car's answer cannot be read", request_id=request_id) from wrong
    if answer.actionStatus.result:
        check_reason(answer.actionStatus.result_reason.plain_text, command, request_id)


def check_reason(reason: str, command: str, request_id: str | None = None) -> None:
    """A refusal's reason, bare or prefixed. Returns when it says that it is so already.

    Raises `Refused`, or `MustBeSigned` or `Busy` where the reason says that much.
    """
    bare = reason.strip()
    for prefix in PREFIXES:
        bare = bare.removeprefix(prefix)
    if bare in SUCCESS_LIKE.get(command, frozenset()):
        return
    raise OTHER_REASONS.get(bare, Refused)(small_print(bare) or "no reason given", request_id=request_id)
