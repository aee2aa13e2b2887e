"""Somebody else owns the car: the three ways, the page for the owner, and what the driver sees of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from chargekey.domain.causes.case import HandOff
from chargekey.domain.hand_off import Reason, Stop
from chargekey.domain.vehicle import Access, Reach, Vin
from chargekey.entrypoints.web.screens.frame import Trail


class Way(StrEnum):
    """The three routes, in the order of effort."""

    OWNER = "owner"
    IN_THE_CAR = "in_the_car"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class NotMyCar:
    """Three ways on. `access` DRIVER: Tesla says so; else the driver does."""

    template: ClassVar[str] = "owner/not_my_car.html"
    trail: Trail
    car: Vin
    access: Access
    listed_at: datetime | None
    ways: tuple[Way, ...] = tuple(Way)


@dataclass(frozen=True, slots=True)
class AskedCar:
    """A car on a page for an owner. `id` is our number, for a form of the driver's."""

    id: int
    vin: Vin
    has_key: bool
    looked_at: datetime | None


class AskWrong(StrEnum):
    """Why no page was made."""

    NAME = "name"
    CARS = "cars"
    ADDRESS = "address"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, slots=True)
class AskOwner:
    """The form that makes the page. `ticked`: numbers of the cars to ask for."""

    template: ClassVar[str] = "owner/ask.html"
    trail: Trail
    car: Vin
    cars: tuple[AskedCar, ...]
    ticked: frozenset[int]
    hours: int
    name: str = ""
    address: str = ""
    wrong: AskWrong | None = None


@dataclass(frozen=True, slots=True)
class PageMade:
    """The link, shown this once. `sent_to` None: no mail was sent. `mail_failed`: one was to be."""

    template: ClassVar[str] = "owner/made.html"
    trail: Trail
    asks_as: str
    cars: tuple[Vin, ...]
    link: str
    ends_at: datetime
    sent_to: str | None
    mail_failed: bool


@dataclass(frozen=True, slots=True)
class AskedOwner:
    """What became of the page. `reason` and `words` go with a no."""

    template: ClassVar[str] = "owner/status.html"
    trail: Trail
    car: Vin
    state: HandOff
    since: datetime
    asks_as: str
    made_at: datetime
    ends_at: datetime
    cars: tuple[AskedCar, ...]
    reason: Reason | None
    words: str


@dataclass(frozen=True, slots=True)
class InTheCar:
    """The key card way. `qr` as on the key page; `link` the Tesla link."""

    template: ClassVar[str] = "owner/in_the_car.html"
    trail: Trail
    car: Vin
    domain: str
    link: str
    link_shown: str
    on_phone: bool
    qr: str
    qr_size: int
    looked_at: datetime | None


@dataclass(frozen=True, slots=True)
class CompanyCar:
    """A fleet: what its administrator does, and one page for all its cars."""

    template: ClassVar[str] = "owner/company.html"
    trail: Trail
    car: Vin
    cars: tuple[AskedCar, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A text for a lessor, to copy, print or send."""

    template: ClassVar[str] = "owner/letter.html"
    cars: tuple[Vin, ...]
    domain: str
    driver_email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """The owner said no, or is not asked: what still works. `shows_cheap_hours`: the first page does."""

    template: ClassVar[str] = "owner/read_only.html"
    car: Vin
    reach: Reach
    listed_at: datetime | None
    soc_percent: int | None
    soc_at: datetime | None
    shows_cheap_hours: bool


# ── for the owner ────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Cover:
    """Before somebody pressed: it names nobody and no car."""

    template: ClassVar[str] = "owner/cover.html"
    path: str


@dataclass(frozen=True, slots=True)
class OwnersCar:
    """One car for the owner. `link` None: not to be opened here and now. `qr` "": no code is shown."""

    vin: Vin
    has_key: bool
    looked_at: datetime | None
    stop: Stop | None
    link: str | None
    link_shown: str
    qr: str
    qr_size: int


@dataclass(frozen=True, slots=True)
class OwnersPage:
    """The request, and after the yes the way into the Tesla app. `is_ours`: the driver looks at what he made."""

    template: ClassVar[str] = "owner/request.html"
    path: str
    asks_as: str
    asks_from: str
    made_at: datetime
    ends_at: datetime
    cars: tuple[OwnersCar, ...]
    domain: str
    on_phone: bool
    has_agreed: bool
    has_consented: bool
    turned_back: bool
    tesla_host: str
    was_answered: bool
    is_ours: bool

    @property
    def waiting(self) -> tuple[OwnersCar, ...]:
        """Those that still want the key."""
        return tuple(car for car in self.cars if not car.has_key)


@dataclass(frozen=True, slots=True)
class Decline:
    """Why not, as far as the owner wants to say. `nothing_chosen`: he pressed without a reason."""

    template: ClassVar[str] = "owner/decline.html"
    path: str
    asks_as: str
    longest: int
    reasons: tuple[Reason, ...] = tuple(Reason)
    nothing_chosen: bool = False


@dataclass(frozen=True, slots=True)
class OwnersEnd:
    """The page is over. `state` None: it is no link of ours. `cars`: for how to take the key back."""

    template: ClassVar[str] = "owner/over.html"
    state: HandOff | None
    asks_as: str
    cars: tuple[Vin, ...]
    domain: str
