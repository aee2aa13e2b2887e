"""All that is known when somebody asks what is wrong: the one argument of every signal.

Put together by the journeys from the log; nothing in here asks anybody. "Seen, and
fresh enough to say so" is asked here (`fresh`), so that it is said once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from chargekey.domain.causes.looks import GOOD_FOR, Look
from chargekey.domain.causes.questions import OF_ONE_TRIP, Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.evidence import Fact, Seen
from chargekey.domain.findings import Answered, ConsentTrip, OpenedPairingLink, Tried
from chargekey.domain.tesla_health import TeslaHealth
from chargekey.domain.vehicle import KeyNeed, Vin

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class OtherCar:
    """Another car of the account. `got_key_at`: it got our key since the driver chose his; None: it did not."""

    vin: Vin
    seen: Seen
    got_key_at: datetime | None


class HandOff(StrEnum):
    """How the page for the owner stands."""

    NONE = "none"
    WAITING = "waiting"
    OPENED = "opened"
    DECLINED = "declined"
    RUN_OUT = "run_out"
    REVOKED = "revoked"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Case:
    """One driver, one car, one moment.

    `grant` None: never connected. `vin` None: no car chosen. `vehicle_id` goes with it. `need`: whether the car wants
    our key, by all that was seen. `key_was_on_until`: the key was on the car and is gone since; None otherwise.
    `our_key_changed`: that was one which we sign with no more. `in_service_before_that`: the car was in service
    between. `renewed_at`: when the refresh token was last spent. `region`: where the account lives ("na", "eu"), None:
    not known. `others_rejected`: how many of how many other drivers here who said lately what their Tesla app showed,
    said *token rejected*.
    """

    now: datetime
    operator: Seen
    driver: Seen
    grant: Seen | None
    vin: Vin | None
    vehicle_id: int | None
    vehicle: Seen
    need: KeyNeed
    others: tuple[OtherCar, ...]
    tesla: TeslaHealth
    key_was_on_until: datetime | None = None
    our_key_changed: bool = False
    in_service_before_that: bool = False
    hand_off: HandOff = HandOff.NONE
    hand_off_at: datetime | None = None
    renewed_at: datetime | None = None
    region: str | None = None
    others_rejected: tuple[int, int] = (0, 0)

    @property
    def answers(self) -> Mapping[Question, Answer]:
        """What the driver answered about this car since he last opened the link; older answers may be about before."""
        answered = self.driver.fact(Answered)
        if answered is None or answered.vehicle_id != self.vehicle_id:
            return {}
        if self.driver.is_later(ConsentTrip, than=Answered):
            return {asked: said for asked, said in answered.answers.items() if asked not in OF_ONE_TRIP}
        return answered.answers

    @property
    def tried(self) -> tuple[Remedy, ...]:
        tried = self.driver.fact(Tried)
        return tried.of(self.vehicle_id) if tried else ()

    @property
    def link_opened_at(self) -> datetime | None:
        """When the driver last opened the pairing link for this car, as far as we know."""
        opened = self.driver.fact(OpenedPairingLink)
        return self.driver.when(OpenedPairingLink) if opened and opened.vehicle_id == self.vehicle_id else None

    def fresh(self, seen: Seen | None, kind: type[F], look: Look) -> F | None:
        """The latest fact of that kind, if the look that found it still says something; else None."""
        for observation in seen.latest.values() if seen else ():
            if isinstance(observation.fact, kind) and self.now - observation.observed_at <= GOOD_FOR[look]:
                return observation.fact
        return None

    def age(self, moment: datetime) -> timedelta:
        return self.now - moment
