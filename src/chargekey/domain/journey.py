"""Where a driver stands on the way to a car that obeys.

Rules of this room:

1. Computed from evidence, never stored: Tesla can take a key or a scope away at any moment.
2. The guide is walked from the top, every time. Its order here is the order of the screens and of
   docs/driver-guide.md; tests/architecture keeps the three together.
3. No I/O and no clock. Looking is the journeys' work.
"""

from dataclasses import dataclass
from enum import StrEnum

from chargekey.domain.evidence import (
    AskedForProof,
    ConsentEnded,
    Handshake,
    KeyStatus,
    PlainCommandsTaken,
    ScopesGranted,
    Seen,
)
from chargekey.domain.grant import missing
from chargekey.domain.vehicle import KeyNeed, Vin, key_need


class Step(StrEnum):
    """The screens of the guide, in their order."""

    GRANT_PERMISSIONS = "permissions"
    COMPLETE_PERMISSIONS = "permission-missing"
    CHOOSE_VEHICLE = "car"
    ADD_KEY = "key"
    PROVE_KEY = "test"
    SET_GOAL = "plan"
    TONIGHT = "tonight"


class Proof(StrEnum):
    """What we know of the car obeying our key."""

    PROVED = "proved"
    NOT_YET_TRIED = "not_yet_tried"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the next step follows from. `vin` None: no vehicle chosen, or the chosen one is gone."""

    grant: Seen | None
    vin: Vin | None
    vehicle: Seen
    goal_is_set: bool
    went_on_without_proof: bool = False


def need_of_key(vin: Vin, vehicle: Seen) -> KeyNeed:
    """Whether the vehicle wants our key, by the latest of what Tesla's lists and the car itself said.

    The car's own word outweighs the lists, which lag: a proved handshake later than the last list says yes.
    """
    if took_plain(vehicle):
        return KeyNeed.NOT_NEEDED
    handshake = vehicle.fact(Handshake)
    if handshake and vehicle.is_later(Handshake, KeyStatus):
        return KeyNeed.ON_THE_CAR if handshake.proved else KeyNeed.NEEDED
    status = vehicle.fact(KeyStatus)
    if status is None:
        return key_need(vin, paired=None, commands_must_be_signed=None)
    return key_need(vin, paired=status.paired, commands_must_be_signed=status.must_sign)


def took_plain(vehicle: Seen) -> bool:
    """Whether it obeys plain commands, as far as we know: nobody has said since that they must be signed.

    Fleet status goes on calling such a car unpaired, so that alone says nothing against it.
    """
    if not vehicle.fact(PlainCommandsTaken) or vehicle.is_later(Handshake, than=PlainCommandsTaken):
        return False
    status = vehicle.fact(KeyStatus)
    wants_key = status is not None and (status.paired or status.must_sign)
    return not (wants_key and vehicle.is_later(KeyStatus, than=PlainCommandsTaken))


def proof_of_key(vin: Vin, vehicle: Seen) -> Proof:
    """Whether a handshake verified; the proof stands until the key is seen to be gone.

    A key that was gone and came back is proved anew: a handshake from before says nothing of it.
    """
    if need_of_key(vin, vehicle) is KeyNeed.NOT_NEEDED:
        return Proof.NOT_NEEDED
    handshake, shaken_at = vehicle.fact(Handshake), vehicle.when(Handshake)
    if handshake is None or shaken_at is None or not handshake.proved:
        return Proof.NOT_YET_TRIED
    gone_at = vehicle.key_gone_at
    return Proof.PROVED if gone_at is None or gone_at < shaken_at else Proof.NOT_YET_TRIED


def waits_for_answer(vin: Vin, vehicle: Seen) -> bool:
    """Whether the driver asked for a fresh proof, and the car, whose key we have, has not answered since."""
    asked = vehicle.is_later(AskedForProof, than=Handshake)
    return asked and need_of_key(vin, vehicle) is KeyNeed.ON_THE_CAR


def next_step(stands: Standing) -> Step:
    """Walk the guide from the top: the first thing not yet true is what to do next."""
    if stands.grant is None or _grant_is_dead(stands.grant):
        return Step.GRANT_PERMISSIONS
    granted = stands.grant.fact(ScopesGranted)
    if granted is None:
        return Step.GRANT_PERMISSIONS
    if missing(granted.scopes):
        return Step.COMPLETE_PERMISSIONS
    if stands.vin is None:
        return Step.CHOOSE_VEHICLE
    if need_of_key(stands.vin, stands.vehicle) in (KeyNeed.NEEDED, KeyNeed.NOT_YET_KNOWN):
        return Step.ADD_KEY
    if proof_of_key(stands.vin, stands.vehicle) is Proof.NOT_YET_TRIED and not stands.went_on_without_proof:
        return Step.PROVE_KEY
    if not stands.goal_is_set:
        return Step.SET_GOAL
    return Step.TONIGHT


def _grant_is_dead(grant: Seen) -> bool:
    return grant.is_later(ConsentEnded, than=ScopesGranted)
