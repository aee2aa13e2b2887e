"""What stands around every screen: who is here, where in the guide, and what a form must carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chargekey.domain.vehicle import Vin


class Tab(StrEnum):
    """The three places of a connected driver."""

    TONIGHT = "tonight"
    NIGHTS = "nights"
    CAR = "car"


class Part(StrEnum):
    """The five windows of the trail, in their order."""

    PERMISSIONS = "permissions"
    CAR = "car"
    KEY = "key"
    TEST = "test"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Trail:
    """Where the driver is in the guide, and what is known of each step. `car` None: not chosen yet."""

    at: Part
    car: Vin | None = None
    needs_key: bool | None = None
    is_proved: bool | None = None
    received: int | None = None
    asked: int = 3


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: its kind and what fills its words."""

    kind: str
    values: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What goes on around a driver, whatever page he is on.

    `outage_since` None: Tesla answers. `only_sign_in`: what fails is the renewal of sign-ins alone.
    `many_signed_out`: Tesla ended the sign-ins of many at once. `choose_account_until`: None: nothing is to be chosen.
    """

    outage_since: datetime | None = None
    only_sign_in: bool = False
    many_signed_out: bool = False
    told: tuple[Told, ...] = ()
    choose_account_until: datetime | None = None

    @property
    def is_quiet(self) -> bool:
        return not (self.outage_since or self.many_signed_out or self.told or self.choose_account_until)


QUIET: Final = Around()


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page knows. `csrf` "": no form is shown to a browser without a session.

    `fragment`: only the part that changes, for a page that is open. `live`: where that part comes from.
    `offers_passkey`: the driver came in by a link a moment ago, and has never been asked. `contact`: whom
    to write to, and to ask for a sign-in link where no mail leaves.
    """

    operator: str
    now: datetime
    csrf: str = ""
    signed_in_as: str | None = None
    fragment: bool = False
    demo: bool = False
    around: Around = QUIET
    offers_passkey: bool = False
    contact: str = ""
