"""When a car's own schedules next begin or end a charge, in its local time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tesla_simulator.cars.record import CarRecord, ChargeSchedule, Place

EVERY_DAY = 0b1111111
_A_WEEK_AND_A_DAY = 8


@dataclass(frozen=True, order=True)
class Edge:
    """At this moment a schedule begins a charge, or ends it. `schedule_id` is None for the older kind."""

    at: datetime
    begins: bool
    schedule_id: int | None = None


def next_edge(record: CarRecord, after: datetime) -> Edge | None:
    """The first edge strictly after `after`, or None when no schedule is in force."""
    return next(_edges(record, after), None)


def waits_for_schedule(record: CarRecord, now: datetime) -> bool:
    """True when a car plugged in now would wait: a schedule is in force and we are outside its hours."""
    edge = next_edge(record, now)
    return edge is not None and edge.begins


def next_start(record: CarRecord, after: datetime) -> datetime | None:
    return next((edge.at for edge in _edges(record, after) if edge.begins), None)


def next_moment(record: CarRecord, minute: int, after: datetime) -> datetime:
    """When it is next this minute of the car's local day."""
    zone = ZoneInfo(record.time_zone)
    today = after.astimezone(zone).date()
    found = _moment(today, minute, zone)
    return found if found > after else _moment(today + timedelta(days=1), minute, zone)


def _edges(record: CarRecord, after: datetime) -> Iterator[Edge]:
    """In their order, from the first strictly after `after` to the end of the same day in a week."""
    in_force = [schedule for schedule in record.schedules.values() if is_in_force(record, schedule)]
    if not record.scheduled_charging.enabled and not in_force:
        return
    zone = ZoneInfo(record.time_zone)
    today = after.astimezone(zone).date()
    for number in range(_A_WEEK_AND_A_DAY):
        day = today + timedelta(days=number)
        edges: list[Edge] = []
        if record.scheduled_charging.enabled:
            edges.append(Edge(_moment(day, record.scheduled_charging.start_minute, zone), begins=True))
        for schedule in in_force:
            edges.extend(_edges_of(schedule, day, zone))
        yield from sorted((edge for edge in edges if edge.at > after), key=lambda edge: edge.at)


def is_in_force(record: CarRecord, schedule: ChargeSchedule) -> bool:
    """Whether the car goes by it: not elsewhere, and not where it has lost its GPS (vehicle-command issue 335)."""
    return schedule.enabled and record.knows_that_it_is_at(Place(schedule.latitude, schedule.longitude))


def _edges_of(schedule: ChargeSchedule, day: date, zone: ZoneInfo) -> Iterator[Edge]:
    """Those that fall on this day; a charge that goes on over midnight has begun the day before."""
    if schedule.end_enabled:
        overnight = schedule.start_enabled and schedule.end_minute <= schedule.start_minute
        if _runs_on(schedule, day - timedelta(days=1) if overnight else day):
            yield Edge(_moment(day, schedule.end_minute, zone), False, schedule.id)
    if schedule.start_enabled and _runs_on(schedule, day):
        yield Edge(_moment(day, schedule.start_minute, zone), True, schedule.id)


def _runs_on(schedule: ChargeSchedule, day: date) -> bool:
    return bool(schedule.days_of_week & 1 << day.isoweekday() % 7)


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(minute // 60 % 24, minute % 60), zone).astimezone(UTC)
