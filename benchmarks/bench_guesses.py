"""Prices that are not out yet: our guess beside others, on the bundled Dutch day-ahead prices, in the same run.

Usage: `make bench`, or `python benchmarks/bench_guesses.py`. A line a way of guessing and year. Each day at noon in
Amsterdam nobody knows tomorrow. `off`: how far a guessed hour of tomorrow is from the price, on average. `night`: a
Model Y that needs 25 kWh by 7:00 is planned at noon by the guess and never looked at again; how far its bill is above
the cheapest. `day`: the same, by midnight of tomorrow. Exchange prices, without what supplier and state add.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chargekey.adapters.tariffs.bundled_day_ahead import BundledDayAhead
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.problem import pose
from chargekey.domain.tariff import Prices, PriceSlot, with_guesses

ZONE: Final = ZoneInfo("Europe/Amsterdam")
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
MICRO_PER_CENT: Final = 10_000
NANO_PER_CENT: Final = 10_000_000
Guess = Callable[[Prices, datetime], Prices]


def ours(known: Prices, end: datetime) -> Prices:
    return with_guesses(known, end)


def yesterday(known: Prices, end: datetime) -> Prices:
    """The price of a day before, as often as it takes: what we did until November 2026."""
    return _prolonged(known, end, lambda start: start - DAY)


def weekly(known: Prices, end: datetime) -> Prices:
    """The price of a week before: the naive forecast that papers on such prices are measured by."""
    return _prolonged(known, end, lambda start: start - 7 * DAY)


def _prolonged(known: Prices, end: datetime, model: Callable[[datetime], datetime]) -> Prices:
    slots = list(known.slots)
    at = {slot.start: slot.price_micro_per_kwh for slot in slots}
    while slots[-1].end < end:
        start = slots[-1].end
        at[start] = at[model(start)]
        slots.append(PriceSlot(start, start + HOUR, at[start]))
    return Prices(tuple(slots), known.known_until, known.source, known.zone, known.currency)


WAYS: Final[dict[str, Guess]] = {
    "ours: the week's shape": ours,
    "the day before": yesterday,
    "the week before": weekly,
}


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZONE).astimezone(UTC)


def above_cents(real: Prices, guessed: Prices, now: datetime, by: datetime) -> tuple[float, float]:
    """By how much the bill is above the cheapest, and the cheapest."""

    def plan_by(prices: Prices) -> tuple[tuple[datetime, datetime], ...]:
        cut = Prices(_between(prices, now, by), by, prices.source, prices.zone, prices.currency)
        problem = pose(
            cut,
            now=now,
            ready_by=by,
            soc_percent=40,
            target_percent=70,
            minimum_percent=0,
            usable_wh=75_000,
            ac_power_w=11_000,
            efficiency_percent=90,
        )
        return cheapest(problem).windows

    def cost(windows: tuple[tuple[datetime, datetime], ...]) -> float:
        shared = (
            (min(slot.end, end) - max(slot.start, start)) / HOUR * 11 * slot.price_micro_per_kwh / MICRO_PER_CENT
            for start, end in windows
            for slot in real.slots
            if slot.start < end and start < slot.end
        )
        return sum(shared)

    least = cost(plan_by(real))
    return cost(plan_by(guessed)) - least, least


def _between(prices: Prices, start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
    inside = (slot for slot in prices.slots if slot.end > start and slot.start < end)
    return tuple(PriceSlot(max(one.start, start), min(one.end, end), one.price_micro_per_kwh) for one in inside)


def figures(shipped: BundledDayAhead, year: int, guess: Guess) -> tuple[float, float, float]:
    """`off` in cents a kWh, `night` and `day` in percent of the least cost of them all."""
    off: list[float] = []
    above, least = [0.0, 0.0], [0.0, 0.0]
    day = date(year, 1, 20)
    while day < date(year, 12, 29):
        now = noon(day)
        known = shipped.wholesale(now - 8 * DAY, now + 2 * DAY, now)
        ends = [datetime.combine(day + DAY, time(7), ZONE), datetime.combine(day + 2 * DAY, time(), ZONE)]
        guessed = guess(known, ends[1].astimezone(UTC))
        real = shipped.wholesale(now - DAY, now + 3 * DAY, now + 4 * DAY)
        hour = known.known_until
        while hour < ends[1]:
            off.append(abs((guessed.price_at(hour) or 0) - (real.price_at(hour) or 0)) / MICRO_PER_CENT)
            hour += HOUR
        for number, end in enumerate(ends):
            more, cheapest_cents = above_cents(real, guessed, now, end.astimezone(UTC))
            above[number] += more
            least[number] += cheapest_cents
        day += DAY
    return sum(off) / len(off), 100 * above[0] / least[0], 100 * above[1] / least[1]


def main() -> None:
    shipped = BundledDayAhead.shipped()
    for year in (2023, 2024):
        for name, guess in WAYS.items():
            off, night, whole = figures(shipped, year, guess)
            print(f"{year} {name:34} off {off:.2f} ct, night {night:.1f} %, day {whole:.1f} % above the cheapest")


if __name__ == "__main__":
    main()
