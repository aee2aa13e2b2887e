"""Reads the plan form: keeps what was typed, says what is wrong field by field, makes settings of the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Final

from chargekey.domain.goal import LOWEST_TARGET_PERCENT, ChargeGoal
from chargekey.domain.tariff import (
    DayAheadTariff,
    FlatTariff,
    Tariff,
    TariffUnclear,
    TimeOfUsePeriod,
    TimeOfUseTariff,
)
from chargekey.entrypoints.web.screens.planning import PlanTyped, Wrong, ZoneTyped
from chargekey.ports.charge_log import ChargeSettings

MICRO_PER_CENT: Final = 10_000
LOWEST_CT, HIGHEST_CT = Decimal(-100), Decimal(500)
LOWEST_A, HIGHEST_A = 5, 48
ZONES: Final = 4
LONGEST: Final = 20
WEEK: Final = range(7)
DAYS: Final[Mapping[str, frozenset[int]]] = {
    "all": frozenset(WEEK),
    "weekdays": frozenset(range(5)),
    "weekend": frozenset((5, 6)),
}


@dataclass(frozen=True, slots=True)
class Misread:
    """What is wrong, by field, and a detail where a sentence needs one."""

    wrong: Mapping[str, str]
    detail: Mapping[str, str]


class _Unclear(Exception):
    """One field cannot be read. `detail` stands in the sentence."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def typed(fields: Mapping[str, str]) -> PlanTyped:
    """The form as it was sent, cut to a sane length, nothing lost."""

    def text(name: str) -> str:
        return fields.get(name, "").strip()[:LONGEST]

    zones = tuple(
        ZoneTyped(text(f"zone_{n}_days") or "all", text(f"zone_{n}_start"), text(f"zone_{n}_end"), text(f"zone_{n}_price"))
        for n in range(ZONES)
    )
    return PlanTyped(
        same_every_day=fields.get("same") == "yes",
        ready_by=text("ready_by"),
        ready_by_day=tuple(text(f"ready_by_{day}") for day in WEEK),
        target_percent=text("target_percent"),
        minimum_percent=text("minimum_percent"),
        tariff=text("tariff"),
        added_ct=text("added_ct"),
        vat_percent=text("vat_percent"),
        flat_ct=text("flat_ct"),
        zones=zones,
        current_a=text("current_a"),
    )


def understood(form: PlanTyped, zone: str) -> ChargeSettings | Misread:
    """Settings, or all that is wrong at once."""
    reader = _Reader()
    ready_by = reader.ready_by(form)
    target = reader.take("target_percent", lambda: _between(form.target_percent, LOWEST_TARGET_PERCENT, 100, Wrong.TARGET_RANGE))
    minimum = reader.take("minimum_percent", lambda: _between(form.minimum_percent, 0, 100, Wrong.MINIMUM_RANGE))
    if target is not None and minimum is not None and minimum > target:
        reader.wrong["minimum_percent"] = Wrong.MINIMUM_ABOVE_TARGET
    current_a = None
    if form.current_a:
        current_a = reader.take("current_a", lambda: _between(form.current_a, LOWEST_A, HIGHEST_A, Wrong.CURRENT_RANGE))
    tariff = reader.tariff(form)
    if reader.wrong or target is None or minimum is None or tariff is None:
        return Misread(reader.wrong, reader.detail)
    return ChargeSettings(ChargeGoal(ready_by, target, minimum, zone), tariff, current_a)


def as_typed(settings: ChargeSettings) -> PlanTyped:
    """The form as it would have been typed for these settings."""
    goal, fresh = settings.goal, PlanTyped()
    days = tuple(_time(goal.ready_by[day]) for day in WEEK)
    kind, money = _tariff_typed(settings.tariff)
    return PlanTyped(
        same_every_day=len(set(days)) == 1,
        ready_by=next((day for day in days if day), fresh.ready_by),
        ready_by_day=days,
        target_percent=str(goal.target_percent),
        minimum_percent=str(goal.minimum_percent),
        tariff=kind,
        added_ct=money.get("added_ct", fresh.added_ct),
        vat_percent=money.get("vat_percent", fresh.vat_percent),
        flat_ct=money.get("flat_ct", fresh.flat_ct),
        zones=_zones_typed(settings.tariff) or fresh.zones,
        current_a=str(settings.current_a) if settings.current_a else "",
    )


class _Reader:
    """Collects what is wrong while it reads."""

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}
        self.detail: dict[str, str] = {}

    def take[T](self, name: str, read: "Callable[[], T]") -> T | None:
        """The value, or None and a word about what is wrong."""
        try:
            return read()
        except _Unclear as unclear:
            self.wrong[name], self.detail[name] = unclear.code, unclear.detail
            return None
