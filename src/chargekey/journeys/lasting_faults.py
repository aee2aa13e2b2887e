"""Faults that say something lasting about the grant, the car or the key, as facts to be written down."""

from datetime import datetime

from chargekey.domain.evidence import ConsentEnded, Handshake, NotListed, Observation, PlainCommandsTaken, Source
from chargekey.domain.findings import AccountRefused, AskedTooOften
from chargekey.journeys.standing import about_grant, about_vehicle
from chargekey.ports.faults import ConsentGone, Fault, KeyMissing, MustBeSigned, TakesPlain, TooOften, VehicleGone
from chargekey.ports.people import Vehicle

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
