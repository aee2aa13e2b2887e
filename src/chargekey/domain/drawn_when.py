"""When a night's energy was drawn, from what the car reported and was told.

Rules of this room:

1. Between two reports the car drew evenly, from its start (or the first report) to its stop (or the last).
2. A car that keeps its windows itself drew in them, one after another at full power: nobody need have looked.
3. Where it was told another current in between, it drew in proportion to it from then on.
4. A car that says that it heats its battery draws its power all the same, although little or nothing arrives.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState, Observation
from chargekey.domain.lesson import wall_power
from chargekey.domain.night import Agreed, Command, Order, agreed_currents

_HOUR: Final = timedelta(hours=1)
_MOMENT: Final = timedelta(microseconds=1)
MAY_DRAW_MORE_PERCENT: Final = 25
"""Than the power that it was reckoned with: a voltage above the nominal, a better efficiency."""
Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Stretch:
    """An even draw of so many Wh into the battery. `current_a` None: at whatever the car was set to.

    `wall_wh`: of a car that heated its battery, by its own power; None: by the usual share of what arrives.
    """

    start: datetime
    end: datetime
    battery_wh: int
    current_a: int | None = None
    wall_wh: int | None = None


class Part(NamedTuple):
    """A time at one current, of what the car draws at the full one."""

    start: datetime
    end: datetime
    current_a: int
    full_a: int


@dataclass(frozen=True, slots=True)
class Currents:
    """What currents the car agreed to, and when; `full_a`: the one that it is set to otherwise."""

    agreed: tuple[Agreed, ...]
    full_a: int

    def parts(self, start: datetime, end: datetime) -> list[Part]:
        """What lies between, cut where the current changed."""
        before = [current_a for moment, current_a in self.agreed if moment <= start]
        changes = [Agreed(start, before[-1] if before else self.full_a)]
        changes += [one for one in self.agreed if start < one.at < end]
        edges = [*(moment for moment, _ in changes), end]
        return [Part(*ends, amps, self.full_a) for ends, (_, amps) in zip(pairwise(edges), changes, strict=True)]

    def spread(self, stretch: Stretch) -> list[Stretch]:
        """The same energy, by current."""
        parts = self.parts(stretch.start, stretch.end)
        if len(parts) == 1:
            return [replace(stretch, current_a=parts[0].current_a)]
        weights = [(part.end - part.start) // _MOMENT * part.current_a for part in parts]
        reached = [stretch.battery_wh * weight // sum(weights) for weight in accumulate(weights, initial=0)]
        drawn = [after - before for before, after in pairwise(reached)]
        return [Stretch(*part[:2], wh, part.current_a) for part, wh in zip(parts, drawn, strict=True) if wh]


def currents_of(reports: Sequence[Observation], commands: Sequence[Command]) -> Currents:
    """By what it agreed to, and what it was set to when it first said so."""
    agreed = agreed_currents(commands)
    states = [one.fact for one in reports if isinstance(one.fact, ChargeState)]
    said = next((state.current_asked_a for state in states if state.current_asked_a), 1)
    return Currents(agreed, max([said, *(current_a for _, current_a in agreed)]))


@dataclass(frozen=True, slots=True)
class OwnWindows:
    """When the car charges by itself, and how much reaches its battery then, at full current."""

    windows: tuple[Window, ...]
    battery_w: int

    def share(self, start: datetime, end: datetime, battery_wh: int, currents: Currents) -> list[Stretch]:
        """What was drawn between two moments, by window. []: not in them alone, for they have no room for so much."""
        cut = [(max(start, opens), min(end, closes)) for opens, closes in self.windows]
        ahead = [part for opens, closes in cut if opens < closes for part in currents.parts(opens, closes)]
        rooms_wh = [self._battery_w(part) * (part.end - part.start) // _HOUR for part in ahead]
        room_wh = sum(rooms_wh)
        if battery_wh * 100 > room_wh * (100 + MAY_DRAW_MORE_PERCENT):
            return []
        if battery_wh > room_wh:
            rooms_wh = [battery_wh * room // room_wh for room in rooms_wh]
            rooms_wh[-1] += battery_wh - sum(rooms_wh)
        stretches = []
        for part, room_wh in zip(ahead, rooms_wh, strict=True):
            drawn_wh = min(room_wh, battery_wh)
            battery_wh -= drawn_wh
            if drawn_wh:
                closes = part.start + _HOUR * drawn_wh / self._battery_w(part)
                stretches.append(Stretch(part.start, min(part.end, closes), drawn_wh, part.current_a))
        return stretches

    def _battery_w(self, part: Part) -> int:
        return self.battery_w * part.current_a // part.full_a


def before_first_report(reports: Sequence[Observation], plugged_in_at: datetime) -> list[Stretch]:
    """What a car that charged by itself had drawn before we first looked.

    Only a drawing car's counter is of this plug-in: a resting one may still show the last one's.
    """
    first = reports[0].fact if reports else None
    if not isinstance(first, ChargeState) or not first.drawing or not first.energy_added_wh:
        return []
    return [Stretch(plugged_in_at, reports[0].observed_at, first.energy_added_wh)]


def stretches_between(reports: Sequence[Observation], commands: Sequence[Command], own: OwnWindows) -> list[Stretch]:
    """What was drawn from report to report, in order."""
    stretches: list[Stretch] = []
    currents = currents_of(reports, commands)
    for earlier, later in pairwise(reports):
        before, after = earlier.fact, later.fact
        if not isinstance(before, ChargeState) or not isinstance(after, ChargeState):
            continue
        if before.energy_added_wh is None or after.energy_added_wh is None:
            continue
        drawn_wh = after.energy_added_wh - before.energy_added_wh
        if drawn_wh < 0:  # the car began to count anew
            drawn_wh = after.energy_added_wh
        if heats := _heating(earlier, later, drawn_wh, commands, own):
            stretches.append(heats)
            continue
        if drawn_wh == 0:
            continue
        start, end = earlier.observed_at, later.observed_at
        if not _settled(commands, Order.START, start, end) and (shared := own.share(start, end, drawn_wh, currents)):
            stretches += shared
            continue
        if not before.drawing:
            start = max(_settled(commands, Order.START, start, end), default=start)
        if not after.drawing:
            end = min(_settled(commands, Order.STOP, start, end), default=end)
        stretches += currents.spread(Stretch(start, end, drawn_wh))
    return stretches


def _heating(
    earlier: Observation, later: Observation, battery_wh: int, commands: Sequence[Command], own: OwnWindows
) -> Stretch | None:
    """What a car took that heated its battery at the first of two looks, or that had begun to by the second.

    None: it did not, or nobody knows when it began or ended.
    """
    start, end = earlier.observed_at, later.observed_at
    if not (isinstance(earlier.fact, ChargeState) and isinstance(later.fact, ChargeState)):
        return None
    heats = earlier.fact if earlier.fact.drawing else later.fact
    power = wall_power(heats) if heats.heating_battery else None
    if power is None or (battery_wh and heats is later.fact) or _settled(commands, Order.SET_CURRENT, start, end):
        return None
    if not earlier.fact.drawing:
        opened = [opens for opens, _ in own.windows if start <= opens <= end]
        start = max([*opened, *_settled(commands, Order.START, start, end)], default=end)
    if not later.fact.drawing:
        end = min(_settled(commands, Order.STOP, start, end), default=start)
    if start >= end:
        return None
    return Stretch(start, end, battery_wh, wall_wh=power[0] * (end - start) // _HOUR)


def _settled(commands: Sequence[Command], order: Order, start: datetime, end: datetime) -> list[datetime]:
    """When the car agreed to that order within the interval."""
    return [
        one.settled_at
        for one in commands
        if one.order is order and one.delivery is Delivery.DONE and one.settled_at and start <= one.settled_at <= end
    ]
