"""What a month or a year of nights came to."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from chargekey.domain.span import Span
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.drawing_month import Front
from chargekey.entrypoints.web.screens.sun import OwnSun


@dataclass(frozen=True, slots=True)
class Sums:
    """`due`: nights that were to be ready and that the driver let last so long; `in_time` of them were ready.

    Money is of the nights whose prices are known, all but `unpriced`, and in the page's currency, all but
    `paid_otherwise`; None: of none. `price_micro_per_kwh` is what a kWh of those cost on average. CO2 is of the
    nights of which it is known how clean they were, all but `carbon_unknown`; None: of none. `sun` is of all nights,
    and what was forgone for it of those that money is of; None: nothing was the home's own.
    """

    nights: int
    due: int
    in_time: int
    energy_wh: int
    unpriced: int
    paid_otherwise: int
    paid: Decimal | None
    saved: Decimal | None
    price_micro_per_kwh: int | None
    tesla_bill_micro_usd: int
    carbon_unknown: int = 0
    carbon_mg: int | None = None
    avoided_mg: int | None = None
    sun: OwnSun | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One day of a month, or one month of a year, with what the nights that ended in it came to."""

    begins: date
    sums: Sums
    link: str


@dataclass(frozen=True, slots=True)
class NightsInSpan:
    """A month, with its front, or a year. `rows`: those in which something was charged, in order.

    `is_running`: it is not over. `earlier` and `later`: its neighbours with nights, None where there are none.
    `measured_at`: when the car was last read, None: never.
    """

    template: ClassVar[str] = "tonight/span.html"
    car: Vin
    span: Span
    is_running: bool
    sums: Sums
    front: Front | None
    rows: tuple[Row, ...]
    earlier: Span | None
    later: Span | None
    measured_at: datetime | None
