"""Where every bar, beam and line of the plan chart lies, by the chart rules of the look.

Rules of this room:

1. Two lanes over one time axis: battery above, price below. They share the beams and no scale.
2. Bars stand on zero; negative prices hang below it. There is no axis of prices and nothing to hover.
3. Geometry only: words, clock times and prices are written by the template, from the values kept here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

WIDTH: Final = 350.0
FLOOR: Final = 226.0
PRICE_CEILING: Final = 116.0
SOC_TOP, SOC_BOTTOM = 42.0, 94.0
BEAM_TOP: Final = 22.0
FLAG_WIDTH: Final = 43.0
WELCOME_FLOOR, WELCOME_CEILING = 96.0, 8.0
GAP: Final = 1.5
LEAST_SPAN_PERCENT: Final = 20
HOUR: Final = timedelta(hours=1)
ROOM_AT_EDGE: Final = timedelta(minutes=45)


@dataclass(frozen=True, slots=True)
class ChartSlot:
    """One price and what is charged in it; `done_wh` is what the car took. `guessed`: not published yet."""

    start: datetime
    end: datetime
    price_micro_per_kwh: int
    planned_wh: int = 0
    done_wh: int = 0
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class SocPoint:
    """The battery at a moment, measured or expected."""

    at: datetime
    percent: float
    measured: bool


@dataclass(frozen=True, slots=True)
class PlanChart:
    """What a chart shows. `now` None: the night is over. `ready_by` None: nothing to be ready for."""

    slots: tuple[ChartSlot, ...]
    soc: tuple[SocPoint, ...]
    now: datetime | None
    ready_by: datetime | None
    target_percent: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A price, drawn. `kind`: "", "chosen", "done", "past" or "guessed"."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Beam:
    """The light through both lanes over a stretch that was chosen."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A place with a value to write at it. `anchor`: "", "mid" or "end"."""

    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class PriceMark:
    """A price written into the chart."""

    mark: Mark
    price_micro_per_kwh: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A clock time under the axis."""

    mark: Mark
    at: datetime


@dataclass(frozen=True, slots=True)
class Pole:
    """The upright at the ready-by time, and the left edge of its flag."""

    x: float
    flag_x: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Upright:
    """The line through both lanes at this moment, and where its word stands."""

    x: float
    word: Mark


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything drawn. Paths are SVG path data; empty where there is nothing to draw."""

    beams: tuple[Beam, ...]
    bars: tuple[Bar, ...]
    zero_y: float
    peak: PriceMark | None
    lowest_chosen: PriceMark | None
    ticks: tuple[Tick, ...]
    measured_path: str
    expected_path: str
    first_soc: tuple[Mark, int] | None
    dot: Mark | None
    now: Upright | None
    pole: Pole | None
    target: Mark | None


@dataclass(frozen=True, slots=True)
class HourRow:
    """A row of the table behind the chart: the mean price of an hour, and how long it charges in it."""

    start: datetime
    end: datetime
    price_micro_per_kwh: int
    charging: timedelta


class _Axis:
    """Turns moments into places from left to right."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start, self.end = start, end
        self._length = max((end - start).total_seconds(), 1.0)

    def x(self, at: datetime) -> float:
        share = (at - self.start).total_seconds() / self._length
        return round(WIDTH * min(max(share, 0.0), 1.0), 2)

    def holds(self, at: datetime) -> bool:
        return self.start <= at <= self.end


def draw(chart: PlanChart, zone: str) -> Drawing | None:
    """Lay the chart out. None when there is no price to draw."""
    if not chart.slots:
        return None
    axis = _axis(chart)
    bars, zero_y = _bars(chart, axis, PRICE_CEILING, FLOOR)
    soc = _SocLane(chart, axis)
    pole = _pole(chart, axis)
    return Drawing(
        beams=_beams(chart, axis),
        bars=bars,
        zero_y=zero_y,
        peak=_peak(chart, bars),
        lowest_chosen=_lowest_chosen(chart, bars),
        ticks=_ticks(axis, ZoneInfo(zone)),
        measured_path=soc.path(measured=True),
        expected_path=soc.path(measured=False),
        first_soc=soc.first(),
        dot=soc.dot(),
        now=_now(chart, axis, pole),
        pole=pole,
        target=Mark(pole.x - 7, soc.y(chart.target_percent) - 7, "end") if pole and pole.x > FLAG_WIDTH else None,
    )


def _axis(chart: PlanChart) -> _Axis:
    """From the first price to the last; with some room before, where the words of this moment would lie on the edge."""
    start, end = chart.slots[0].start, chart.slots[-1].end
    if chart.now is not None and chart.now - start < ROOM_AT_EDGE:
        start = min(start, chart.now) - ROOM_AT_EDGE
    return _Axis(start, end)


def draw_welcome(slots: Sequence[ChartSlot]) -> tuple[Bar, ...]:
    """The small chart of the first page: bars alone."""
    if not slots:
        return ()
    chart = PlanChart(tuple(slots), (), None, None, 0)
    return _bars(chart, _Axis(slots[0].start, slots[-1].end), WELCOME_CEILING, WELCOME_FLOOR)[0]


def by_hour(slots: Sequence[ChartSlot]) -> tuple[HourRow, ...]:
    """The table behind the chart. Charging time is counted by energy, at the greatest power of the night."""
    fastest = max((_wh(slot) / (slot.end - slot.start).total_seconds() for slot in slots), default=0.0)
    rows = []
    for hour, group in groupby(slots, lambda slot: slot.start.replace(minute=0, second=0, microsecond=0)):
        of_hour = list(group)
        seconds = [(slot.end - slot.start).total_seconds() for slot in of_hour]
        weighed = zip(of_hour, seconds, strict=True)
        mean = sum(slot.price_micro_per_kwh * length for slot, length in weighed) / sum(seconds)
        charging = timedelta(seconds=round(sum(map(_wh, of_hour)) / fastest)) if fastest else timedelta()
        rows.append(HourRow(max(hour, of_hour[0].start), of_hour[-1].end, round(mean), charging))
    return tuple(rows)


# ── prices ───────────────────────────────────────────────────────


def _wh(slot: ChartSlot) -> int:
    return slot.done_wh or slot.planned_wh


def _is_lit(slot: ChartSlot, now: datetime | None) -> bool:
    """A chosen hour that has not passed in vain, or one in which the car charged."""
    return bool(slot.done_wh or (slot.planned_wh and now is not None and slot.end > now))


def _kind(slot: ChartSlot, now: datetime | None) -> str:
    if slot.done_wh:
        return "done"
    if now is not None and slot.end <= now:
        return "past"
    if slot.planned_wh and now is not None:
        return "chosen"
    return "guessed" if slot.guessed else ""


def _bars(chart: PlanChart, axis: _Axis, ceiling: float, floor: float) -> tuple[tuple[Bar, ...], float]:
    highest = max(0, *(slot.price_micro_per_kwh for slot in chart.slots))
    lowest = min(0, *(slot.price_micro_per_kwh for slot in chart.slots))
    per_unit = (floor - ceiling) / (highest - lowest or 1)
    zero_y = round(floor + lowest * per_unit, 1)
    shown_now = chart.now if floor == FLOOR else chart.slots[0].start
    bars = []
    for slot in chart.slots:
        left, right = axis.x(slot.start), axis.x(slot.end)
        height = max(abs(slot.price_micro_per_kwh) * per_unit, 0.5)
        top = zero_y if slot.price_micro_per_kwh < 0 else zero_y - height
        width = max(right - left - GAP, 0.5)
        bars.append(
            Bar(round(left + GAP / 2, 2), round(top, 1), round(width, 2), round(height, 1), _kind(slot, shown_now))
        )
    return tuple(bars), zero_y


def _beams(chart: PlanChart, axis: _Axis) -> tuple[Beam, ...]:
    beams: list[Beam] = []
    for lit, group in groupby(chart.slots, lambda slot: _is_lit(slot, chart.now)):
        stretch = list(group)
        if lit:
            left = axis.x(stretch[0].start)
            beams.append(Beam(left, round(axis.x(stretch[-1].end) - left, 2)))
    return tuple(beams)


def _peak(chart: PlanChart, bars: Sequence[Bar]) -> PriceMark | None:
    slot, bar = max(zip(chart.slots, bars, strict=True), key=lambda both: both[0].price_micro_per_kwh)
    return _price_mark(slot, bar, bars)


def _lowest_chosen(chart: PlanChart, bars: Sequence[Bar]) -> PriceMark | None:
    lit = [both for both in zip(chart.slots, bars, strict=True) if _is_lit(both[0], chart.now)]
    if not lit:
        return None
    slot, bar = min(lit, key=lambda both: both[0].price_micro_per_kwh)
    return _price_mark(slot, bar, bars)


def _price_mark(slot: ChartSlot, bar: Bar, bars: Sequence[Bar]) -> PriceMark:
    """Over the bar, and over all bars that its words would cover."""
    x = min(max(bar.x + bar.width / 2, 18.0), WIDTH - 18.0)
    covered = [one.y for one in bars if x - 18 < one.x + one.width and one.x < x + 18]
    return PriceMark(Mark(round(x, 2), round(min(covered) - 5, 1), "mid"), slot.price_micro_per_kwh)


# ── time ─────────────────────────────────────────────────────────


def _ticks(axis: _Axis, zone: ZoneInfo) -> tuple[Tick, ...]:
    hours = (axis.end - axis.start) / HOUR
    step = next(step for step, up_to in ((1, 5), (3, 16), (6, 32), (12, 10_000)) if hours <= up_to)
    at = axis.start.replace(minute=0, second=0, microsecond=0)
    ticks = []
    while at <= axis.end:
        local = at.astimezone(zone)
        x = axis.x(at)
        if at >= axis.start and local.minute == 0 and local.hour % step == 0:
            anchor = "" if x < 16 else "end" if x > WIDTH - 16 else "mid"
            ticks.append(Tick(Mark(x, 242.0, anchor), at))
        at += HOUR / 2
    return tuple(ticks)


def _pole(chart: PlanChart, axis: _Axis) -> Pole | None:
    if chart.ready_by is None or not axis.holds(chart.ready_by):
        return None
    x = min(axis.x(chart.ready_by), WIDTH - 1)
    return Pole(x, x - FLAG_WIDTH + 1 if x > FLAG_WIDTH else x - 1, chart.ready_by)


def _now(chart: PlanChart, axis: _Axis, pole: Pole | None) -> Upright | None:
    """The line of this moment. Its word gives way to the flag."""
    if chart.now is None or not axis.holds(chart.now):
        return None
    x = axis.x(chart.now)
    if pole and pole.flag_x - 16 < x < pole.flag_x + FLAG_WIDTH + 16:
        return Upright(x, Mark(pole.flag_x - 4, 18.0, "end"))
    return Upright(x, Mark(x, 18.0, "" if x < 14 else "end" if x > WIDTH - 14 else "mid"))


# ── battery ──────────────────────────────────────────────────────


class _SocLane:
    """The upper lane: solid where measured, dotted where expected."""

    def __init__(self, chart: PlanChart, axis: _Axis) -> None:
        self._chart, self._axis = chart, axis
        self._points = [point for point in chart.soc if axis.holds(point.at)]
        percents = [point.percent for point in self._points]
        self._high = max([chart.target_percent, *percents])
        low = min(percents, default=self._high)
        self._span = max(self._high - low, LEAST_SPAN_PERCENT)

    def y(self, percent: float) -> float:
        share = (self._high - percent) / self._span
        return round(SOC_TOP + (SOC_BOTTOM - SOC_TOP) * share, 1)

    def path(self, *, measured: bool) -> str:
        points = [point for point in self._points if point.measured is measured]
        if not measured and (last := self._last_measured()):
            points.insert(0, last)
        places = [f"{self._axis.x(point.at):g} {self.y(point.percent):g}" for point in points]
        return f"M{'L'.join(places)}" if len(places) > 1 else ""

    def first(self) -> tuple[Mark, int] | None:
        if not self._points:
            return None
        point = self._points[0]
        x = max(self._axis.x(point.at) - 14, 0.0)
        return Mark(x, self.y(point.percent) - 8, ""), round(point.percent)

    def dot(self) -> Mark | None:
        last = self._last_measured()
        if last is None or self._chart.now is None:
            return None
        return Mark(self._axis.x(last.at), self.y(last.percent), "mid")

    def _last_measured(self) -> SocPoint | None:
        return max((point for point in self._points if point.measured), key=lambda point: point.at, default=None)
