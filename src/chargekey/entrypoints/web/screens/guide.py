"""The guide: permissions, the car, the key, the test."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from chargekey.domain.diagnosis import Finding, Place, Suspect
from chargekey.domain.evidence import Source
from chargekey.domain.grant import Scope
from chargekey.domain.journey import Proof
from chargekey.domain.vehicle import Access, KeyNeed, Reach, Vin
from chargekey.entrypoints.web.screens.frame import Trail
from chargekey.entrypoints.web.screens.stuck import Asked, ToDo
from chargekey.journeys.keep_to_budget import MonthOfCar
from chargekey.journeys.lost_key import KeyLost


@dataclass(frozen=True, slots=True)
class Permissions:
    """What we ask for, before Tesla asks the same. `has_ended`: an earlier consent is gone.

    `known`: what stands in the way as far as we know; `again_at`: until then, going to Tesla would come to nothing.
    `asked`: an earlier trip to Tesla came to nothing, or what it brought has ended.
    """

    template: ClassVar[str] = "guide/permissions.html"
    trail: Trail
    tesla_host: str
    has_ended: bool
    known: tuple[Finding, ...] = ()
    again_at: datetime | None = None
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class PermissionMissing:
    """Tesla let us do some of it. Scopes that no driver can see (openid, offline_access) are in `missing` too.

    `again_at`: asked once more, Tesla gave the same; until then it hardly gives more.
    """

    template: ClassVar[str] = "guide/permission_missing.html"
    trail: Trail
    missing: tuple[Scope, ...]
    received: tuple[Scope, ...]
    read_at: datetime | None
    tesla_host: str
    portal_url: str = ""
    known: tuple[Finding, ...] = ()
    asked: Asked | None = None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotConsented:
    """The driver came back from Tesla without a consent. `arrival` is the journey's word for how.

    `again_at`: going there before that would come to nothing.
    """

    template: ClassVar[str] = "guide/not_consented.html"
    trail: Trail
    arrival: str
    known: tuple[Finding, ...] = ()
    again_at: datetime | None = None
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class CarChoice:
    """One car of the account's list."""

    id: int
    vin: Vin
    name: str | None
    access: Access
    reach: Reach
    need: KeyNeed


@dataclass(frozen=True, slots=True)
class ChooseCar:
    """Tesla's list. `cars` empty: the account holds none. `tesla_is_down`: what is shown may be old.

    `again_at`: when we look by ourselves whether another car came; None: one is chosen, and there.
    `places`: what stands in the way of a choice; `suspects` and `todo`: why a list may be empty, and what to do.
    """

    template: ClassVar[str] = "guide/choose_car.html"
    trail: Trail
    cars: tuple[CarChoice, ...]
    chosen: int | None
    listed_at: datetime | None
    signed_in_as: str
    tesla_is_down: bool
    again_at: datetime | None = None
    nothing_was_chosen: bool = False
    places: tuple[Place, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    todo: tuple[ToDo, ...] = ()


@dataclass(frozen=True, slots=True)
class AddKey:
    """The key step. `qr` is SVG path data of `link`, `qr_size` its modules a side; shown on a computer.

    `other_car`: the key went there instead. `looked_at` None: Tesla was not asked yet.
    `lost`: it was on the car before, and `lost_by` is the cause that mostly takes it away so. `opened_at`: the link was
    opened then, and the key should be there by now; `likeliest`: what mostly keeps it away, None while nothing can be
    said. `hints`: what is there and lets him try.
    `keeps_links`: the window belongs to another app, which may not open the Tesla app; `page` is our address to copy.
    `owner_has_until`: the owner was asked, and may answer until then. `mails_again_at`: this page was mailed to him so
    often that the next mail can be asked for then; None: now.
    """

    template: ClassVar[str] = "guide/key.html"
    trail: Trail
    car: Vin
    cars_in_account: int
    domain: str
    link: str
    link_shown: str
    on_phone: bool
    qr: str
    qr_size: int
    looked_at: datetime | None
    next_look_at: datetime | None
    is_owner: bool | None
    other_car: Vin | None
    was_sent_to_phone: bool = False
    lost: KeyLost | None = None
    lost_by: str = "E2"
    hints: tuple[Finding, ...] = ()
    keeps_links: bool = False
    page: str = ""
    opened_at: datetime | None = None
    likeliest: Suspect | None = None
    owner_has_until: datetime | None = None
    mails_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TestKey:
    """The proof. `proved_at` None: not proved. `month`: what Tesla bills, of which the greeting is a part."""

    __test__: ClassVar[bool] = False  # pytest would take the name for a test
    template: ClassVar[str] = "guide/test.html"
    trail: Trail
    car: Vin
    proof: Proof
    reach: Reach
    proved_at: datetime | None
    paired_at: datetime | None
    next_try_at: datetime | None
    month: MonthOfCar


@dataclass(frozen=True, slots=True)
class KeyNotNeeded:
    """This car has no keys; the step is skipped, and this says why."""

    template: ClassVar[str] = "guide/key_not_needed.html"
    trail: Trail
    car: Vin
    told_by: Source | None
    told_at: datetime | None
