"""How long a cold battery is warmed before anything gets into it: what a night showed, and what tonight has before it.

Rules of this room:

1. Once a night: a battery that was warmed stays warm for hours. It is behind a car whose count of energy has risen.
2. What a car draws while that count stands still warms its battery. Where nothing was seen of that the battery is warm,
   unless the car itself says tonight that it heats.
3. A night tells nothing where its looks are too far from each other to say when it began to draw, or to fill.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from chargekey.domain.evidence import ChargeState, Observation

ASSUMED_S: Final = 30 * 60
"""The middle of 15 to 45 minutes (smart-charging §6.3)."""
NEAR: Final = timedelta(minutes=10)
"""As far apart as two looks may be, one at rest and one that draws, to say when it began or ended."""
FAR: Final = timedelta(hours=2)
"""Over more than that, what is not quite known of its power comes to more than five minutes."""
LEAST: Final = timedelta(minutes=5)
"""Less is no warming: a car takes its time to begin, and is looked at a moment later."""
UNSURE_PERCENT: Final = 10
"""Of the time between two looks: so far what should have arrived meanwhile may be off."""
BEGINS_WITHIN: Final = timedelta(minutes=3)
"""A car that is first seen to draw began no longer before: so soon after its hour it is looked at."""
_JUST_BEGUN: Final = timedelta(minutes=15)
_HOUR: Final = timedelta(hours=1)

Seen = tuple[datetime, ChargeState]


@dataclass(frozen=True, slots=True)
class WarmUp:
    """What is still to come of it, and over how many nights it was measured. 0: it is assumed."""

    left: timedelta
    nights: int


def expected_s(learnt_s: int | None, reports: Sequence[Observation]) -> int:
    """What a start in the cold takes tonight, by what was learnt, in seconds. None: nothing was.

    `reports`: what the car said since it was plugged in. One that heats proves that it is cold.
    """
    heats = any(charge.heating_battery and charge.plugged_in for _, charge in seen_of(reports))
    return learnt_s or (ASSUMED_S if heats else 0)


def left_s(expected: int, reports: Sequence[Observation], now: datetime) -> int:
    """What of it is still before a car that said this since it was plugged in."""
    seen = seen_of(reports)
    if not seen or not expected:
        return expected
    spoke_at, last = seen[-1]
    heats = last.drawing and last.heating_battery
    if not heats and _has_filled(seen):
        return 0
    drew = sum((_drew_in_vain(*pair) for pair in pairwise(seen)), timedelta())
    drew += max(timedelta(), now - spoke_at) if last.drawing else timedelta()
    return max(0, expected - drew // timedelta(seconds=1))


def shown(seen: Sequence[Seen], battery_w: int | None) -> timedelta | None:
    """What a night that is over showed; nothing: it filled at once. None: it does not tell.

    `battery_w`: what gets in once it is warm; None: not known.
    """
    told = [one for one in seen if one[1].energy_added_wh is not None]
    if not told:
        return _as_it_said(seen)
    drew = timedelta()
    for before, after in pairwise(told):
        rise_wh = _rise_wh(before[1], after[1])
        if rise_wh:
            warmed = _until_it_filled(before, after, rise_wh, battery_w)
            return None if warmed is None else _worth_telling(drew + warmed, after[0] - before[0])
        drew += _drew_in_vain(before, after)
        if after[1].drawing and not before[1].drawing:
            drew += min(BEGINS_WITHIN, after[0] - before[0])
    return None


def seen_of(reports: Sequence[Observation]) -> list[Seen]:
    """What the car said of battery and cable, with its moment."""
    return [(one.observed_at, one.fact) for one in reports if isinstance(one.fact, ChargeState)]


# ── inside ───────────────────────────────────────────────────────


def _has_filled(seen: Sequence[Seen]) -> bool:
    """The counter of a car at rest may be of the last plug-in; of one that draws it is of this one."""
    first = seen[0][1]
    if first.drawing and first.energy_added_wh:
        return True
    return any(_rise_wh(before, after) for (_, before), (_, after) in pairwise(seen))


def _rise_wh(before: ChargeState, after: ChargeState) -> int:
    """What came in between, by the battery's own count; one that fell began anew. What trickles in beside the heat is
    nothing.
    """
    then, now = before.energy_added_wh, after.energy_added_wh
    if then is None or now is None or (after.drawing and after.heating_battery):
        return 0
    return now - then if now >= then else now


def _drew_in_vain(before: Seen, after: Seen) -> timedelta:
    """How long it drew between two looks of which the second shows nothing more in the battery."""
    gap = after[0] - before[0]
    if not before[1].drawing or _rise_wh(before[1], after[1]):
        return timedelta()
    return gap if after[1].drawing or gap <= NEAR else timedelta()


def _until_it_filled(before: Seen, after: Seen, rise_wh: int, battery_w: int | None) -> timedelta | None:
    """How long it still drew in vain after the first of two looks between which it began to fill."""
    gap = after[0] - before[0]
    if battery_w is None or not after[1].drawing:
        return None
    filled = _HOUR * rise_wh / battery_w
    if before[1].drawing:
        return max(timedelta(), gap - filled) if gap <= FAR else None
    # it began in between: soon before the second look, or who knows when
    return timedelta() if filled <= _JUST_BEGUN else None


def _worth_telling(warmed: timedelta, gap: timedelta) -> timedelta:
    return warmed if warmed >= max(LEAST, gap * UNSURE_PERCENT / 100) else timedelta()


def _as_it_said(seen: Sequence[Seen]) -> timedelta | None:
    """Of a car that counts nothing: as long as it said that it heated while it drew."""
    heated = [(before, after) for before, after in pairwise(seen) if before[1].drawing and before[1].heating_battery]
    if not heated or any(after[0] - before[0] > NEAR for before, after in heated):
        return None
    return _worth_telling(sum((after[0] - before[0] for before, after in heated), timedelta()), timedelta())
