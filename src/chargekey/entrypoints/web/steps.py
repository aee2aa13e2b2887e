"""Which page shows which step, and what the trail says of the steps before it."""

from collections.abc import Mapping
from typing import Final

from chargekey.domain.evidence import ScopesGranted
from chargekey.domain.grant import Scope
from chargekey.domain.journey import Proof, Step, need_of_key, proof_of_key
from chargekey.domain.vehicle import KeyNeed
from chargekey.entrypoints.web.screens.frame import Part, Trail
from chargekey.journeys.standing import Whereabouts

PATHS: Final[Mapping[Step, str]] = {
    Step.GRANT_PERMISSIONS: "/permissions",
    Step.COMPLETE_PERMISSIONS: "/permissions/missing",
    Step.CHOOSE_VEHICLE: "/choose-car",
    Step.ADD_KEY: "/key",
    Step.PROVE_KEY: "/test",
    Step.SET_GOAL: "/plan",
    Step.TONIGHT: "/tonight",
}
PARTS: Final[Mapping[Step, Part]] = {
    Step.GRANT_PERMISSIONS: Part.PERMISSIONS,
    Step.COMPLETE_PERMISSIONS: Part.PERMISSIONS,
    Step.CHOOSE_VEHICLE: Part.CAR,
    Step.ADD_KEY: Part.KEY,
    Step.PROVE_KEY: Part.TEST,
    Step.SET_GOAL: Part.PLAN,
}
SHOWN_TO_DRIVERS: Final = (Scope.VEHICLE_DEVICE_DATA, Scope.VEHICLE_CHARGING_CMDS, Scope.VEHICLE_LOCATION)
"""The permissions that Tesla's page shows as boxes; the others come with signing in."""
_ORDER: Final = tuple(Step)


def has_reached(here: Whereabouts, step: Step) -> bool:
    """Whether a driver may see the page of a step: it is his, or behind him."""
    return _ORDER.index(here.step) >= _ORDER.index(step)


def trail(here: Whereabouts, at: Part) -> Trail:
    """The five windows as this driver has lit them."""
    granted = here.grant_seen.fact(ScopesGranted)
    received = sum(scope in granted.scopes for scope in SHOWN_TO_DRIVERS) if granted else None
    if here.vehicle is None:
        return Trail(at, received=received)
    vin, seen = here.vehicle.vin, here.vehicle_seen
    return Trail(
        at,
        car=vin,
        needs_key=need_of_key(vin, seen) is not KeyNeed.NOT_NEEDED,
        is_proved=proof_of_key(vin, seen) is Proof.PROVED,
        received=received,
    )
