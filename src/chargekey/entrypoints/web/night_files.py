"""Nights as a file for a spreadsheet or a program: one row a night, the same fields in both."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from chargekey.domain.carbon import MG_PER_G
from chargekey.domain.tariff import round_half_even
from chargekey.entrypoints.web.showing_span import ended_on
from chargekey.entrypoints.web.words import money
from chargekey.journeys.night_shown import NightSums, SpanShown

_TO_A_HUNDREDTH_OF_A_CENT: Final = Decimal("0.0001")
Field = str | int | None


def as_csv(shown: SpanShown) -> str:
    """By RFC 4180, with a line of names first, also where no night is."""
    written = io.StringIO()
    rows = _rows(shown)
    file = csv.DictWriter(written, FIELDS)
    file.writeheader()
    file.writerows(rows)
    return written.getvalue()


def as_json(shown: SpanShown) -> str:
    """`{"span": "2026-11", "nights": […]}`; amounts are texts, so that no reader rounds them."""
    return json.dumps({"span": shown.span.written, "nights": _rows(shown)}, indent=2)


FIELDS: Final = (
    "night_to",
    "plugged_in_at",
    "unplugged_at",
    "battery_from_percent",
    "battery_to_percent",
    "target_percent",
    "ready_by",
    "ready_at",
    "energy_wh",
    "currency",
    "paid",
    "at_once",
    "saved",
    "tesla_bill_usd",
    "looks",
    "orders",
    "wakes",
    "plan_inputs",
    "planner_version",
    "booked",
    "corrections",
    "co2_g",
    "co2_at_once_g",
    "co2_avoided_g",
    "sun_wh",
    "feed_in_forgone",
)
"""Energy is counted at the wall. `at_once`: what charging from the moment of plugging in would have cost. An empty
field: not known. `plan_inputs` is the hash of all that the last plan was made from. `booked`: at_its_end, or reckoned
where that was later or from the prices that the plans knew; empty: not yet. `corrections`: how many followed. `co2_g`:
what the energy stands for by the hours in which it was drawn. `sun_wh`: what of the energy came from the home's own
sun, as far as the home told of it; `feed_in_forgone`: what of `paid` went to nobody, but would have come from the grid
for that.
"""


def _rows(shown: SpanShown) -> Sequence[dict[str, Field]]:
    zone = ZoneInfo(shown.settings.goal.zone)
    return [dict(zip(FIELDS, _row(one, zone), strict=True)) for one in shown.nights]


def _row(shown: NightSums, zone: ZoneInfo) -> Sequence[Field]:
    night, sums, said = shown.night, shown.figures, shown.outcome
    return (
        ended_on(shown, zone).isoformat(),
        _moment(night.plugged_in_at, zone),
        _moment(night.unplugged_at, zone),
        said.soc_before_percent,
        said.soc_after_percent,
        said.target_percent,
        _moment(night.ready_by, zone),
        _moment(said.reached_at, zone),
        sums.wall_wh,
        sums.currency,
        _amount(money(sums.cost_nano)),
        _amount(money(sums.at_once_nano)),
        _amount(money(sums.saved_nano)),
        _amount(Decimal(sums.tesla_bill_micro_usd) / 1_000_000),
        said.looks,
        said.orders,
        said.wakes,
        said.plan_inputs,
        said.planner_version,
        shown.booked[0].how.value if shown.booked else None,
        max(len(shown.booked) - 1, 0),
        _grams(sums.carbon_mg),
        _grams(sums.carbon_at_once_mg),
        _grams(sums.avoided_mg),
        sums.sun_wh,
        _amount(None if sums.cost_nano is None else money(sums.feed_in_nano)),
    )


def _moment(at: datetime | None, zone: ZoneInfo) -> str | None:
    """By the driver's clock, with how far it is from UTC."""
    return at.astimezone(zone).isoformat(timespec="seconds") if at else None


def _grams(mass_mg: int | None) -> int | None:
    return None if mass_mg is None else round_half_even(mass_mg, MG_PER_G)


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount.quantize(_TO_A_HUNDREDTH_OF_A_CENT, ROUND_HALF_EVEN))
