"""What Tesla bills for a month, as a driver and the operator see it, with sample values."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from chargekey.domain.car_schedules import EVERY_DAY, CarSchedule
from chargekey.domain.spend import Budgets, Degree, Spent
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.screens.car import Car
from chargekey.entrypoints.web.screens.operator import OperatorCheck
from chargekey.entrypoints.web.screens.tonight import InCar, Tonight
from chargekey.journeys.keep_to_budget import CarOfHome, MonthOfCar, MonthOfHome

BUDGETS: Final = Budgets(car_micro_usd=5_000_000, home_micro_usd=10_000_000)
DECEMBER: Final = datetime(2026, 12, 1, tzinfo=UTC)
SLEEPS: Final = CarOfHome(Vin("5YJ3E7EB4NF004F21"), 910_000, Degree.PLENTY)
DEAR: Final = CarOfHome(Vin("5YJYGDEE9MF0077C0"), 4_120_000, Degree.FRUGAL)

GUARD: Final = CarSchedule(8_650_000_000, EVERY_DAY, 195, None, one_time=False)


def of_car(degree: Degree = Degree.PLENTY, micro_usd: int = 910_000, home_micro_usd: int = 5_030_000) -> MonthOfCar:
    return MonthOfCar(Spent(micro_usd, home_micro_usd, 2), BUDGETS, degree, DECEMBER)


def of_home(home_micro_usd: int, *cars: CarOfHome, comes_to: int | None = None) -> MonthOfHome:
    return MonthOfHome(home_micro_usd, cars, BUDGETS, comes_to, DECEMBER)


def cars(car: Car) -> dict[str, Car]:
    """The car's page, month by month."""
    return {
        "16-car": replace(car, month=of_car()),
        "16-car-month-frugal": replace(car, month=of_car(Degree.FRUGAL, 4_120_000)),
        "16-car-month-spent-by-all": replace(car, month=of_car(Degree.SPENT, home_micro_usd=9_998_000)),
        "16-car-month-spent": replace(car, month=of_car(Degree.SPENT, 4_998_000)),
    }


def spent(night: Tonight) -> Tonight:
    """The same with nothing left to pay for it."""
    return replace(night, month=of_car(Degree.SPENT, 4_998_000))


def nights(waiting: Tonight, out: Tonight) -> dict[str, Tonight]:
    """Tonight, where the month changes it."""
    return {
        "13-tonight-budget-kept": replace(waiting, month=of_car(Degree.ONLY_ORDERS, 4_970_000)),
        "13-tonight-budget-spent": spent(waiting),
        "13-tonight-not-plugged-in-frugal": replace(out, month=of_car(Degree.FRUGAL, 4_120_000)),
        "13-tonight-not-plugged-in-spent": spent(out),
        "13-tonight-not-plugged-in-spent-guarded": replace(spent(out), in_car=InCar(guard=GUARD)),
    }


def homes(right: OperatorCheck, used: OperatorCheck) -> dict[str, OperatorCheck]:
    """The operator's page: as it should be, a car that never sleeps, many cars, and the first of the month."""
    full = replace(DEAR, micro_usd=4_998_000, degree=Degree.SPENT)
    return {
        "20-operator-month": replace(right, month=of_home(5_030_000, DEAR, SLEEPS, comes_to=5_820_000)),
        "20-operator-month-used": replace(used, month=of_home(5_908_000, full, SLEEPS, comes_to=6_830_000)),
        "20-operator-month-many": replace(right, month=of_home(9_100_000, *[SLEEPS] * 31, comes_to=10_540_000)),
        "20-operator-month-new": replace(right, month=of_home(0)),
    }
