"""Reads the plan form: keeps what was typed, says what is wrong field by field, makes settings of the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Final, TypeVar

from chargekey.domain.days_apart import DaysApart
from chargekey.domain.goal import LOWEST_TARGET_PERCENT, ChargeGoal
from chargekey.domain.market import BUNDLED, Market
from chargekey.domain.tariff import (
    DayAheadTariff,
    FlatTariff,
    Tariff,
    TariffUnclear,
    TimeOfUsePeriod,
    TimeOfUseTariff,
)
from chargekey.entrypoints.web.screens.planning import NO_PRICE_YET, PlanTyped, Wrong, ZoneTyped
from chargekey.ports.charge_log import ChargeSettings

T = TypeVar("T")
MICRO_PER_CENT: Final = 10_000
LOWEST_CT, HIGHEST_CT = Decimal(-100), Decimal(500)
LOWEST_A, HIGHEST_A = 5, 48
ZONES: Final = 4
DAY_AHEAD: Final = "day_ahead"
LONGEST: Final = 20
MOST_OF_A_NAME: Final = 80
"""Of a market, or a time zone."""
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


class Unclear(Exception):
    """One field cannot be read: by which `code`. `detail` stands in the sentence."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def typed(fields: Mapping[str, str]) -> PlanTyped:
    """The form as it was sent, cut to a sane length, nothing lost."""

    def text(name: str) -> str:
        return fields.get(name, "").strip()[:LONGEST]

    def zone(n: int) -> ZoneTyped:
        days = text(f"zone_{n}_days") or "all"
        return ZoneTyped(days, text(f"zone_{n}_start"), text(f"zone_{n}_end"), text(f"zone_{n}_price"))

    return PlanTyped(
        same_every_day=fields.get("same") == "yes",
        ready_by=text("ready_by"),
        ready_by_day=tuple(text(f"ready_by_{day}") for day in WEEK),
        target_by_day=tuple(text(f"target_{day}") for day in WEEK),
        target_percent=text("target_percent"),
        minimum_percent=text("minimum_percent"),
        tariff=text("tariff"),
        added_ct=text("added_ct"),
        vat_percent=text("vat_percent"),
        flat_ct=text("flat_ct"),
        zones=tuple(zone(n) for n in range(ZONES)),
        current_a=text("current_a"),
        carbon_ct=text("carbon_ct"),
        cap_ct=text("cap_ct"),
        market=fields.get("market", "")[:MOST_OF_A_NAME],
        clock=fields.get("clock", "")[:MOST_OF_A_NAME],
    )


def understood(
    form: PlanTyped, zone: str, market: Market, *, by_the_hour: bool, apart: DaysApart | None = None
) -> ChargeSettings | Misread:
    """Settings, or all that is wrong at once. `by_the_hour` False: the day-ahead tariff was not offered.

    `apart`: what dates have of their own, which stays.
    """
    apart = apart or DaysApart()
    reader = _Reader(market)
    ready_by = reader.ready_by(form)
    target = reader.take(
        "target_percent", lambda: whole_between(form.target_percent, LOWEST_TARGET_PERCENT, 100, Wrong.TARGET_RANGE)
    )
    by_day = reader.target_by_day(form, target)
    minimum = reader.take("minimum_percent", lambda: whole_between(form.minimum_percent, 0, 100, Wrong.MINIMUM_RANGE))
    own = [one.target_percent for one in apart.one_off.values() if one.target_percent is not None]
    if target is not None and minimum is not None and minimum > (lowest := min([target, *by_day.values(), *own])):
        reader.wrong["minimum_percent"], reader.detail["minimum_percent"] = Wrong.MINIMUM_ABOVE_TARGET, str(lowest)
    current_a = None
    if form.current_a:
        current_a = reader.whole("current_a", form.current_a, LOWEST_A, HIGHEST_A, Wrong.CURRENT_RANGE)
    carbon = reader.take("carbon_ct", lambda: _carbon(form.carbon_ct)) if form.carbon_ct else 0
    tariff, cap = reader.tariff(form, by_the_hour), reader.cap(form)
    if reader.wrong or target is None or minimum is None or tariff is None:
        return Misread(reader.wrong, reader.detail)
    goal = ChargeGoal(ready_by, target, minimum, zone, target_by_day=by_day, apart=apart)
    return ChargeSettings(goal, tariff, current_a, carbon or 0, cap)


def untouched(market: Market, *, by_the_hour: bool) -> PlanTyped:
    """The form as a new driver finds it. What is usual is known of the shipped market alone."""
    if not by_the_hour:
        return NO_PRICE_YET
    return PlanTyped() if market == BUNDLED else replace(NO_PRICE_YET, tariff=DAY_AHEAD, added_ct="", vat_percent="")


def as_typed(settings: ChargeSettings, market: Market, *, by_the_hour: bool) -> PlanTyped:
    """The form as it would have been typed for these settings, but for a tariff that is not offered any more.

    Money of another currency than the market's is to be typed anew.
    """
    goal, fresh = settings.goal, untouched(market, by_the_hour=by_the_hour)
    days = tuple(_time(goal.ready_by[day]) for day in WEEK)
    kind, money = _tariff_typed(settings.tariff)
    is_typed_here = settings.tariff.currency == market.currency
    money = money if is_typed_here else {}
    if kind == DAY_AHEAD and not by_the_hour:
        kind = fresh.tariff
    return PlanTyped(
        same_every_day=len(set(days)) == 1 and not goal.target_by_day,
        ready_by=next((day for day in days if day), fresh.ready_by),
        ready_by_day=days,
        target_by_day=tuple(str(goal.target_by_day.get(day, "")) for day in WEEK),
        target_percent=str(goal.target_percent),
        minimum_percent=str(goal.minimum_percent),
        tariff=kind,
        added_ct=money.get("added_ct", fresh.added_ct),
        vat_percent=money.get("vat_percent", fresh.vat_percent),
        flat_ct=money.get("flat_ct", fresh.flat_ct),
        zones=(_zones_typed(settings.tariff) if is_typed_here else ()) or fresh.zones,
        current_a=str(settings.current_a) if settings.current_a else "",
        carbon_ct=ct_of(settings.carbon_micro_per_kg) if settings.carbon_micro_per_kg and is_typed_here else "",
        cap_ct=ct_of(settings.cap_micro_per_kwh) if settings.cap_micro_per_kwh is not None and is_typed_here else "",
    )


class _Reader:
    """Collects what is wrong while it reads. Money is of the market's currency."""

    def __init__(self, market: Market) -> None:
        self._market, self._currency = market, market.currency
        self.wrong: dict[str, str] = {}
        self.detail: dict[str, str] = {}

    def take(self, name: str, read: Callable[[], T]) -> T | None:
        """The value, or None and a word about what is wrong."""
        try:
            return read()
        except Unclear as unclear:
            self.wrong[name], self.detail[name] = unclear.code, unclear.detail
            return None

    def whole(self, name: str, text: str, lowest: int, highest: int, code: str) -> int | None:
        """A whole number within bounds."""
        return self.take(name, lambda: whole_between(text, lowest, highest, code))

    def ready_by(self, form: PlanTyped) -> dict[int, time | None]:
        """By weekday; an empty day has none."""
        if form.same_every_day:
            every = self.take("ready_by", lambda: _clock(form.ready_by))
            return dict.fromkeys(WEEK, every)
        read: dict[int, time | None] = {}
        for day in WEEK:
            text = form.ready_by_day[day]
            read[day] = self.take(f"ready_by_{day}", partial(_clock, text)) if text else None
        if not any(form.ready_by_day):
            self.wrong["days"] = Wrong.NO_DAY
        return read

    def target_by_day(self, form: PlanTyped, usual: int | None) -> dict[int, int]:
        """Of the days that have a time and another target than usual."""
        if form.same_every_day:
            return {}
        read: dict[int, int] = {}
        for day in WEEK:
            text = form.target_by_day[day] if form.ready_by_day[day] else ""
            number = self.whole(f"target_{day}", text, LOWEST_TARGET_PERCENT, 100, Wrong.TARGET_RANGE) if text else None
            if number is not None and number != usual:
                read[day] = number
        return read

    def tariff(self, form: PlanTyped, by_the_hour: bool) -> Tariff | None:
        """Only the fields of the chosen kind are read."""
        if form.tariff == "flat":
            price = self.take("flat_ct", lambda: _micro(form.flat_ct))
            return FlatTariff(price, self._currency) if price is not None else None
        if form.tariff == "zones":
            return self._zones(form)
        if form.tariff != DAY_AHEAD or not by_the_hour:
            self.wrong["tariff"] = Wrong.NOT_A_CHOICE
            return None
        if self._market.all_included:
            return DayAheadTariff(0, 0, self._currency)
        added = self.take("added_ct", lambda: _micro(form.added_ct))
        vat = self.whole("vat_percent", form.vat_percent, 0, 100, Wrong.VAT_RANGE)
        return DayAheadTariff(added, vat, self._currency) if added is not None and vat is not None else None

    def cap(self, form: PlanTyped) -> int | None:
        """The most that a kWh may cost. One price at every hour is paid or not, so there it does not count."""
        return self.take("cap_ct", lambda: _micro(form.cap_ct)) if form.cap_ct and form.tariff != "flat" else None

    def _zones(self, form: PlanTyped) -> Tariff | None:
        periods = []
        for number, zone in enumerate(form.zones):
            if zone.start or zone.end or zone.price_ct:
                periods.append(self.take(f"zone_{number}", partial(_period, zone)))
        whole = [period for period in periods if period]
        if len(whole) < len(periods):
            return None
        try:
            return TimeOfUseTariff(tuple(whole), self._currency)
        except TariffUnclear as unclear:
            when, _, problem = str(unclear).partition(" has ")
            self.wrong["zones"] = Wrong.ZONES_OVERLAP if "two" in problem else Wrong.ZONES_GAP
            self.detail["zones"] = when
            return None


# ── reading one field ────────────────────────────────────────────


def _clock(text: str) -> time:
    try:
        hour, minute = text.split(":")[:2]
        return time(int(hour), int(minute))
    except ValueError as not_a_time:
        raise Unclear(Wrong.NO_TIME) from not_a_time


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", ".").replace("−", "-"))
    except InvalidOperation as not_a_number:
        raise Unclear(Wrong.NO_NUMBER) from not_a_number
    if not number.is_finite():
        raise Unclear(Wrong.NO_NUMBER)
    return number


def whole_between(text: str, lowest: int, highest: int, code: str) -> int:
    """Raises `Unclear`."""
    number = _number(text)
    if number != number.to_integral_value() or not lowest <= number <= highest:
        raise Unclear(code)
    return int(number)


def _micro(text: str) -> int:
    return micro_between(text, LOWEST_CT, HIGHEST_CT, Wrong.PRICE_RANGE)


def _carbon(text: str) -> int:
    return micro_between(text, Decimal(0), HIGHEST_CT, Wrong.CARBON_RANGE)


def micro_between(text: str, lowest_ct: Decimal, highest_ct: Decimal, code: str) -> int:
    """Micro-units of what was typed in hundredths. Raises `Unclear`."""
    price_ct = _number(text)
    if not lowest_ct <= price_ct <= highest_ct:
        raise Unclear(code)
    return int((price_ct * MICRO_PER_CENT).to_integral_value())


def _period(zone: ZoneTyped) -> TimeOfUsePeriod:
    if not (zone.start and zone.end and zone.price_ct):
        raise Unclear(Wrong.ZONE_INCOMPLETE)
    if zone.days not in DAYS:
        raise Unclear(Wrong.NOT_A_CHOICE)
    return TimeOfUsePeriod(DAYS[zone.days], _clock(zone.start), _clock(zone.end), _micro(zone.price_ct))


# ── writing it back ──────────────────────────────────────────────


def _time(at: time | None) -> str:
    return at.strftime("%H:%M") if at else ""


def ct_of(price_micro: int) -> str:
    """As it would have been typed."""
    return f"{(Decimal(price_micro) / MICRO_PER_CENT).normalize():f}"


def _tariff_typed(tariff: Tariff) -> tuple[str, Mapping[str, str]]:
    if isinstance(tariff, DayAheadTariff):
        return DAY_AHEAD, {"added_ct": ct_of(tariff.added_micro_per_kwh), "vat_percent": str(tariff.vat_percent)}
    if isinstance(tariff, FlatTariff):
        return "flat", {"flat_ct": ct_of(tariff.price_micro_per_kwh)}
    return "zones", {}


def _zones_typed(tariff: Tariff) -> tuple[ZoneTyped, ...]:
    if not isinstance(tariff, TimeOfUseTariff):
        return ()
    names = {days: name for name, days in DAYS.items()}
    rows = [
        ZoneTyped(names.get(one.weekdays, "all"), _time(one.start), _time(one.end), ct_of(one.price_micro_per_kwh))
        for one in tariff.periods
    ]
    return (*rows, *(ZoneTyped(),) * (ZONES - len(rows)))
