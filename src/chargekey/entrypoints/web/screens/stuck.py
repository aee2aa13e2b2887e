"""A driver who is stuck: what stands in the way, what we wait for, what to ask, what to try."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from chargekey.domain.causes.cause import Where, Who
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.diagnosis import Finding, Place, Suspect
from chargekey.domain.vehicle import Reach, Vin
from chargekey.entrypoints.web.screens.frame import Trail
from chargekey.entrypoints.web.ways import leads_to


class Leads(StrEnum):
    """How a remedy is begun from our page: by a form of ours, by a link, or only by doing it and saying so."""

    PRESS = "press"
    LINK = "link"
    DO = "do"


@dataclass(frozen=True, slots=True)
class ToDo:
    """A remedy as the page offers it. `path` "": it is done elsewhere, and said to be done by a press."""

    remedy: Remedy
    leads: Leads
    path: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """On a page of the guide: the question that tells most, or, when none is left, why and what helps.

    `shown`: answers offered at once; `more`: those behind *Something else*.
    """

    question: Question | None
    shown: tuple[Answer, ...]
    more: tuple[Answer, ...]
    suspects: tuple[Suspect, ...]
    todo: tuple[ToDo, ...]


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Screen 05: everything that stands in the way, by who mends it and where.

    `yours` of `count` are the driver's. `keys_on_car` None: not counted. `ends`: it cannot be mended, and what
    still works is said. `next_look_at`: when we look by ourselves; None: only while the page is open.
    `owner_has_until`: the owner was asked, and may answer until then.
    """

    template: ClassVar[str] = "guide/in_the_way.html"
    trail: Trail
    car: Vin | None
    places: tuple[Place, ...]
    fine: tuple[Finding, ...]
    keys_on_car: int | None
    ends: bool
    looked_at: datetime | None
    next_look_at: datetime | None
    owner_has_until: datetime | None = None

    @property
    def count(self) -> int:
        return sum(len(place.findings) for place in self.places)

    @property
    def yours(self) -> int:
        return sum(len(place.findings) for place in self.places if place.who is Who.DRIVER)

    @property
    def way_on(self) -> str:
        """Where it goes on when nothing is the driver's own to mend first, but somebody can be asked; "" otherwise.

        What the link itself mends is for afterwards: it is not offered while something forbids it.
        """
        own = [one for place in self.places if place.who is Who.DRIVER for one in place.findings]
        if self.ends or any(one.cause.remedies != (Remedy.OPEN_THE_LINK,) for one in own):
            return ""
        asked = [place for place in self.places if place.who in (Who.OWNER, Who.FLEET_ADMIN)]
        remedies = [remedy for place in asked for one in place.findings for remedy in one.cause.remedies]
        return next((path for remedy in remedies if (path := leads_to(remedy))), "")

    @property
    def is_one_walk(self) -> bool:
        """Whether all that is the driver's own is at the car."""
        return bool(self.yours) and all(place.where is Where.CAR for place in self.places if place.who is Who.DRIVER)


@dataclass(frozen=True, slots=True)
class WaitsFor:
    """Screens 11 and 12: nothing for anybody here to do, or little. `until` None: we look no more by ourselves.

    `since`: when the wait began; `heard_at`: when the car was last heard of. `by_time`: no look can tell, so at
    `until` it is the driver's turn, or at once if he wants, with `link`.
    """

    template: ClassVar[str] = "guide/waits.html"
    trail: Trail | None
    car: Vin
    link: str
    findings: tuple[Finding, ...]
    suspects: tuple[Suspect, ...]
    todo: tuple[ToDo, ...]
    reach: Reach
    in_service: bool
    mobile_access_off: bool
    since: datetime
    until: datetime | None
    by_time: bool
    heard_at: datetime | None
    looked_at: datetime | None
    every_minutes: int | None


@dataclass(frozen=True, slots=True)
class WhatHappened:
    """Screen 08: the question that tells most, or, when none is left, what to try, best first.

    `shown`: answers offered at once; `more`: those behind *Something else*. `known`: what is there and let him try.
    """

    template: ClassVar[str] = "guide/what_happened.html"
    trail: Trail
    car: Vin
    question: Question | None
    shown: tuple[Answer, ...]
    more: tuple[Answer, ...]
    known: tuple[Finding, ...]
    suspects: tuple[Suspect, ...]
    ruled_out: tuple[Finding, ...]
    todo: tuple[ToDo, ...]
    tried: tuple[Remedy, ...]
    looked_at: datetime | None
    next_look_at: datetime | None
