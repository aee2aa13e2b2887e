"""What the driver tried, and whether it came to nothing: from then on a diagnosis may suspect, and ask.

Nobody tells us: neither Tesla's page nor its app reports back. Time does, and what was seen since.
"""

from datetime import timedelta
from typing import Final

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.cause import Stage
from chargekey.domain.causes.consent import TRIP_COUNTS_FOR
from chargekey.domain.causes.settled import End, end_of_consent
from chargekey.domain.evidence import ScopesGranted
from chargekey.domain.findings import ConsentTrip, Tried, Trip
from chargekey.domain.grant import missing

IN_VAIN_AFTER: Final = timedelta(seconds=45)
"""A key that comes, comes within half a minute of *Allow*; fleet status adds some seconds."""
LOST_AFTER: Final = timedelta(minutes=5)
"""Signing in at Tesla, a second factor and all, takes two minutes or three."""


def has_failed(case: Case, stage: Stage) -> bool:
    """Whether something was tried that should have worked by now."""
    if is_late(case) or is_lost(case):
        return True
    return stage is Stage.CONSENT and (came_back_for_nothing(case) or end_of_consent(case) not in (None, End.LEFT))


def went_past(case: Case, stage: Stage) -> bool:
    """Whether he went on although something stood in his way: what he can get past hides nothing else then."""
    return _asked_again_in_vain(case) if stage is Stage.CONSENT else case.link_opened_at is not None


def is_late(case: Case) -> bool:
    """The link was opened, and what should have come of it has not. What was done about it since begins a new try."""
    opened_at = case.link_opened_at
    return opened_at is not None and not was_mended_since(case) and case.now - opened_at >= IN_VAIN_AFTER


def is_lost(case: Case) -> bool:
    """He set out to Tesla's page and did not come back: Tesla tells nobody, so that only the time says so."""
    trip, began_at = case.driver.fact(ConsentTrip), case.driver.when(ConsentTrip)
    if trip is None or began_at is None or trip.came is not Trip.BEGUN:
        return False
    return case.now - began_at >= LOST_AFTER


def came_back_for_nothing(case: Case) -> bool:
    """Tesla sent him back with a refusal that says nothing, or without what it was asked for once more."""
    trip, at = case.driver.fact(ConsentTrip), case.driver.when(ConsentTrip)
    if trip is None or at is None or case.age(at) > TRIP_COUNTS_FOR:
        return False
    return trip.came is Trip.REFUSED_BY_TESLA or _asked_again_in_vain(case)


def was_mended_since(case: Case) -> bool:
    opened_at, tried_at = case.link_opened_at, case.driver.when(Tried)
    return opened_at is not None and tried_at is not None and tried_at >= opened_at


def _asked_again_in_vain(case: Case) -> bool:
    trip, granted = case.driver.fact(ConsentTrip), case.grant.fact(ScopesGranted) if case.grant else None
    if trip is None or granted is None:
        return False
    return trip.repairs and trip.came is Trip.ALLOWED and bool(missing(granted.scopes))
