"""Tonight, while it charges, why it does not, and what came of it in the morning."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

from chargekey.domain.car_schedules import CarSchedule
from chargekey.domain.delivery import Delivery
from chargekey.domain.night import Order, Wish
from chargekey.domain.span import Span
from chargekey.domain.spend import Degree
from chargekey.domain.vehicle import Reach, Vin
from chargekey.entrypoints.web.charts import ChartSlot, Drawing, HourRow, PlanChart, by_hour, draw
from chargekey.entrypoints.web.screens.stuck import WaitsFor
from chargekey.entrypoints.web.screens.sun import OwnSun, SunTonight
from chargekey.journeys.keep_to_budget import MonthOfCar

Window = tuple[datetime, datetime]
TOLD_FROM_MG: Final = 100_000
"""A tenth of a kilogram: less is within what a forecast errs by."""


class Mood(StrEnum):
    """What the car is doing, and so what tonight's page is about."""

    NOT_PLUGGED_IN = "not_plugged_in"
    WAITING = "waiting"
    CHARGING = "charging"
    DONE = "done"
    RESTING = "resting"
    STOPPED = "stopped"
    SKIPPED = "skipped"
    NOT_YET_SEEN = "not_yet_seen"
    NO_POWER = "no_power"
    NOT_HOME = "not_home"


@dataclass(frozen=True, slots=True)
class Charted:
    """A chart, drawn, with the values that its words and its table need."""

    chart: PlanChart
    drawing: Drawing

    @property
    def slots(self) -> tuple[ChartSlot, ...]:
        return self.chart.slots

    @property
    def hours(self) -> tuple[HourRow, ...]:
        return by_hour(self.chart.slots)


def charted(chart: PlanChart, zone: str) -> Charted | None:
    """The chart with its drawing, None where there is no price to draw."""
    drawing = draw(chart, zone)
    return Charted(chart, drawing) if drawing else None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What the plan cannot reach, and when it will; `reached_at` None: nobody knows.

    `cap_micro_per_kwh`: because hours that cost more are left alone; None: that is not why.
    """

    reaches_percent: int
    target_percent: int
    reached_at: datetime | None
    cap_micro_per_kwh: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """One order to the car, and what we know of it."""

    order: Order
    current_a: int | None
    delivery: Delivery
    at: datetime
    settled_at: datetime | None
    detail: str
    schedule: CarSchedule | None = None


@dataclass(frozen=True, slots=True)
class InCar:
    """`is_kept`: the car begins and ends its hours by itself. `others`: what else it goes by at home.

    `guard`: the schedule of ours that it waits for whenever it is plugged in, None where it charges at once.
    """

    is_kept: bool = False
    others: tuple[CarSchedule, ...] = ()
    guard: CarSchedule | None = None


@dataclass(frozen=True, slots=True)
class Estimated:
    """The plan goes by estimates `after` this moment.

    `out_at`: when what is not out yet comes out, about; None: it is late, and may come any moment. `is_forecast`:
    whoever sets the prices forecasts them until ready-by.
    """

    after: datetime
    out_at: datetime | None
    is_forecast: bool = False


@dataclass(frozen=True, slots=True)
class Ahead:
    """Tonight charges for a goal ahead too: what tonight's own is, what that one is, and by when.

    `has_other_nights` False: until then there are no other hours in which the car is supposed to be plugged in.
    """

    goal_percent: int
    later_percent: int
    later_by: datetime
    has_other_nights: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """What the plan was chosen from: so many quarters of an hour.

    Then the highest price that it pays by choice and the lowest that it leaves, per kWh; and how many starts fewer than
    the cheapest quarters alone it takes, and what more that costs.
    """

    quarters: int
    dearest_chosen_micro: int | None
    next_price_micro: int | None
    starts_spared: int = 0
    paid_for_that_micro: int = 0


@dataclass(frozen=True, slots=True)
class Rest:
    """A holiday: `until` this evening nothing is charged beyond the minimum, after it for the next ready-by time."""

    until: datetime
    minimum_percent: int
    goal_percent: int


@dataclass(frozen=True, slots=True)
class Once:
    """Ready-by has a goal of its own, on this date alone: what that weekday has else. `ready_by` None: nothing."""

    goal_percent: int
    weekday: int
    ready_by: time | None
    target_percent: int


@dataclass(frozen=True, slots=True)
class Warms:
    """A cold battery is warmed first: for how many minutes more, and over how many nights that was measured.

    `nights` 0: it is assumed. `is_on`: just now.
    """

    minutes: int
    nights: int
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class IfLater:
    """Another ready-by time, and how much less the night would cost with it."""

    ready_by: datetime
    saves: Decimal


@dataclass(frozen=True, slots=True)
class Tonight:
    """The night to come, or the one that is. Money None: not known.

    `carbon_avoided_mg`: the CO2 that it stands for less than charging at plug-in would, below nothing if more; None:
    nobody knows. `carbon_source`: whose word that is.

    `month`: what Tesla has billed for this car, where that changes anything tonight; None: it does not.
    `windows` are those still to come or running; `has_plan` False: nothing is planned, and `compared` None. `later`
    is what another ready-by time would save; None: nothing worth telling.
    `estimated` None: the plan goes by published prices alone. `no_price_after`: from then on no price is known and
    none will come. `goes_by_price` False: hours are not chosen by what they cost, for that is not known or always
    the same. `ahead` None: tonight charges for its own goal alone; `target_percent` is up to where it charges.
    `warms` None: its battery is not cold, or nothing is to be charged. `rest` None: no holiday is before ready-by.
    `once` None: ready-by is as on any other of its weekdays. `sun` None: none of the home's own is charged tonight.
    """

    template: ClassVar[str] = "tonight/tonight.html"
    mood: Mood
    wish: Wish
    car: Vin
    reach: Reach
    seen_at: datetime | None
    charge_seen_at: datetime | None
    plugged_in_at: datetime | None
    soc_percent: int | None
    target_percent: int
    ready_by: datetime | None
    windows: tuple[Window, ...]
    has_plan: bool
    wished_at: datetime | None
    done_at: datetime | None
    night_id: int | None
    charging_since: datetime | None
    power_w: int | None
    limit_percent: int | None
    charted: Charted | None
    cost: Decimal | None
    cost_so_far: Decimal | None
    price_micro_per_kwh: int | None
    at_once_cost: Decimal | None
    shortfall: Shortfall | None
    compared: Compared | None
    later: IfLater | None
    estimated: Estimated | None
    no_price_after: datetime | None
    goes_by_price: bool
    carbon_avoided_mg: int | None
    carbon_source: str
    is_unproved: bool
    last_sent: Sent | None
    in_car: InCar = InCar()
    held: WaitsFor | None = None
    month: MonthOfCar | None = None
    ahead: Ahead | None = None
    rest: Rest | None = None
    once: Once | None = None
    warms: Warms | None = None
    sun: SunTonight | None = None

    @property
    def by_hand(self) -> bool:
        """Nothing may be sent any more this month: whoever wants it charged starts it himself, or the car does."""
        return self.month is not None and self.month.degree is Degree.SPENT and not self.in_car.is_kept

    @property
    def tells_carbon(self) -> bool:
        """Whether the difference is one that a forecast can tell."""
        return self.carbon_avoided_mg is not None and abs(self.carbon_avoided_mg) >= TOLD_FROM_MG

    @property
    def finishes_at(self) -> datetime | None:
        """When the last window ends."""
        return self.windows[-1][1] if self.windows else None

    @property
    def saved(self) -> Decimal | None:
        """By not charging at once."""
        if self.at_once_cost is None or self.cost is None:
            return None
        return self.at_once_cost - self.cost


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why it is not charging just now."""

    template: ClassVar[str] = "tonight/why.html"
    tonight: Tonight
    price_now_micro: int | None
    price_then_micro: int | None
    full_at_if_now: datetime | None
    now_cost: Decimal | None
    key_proved_at: datetime | None
    needs_no_key: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the night's time-line: what was seen, or what was sent and what came of it.

    `schedule`: of somebody else, which likely made it begin or end; None: it was none.
    """

    at: datetime
    what: str
    sent: Sent | None = None
    percent: int | None = None
    schedule: CarSchedule | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """When a night was booked. `is_reckoned`: later, or from what its plans knew. `corrected_at`: last, if ever."""

    at: datetime
    is_reckoned: bool
    corrected_at: datetime | None


@dataclass(frozen=True, slots=True)
class Morning:
    """What a night came to. `reached_at` None: the target was not reached. `paid` None: a price is not known.

    `carbon_mg` None: how clean some of it was is not known; `avoided_mg`: less than charging at once, below nothing if
    more. `carbon_source`: whose word that is; empty: nobody told. `sun` None: nothing of it was the home's own.
    `greets`: it is over, and was so in a morning.

    `booked` None: it is not over, or was only just.
    """

    template: ClassVar[str] = "tonight/morning.html"
    car: Vin
    began_at: datetime
    ended_at: datetime | None
    woke_to: datetime
    soc_start_percent: int | None
    soc_end_percent: int | None
    target_percent: int
    ready_by: datetime | None
    reached_at: datetime | None
    planned_end: datetime | None
    paid: Decimal | None
    saved: Decimal | None
    at_once_cost: Decimal | None
    energy_wh: int
    charted: Charted | None
    happened: tuple[Happened, ...]
    tesla_bill_micro_usd: int
    calls_data: int
    calls_commands: int
    calls_wakes: int
    measured_at: datetime | None
    is_open: bool
    booked: Booked | None = None
    carbon_mg: int | None = None
    avoided_mg: int | None = None
    carbon_source: str = ""
    sun: OwnSun | None = None
    greets: bool = True


@dataclass(frozen=True, slots=True)
class NightLine:
    """One night of the list. `paid` None: nothing was charged, it is not over, or no price known in this currency."""

    id: int
    day: date
    began_at: datetime
    ended_at: datetime | None
    energy_wh: int
    paid: Decimal | None
    saved: Decimal | None
    lacks_a_price: bool = False


@dataclass(frozen=True, slots=True)
class Nights:
    """The latest nights, newest first; empty before the first. `month` is the one whose sums are offered."""

    template: ClassVar[str] = "tonight/nights.html"
    car: Vin
    nights: tuple[NightLine, ...]
    month: Span

    @property
    def lacks_a_price(self) -> bool:
        """Whether a night is over that charged and has no cost: a price of it is not known."""
        return any(one.energy_wh and one.lacks_a_price for one in self.nights)
