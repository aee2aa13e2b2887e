"""The car's page."""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import ClassVar

from chargekey.domain.diagnosis import Finding
from chargekey.domain.grant import Scope
from chargekey.domain.journey import Proof
from chargekey.domain.vehicle import Access, KeyNeed, Reach, Vin
from chargekey.entrypoints.web.screens.days import DaysSet
from chargekey.journeys.keep_home import HomeShown, Said
from chargekey.journeys.keep_to_budget import MonthOfCar
from chargekey.journeys.show_learnt import LearntShown


@dataclass(frozen=True, slots=True)
class Car:
    """Everything known of the chosen car. Each claim carries when it was seen; None: never.

    `is_asked`: the driver wants the key tried, and the car has not answered yet.
    `month`: what Tesla has billed for it; None: not asked.
    `learnt`: what its nights have shown; None: nothing is planned for it yet.
    `days`: those that are not as their weekday.
    `known`: what makes its nights less good than they could be, and lets them go on.
    """

    template: ClassVar[str] = "car.html"
    vin: Vin
    name: str | None
    access: Access
    reach: Reach
    listed_at: datetime | None
    need: KeyNeed
    key_seen_at: datetime | None
    proof: Proof
    proved_at: datetime | None
    soc_percent: int | None
    limit_percent: int | None
    plugged_in: bool | None
    charge_seen_at: datetime | None
    firmware: str | None
    target_percent: int | None
    minimum_percent: int | None
    ready_by: tuple[time | None, ...]
    target_by_day: tuple[int | None, ...]
    tariff: str | None
    scopes: frozenset[Scope]
    scopes_read_at: datetime | None
    signed_in_as: str
    cars_in_account: int
    home: HomeShown
    is_asked: bool = False
    next_try_at: datetime | None = None
    known: tuple[Finding, ...] = ()
    month: MonthOfCar | None = None
    learnt: LearntShown | None = None
    days: DaysSet = field(default_factory=DaysSet)


@dataclass(frozen=True, slots=True)
class HomeNotKept:
    """Why *home is where the car is now* changed nothing."""

    template: ClassVar[str] = "home_not_kept.html"
    car: Vin
    why: Said
