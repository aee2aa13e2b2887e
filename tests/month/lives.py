"""Who the drivers of the month are, and what each does with the car: drawn once, the same under every way of charging.

Nobody looks at the battery here. A driver plugs in by habit, or where what was driven leaves less than `PLUGS_IN_BELOW`
of a battery that was full in the morning; so the stays do not depend on who charges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Europe/Amsterdam")
TARGET_PERCENT: Final = 80
PLUGS_IN_BELOW: Final = 60
NEVER_BELOW: Final = 25
"""So nobody needs the minimum that Chargekey charges at once, whatever it costs."""
SATURDAY: Final = 5
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """A model as its VIN names it, what Tesla's owners measure of it, and how often it is met here."""

    vin: str
    name: str
    usable_kwh: float
    wh_per_km: float
    share: int


KINDS: Final = (
    Kind("LRW3E7EK0NC", "Model 3", 57.5, 150, 45),
    Kind("XP7YGCEL0RB", "Model Y", 75.0, 170, 45),
    Kind("5YJSA7E20NF", "Model S", 94.0, 190, 10),
)
SUPPLIES: Final = (((3, 16), 70), ((1, 32), 15), ((1, 16), 15))
"""Phases and amperes at home, and how often they are met."""


class Stay(NamedTuple):
    """The cable is in. `km_before`: driven since the last one ended, or since the month began."""

    plugs_in: datetime
    leaves: datetime
    km_before: float


@dataclass(frozen=True, slots=True)
class Life:
    """One driver. `ready_by` by weekday, Monday is 0, on the clocks of `ZONE`; `age_percent`: left of a new battery."""

    vin: str
    kind: Kind
    age_percent: int
    begins_with_percent: int
    phases: int
    current_a: int
    ready_by: Sequence[time]
    stays: Sequence[Stay]

    @property
    def zone(self) -> ZoneInfo:
        return ZONE

    @property
    def usable_kwh(self) -> float:
        return self.kind.usable_kwh * self.age_percent / 100


def ready_bys(life: Life, since: datetime, until: datetime) -> list[datetime]:
    """All after `since`, up to `until` itself."""
    found, day = [], since.astimezone(ZONE).date()
    while day <= until.astimezone(ZONE).date():
        moment = datetime.combine(day, life.ready_by[day.weekday()], ZONE).astimezone(since.tzinfo)
        if since < moment <= until:
            found.append(moment)
        day += DAY
    return found


def next_ready_by(life: Life, now: datetime) -> datetime:
    return ready_bys(life, now, now + 2 * DAY)[0]


def lives(count: int, first: date, days: int, seed: int = 1) -> list[Life]:
    """So many drivers through so many days, from the noon of the first."""
    return [_life(number, first, days, Random(f"{seed} {number}")) for number in range(count)]


def _life(number: int, first: date, days: int, dice: Random) -> Life:
    kind = dice.choices(KINDS, [one.share for one in KINDS])[0]
    (phases, current_a), _ = dice.choices(SUPPLIES, [share for _, share in SUPPLIES])[0]
    workday, weekend = time(dice.choice((6, 7, 7, 8)), dice.choice((0, 15, 30, 45))), time(dice.choice((8, 9, 10)))
    ready_by = [weekend if weekday >= SATURDAY else workday for weekday in range(7)]
    age_percent, percent = dice.randint(92, 100), dice.randint(45, 75)
    kwh_a_percent = kind.usable_kwh * age_percent / 10_000
    return Life(
        vin=f"{kind.vin}{number:06d}",
        kind=kind,
        age_percent=age_percent,
        begins_with_percent=percent,
        phases=phases,
        current_a=current_a,
        ready_by=ready_by,
        stays=_stays(first, days, ready_by, percent, kind.wh_per_km / 1000 / kwh_a_percent, dice),
    )


def _stays(
    first: date, days: int, ready_by: Sequence[time], percent: float, percent_a_km: float, dice: Random
) -> list[Stay]:
    """One evening after the other."""
    commute_km, likes_the_cable = dice.lognormvariate(3.4, 0.5), dice.uniform(0.3, 1.0)
    stays: list[Stay] = []
    km = 0.0
    for day in (first + ahead * DAY for ahead in range(days)):
        if stays and stays[-1].leaves.astimezone(ZONE).date() > day:
            continue  # at home all day, the cable in
        today_km = min(_km(day, commute_km, dice), max(0.0, percent - NEVER_BELOW) / percent_a_km)
        km, percent = km + today_km, percent - today_km * percent_a_km
        morning = day + DAY
        while dice.random() < (0.35 if morning.weekday() >= SATURDAY else 0.03):
            morning += DAY
        comes, leaves = _comes(day, dice), _leaves(morning, ready_by, dice)
        if percent < PLUGS_IN_BELOW or dice.random() < likes_the_cable:
            stays.append(Stay(comes, leaves, round(km, 1)))
            km, percent = 0.0, max(percent, TARGET_PERCENT)
    return stays


def _km(day: date, commute_km: float, dice: Random) -> float:
    if dice.random() < 0.04:
        return dice.uniform(100, 220)
    return dice.lognormvariate(3.5, 0.7) if day.weekday() >= SATURDAY else commute_km * dice.uniform(0.85, 1.3)


def _comes(day: date, dice: Random) -> datetime:
    minutes = min(max(dice.gauss(18 * 60 + 15, 75), 14 * 60), 22 * 60 + 30)
    return _moment(day, minutes)


def _leaves(day: date, ready_by: Sequence[time], dice: Random) -> datetime:
    by = ready_by[day.weekday()]
    return _moment(day, by.hour * 60 + by.minute + dice.uniform(1, 40))


def _moment(day: date, minutes: float) -> datetime:
    """By the clocks on the wall; none of these hours is one that they skip or show twice."""
    seconds = round(minutes * 60)
    return datetime.combine(day, time(seconds // 3600, seconds // 60 % 60, seconds % 60), ZONE).astimezone(UTC)
