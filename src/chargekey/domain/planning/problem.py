"""What a plan for one car has to solve, in whole numbers.

Rules of this room:

1. Energy inside is whole watt-seconds at the wall, so that a slot of any whole number of seconds is exact.
2. The car charges at full power or not at all: its efficiency rises with current (reference smart-charging
   §3.1.4), so anything between costs more. Hours of the home's own sun are the exception.
3. What a kWh stands for in CO2 is known for every slot or for none: part of a night cannot be weighed against the rest.
4. Power is full, but for what the battery takes no more when it is nearly so, and a cold one is warmed first
   (`filling.py`); and where the sun carries less (`sun.py`).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from operator import lt
from typing import Final, NamedTuple

from chargekey.domain.battery import Weaker
from chargekey.domain.carbon import Carbon
from chargekey.domain.planning.filling import Filling
from chargekey.domain.planning.sun import SunAhead
from chargekey.domain.tariff import Currency, Prices, PriceSlot, check_gap_free, quarter_hours

SECOND: Final = timedelta(seconds=1)


class ProblemUnclear(ValueError):
    """The numbers do not make a problem. The text says which."""


class Window(NamedTuple):
    """Charging without a break, UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class NightAhead:
    """A later night: the hours in which the car is supposed to be plugged in, and what it is to hold at their end.

    `warm_up_s`: it is warmed again, if it is charged in that night.
    `surplus_w`: one a slot, where the problem has sun; empty: none.
    """

    target_percent: int
    slots: tuple[PriceSlot, ...]
    warm_up_s: int = 0
    surplus_w: tuple[int, ...] = ()


class Weighing(NamedTuple):
    """What counts beside price, and how much; each as `PlanProblem` says."""

    carbon_micro_per_kg: int = 0
    start_cost_micro: int = 0
    cap_micro_per_kwh: int | None = None


COST_ALONE: Final = Weighing()


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """All that a plan depends on. `pose` builds one from prices.

    `slots` begin at `now`, without a gap, whole seconds, and end at `ready_by` or where the prices end.
    Percentages are of `usable_wh`, as the car shows them. `efficiency_percent` is battery over wall.
    `prices_known_until`: later slots are guesses. `charging` is whether the car charges at `now`, and
    `running` the windows of the plan that is being carried out, if any: ties go to it. `carbon_g_per_kwh` has one
    number a slot, or none at all where that is not known; `carbon_micro_per_kg` is what the driver would pay to avoid a
    kilogram of it, in micro-units of the currency. `weakens`: how power falls near full, in order of the percents;
    empty: not at all, as was supposed in the beginning. `ahead`: later nights whose goals tonight may serve too.
    `start_cost_micro`: what a start is worth not to have, in micro-units of the currency. `cap_micro_per_kwh`: what
    is known to cost more is left alone, whatever is missing then, but for what the minimum is owed; None: nothing is.
    `warm_up_s`: how long the first start draws at full power before anything arrives; 0: that is behind it, or not so.
    `sun`: what the home has to spare, with as many slots; None: nothing, or it is kept out of this.
    """

    now: datetime
    ready_by: datetime
    slots: tuple[PriceSlot, ...]
    prices_known_until: datetime
    soc_percent: int
    target_percent: int
    minimum_percent: int
    usable_wh: int
    ac_power_w: int
    efficiency_percent: int
    charging: bool = False
    running: tuple[Window, ...] = ()
    currency: Currency = "EUR"
    carbon_g_per_kwh: tuple[int, ...] = ()
    carbon_micro_per_kg: int = 0
    weakens: tuple[Weaker, ...] = ()
    ahead: tuple[NightAhead, ...] = ()
    start_cost_micro: int = 0
    cap_micro_per_kwh: int | None = None
    warm_up_s: int = 0
    sun: SunAhead | None = None

    def __post_init__(self) -> None:
        _check(self)

    @property
    def knows_a_price(self) -> bool:
        """False: every price in it stands in for one that nobody knew, and what it adds up to is no cost."""
        return self.prices_known_until > self.now

    def wall_wh_to(self, percent: int) -> int:
        """What the wall has to give until the battery shows `percent`, rounded up; 0 when it already does."""
        return self.filling.wall_wh(self.soc_percent, percent)

    def full_ws_to(self, percent: int) -> int:
        """How long the car has to charge until then, in watt-seconds at full power."""
        return self.filling.full_ws(self.soc_percent, percent)

    @property
    def highest_percent(self) -> int:
        """The highest goal, of tonight and of the nights ahead."""
        return max([self.target_percent, *(night.target_percent for night in self.ahead)])

    def is_too_dear(self, slot: PriceSlot, micro_per_kwh: int | None = None) -> bool:
        """Whether it is left alone at its price, or at another. Not for a guess: nobody is to be without a charge for a
        price that nobody knows.
        """
        if self.cap_micro_per_kwh is None or slot.start >= self.prices_known_until:
            return False
        return (slot.price_micro_per_kwh if micro_per_kwh is None else micro_per_kwh) > self.cap_micro_per_kwh

    @property
    def start_counts_micro(self) -> int:
        """What a start counts for: nothing where carbon is known and has no price, for it would outweigh all of it."""
        return 0 if self.carbon_g_per_kwh and not self.carbon_micro_per_kg else self.start_cost_micro

    @property
    def is_cold(self) -> bool:
        """Whether a battery is to be warmed, tonight or in a night ahead."""
        return self.warm_up_s > 0 or any(night.warm_up_s for night in self.ahead)

    @property
    def filling(self) -> Filling:
        """The battery and what fills it."""
        return Filling(self.usable_wh, self.ac_power_w, self.efficiency_percent, self.weakens, self.warm_up_s)

    @property
    def inputs_hash(self) -> str:
        """SHA-256 of all inputs as canonical JSON: equal hashes, equal plans."""
        text = json.dumps(_written(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def pose(
    prices: Prices,
    *,
    now: datetime,
    ready_by: datetime,
    soc_percent: int,
    target_percent: int,
    minimum_percent: int,
    usable_wh: int,
    ac_power_w: int,
    efficiency_percent: int,
    charging: bool = False,
    running: tuple[Window, ...] = (),
    carbon: Carbon | None = None,
    weakens: tuple[Weaker, ...] = (),
    ahead: tuple[NightAhead, ...] = (),
    weighing: Weighing = COST_ALONE,
) -> PlanProblem:
    """A problem out of what is known: `now` goes up to the next whole second, prices are cut into quarters.

    `carbon` that leaves out any of them is as good as None. Power that falls above every goal alone does not count.
    """
    whole, slots = _from_a_whole_second(prices, now, ready_by)
    return PlanProblem(
        now=whole,
        ready_by=ready_by,
        slots=slots,
        prices_known_until=prices.known_until,
        soc_percent=soc_percent,
        target_percent=target_percent,
        minimum_percent=minimum_percent,
        usable_wh=usable_wh,
        ac_power_w=ac_power_w,
        efficiency_percent=efficiency_percent,
        charging=charging,
        running=running,
        currency=prices.currency,
        carbon_g_per_kwh=_grams(slots, carbon),
        carbon_micro_per_kg=weighing.carbon_micro_per_kg,
        weakens=_felt(weakens, max([target_percent, *(night.target_percent for night in ahead)])),
        ahead=ahead,
        start_cost_micro=weighing.start_cost_micro,
        cap_micro_per_kwh=weighing.cap_micro_per_kwh,
    )


def _from_a_whole_second(prices: Prices, now: datetime, ready_by: datetime) -> tuple[datetime, tuple[PriceSlot, ...]]:
    whole = now if not now.microsecond else now.replace(microsecond=0) + SECOND
    return whole, quarter_hours(prices, whole, ready_by)


def _felt(weakens: tuple[Weaker, ...], highest_percent: int) -> tuple[Weaker, ...]:
    return weakens if any(step.from_percent < highest_percent for step in weakens) else ()


def _grams(slots: Sequence[PriceSlot], carbon: Carbon | None) -> tuple[int, ...]:
    known = [carbon.intensity(slot.start, slot.end) for slot in slots] if carbon else []
    whole = [one for one in known if one is not None]
    return tuple(whole) if len(whole) == len(slots) else ()


def _check(problem: PlanProblem) -> None:
    check_gap_free(problem.slots)
    _check_carbon(problem)
    moments = [problem.now, problem.ready_by, *(slot.end for slot in problem.slots)]
    if any(moment.microsecond or moment.utcoffset() != timedelta(0) for moment in moments):
        raise ProblemUnclear("every moment is a whole second of UTC")
    if problem.slots and problem.slots[0].start != problem.now:
        raise ProblemUnclear("prices begin later than now, or earlier")
    if problem.slots and problem.slots[-1].end > problem.ready_by:
        raise ProblemUnclear("slots reach beyond ready-by")
    if not 0 <= problem.minimum_percent <= problem.target_percent <= 100:
        raise ProblemUnclear("the minimum lies between 0 % and the target, the target below 100 %")
    if not 0 <= problem.soc_percent <= 100:
        raise ProblemUnclear(f"{problem.soc_percent} % is no state of charge")
    if not (problem.usable_wh > 0 and problem.ac_power_w > 0 and 0 < problem.efficiency_percent <= 100):
        raise ProblemUnclear("usable energy, power and efficiency are above nothing, efficiency at most 100 %")
    if problem.start_cost_micro < 0:
        raise ProblemUnclear("a start costs nothing, or something")
    if min([problem.warm_up_s, *(night.warm_up_s for night in problem.ahead)]) < 0:
        raise ProblemUnclear("a battery is warmed for some time, or not at all")
    _check_weakening(problem)
    _check_ahead(problem)
    _check_sun(problem)


def _check_ahead(problem: PlanProblem) -> None:
    slots = [slot for night in problem.ahead for slot in night.slots]
    moments = [problem.ready_by, *(edge for slot in slots for edge in (slot.start, slot.end))]
    if moments != sorted(moments) or any(moment.microsecond or moment.utcoffset() for moment in moments):
        raise ProblemUnclear("nights ahead come in order and after ready-by, in whole seconds of UTC")
    if any(not 0 <= night.target_percent <= 100 for night in problem.ahead):
        raise ProblemUnclear("a goal ahead lies between 0 and 100 %")


def _check_sun(problem: PlanProblem) -> None:
    sun = problem.sun
    nights = [(problem.slots, sun.surplus_w)] if sun else []
    nights += [(night.slots, night.surplus_w) for night in problem.ahead if night.surplus_w]
    if any(len(slots) != len(surplus_w) for slots, surplus_w in nights) or (nights and sun is None):
        raise ProblemUnclear("surplus is told for every slot or for none")
    if any(watts < 0 for _, surplus_w in nights for watts in surplus_w):
        raise ProblemUnclear("there is no surplus below nothing")
    if sun is None:
        return
    rising = [(0, 0, 0), *sun.levels]
    if not sun.levels or any(not all(map(lt, less, more)) for less, more in pairwise(rising)):
        raise ProblemUnclear("there is a current below the full one, and what they draw and count for rises with them")
    if sun.levels[-1].full_w >= problem.ac_power_w:
        raise ProblemUnclear("a lower current counts for less than the full one")


def _check_weakening(problem: PlanProblem) -> None:
    percents = [step.from_percent for step in problem.weakens]
    if percents != sorted(set(percents)) or not all(0 <= percent < 100 for percent in percents):
        raise ProblemUnclear("power falls step by step, below 100 %")
    if not all(step.battery_w > 0 and 0 < step.wall_w <= problem.ac_power_w for step in problem.weakens):
        raise ProblemUnclear("power that falls is above nothing, and no more than full power")


def _check_carbon(problem: PlanProblem) -> None:
    grams = problem.carbon_g_per_kwh
    if grams and len(grams) != len(problem.slots):
        raise ProblemUnclear("carbon is known for every slot or for none")
    if problem.carbon_micro_per_kg < 0 or any(one < 0 for one in grams):
        raise ProblemUnclear("neither carbon nor its price is below nothing")


def _written(problem: PlanProblem) -> Mapping[str, object]:
    """Moments as seconds since 1970, so that one moment is written one way.

    Euros, carbon that nobody knows, power that does not fall, no goal ahead, starts for nothing, no cap, a warm
    battery and no sun go without saying, as they did while there was nothing else: what was kept then keeps its hash.
    """
    currency = {} if problem.currency == "EUR" else {"currency": problem.currency}
    carbon = {"carbon": [problem.carbon_micro_per_kg, *problem.carbon_g_per_kwh]} if problem.carbon_g_per_kwh else {}
    weakens = {"weakens": [list(step) for step in problem.weakens]} if problem.weakens else {}
    ahead = {"ahead": [_night(night) for night in problem.ahead]} if problem.ahead else {}
    starts = {"start_cost": problem.start_cost_micro} if problem.start_cost_micro else {}
    cap = {} if problem.cap_micro_per_kwh is None else {"cap": problem.cap_micro_per_kwh}
    warm_up = {"warm_up": problem.warm_up_s} if problem.warm_up_s else {}
    return {
        **warm_up,
        **cap,
        **_sun(problem),
        **starts,
        **currency,
        **carbon,
        **weakens,
        **ahead,
        "now": _seconds(problem.now),
        "ready_by": _seconds(problem.ready_by),
        "slots": _slots(problem.slots),
        "prices_known_until": _seconds(problem.prices_known_until),
        "soc_percent": problem.soc_percent,
        "target_percent": problem.target_percent,
        "minimum_percent": problem.minimum_percent,
        "usable_wh": problem.usable_wh,
        "ac_power_w": problem.ac_power_w,
        "efficiency_percent": problem.efficiency_percent,
        "charging": problem.charging,
        "running": [[_seconds(start), _seconds(end)] for start, end in problem.running],
    }


def _night(night: NightAhead) -> list[object]:
    return [night.target_percent, _slots(night.slots), *([night.warm_up_s] if night.warm_up_s else [])]


def _sun(problem: PlanProblem) -> Mapping[str, object]:
    sun = problem.sun
    if sun is None:
        return {}
    surplus_w = [list(sun.surplus_w), *(list(night.surplus_w) for night in problem.ahead)]
    return {"sun": [sun.feed_in_micro_per_kwh, [list(level) for level in sun.levels], surplus_w]}


def _slots(slots: Sequence[PriceSlot]) -> list[list[int]]:
    return [[_seconds(slot.start), _seconds(slot.end), slot.price_micro_per_kwh] for slot in slots]


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
