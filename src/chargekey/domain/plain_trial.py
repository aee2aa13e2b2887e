"""Whether one plain order is worth its price: it parts a car that takes them from one that wants our key.

Fleet status calls both unpaired, says of both at times that nothing must be signed, and a greeting finds our key on
neither (tesla-fleet-api §4.4, §7: cars of companies). Only an order tells.

Rules of this room:

1. Nothing is tried before something points there: the Tesla app said that no key is needed, or Tesla says so of a
   car that has been waited for in vain.
2. Once for each such pointer, and once a day at most. A pointer that is a day old points nowhere any more.
3. The order asks for what the car is set to already, so that nothing changes in it.
"""

from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.evidence import ChargeState, ChoseVehicle, KeyStatus, Seen
from chargekey.domain.findings import Answered, OpenedPairingLink, TriedPlain
from chargekey.domain.journey import need_of_key
from chargekey.domain.vehicle import KeyNeed, Vin

LONG_WAIT: Final = timedelta(minutes=10)
"""Since the link was opened, or the car chosen. A key that comes, comes within half a minute; a list lags a little."""
A_DAY: Final = timedelta(days=1)
LEAST_A: Final = 5
"""A car takes no less, and what is sent is never less: below it an order would change something."""


def is_due(vin: Vin, vehicle_id: int, vehicle: Seen, driver: Seen, now: datetime) -> bool:
    """Whether to try now, once the car is awake."""
    if need_of_key(vin, vehicle) not in (KeyNeed.NEEDED, KeyNeed.NOT_YET_KNOWN):
        return False
    since, tried_at = points_since(vehicle_id, vehicle, driver), vehicle.when(TriedPlain)
    if since is None or not timedelta() <= now - since < A_DAY:
        return False
    return tried_at is None or (tried_at < since and now - tried_at >= A_DAY)


def points_since(vehicle_id: int, vehicle: Seen, driver: Seen) -> datetime | None:
    """When something began, or will begin, to point to a car that takes plain orders; None: nothing does.

    Against Tesla's own word that orders must be signed nothing is tried.
    """
    status = vehicle.fact(KeyStatus)
    if status is None or status.paired or status.must_sign:
        return None
    answered, opened = driver.fact(Answered), driver.fact(OpenedPairingLink)
    if answered and answered.vehicle_id == vehicle_id and _app_says_so(answered):
        return driver.when(Answered)
    if status.must_sign is None:
        return None
    chosen = driver.fact(ChoseVehicle)
    began = driver.when(OpenedPairingLink) if opened and opened.vehicle_id == vehicle_id else None
    if began is None and chosen and chosen.vehicle_id == vehicle_id:
        began = driver.when(ChoseVehicle)
    return began + LONG_WAIT if began else None


def harmless_current_a(charge: ChargeState) -> int | None:
    """The current to ask for: the one that the car is set to. None: it does not say, or no order would be harmless."""
    asked = charge.current_asked_a
    return asked if asked is not None and asked >= LEAST_A else None


def _app_says_so(answered: Answered) -> bool:
    return answered.answers.get(Question.APP_SHOWED) is Answer.NO_KEY_NEEDED
