"""What is kept of a car: plain dated facts, written to the state file and read back.

No behaviour here beyond reading; `body` is what lives by these facts.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tesla_simulator.physics import Supply

_EARTH_RADIUS_M: Final = 6_371_000
_NEAR_M: Final = 200.0


@dataclass
class CarKey:
    """An app's key on the car. A removed one is remembered, since Tesla's servers tell of keys with a lag."""

    public_key_hex: str
    domain: str
    added_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True)
class LogEntry:
    """`kind` is `command`, `refused` or `event`; `name` is the command, or what happened."""

    at: datetime
    kind: str
    name: str
    detail: str = ""


@dataclass
class MeterReading:
    """A quarter of an hour by the clock, in UTC: what went through the wall and into the battery."""

    start: datetime
    end: datetime
    wall_wh: float
    battery_wh: float


@dataclass
class ChargeSchedule:
    """One of the car's own charge schedules. Times are minutes into the local day; Sunday is bit 1.

    It counts where the car knows that it stands there. One meant for a single day is disabled when that is over.
    """

    id: int
    days_of_week: int
    start_enabled: bool = False
    start_minute: int = 0
    end_enabled: bool = False
    end_minute: int = 0
    one_time: bool = False
    enabled: bool = True
    latitude: float = 0.0
    longitude: float = 0.0
    name: str = ""


@dataclass
class ScheduledCharging:
    """The older, single schedule of a car: charge at this minute of the local day."""

    enabled: bool = False
    start_minute: int = 0


@dataclass
class PreconditionSchedule:
    """Warm (or cool) by this minute of the local day; Sunday is bit 1."""

    id: int
    days_of_week: int
    minute: int
    one_time: bool = False
    enabled: bool = True
    latitude: float = 0.0
    longitude: float = 0.0
    name: str = ""


@dataclass
class ScheduledDeparture:
    """The older, single departure of a car. Times are minutes into the local day."""

    enabled: bool = False
    minute: int = 480
    preconditions: bool = False
    preconditions_on_weekdays_only: bool = False
    charges_off_peak: bool = False
    charges_off_peak_on_weekdays_only: bool = False
    off_peak_ends_minute: int = 900


@dataclass(frozen=True)
class Place:
    """In degrees."""

    latitude: float
    longitude: float

    def metres_to(self, other: "Place") -> float:
        """Along a great circle."""
        here, there = math.radians(self.latitude), math.radians(other.latitude)
        across = math.sin((there - here) / 2) ** 2
        across += math.cos(here) * math.cos(there) * math.sin(math.radians(other.longitude - self.longitude) / 2) ** 2
        return 2 * _EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, across)))

    def is_near(self, other: "Place") -> bool:
        """Within the 200 m or so that a parked car's own reading of where it is may be off by."""
        return self.metres_to(other) <= _NEAR_M


@dataclass
class CarRecord:
    """One car. Times are UTC; `settled_at` is how far it has been let live, `place` None is at home.

    `gps_lost_at`: since when it does not know where it is, though whoever looks is told where it last was.
    `warming_left`: how long its battery has yet to be heated, while it draws, before it takes anything in.
    `mode`: `valet` or `guest` while somebody else is lent the car, else nothing; its own screen shows it, no wire does.
    `key_lag` None: as the world's. `is_exempt_from_signing`: a business has it, and plain commands do.
    """

    vin: str
    number: int
    name: str
    usable_wh: float
    energy_wh: float
    settled_at: datetime
    last_active_at: datetime
    firmware: str = "2025.44.25"
    time_zone: str = "Europe/Amsterdam"
    home: Place = field(default_factory=lambda: Place(52.0907, 5.1214))
    place: Place | None = None
    gps_lost_at: datetime | None = None
    odometer_km: float = 24_000.0
    wh_per_km: float = 160.0
    max_current_a: int = 16

    is_awake: bool = True
    has_reception: bool = True
    wakes_at: datetime | None = None
    wakes_asked: int = 0
    sleeps_deeply: bool = False
    busy_until: datetime | None = None
    boots_until: datetime | None = None
    in_service: bool = False
    mode: str = ""
    allows_mobile_access: bool = True
    tesla_knows_of_mobile_access: bool = True

    supply_at_home: Supply = field(default_factory=Supply)
    is_plugged_in: bool = False
    port_is_open: bool = False
    wants_to_charge: bool = True
    is_complete: bool = False
    starting_until: datetime | None = None
    charge_limit_percent: int = 80
    requested_current_a: int = 16
    added_wh: float = 0.0
    drawn_wh: float = 0.0
    warming_left: timedelta = timedelta()
    schedules: dict[int, ChargeSchedule] = field(default_factory=dict)
    scheduled_charging: ScheduledCharging = field(default_factory=ScheduledCharging)
    pending_start: bool = False
    scheduled_departure: ScheduledDeparture = field(default_factory=ScheduledDeparture)
    precondition_schedules: dict[int, PreconditionSchedule] = field(default_factory=dict)

    is_locked: bool = True
    sentry_mode: bool = False
    climate_is_on: bool = False
    driver_temp_c: float = 20.0
    passenger_temp_c: float = 20.0

    keys: list[CarKey] = field(default_factory=list)
    other_keys: int = 2
    most_keys: int = 20
    key_lag: timedelta | None = None
    is_exempt_from_signing: bool = False
    lets_third_parties_stream: bool = True
    is_in_no_list: bool = False
    protocol_wrongly_not_required: bool = False
    protocol: dict[str, object] | None = None

    log: list[LogEntry] = field(default_factory=list)
    meter: list[MeterReading] = field(default_factory=list)

    @property
    def soc_percent(self) -> float:
        return 100 * self.energy_wh / self.usable_wh

    @property
    def stands_at(self) -> Place:
        return self.place or self.home

    def knows_that_it_is_at(self, place: Place) -> bool:
        return self.gps_lost_at is None and self.stands_at.is_near(place)

    @property
    def is_at_home(self) -> bool:
        return self.place is None or self.place == self.home
