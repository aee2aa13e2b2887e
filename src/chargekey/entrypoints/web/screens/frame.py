"""What stands around every screen: who is here, where in the guide, and what a form must carry."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
class Frame:
    """What every page knows. `csrf` "": no form is shown to a browser without a session.

    `fragment`: only the part that changes, for a page that is open. `live`: where that part comes from.
    """

    operator: str
    now: datetime
    csrf: str = ""
    signed_in_as: str | None = None
    fragment: bool = False
    demo: bool = False
