"""Faults that say something lasting about the grant, the car or the key, as facts to be written down."""

from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.evidence import ConsentEnded, Handshake, NotListed, Observation, PlainCommandsTaken, Source
from chargekey.domain.findings import AccountRefused, AskedTooOften
from chargekey.journeys.standing import about_grant, about_vehicle
from chargekey.ports.faults import (
    BudgetSpent,
    ConsentGone,
    Fault,
    KeyMissing,
    MustBeSigned,
    TakesPlain,
    TooOften,
    VehicleGone,
)
from chargekey.ports.people import Vehicle

SOON: Final = timedelta(minutes=1)
LATER: Final = timedelta(minutes=15)
"""A clear no, or an answer that nobody can read, seldom changes within the minute, and Tesla bills it (§6.1)."""

UNTIL_RAISED: Final = timedelta(hours=1)
"""So soon a raised budget is noticed; asking our own books costs nothing."""

Lasting = ConsentGone | VehicleGone | KeyMissing | MustBeSigned | TakesPlain


def told_for_good(fault: Lasting, vehicle: Vehicle, now: datetime) -> Observation:
    """What stays true until somebody does something about it."""
    about = about_vehicle(vehicle.id)
    match fault:
        case ConsentGone():
            grant = about_grant(vehicle.grant_id)
            return Observation(grant, ConsentEnded(fault.detail), now, Source.TESLA, fault.request_id)
        case VehicleGone():
            return Observation(about, NotListed(), now, Source.TESLA, fault.request_id)
        case KeyMissing():
            return Observation(about, Handshake(False), now, Source.CAR, fault.request_id)
        case MustBeSigned():
            return Observation(about, Handshake(False), now, Source.TESLA, fault.request_id)
        case TakesPlain():
            return Observation(about, PlainCommandsTaken(), now, Source.TESLA, fault.request_id)


def told_of_account(fault: Fault, grant_id: int, now: datetime) -> tuple[Observation, ...]:
    """What a refusal says of the account as a whole; empty where it says nothing of it."""
    about = about_grant(grant_id)
    if isinstance(fault, TooOften):
        return (Observation(about, AskedTooOften(now + fault.wait), now, Source.TESLA, fault.request_id),)
    if fault.account is not None:
        return (Observation(about, AccountRefused(fault.account), now, Source.TESLA, fault.request_id),)
    return ()


def again_after(fault: Fault) -> timedelta:
    """How long to leave Tesla alone after a fault. It is never given up: whatever it is may be mended elsewhere."""
    if isinstance(fault, BudgetSpent):
        return min(max(fault.wait, SOON), UNTIL_RAISED)
    if isinstance(fault, TooOften):
        return max(fault.wait, SOON)
    return SOON if fault.worth_repeating else LATER
