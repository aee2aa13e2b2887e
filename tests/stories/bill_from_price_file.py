"""A night's bill added up from the price file alone, to hold the product's own sum against.

Imports nothing of Chargekey, on purpose. A price is what a supplier prints: exchange plus surcharge, plus VAT,
in millionths of a euro per kWh. The bill is the sum of price times energy, rounded to a cent once, half to even.

    python tests/stories/bill_from_price_file.py night.csv --added-micro-per-kwh 150000 --vat-percent 21

where night.csv has a line `2023-03-25T23:00:00+00:00,2023-03-25T23:15:00+00:00,2760` for each quarter of an hour.
"""

import argparse
import csv
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

PRICE_FILE = Path(__file__).resolve().parents[2] / "src/chargekey/adapters/tariffs/data/day_ahead_nl_2023_2024.csv"
MICRO = Decimal("0.000001")
CENT = Decimal("0.01")


def euros_per_mwh(price_file: Path = PRICE_FILE) -> dict[datetime, Decimal]:
    """Every hour of the file by its start."""
    hours: dict[datetime, Decimal] = {}
    with price_file.open(newline="") as lines:
        for row in csv.reader(line for line in lines if not line.startswith("#")):
            hour = datetime.strptime(row[0], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
            for price in row[1:]:
                hours[hour] = Decimal(price)
                hour += timedelta(hours=1)
    return hours


def bill_cents(readings: Sequence[tuple[datetime, datetime, int]], added_micro_per_kwh: int, vat_percent: int) -> int:
    """What (start, end, Wh at the wall) cost together. Each reading lies within one hour."""
    exchange = euros_per_mwh()
    euros = Decimal(0)
    for start, end, wall_wh in readings:
        hour = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if end > hour + timedelta(hours=1):
            raise ValueError(f"the reading from {start} to {end} is longer than its hour")
        before_vat = exchange[hour] / 1000 + added_micro_per_kwh * MICRO
        price = (before_vat * (100 + vat_percent) / 100).quantize(MICRO, ROUND_HALF_EVEN)
        euros += price * wall_wh / 1000
    return int(euros.quantize(CENT, ROUND_HALF_EVEN) * 100)


def main(arguments: Sequence[str]) -> None:
    """Read the night, print its cents."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("night", type=Path)
    parser.add_argument("--added-micro-per-kwh", type=int, default=0)
    parser.add_argument("--vat-percent", type=int, default=0)
    asked = parser.parse_args(arguments)
    with asked.night.open(newline="") as lines:
        readings = [
            (datetime.fromisoformat(start), datetime.fromisoformat(end), int(wall_wh))
            for start, end, wall_wh in csv.reader(lines)
        ]
    print(bill_cents(readings, asked.added_micro_per_kwh, asked.vat_percent))


if __name__ == "__main__":
    main(sys.argv[1:])
