"""How a plugged-in car charges, and how time passes for it.

Rules of this room:

1. A car begins to charge when it is plugged in, unless a schedule of its own tells it to wait.
2. Stopped stays stopped until somebody starts it, a schedule begins, or the cable is plugged in again.
3. At the limit it is complete. Raising the limit above what is in it lets it go on.
4. Time is walked from event to event, so it does not matter how often anybody looks.
5. A cold battery is heated first, with all that the charger gives and nothing going in; once, for it stays warm then.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from tesla_simulator import physics
from tesla_simulator.cars.record import CarRecord, LogEntry, MeterReading
from tesla_simulator.cars.timetable import Edge, next_edge, next_moment, waits_for_schedule

DISCONNECTED: Final = "Disconnected"
NO_POWER: Final = "NoPower"
STARTING: Final = "Starting"
CHARGING: Final = "Charging"
COMPLETE: Final = "Complete"
STOPPED: Final = "Stopped"

FALLS_ASLEEP_AFTER: Final = timedelta(minutes=15)
_STARTING_TAKES: Final = timedelta(seconds=3)
_QUARTER: Final = timedelta(minutes=15)
_STEP: Final = timedelta(minutes=1)
# Less than this below the limit, or where power tapers, counts as reached: a float's last bits charge nothing.
_AS_GOOD_AS_FULL_WH: Final = 1e-6


def charging_state(car: CarRecord) -> str:
    if not car.is_plugged_in:
        return DISCONNECTED
    if not car.supply_at_home.has_power:
        return NO_POWER
    if car.is_complete:
        return COMPLETE
    if not car.wants_to_charge:
        return STOPPED
    return STARTING if car.starting_until is not None else CHARGING


def current_limit_a(car: CarRecord) -> int:
    """What the cable and the car allow."""
    return min(car.max_current_a, car.supply_at_home.max_current_a)


def wall_power_kw(car: CarRecord) -> float:
    """Power drawn at this moment; nothing unless it is charging."""
    if charging_state(car) != CHARGING:
        return 0.0
    full_kw = car.supply_at_home.power_kw(min(car.requested_current_a, current_limit_a(car)))
    return physics.tapered_kw(full_kw, car.soc_percent)


def heats_its_battery(car: CarRecord) -> bool:
    """All that it draws goes there."""
    return charging_state(car) == CHARGING and car.warming_left > timedelta()


def battery_power_kw(car: CarRecord) -> float:
    """What goes into the battery at this moment."""
    return 0.0 if heats_its_battery(car) else physics.battery_power_kw(wall_power_kw(car))


def tapers(car: CarRecord) -> bool:
    """So near to full that power falls from moment to moment; until then it stays as it is."""
    return car.energy_wh >= _taper_wh(car) - _AS_GOOD_AS_FULL_WH


def _taper_wh(car: CarRecord) -> float:
    return car.usable_wh * physics.TAPER_FROM_PERCENT / 100


def limit_wh(car: CarRecord) -> float:
    return car.usable_wh * car.charge_limit_percent / 100


def note(car: CarRecord, what: str, detail: str = "", kind: str = "event") -> None:
    car.log.append(LogEntry(car.settled_at, kind, what, detail))


def begin_to_charge(car: CarRecord) -> None:
    """Starting, or complete at once. The caller knows that it is plugged in."""
    car.wants_to_charge = True
    car.pending_start = False
    car.last_active_at = car.settled_at
    if car.energy_wh >= limit_wh(car) - _AS_GOOD_AS_FULL_WH:
        car.is_complete, car.starting_until = True, None
        return
    car.is_awake = True
    car.is_complete = False
    car.starting_until = car.settled_at + _STARTING_TAKES


def stop_charging(car: CarRecord) -> None:
    car.wants_to_charge = False
    car.starting_until = None
    car.last_active_at = car.settled_at
    note(car, "stopped")


def plug_in(car: CarRecord) -> None:
    car.is_plugged_in = car.port_is_open = car.is_awake = True
    car.is_complete = False
    car.added_wh = car.drawn_wh = 0.0
    car.last_active_at = car.settled_at
    note(car, "plugged in")
    if waits_for_schedule(car, car.settled_at):
        car.wants_to_charge, car.pending_start = False, True
    else:
        begin_to_charge(car)


def unplug(car: CarRecord) -> None:
    car.is_plugged_in = car.port_is_open = False
    car.is_complete = car.pending_start = False
    car.wants_to_charge = car.is_awake = True
    car.starting_until = None
    car.last_active_at = car.settled_at
    note(car, "unplugged")


def live_until(car: CarRecord, moment: datetime) -> None:
    """Let the time from `settled_at` to `moment` pass for this car."""
    while car.settled_at < moment:
        live_on(car, moment)


def live_on(car: CarRecord, until: datetime) -> bool:
    """Let time pass, but not beyond the next thing that happens to it. True: it has happened. `until` lies ahead."""
    edge, is_charging = next_edge(car, car.settled_at), charging_state(car) == CHARGING
    tapered, heated = tapers(car), heats_its_battery(car)
    dues = [due for due in (*_dues(car), *([edge.at] if edge else [])) if due > car.settled_at]
    ends = min([until, *dues])
    if heated:
        _heat_until(car, ends)
    elif is_charging:
        _charge_until(car, ends)
    else:
        car.settled_at = ends
    _let_happen_what_is_due(car)
    if edge is not None and edge.at <= car.settled_at:
        _obey(car, edge)
    changed = is_charging and (car.is_complete or tapers(car) is not tapered)
    changed = changed or (heated and not heats_its_battery(car))
    return changed or any(due <= car.settled_at for due in dues)


def _dues(car: CarRecord) -> list[datetime]:
    """When this car may change by itself."""
    dues = [due for due in (car.wakes_at, car.starting_until) if due is not None]
    if car.is_awake and not _keeps_awake(car):
        dues.append(car.last_active_at + FALLS_ASLEEP_AFTER)
    if car.scheduled_departure.enabled:
        dues.append(next_moment(car, car.scheduled_departure.minute, car.settled_at))
    return dues


def _keeps_awake(car: CarRecord) -> bool:
    return charging_state(car) in (CHARGING, STARTING)


def _heat_until(car: CarRecord, ends: datetime) -> None:
    took = min(ends, _quarter_of(car.settled_at) + _QUARTER, car.settled_at + car.warming_left) - car.settled_at
    car.warming_left -= took
    _let_flow(car, physics.heat(wall_power_kw(car), took))
    if not car.warming_left:
        note(car, "battery is warm")


def _charge_until(car: CarRecord, ends: datetime) -> None:
    at_most = min(ends, _quarter_of(car.settled_at) + _QUARTER, car.settled_at + _STEP) - car.settled_at
    ends_wh = limit_wh(car) if tapers(car) else min(limit_wh(car), _taper_wh(car))
    wanted_wh = max(0.0, ends_wh - car.energy_wh)
    _let_flow(car, physics.flow(wall_power_kw(car), wanted_wh, at_most))
    if car.energy_wh >= limit_wh(car) - _AS_GOOD_AS_FULL_WH:
        car.is_complete = True
        car.last_active_at = car.settled_at
        note(car, "complete")


def _let_flow(car: CarRecord, went: physics.Flow) -> None:
    quarter = _quarter_of(car.settled_at)
    if not car.meter or car.meter[-1].start != quarter:
        car.meter.append(MeterReading(quarter, quarter + _QUARTER, 0.0, 0.0))
    car.meter[-1].wall_wh += went.wall_wh
    car.meter[-1].battery_wh += went.battery_wh
    car.energy_wh += went.battery_wh
    car.added_wh += went.battery_wh
    car.drawn_wh += went.wall_wh
    car.settled_at += went.took


def _quarter_of(moment: datetime) -> datetime:
    utc = moment.astimezone(UTC)
    return utc.replace(minute=utc.minute // 15 * 15, second=0, microsecond=0)


def _let_happen_what_is_due(car: CarRecord) -> None:
    now = car.settled_at
    if car.wakes_at is not None and car.wakes_at <= now:
        car.wakes_at = None
        if not car.is_awake:
            note(car, "woke up")
        car.is_awake, car.last_active_at = True, now
    if car.starting_until is not None and car.starting_until <= now:
        car.starting_until = None
        if charging_state(car) == CHARGING:
            note(car, "began to charge")
    if car.is_awake and not _keeps_awake(car) and car.last_active_at + FALLS_ASLEEP_AFTER <= now:
        car.is_awake = False
        note(car, "fell asleep")


def _obey(car: CarRecord, edge: Edge) -> None:
    """A schedule begins or ends. One meant for a single day has done its work at its last edge."""
    state = charging_state(car)
    if edge.begins and state == STOPPED:
        begin_to_charge(car)
    elif not edge.begins and state in (CHARGING, STARTING):
        stop_charging(car)
    schedule = car.schedules.get(edge.schedule_id) if edge.schedule_id is not None else None
    if schedule is not None and schedule.one_time and not (edge.begins and schedule.end_enabled):
        schedule.enabled = False
