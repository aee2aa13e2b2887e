"""Setting the plan: what the driver typed, as typed, and what was wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from chargekey.domain.days_apart import DaysApart
from chargekey.domain.learnt import Known
from chargekey.domain.market import Market
from chargekey.domain.tariff import Currency
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.screens.days import DaysSet
from chargekey.entrypoints.web.screens.frame import Trail
from chargekey.entrypoints.web.screens.surplus import Sun


@dataclass(frozen=True, slots=True)
class ZoneTyped:
    """One row of a time-of-use tariff, as typed. `days`: "all", "weekdays" or "weekend"."""

    days: str = "all"
    start: str = ""
    end: str = ""
    price_ct: str = ""


@dataclass(frozen=True, slots=True)
class PlanTyped:
    """The form as it stands. Texts, so that nothing typed is lost; an empty day means "not that day".

    A day whose target is empty has that of all days.
    """

    same_every_day: bool = True
    ready_by: str = "07:00"
    ready_by_day: tuple[str, ...] = ("07:00",) * 7
    target_by_day: tuple[str, ...] = ("",) * 7
    target_percent: str = "80"
    minimum_percent: str = "20"
    tariff: str = "day_ahead"
    added_ct: str = "12.5"
    vat_percent: str = "21"
    flat_ct: str = "28"
    zones: tuple[ZoneTyped, ...] = (
        ZoneTyped("all", "07:00", "23:00", "30"),
        ZoneTyped("all", "23:00", "07:00", "22"),
        ZoneTyped(),
        ZoneTyped(),
    )
    current_a: str = ""
    carbon_ct: str = ""
    cap_ct: str = ""
    market: str = ""
    clock: str = ""


NO_PRICE_YET: Final = PlanTyped(
    tariff="flat",
    flat_ct="",
    zones=(ZoneTyped("all", "07:00", "23:00"), ZoneTyped("all", "23:00", "07:00"), ZoneTyped(), ZoneTyped()),
)
"""Where no day-ahead prices are to be had: what a kWh costs is the driver's to type, for nobody here knows it."""


class Wrong:
    """Names of what can be wrong with a field; the template has the sentence for each."""

    NO_TIME = "no_time"
    NO_DAY = "no_day"
    NO_NUMBER = "no_number"
    TARGET_RANGE = "target_range"
    MINIMUM_RANGE = "minimum_range"
    MINIMUM_ABOVE_TARGET = "minimum_above_target"
    VAT_RANGE = "vat_range"
    PRICE_RANGE = "price_range"
    CURRENT_RANGE = "current_range"
    CURRENT_BESIDE_SUN = "current_beside_sun"
    CARBON_RANGE = "carbon_range"
    NOT_A_CHOICE = "not_a_choice"
    NO_PRICES_THERE = "no_prices_there"
    ZONES_GAP = "zones_gap"
    ZONES_OVERLAP = "zones_overlap"
    ZONE_INCOMPLETE = "zone_incomplete"


@dataclass(frozen=True, slots=True)
class MarketChoice:
    """Several markets, the home's own first. `silent`: by name, whose prices by the hour are not to be had for now.

    `clocks`: the time zones in which their drivers may live, none where all show the same time.
    """

    markets: tuple[Market, ...]
    silent: frozenset[str] = frozenset()
    clocks: tuple[str, ...] = ()

    def called(self, name: str) -> Market | None:
        return next((one for one in self.markets if one.name == name), None)

    @property
    def currencies(self) -> tuple[Currency, ...]:
        """Each once."""
        return tuple(dict.fromkeys(one.currency for one in self.markets))


@dataclass(frozen=True, slots=True)
class SetPlan:
    """When it must be ready, how full, and what power costs. `trail` None: changed later, outside the guide.

    `by_the_hour` False: no day-ahead prices are to be had, and so that tariff is not offered. `market`: whose they are.
    `choice`: whose they may be, None where there is one market.
    `weighs_carbon`: somebody tells how clean power is, so that it can be worth something.
    `days`: those that are not as their weekday, None before there is a plan. `apart` are the same, as they are kept.
    `sun`: the driver's own that is followed, None: none is.
    `leaves`: when the car usually leaves, by weekday, in minutes after midnight; a hint, and typed into no field.
    """

    template: ClassVar[str] = "guide/plan.html"
    trail: Trail | None
    car: Vin
    typed: PlanTyped
    by_the_hour: bool
    market: Market
    wrong: Mapping[str, str] = field(default_factory=dict)
    wrong_detail: Mapping[str, str] = field(default_factory=dict)
    zone: str = "Europe/Amsterdam"
    weighs_carbon: bool = False
    leaves: Mapping[int, Known] = field(default_factory=dict)
    days: DaysSet | None = None
    apart: DaysApart | None = None
    choice: MarketChoice | None = None
    sun: Sun | None = None
