"""What one night shows of a car: how much its battery took for a percent, what it drew, how much of that arrived.

Rules of this room:

1. A lesson is of one night that is over, from what the car itself reported in it. What it does not show is left out.
2. Nothing here has a meter at the wall. What a car draws there is volts times amps times phases by its own word, each
   in whole numbers: at 16 A such a figure may be 3 % off.
3. Energy added is the battery's own count of this plug-in (`ChargeState.energy_added_wh`).
4. What a car draws while it says that it heats its battery tells nothing of its power, nor of what arrives of it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from statistics import median_high, median_low
from typing import Final

from chargekey.domain.battery import THREE, efficiency_percent
from chargekey.domain.evidence import ChargeState, Charging, Observation
from chargekey.domain.warming import Seen, seen_of, shown

LEAST_POINTS: Final = 15
"""A state of charge is told in whole percents: over fewer of them it says too little of what one percent holds."""
LEAST_STRETCH: Final = timedelta(minutes=20)
"""Of even drawing, for its power into the battery: the car counts in steps of 10 Wh, a look takes a second or two."""
FLAT_BELOW_PERCENT: Final = 88
"""Below it alternating current is never weaker (evcc reckons with 89.8 % at 11 kW, smart-charging §6.3)."""
WEAKER_PERCENT: Final = 90
"""Of its full power, from which on the power counts as falling: a percent or two is the grid's voltage."""
BRACKET_PERCENT: Final = 6
"""As near as two looks have to be, the last at full power and the first below, to say where it began to fall."""
OFF_PACE_PERCENT: Final = 20
"""From what is usual: further off it did not fill all the time."""
VOLTS: Final = range(90, 301)
_HOUR: Final = timedelta(hours=1)
_AGREES_WITHIN_W: Final = 1_000
"""Tesla tells a charger's power in whole kilowatts."""


@dataclass(frozen=True, slots=True)
class Gain:
    """So much energy came into the battery while its state of charge rose by so many points."""

    battery_wh: int
    points: int

    @property
    def usable_wh(self) -> int:
        """What fits between 0 and 100 %, by this."""
        return self.battery_wh * 100 // self.points


@dataclass(frozen=True, slots=True)
class Drawn:
    """What it drew at the wall, as the car sees it. `efficiency_percent` None: not seen drawing for long enough."""

    power_w: int
    phases: int
    efficiency_percent: int | None


@dataclass(frozen=True, slots=True)
class Taper:
    """From which state of charge on the power falls, and what of full power was drawn above it, of all looks there."""

    from_percent: int
    left_percent: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a night showed. `drawn` is by the current that the car was set to; `left_at` None: the cable stayed in.

    `warm_up`: how long it drew before anything got into its battery; None: that is not to be seen. `began_at` None: the
    car said nothing in it.
    """

    gain: Gain | None
    drawn: Mapping[int, Drawn]
    taper: Taper | None
    left_at: datetime | None
    warm_up: timedelta | None = None
    began_at: datetime | None = None


def lesson_of(reports: Sequence[Observation], left_at: datetime | None) -> Lesson:
    """Of a night. `reports`: what the car said in it, oldest first."""
    seen = seen_of(reports)
    runs = _runs([one for one in seen if not one[1].heating_battery])
    return Lesson(
        gain=_gain([charge for _, charge in seen]),
        drawn=_drawn(runs),
        taper=_taper(runs),
        left_at=left_at,
        warm_up=shown(seen, _battery_w(runs)),
        began_at=seen[0][0] if seen else None,
    )


def set_to_a(charge: ChargeState) -> int | None:
    """What current the car would draw: as it is asked to, as far as cable and charger allow. None: it did not say."""
    told = [one for one in (charge.current_asked_a, charge.current_max_a) if one]
    return min(told, default=None)


def wall_power(charge: ChargeState) -> tuple[int, int] | None:
    """Watts and phases of a car that draws; None where it does not, or does not say.

    What its volts, amps and phases come to is finer than its power in whole kilowatts. Where they are far apart the
    phases are told wrongly, and the power is right (`ChargerPhases`, smart-charging §6.3).
    """
    one_phase_w = (charge.voltage_v or 0) * (charge.current_a or 0)
    if charge.charging is not Charging.CHARGING or charge.voltage_v not in VOLTS or one_phase_w <= 0:
        return None
    phases, told_w = charge.phases or 0, charge.power_w
    if told_w and abs(one_phase_w * phases - told_w) > max(_AGREES_WITHIN_W, told_w // 5):
        phases = THREE if told_w > one_phase_w * 3 // 2 else 1
    return (one_phase_w * phases, phases) if phases else None


# ── inside ───────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Look:
    """At a car that draws."""

    at: datetime
    charge: ChargeState
    set_to_a: int
    power_w: int
    phases: int

    @property
    def is_flat(self) -> bool:
        return self.charge.soc_percent is None or self.charge.soc_percent < FLAT_BELOW_PERCENT


def _battery_w(runs: Sequence[Sequence[_Look]]) -> int | None:
    """What gets into a battery that fills: as was seen between its looks, else what is usual of what it draws."""
    flat = [[one for one in run if one.is_flat and one.charge.energy_added_wh is not None] for run in runs]
    paced = [pace for run in flat if len(run) > 1 and (pace := _pace_w(run[-2:]))]
    last = next((run[-1] for run in reversed(flat) if run), None)
    usual = last.power_w * efficiency_percent(last.set_to_a, last.phases) // 100 if last else None
    return next((one for one in reversed(paced) if usual and abs(one - usual) * 100 <= usual * OFF_PACE_PERCENT), usual)


def _pace_w(looks: Sequence[_Look]) -> int:
    """What arrived between the first and the last of these, 0 where they are too near each other."""
    length = looks[-1].at - looks[0].at
    rise_wh = (looks[-1].charge.energy_added_wh or 0) - (looks[0].charge.energy_added_wh or 0)
    return rise_wh * timedelta(hours=1) // length if length >= LEAST_STRETCH and rise_wh > 0 else 0


def _runs(seen: Sequence[Seen]) -> list[list[_Look]]:
    """Looks in a row at which it drew and was set to one current."""
    runs = []
    for current_a, group in groupby(seen, key=lambda one: _draws_at(one[1])):
        if current_a is not None:
            looks = [_Look(at, charge, current_a, *power) for at, charge in group if (power := wall_power(charge))]
            runs.append(looks)
    return runs


def _draws_at(charge: ChargeState) -> int | None:
    return set_to_a(charge) if wall_power(charge) else None


def _gain(charges: Sequence[ChargeState]) -> Gain | None:
    """From the last word before the battery's count rose to the first at which it was at its highest.

    So what a car that rests takes from its battery is in neither. A count that fell began anew: the most counts.
    """
    told = [
        (one.energy_added_wh, one.soc_percent)
        for one in charges
        if one.energy_added_wh is not None and one.soc_percent is not None
    ]
    rises: list[list[tuple[int, int]]] = [[]]
    for before, after in pairwise(told):
        if after[0] < before[0]:
            rises.append([])
        elif after[0] > before[0]:
            rises[-1] += [after] if rises[-1] else [before, after]
    gains = [Gain(rise[-1][0] - rise[0][0], rise[-1][1] - rise[0][1]) for rise in rises if rise]
    enough = [one for one in gains if one.points >= LEAST_POINTS]
    return max(enough, key=lambda one: (one.points, one.battery_wh), default=None)


def _drawn(runs: Sequence[Sequence[_Look]]) -> dict[int, Drawn]:
    """By current the power in the middle of what was seen: the higher, for a car that has just begun draws less."""
    looks: dict[int, list[_Look]] = defaultdict(list)
    shares: dict[int, list[int]] = defaultdict(list)
    for run in runs:
        flat = [one for one in run if one.is_flat]
        for look in flat:
            looks[look.set_to_a].append(look)
        if (share := _efficiency_percent(flat)) is not None:
            shares[flat[0].set_to_a].append(share)
    found = {}
    for current_a, of_it in looks.items():
        typical = max(of_it, key=lambda one: (one.power_w == median_high(look.power_w for look in of_it), one.at))
        share = median_low(shares[current_a]) if shares[current_a] else None
        found[current_a] = Drawn(typical.power_w, typical.phases, share)
    return found


def _efficiency_percent(run: Sequence[_Look]) -> int | None:
    """What arrived of what was drawn between the first and the last look, where it drew evenly for long enough."""
    if not run or run[-1].at - run[0].at < LEAST_STRETCH:
        return None
    first, last = run[0].charge.energy_added_wh, run[-1].charge.energy_added_wh
    weakest, strongest = min(one.power_w for one in run), max(one.power_w for one in run)
    if first is None or last is None or last <= first or weakest * 100 < strongest * WEAKER_PERCENT:
        return None
    seconds = (run[-1].at - run[0].at) // timedelta(seconds=1)
    drawn_ws = sum(one.power_w for one in run) * seconds
    return ((last - first) * 3_600 * 100 * len(run) + drawn_ws // 2) // drawn_ws


def _taper(runs: Sequence[Sequence[_Look]]) -> Taper | None:
    for run in runs:
        full_w = max((one.power_w for one in run if one.is_flat), default=None)
        told = [(one.charge.soc_percent or 0, one.power_w) for one in run]
        if full_w is None or (found := _falls(told, full_w)) is None:
            continue
        return found
    return None


def _falls(told: Sequence[tuple[int, int]], full_w: int) -> Taper | None:
    """Between the last look at full power and the first below it, if they are near each other."""
    weaker = [one for one in told if one[0] >= FLAT_BELOW_PERCENT and one[1] * 100 < full_w * WEAKER_PERCENT]
    if not weaker:
        return None
    begins = weaker[0][0]
    still_full = [
        percent for percent, power_w in told if power_w * 100 >= full_w * WEAKER_PERCENT and percent <= begins
    ]
    if not still_full or begins - still_full[-1] > BRACKET_PERCENT:
        return None
    return Taper((still_full[-1] + begins) // 2, sum(one[1] for one in weaker) * 100 // (full_w * len(weaker)))
