"""A Tesla account is used no more: timers stopped, tokens, homes and homes' keys erased, the end written down, at once.

What was seen and charged stays in the log. What Tesla still has in its account only the driver can remove.
"""

from datetime import datetime

from chargekey.domain.evidence import ConsentEnded, Observation, Source
from chargekey.journeys.standing import about_grant
from chargekey.ports.jobs import Key, Work, key_of
from chargekey.ports.people import Grant
from chargekey.ports.store import Unit


async def end_account(unit: Unit, grant: Grant, now: datetime) -> bool:
    """Returns whether the home of one of its cars was kept, and is gone now."""
    cars = await unit.garage.vehicles_of(grant.id)
    for work in Work:
        if key_of(work) is Key.VEHICLE:
            for car in cars:
                await unit.timers.cancel(work, car.id)
        elif key_of(work) is Key.GRANT:
            await unit.timers.cancel(work, grant.id)
    for car in cars:
        await unit.surplus_keys.take_back(car.id)
    await unit.evidence.append([Observation(about_grant(grant.id), ConsentEnded("left"), now, Source.DRIVER)])
    return await unit.garage.end_grant(grant.id, now)


async def let_go(unit: Unit, undecided: Grant, now: datetime) -> bool:
    """End an account that nobody has chosen. False: it was decided before."""
    if not await unit.undecided.settle(undecided.id):
        return False
    await end_account(unit, undecided, now)
    return True
