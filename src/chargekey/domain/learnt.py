"""What the nights behind a car have shown of it, in place of what is assumed of its kind (`domain/battery`).

Rules of this room:

1. The prior stands until enough nights agree. What stands says which it is: assumed, or measured over so many nights.
2. Of several nights the one in the middle counts. What is far from it, or from what such a car can be, is dropped.
3. Only nights that were over before a night began teach anything about it: a plan never changes because its own night
   has taught something, and any night can be worked out again.
4. Same lessons, same numbers; all of them are whole.
5. Weather lasts for days rather than months: how long a cold battery is warmed is for the newest few nights to say.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_high, median_low, quantiles
from typing import Final
from zoneinfo import ZoneInfo

from chargekey.domain.battery import THREE, ac_power_w, efficiency_percent, usable_wh
from chargekey.domain.lesson import Drawn, Gain, Lesson, Taper

NIGHTS: Final = 30
"""The newest so many are learnt from: batteries age, and chargers are exchanged."""
NO_OLDER_THAN: Final = timedelta(days=60)
LEAST_NIGHTS: Final = 3
LEAST_FOR_POWER: Final = 2
"""Volts and phases are read rather than reckoned: the second night only says that the first was no exception."""
USABLE_BOUNDS_PERCENT: Final = (50, 160)
"""Of what is assumed of the model: it was sold with smaller batteries and larger ones (smart-charging §6.2)."""
OFF_PERCENT: Final = 12
"""How far a night may be from the one in the middle: a percent at either end is 10 % of the fewest that count."""
EFFICIENCY_BOUNDS_PERCENT: Final = (60, 97)
ROUNDED_TO_WH: Final = 100
COLD_NIGHTS: Final = 3
LEAST_COLD_NIGHTS: Final = 2
COLD_NO_OLDER_THAN: Final = timedelta(days=14)
LEAST_DEPARTURES: Final = 3
WITHIN: Final = timedelta(minutes=90)
"""As near to each other as the middle half of departures has to be: else nothing is usual."""
SECONDS_A_MINUTE: Final = 60
_FIVE: Final = 5
_MINUTES_AN_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class Known:
    """A number, and how many nights it was measured over. 0: it is assumed."""

    value: int
    nights: int = 0


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was measured; None or missing: nothing yet. `drawn` is by the current that the car was set to.

    `leaves` is by weekday, Monday is 0, in minutes after midnight of the zone that was asked for. `warm_up_s`: how long
    a night's first start warms the battery.
    """

    usable_wh: Known | None
    power_w: Mapping[int, Known]
    phases: Mapping[int, int]
    efficiency_percent: Mapping[int, Known]
    taper: Taper | None
    taper_nights: int
    leaves: Mapping[int, Known]
    warm_up_s: Known | None = None


NOTHING_LEARNT: Final = Learnt(None, {}, {}, {}, None, 0, {})


@dataclass(frozen=True, slots=True)
class DrawKnown:
    """What a car draws at the wall, how much of it arrives, and how much fits."""

    power_w: Known
    efficiency_percent: Known
    usable_wh: Known


def learn(lessons: Sequence[Lesson], model: str, zone: str, as_of: datetime | None = None) -> Learnt:
    """Of nights that are over, in any order. `as_of` None: when the newest of them began."""
    by_current: dict[int, list[Drawn]] = defaultdict(list)
    for lesson in lessons:
        for current_a, drawn in lesson.drawn.items():
            by_current[current_a].append(drawn)
    power = {current_a: power for current_a, drawn in by_current.items() if (power := _power(drawn))}
    tapers = sorted((one.taper for one in lessons if one.taper), key=lambda one: (one.from_percent, one.left_percent))
    return Learnt(
        usable_wh=_usable([one.gain for one in lessons if one.gain], usable_wh(model)),
        power_w={current_a: known for current_a, (known, _) in power.items()},
        phases={current_a: phases for current_a, (_, phases) in power.items()},
        efficiency_percent={
            current_a: known for current_a in power if (known := _efficiency(by_current[current_a])) is not None
        },
        taper=tapers[(len(tapers) - 1) // 2] if len(tapers) >= LEAST_FOR_POWER else None,
        taper_nights=len(tapers),
        leaves=_leaves(lessons, zone),
        warm_up_s=_warm_up_s(lessons, as_of),
    )


def draw_known(model: str, current_a: int, told_phases: int | None, guessed_phases: int, learnt: Learnt) -> DrawKnown:
    """At that current. `told_phases`: what a drawing car says now, which outweighs what was learnt; None: it rests."""
    power, phases = _learnt_power(current_a, learnt)
    if power is None or (told_phases and told_phases != phases):
        phases = told_phases or guessed_phases
        power = Known(ac_power_w(current_a, phases))
        efficiency = Known(efficiency_percent(current_a, phases))
    else:
        efficiency = learnt.efficiency_percent.get(current_a) or Known(efficiency_percent(current_a, phases))
    return DrawKnown(power, efficiency, learnt.usable_wh or Known(usable_wh(model)))


# ── inside ───────────────────────────────────────────────────────


def _learnt_power(current_a: int, learnt: Learnt) -> tuple[Known | None, int]:
    """As measured; at a current never seen in proportion to the nearest one, for volts and phases stay."""
    if not learnt.power_w:
        return None, 0
    nearest = min(learnt.power_w, key=lambda one: (abs(one - current_a), one))
    known, phases = learnt.power_w[nearest], learnt.phases[nearest]
    if nearest == current_a:
        return known, phases
    volts = known.value // (nearest * (THREE if phases > 1 else 1))
    return Known(ac_power_w(current_a, phases, volts), known.nights), phases


def _usable(gains: Sequence[Gain], assumed_wh: int) -> Known | None:
    """The middle one says which nights are far off; of all others together the percents at either end weigh least."""
    low, high = (assumed_wh * bound // 100 for bound in USABLE_BOUNDS_PERCENT)
    possible = [one for one in gains if low <= one.usable_wh <= high]
    if len(possible) < LEAST_NIGHTS:
        return None
    middle = median_low(one.usable_wh for one in possible)
    near = [one for one in possible if abs(one.usable_wh - middle) * 100 <= middle * OFF_PERCENT]
    if len(near) < LEAST_NIGHTS:
        return None
    points = sum(one.points for one in near)
    wh = sum(one.battery_wh for one in near) * 100
    step = points * ROUNDED_TO_WH
    return Known((wh + step // 2) // step * ROUNDED_TO_WH, len(near))


def _power(drawn: Sequence[Drawn]) -> tuple[Known, int] | None:
    """With the phases that most nights had; only they count, for it is another charger that has others."""
    phases = median_low(one.phases for one in drawn)
    of_it = [one.power_w for one in drawn if one.phases == phases]
    return (Known(median_low(of_it), len(of_it)), phases) if len(of_it) >= LEAST_FOR_POWER else None


def _efficiency(drawn: Iterable[Drawn]) -> Known | None:
    low, high = EFFICIENCY_BOUNDS_PERCENT
    told = [one.efficiency_percent for one in drawn if one.efficiency_percent is not None]
    possible = [one for one in told if low <= one <= high]
    return Known(median_low(possible), len(possible)) if len(possible) >= LEAST_NIGHTS else None


def _warm_up_s(lessons: Iterable[Lesson], as_of: datetime | None) -> Known | None:
    told = sorted((one.began_at, one.warm_up) for one in lessons if one.began_at and one.warm_up is not None)
    moment = as_of or max((began_at for began_at, _ in told), default=None)
    newest = [length for began_at, length in told if moment and began_at >= moment - COLD_NO_OLDER_THAN][-COLD_NIGHTS:]
    if len(newest) < LEAST_COLD_NIGHTS:
        return None
    return Known(median_high(newest) // timedelta(minutes=1) * SECONDS_A_MINUTE, len(newest))


def _leaves(lessons: Iterable[Lesson], zone: str) -> dict[int, Known]:
    """When the cable came out first on a day, down to five minutes: it is noticed some minutes late."""
    first: dict[object, tuple[int, int]] = {}
    for one in lessons:
        if one.left_at is not None:
            local = one.left_at.astimezone(ZoneInfo(zone))
            minutes = local.hour * _MINUTES_AN_HOUR + local.minute
            day, known = local.date(), first.get(local.date())
            first[day] = (local.weekday(), min(minutes, known[1]) if known else minutes)
    by_weekday: dict[int, list[int]] = defaultdict(list)
    for weekday, minutes in first.values():
        by_weekday[weekday].append(minutes)
    found = {}
    for weekday, told in by_weekday.items():
        if len(told) >= LEAST_DEPARTURES and _is_usual(told):
            found[weekday] = Known(median_low(told) // _FIVE * _FIVE, len(told))
    return found


def _is_usual(minutes: Sequence[int]) -> bool:
    lower, _, upper = quantiles(minutes, n=4, method="inclusive")
    return timedelta(minutes=upper - lower) <= WITHIN
