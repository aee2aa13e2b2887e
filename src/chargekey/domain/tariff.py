"""What a kilowatt-hour costs the driver, and when.

Rules of this room:

1. Prices are whole micro-units of currency per kWh (0.25 EUR is 250_000), energy is whole Wh. Their product is
   whole nano-units, so sums are exact; `cents` rounds once, half to even, for showing.
2. Slots are UTC. Local time only enters through a tariff typed in by the driver, so that a day of 23 or 25
   hours needs no case of its own.
3. A slot that starts at or after `known_until` is a guess: ours (`with_guesses`) or its source's own (`ForecastSlot`),
   never a published price.
4. A price has the currency in which it was typed or published. What two currencies cost is never added up.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from operator import mul
from typing import Final, Literal
from zoneinfo import ZoneInfo

MICRO: Final = 1_000_000
NANO_PER_CENT: Final = 10_000_000
QUARTER: Final = timedelta(minutes=15)
DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)
SECOND: Final = timedelta(seconds=1)
MINUTES_A_DAY: Final = 24 * 60
MINUTES_A_WEEK: Final = 7 * MINUTES_A_DAY
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
GUESSED_FROM_DAYS: Final = 7
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Currency = Literal["EUR", "GBP", "AUD", "USD"]


class PricesUnclear(ValueError):
    """Slots that overlap, leave a gap, run backwards or are not in UTC."""


class TariffUnclear(ValueError):
    """What was typed in leaves a minute without a price or gives it two. The text names day and time."""


@dataclass(frozen=True, slots=True)
class PriceSlot:
    """One price from `start` up to before `end`."""

    start: datetime
    end: datetime
    price_micro_per_kwh: int


@dataclass(frozen=True, slots=True)
class ForecastSlot(PriceSlot):
    """A price that its source itself calls a forecast: what is paid in the end may be another."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What is known of a span: slots of any length, in order, without a gap. It may be empty.

    `ends_at`: the source has no price from then on and will never have one, or has none to be had for now. None:
    whatever is not out yet comes out, at about `next_at` (None: any moment).
    """

    slots: tuple[PriceSlot, ...]
    known_until: datetime
    source: str
    zone: str
    currency: Currency = "EUR"
    ends_at: datetime | None = None
    next_at: datetime | None = None

    def __post_init__(self) -> None:
        check_gap_free(self.slots)

    def price_at(self, moment: datetime) -> int | None:
        """Micro-units per kWh, None where no slot reaches."""
        for slot in self.slots:
            if slot.start <= moment < slot.end:
                return slot.price_micro_per_kwh
        return None

    @property
    def forecast_until(self) -> datetime | None:
        """How far the source's own forecast goes beyond what is known. None: it has none to go by."""
        last = self.slots[-1] if self.slots else None
        return last.end if isinstance(last, ForecastSlot) and last.end > self.known_until else None

    def will_reach(self, moment: datetime) -> bool:
        """Whether the source has a price for this moment, be it that it is not out yet."""
        return self.ends_at is None or moment < self.ends_at

    @property
    def none_after(self) -> datetime | None:
        """From when on no price is known and none will ever come. None: none is missing, or it comes out."""
        return None if self.will_reach(self.known_until) else self.known_until


def check_gap_free(slots: Sequence[PriceSlot]) -> None:
    """Raise `PricesUnclear` unless each slot has a length, is in UTC and begins where the last one ended."""
    for slot in slots:
        if slot.start.utcoffset() != timedelta(0) or slot.end.utcoffset() != timedelta(0):
            raise PricesUnclear(f"the slot from {slot.start} is not in UTC")
        if slot.start >= slot.end:
            raise PricesUnclear(f"the slot from {slot.start} has no length")
    for before, after in pairwise(slots):
        if before.end != after.start:
            raise PricesUnclear(f"{before.end} is followed by {after.start}")


# ── what a driver may have ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class FlatTariff:
    """One price at every hour, everything included."""

    price_micro_per_kwh: int
    currency: Currency = "EUR"


@dataclass(frozen=True, slots=True)
class TimeOfUsePeriod:
    """A price on some weekdays between two local times, everything included.

    `weekdays` are those on which it starts, Monday is 0. An `end` not after `start` is on the next day, so
    00:00 to 00:00 is the whole day.
    """

    weekdays: frozenset[int]
    start: time
    end: time
    price_micro_per_kwh: int


@dataclass(frozen=True, slots=True)
class TimeOfUseTariff:
    """Periods that together cover every minute of the week once; `TariffUnclear` otherwise."""

    periods: tuple[TimeOfUsePeriod, ...]
    currency: Currency = "EUR"

    def __post_init__(self) -> None:
        _week(self)


@dataclass(frozen=True, slots=True)
class DayAheadTariff:
    """The exchange's price, plus what supplier and state add per kWh before VAT, plus VAT on all of it.

    `market`: by its name, whose prices; None: those of the home's first market.
    """

    added_micro_per_kwh: int
    vat_percent: int
    currency: Currency = "EUR"
    market: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.vat_percent <= 100:
            raise TariffUnclear(f"{self.vat_percent} % is no rate of VAT")


Tariff = FlatTariff | TimeOfUseTariff | DayAheadTariff


def prices(tariff: FlatTariff | TimeOfUseTariff, start: datetime, end: datetime, zone: str) -> Prices:
    """What a tariff known in advance costs from `start` up to `end` (UTC), as few slots as possible.

    On the night of 23 or 25 hours the wall clock decides, as a meter with two registers does.
    """
    if start >= end:
        return Prices((), end, _source(tariff), zone, tariff.currency)
    if isinstance(tariff, FlatTariff):
        slots: tuple[PriceSlot, ...] = (PriceSlot(start, end, tariff.price_micro_per_kwh),)
    else:
        slots = tuple(_walk(_week(tariff), start, end, ZoneInfo(zone)))
    return Prices(slots, end, _source(tariff), zone, tariff.currency)


def retail(tariff: DayAheadTariff, wholesale: Prices) -> Prices:
    """What the driver pays when the exchange asks `wholesale`, each price rounded to a micro-unit, half to even.

    Raises `PricesUnclear` for what is added in another currency.
    """
    if tariff.currency != wholesale.currency:
        raise PricesUnclear(f"{tariff.currency} cannot be added to {wholesale.currency}")
    added, with_vat = tariff.added_micro_per_kwh, 100 + tariff.vat_percent
    slots = tuple(
        replace(slot, price_micro_per_kwh=round_half_even((slot.price_micro_per_kwh + added) * with_vat, 100))
        for slot in wholesale.slots
    )
    return replace(wholesale, slots=slots)


def none_to_be_had(start: datetime, source: str, zone: str, currency: Currency) -> Prices:
    """From `start` on no price is known, and none comes for now."""
    return Prices((), start, source, zone, currency, ends_at=start)


# ── cutting and guessing ───────────────────────────────────────────────────────────────────────────


def quarter_hours(known: Prices, start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
    """Cut what is known between `start` and `end` at every quarter of an hour and every change of price.

    The first and the last may be shorter. Nothing is made up: slots end where the prices end.
    """
    pieces = []
    for slot in known.slots:
        left, stop = max(slot.start, start), min(slot.end, end)
        while left < stop:
            right = min(_next_quarter(left), stop)
            pieces.append(PriceSlot(left, right, slot.price_micro_per_kwh))
            left = right
    return tuple(pieces)


def with_guesses(known: Prices, end: datetime) -> Prices:
    """Prolong to `end` with the week's shape, at a level half way from the week's to that of its last day.

    The shape: what each time of the clock cost on average on the last `GUESSED_FROM_DAYS` on which it is known.
    Tomorrow's day-ahead prices come out at about 13:00; a car plugged in before then has to plan with something. Of
    what is simple this chooses hours best (`benchmarks/bench_guesses.py`). `known_until` still says where knowledge
    ends. With less than a day known there is nothing to go by, and `known` comes back unchanged. What the source
    forecasts itself counts as known here, and is prolonged in the same way.
    """
    slots = list(known.slots)
    if not slots or slots[-1].end - slots[0].start < DAY:
        return known
    place, starts, last = ZoneInfo(known.zone), [slot.start for slot in slots], slots[-1].end
    week = max(starts[0], last - GUESSED_FROM_DAYS * DAY)
    higher = round_half_even(_mean(slots, last - DAY) - _mean(slots, week), 2)
    while slots[-1].end < end:
        start = slots[-1].end
        alike = [moment for moment in _days_before(start, place, until=starts[0]) if moment < last]
        if not alike:  # a day of 25 hours, of which just 24 are known
            alike = [last - DAY + (start - last) % DAY]
        costs = [slots[bisect_right(starts, one) - 1].price_micro_per_kwh for one in alike[:GUESSED_FROM_DAYS]]
        until = min(start + QUARTER - (start - EPOCH) % QUARTER, end)
        slots.append(PriceSlot(start, until, round_half_even(sum(costs), len(costs)) + higher))
    return replace(known, slots=tuple(slots))


def _mean(slots: Sequence[PriceSlot], since: datetime) -> int:
    """Of what a kWh cost from then on, each slot as long as it lasts."""
    lasting_s = [(slot.end - max(slot.start, since)) // SECOND for slot in slots if slot.end > since]
    costs = [slot.price_micro_per_kwh for slot in slots if slot.end > since]
    return round_half_even(sum(map(mul, costs, lasting_s)), sum(lasting_s))


def _days_before(moment: datetime, place: ZoneInfo, *, until: datetime) -> Iterator[datetime]:
    """The same time of the clock on each day before, the nearest first, as far back as `until`.

    Where the clock did not show it on a day, what Python makes of it: an hour off, once a year.
    """
    local = moment.astimezone(place)
    while (local := local - DAY).astimezone(UTC) >= until:
        yield local.astimezone(UTC)


# ── money ──────────────────────────────────────────────────────────────────────────────────────────


def round_half_even(number: int, divisor: int) -> int:
    """`number / divisor` as a whole number; a tie goes to the even one, as banks do."""
    whole, rest = divmod(number, divisor)
    if 2 * rest > divisor or (2 * rest == divisor and whole % 2):
        return whole + 1
    return whole


def cost_nano(readings: Iterable[tuple[datetime, datetime, int]], known: Prices) -> int:
    """What metered energy cost, exactly: (start, end, Wh) each within one price.

    Raises `PricesUnclear` for a reading without a price or across a change of price.
    """
    total = 0
    for start, end, wall_wh in readings:
        slot = next((slot for slot in known.slots if slot.start <= start and end <= slot.end), None)
        if slot is None:
            raise PricesUnclear(f"no single price from {start} to {end}")
        total += slot.price_micro_per_kwh * wall_wh
    return total


def cents(nano: int) -> int:
    """Nano-units of currency as whole cents, rounded once, half to even."""
    return round_half_even(nano, NANO_PER_CENT)


# ── inside ─────────────────────────────────────────────────────────────────────────────────────────


def _source(tariff: FlatTariff | TimeOfUseTariff) -> str:
    return "flat" if isinstance(tariff, FlatTariff) else "time-of-use"


def _next_quarter(moment: datetime) -> datetime:
    into = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment - into + QUARTER


def _week(tariff: TimeOfUseTariff) -> list[int]:
    """The price of each minute of a local week, from Monday 00:00."""
    week: list[int | None] = [None] * MINUTES_A_WEEK
    for period in tariff.periods:
        for minute in _minutes(period):
            if week[minute] is not None:
                raise TariffUnclear(f"{_spoken(minute)} has two prices")
            week[minute] = period.price_micro_per_kwh
    for minute, price in enumerate(week):
        if price is None:
            raise TariffUnclear(f"{_spoken(minute)} has no price")
    return [price for price in week if price is not None]


def _minutes(period: TimeOfUsePeriod) -> Iterable[int]:
    for edge in (period.start, period.end):
        if edge.second or edge.microsecond or edge.tzinfo is not None:
            raise TariffUnclear(f"{edge} is not a whole minute of local time")
    first = period.start.hour * 60 + period.start.minute
    last = period.end.hour * 60 + period.end.minute
    length = (last - first) % MINUTES_A_DAY or MINUTES_A_DAY
    for weekday in sorted(period.weekdays):
        if weekday not in range(len(WEEKDAYS)):
            raise TariffUnclear(f"{weekday} is no weekday: Monday is 0, Sunday is 6")
        begins = weekday * MINUTES_A_DAY + first
        yield from (minute % MINUTES_A_WEEK for minute in range(begins, begins + length))


def _spoken(minute: int) -> str:
    day, rest = divmod(minute, MINUTES_A_DAY)
    return f"{WEEKDAYS[day]} {rest // 60:02}:{rest % 60:02}"


def _walk(week: Sequence[int], start: datetime, end: datetime, zone: ZoneInfo) -> Iterable[PriceSlot]:
    """Ask every minute what it costs, and join equal neighbours."""
    since, price, moment = start, _price_at(week, start, zone), start
    while moment < end:
        now = _price_at(week, moment, zone)
        if now != price:
            yield PriceSlot(since, moment, price)
            since, price = moment, now
        moment = moment.replace(second=0, microsecond=0) + MINUTE
    yield PriceSlot(since, end, price)


def _price_at(week: Sequence[int], moment: datetime, zone: ZoneInfo) -> int:
    local = moment.astimezone(UTC).astimezone(zone)
    return week[local.weekday() * MINUTES_A_DAY + local.hour * 60 + local.minute]
