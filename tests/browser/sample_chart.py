"""A night of sample prices with a plan in it, drawn for the gallery of screens."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from chargekey.entrypoints.web.charts import ChartSlot, PlanChart, SocPoint
from chargekey.entrypoints.web.screens.tonight import Charted, charted

ZONE = "Europe/Amsterdam"
EVENING = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)  # 18:00 in Amsterdam
NOW = datetime(2026, 11, 26, 19, 58, tzinfo=UTC)
READY_BY = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def at(hour: int, minute: int = 0) -> datetime:
    """A local clock time of the sample night."""
    day = 26 if hour >= 12 else 27
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


CHOSEN = ((at(1), at(2, 30)), (at(3, 15), at(4, 45)))


def slots(
    *, done_until: datetime | None = None, dip: int = 0, guessed_from: datetime | None = None
) -> tuple[ChartSlot, ...]:
    """56 quarter hours from 18:00: dear evening, cheap small hours. `dip` is taken off every price, in ct."""
    made = []
    for number in range(56):
        start = EVENING + number * QUARTER
        price_ct = 28 + 13 * math.cos((number - 4) / 52 * 2 * math.pi) + 1.2 * math.sin(number * 1.7) - dip
        chosen = any(begin <= start < end for begin, end in CHOSEN)
        done = chosen and done_until is not None and start < done_until
        guessed = guessed_from is not None and start >= guessed_from
        made.append(ChartSlot(start, start + QUARTER, round(price_ct * 10_000), 2750 * chosen, 2750 * done, guessed))
    return tuple(made)


def soc(measured_until: datetime) -> tuple[SocPoint, ...]:
    """From 42 to 80 percent along the chosen hours."""
    turns = [
        (at(18, 40), 42.0),
        (at(1), 42.0),
        (at(2, 30), 61.0),
        (at(3, 15), 61.0),
        (at(4, 45), 80.0),
        (READY_BY, 80.0),
    ]
    points = [SocPoint(moment, percent, True) for moment, percent in turns if moment <= measured_until]
    points.append(SocPoint(measured_until, _between(turns, measured_until), True))
    return (*points, *(SocPoint(moment, percent, False) for moment, percent in turns if moment > measured_until))


def _between(turns: list[tuple[datetime, float]], moment: datetime) -> float:
    for (start, low), (end, high) in pairwise(turns):
        if start <= moment <= end:
            return low + (high - low) * ((moment - start) / (end - start))
    return turns[-1][1]


def drawn(
    now: datetime | None,
    *,
    dip: int = 0,
    guessed_from: datetime | None = None,
    plan: bool = True,
    until: datetime | None = None,
) -> Charted:
    """The chart as it stands at a moment; None: the morning after. `until`: no price is known from then on."""
    night = slots(done_until=now or READY_BY, dip=dip, guessed_from=guessed_from)
    points = soc(now or READY_BY)
    if not plan:
        night = tuple(ChartSlot(s.start, s.end, s.price_micro_per_kwh) for s in night)
        points = ()
    night = tuple(s for s in night if until is None or s.end <= until)
    shown = charted(PlanChart(night, points, now, READY_BY, 80), ZONE)
    if shown is None:
        raise AssertionError("no slot draws no chart")
    return shown
