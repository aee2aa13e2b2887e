"""Orders beside charging: locks, climate, lights, departure. What they set is kept and told, and moves no energy."""

from collections.abc import Mapping
from typing import Final

from tesla_simulator.cars.arguments import DONE, INVALID, Arguments, Command, days, number, whole_number
from tesla_simulator.cars.record import CarRecord, PreconditionSchedule, ScheduledDeparture
from tesla_simulator.vehicle_protocol.orders import Outcome

_COLDEST_C: Final = 15.0
_WARMEST_C: Final = 28.0
_MOST_SCHEDULES: Final = 10
_MINUTES_A_DAY: Final = 24 * 60


def _lock(car: CarRecord, _: Arguments) -> Outcome:
    car.is_locked = True
    return DONE


def _unlock(car: CarRecord, _: Arguments) -> Outcome:
    car.is_locked = False
    return DONE


def _climate_on(car: CarRecord, _: Arguments) -> Outcome:
    car.climate_is_on = True
    return DONE


def _climate_off(car: CarRecord, _: Arguments) -> Outcome:
    car.climate_is_on = False
    return DONE


def _set_temperatures(car: CarRecord, arguments: Arguments) -> Outcome:
    driver = number(arguments.get("driver_temp"))
    passenger = number(arguments.get("passenger_temp", driver))
    if driver is None or passenger is None:
        return INVALID
    car.driver_temp_c, car.passenger_temp_c = (min(max(_COLDEST_C, one), _WARMEST_C) for one in (driver, passenger))
    return DONE


def _set_sentry_mode(car: CarRecord, arguments: Arguments) -> Outcome:
    on = arguments.get("on")
    if not isinstance(on, bool):
        return INVALID
    car.sentry_mode = on
    return DONE


def _is_seen_or_heard(_: CarRecord, __: Arguments) -> Outcome:
    return DONE


def _set_scheduled_departure(car: CarRecord, arguments: Arguments) -> Outcome:
    enable = arguments.get("enable")
    leaves, off_peak_ends = (whole_number(arguments.get(one, 0)) for one in ("departure_time", "end_off_peak_time"))
    if not isinstance(enable, bool) or leaves is None or off_peak_ends is None:
        return INVALID
    if not (0 <= leaves < _MINUTES_A_DAY and 0 <= off_peak_ends < _MINUTES_A_DAY):
        return INVALID
    car.scheduled_departure = ScheduledDeparture(
        enabled=enable,
        minute=leaves,
        preconditions=arguments.get("preconditioning_enabled") is True,
        preconditions_on_weekdays_only=arguments.get("preconditioning_weekdays_only") is True,
        charges_off_peak=arguments.get("off_peak_charging_enabled") is True,
        charges_off_peak_on_weekdays_only=arguments.get("off_peak_charging_weekdays_only") is True,
        off_peak_ends_minute=off_peak_ends,
    )
    return DONE


def _add_precondition_schedule(car: CarRecord, arguments: Arguments) -> Outcome:
    on, minute = days(arguments.get("days_of_week", "All")), whole_number(arguments.get("precondition_time"))
    schedule = whole_number(arguments.get("id")) or int(car.settled_at.timestamp())
    if on is None or minute is None:
        return INVALID
    if schedule not in car.precondition_schedules and len(car.precondition_schedules) >= _MOST_SCHEDULES:
        return Outcome(False, "too_many_schedules")
    car.precondition_schedules[schedule] = PreconditionSchedule(
        id=schedule,
        days_of_week=on,
        minute=minute,
        one_time=arguments.get("one_time") is True,
        enabled=arguments.get("enabled", True) is True,
        latitude=number(arguments.get("lat")) or 0.0,
        longitude=number(arguments.get("lon")) or 0.0,
        name=str(arguments.get("name", "")),
    )
    return DONE


def _remove_precondition_schedule(car: CarRecord, arguments: Arguments) -> Outcome:
    schedule = whole_number(arguments.get("id"))
    if schedule is None or schedule not in car.precondition_schedules:
        return INVALID
    del car.precondition_schedules[schedule]
    return DONE


def _remove_precondition_schedules(car: CarRecord, _: Arguments) -> Outcome:
    car.precondition_schedules.clear()
    return DONE


COMFORT: Final[Mapping[str, Command]] = {
    "door_lock": _lock,
    "door_unlock": _unlock,
    "auto_conditioning_start": _climate_on,
    "auto_conditioning_stop": _climate_off,
    "set_temps": _set_temperatures,
    "set_sentry_mode": _set_sentry_mode,
    "flash_lights": _is_seen_or_heard,
    "honk_horn": _is_seen_or_heard,
}
"""Only with the scope for all commands."""
DEPARTURE: Final[Mapping[str, Command]] = {
    "set_scheduled_departure": _set_scheduled_departure,
    "add_precondition_schedule": _add_precondition_schedule,
    "remove_precondition_schedule": _remove_precondition_schedule,
    "batch_remove_precondition_schedules": _remove_precondition_schedules,
}
