"""What a car can be told, by the names of Tesla's REST commands: one table for both ways in.

Refusals carry Tesla's bare reasons. An accepted command stands in the car's log as `command`, a refused one as
`refused`, so that a story can count what was really sent.
"""

from collections.abc import Mapping
from typing import Final

from tesla_simulator.cars import charging
from tesla_simulator.cars.arguments import DONE, INVALID, Arguments, Command, days, number, whole_number
from tesla_simulator.cars.comfort import COMFORT, DEPARTURE
from tesla_simulator.cars.record import CarRecord, ChargeSchedule, Place
from tesla_simulator.cars.timetable import next_start
from tesla_simulator.vehicle_protocol.orders import Outcome

_LOWEST_LIMIT_PERCENT: Final = 50
_STANDARD_LIMIT_PERCENT: Final = 80
_MOST_SCHEDULES: Final = 10
_NOWHERE: Final = Place(0.0, 0.0)


def execute(car: CarRecord, name: str, arguments: Arguments) -> Outcome:
    """Do it, or say why not. The car is awake and has been let live until now."""
    command = _COMMANDS.get(name)
    if command is None:
        return Outcome(False, "not_supported")
    outcome = command(car, arguments)
    car.last_active_at = car.settled_at
    detail = ", ".join(f"{key}={value}" for key, value in arguments.items()) if outcome.ok else outcome.reason
    charging.note(car, name, detail, kind="command" if outcome.ok else "refused")
    return outcome


def is_known(name: str) -> bool:
    return name in _COMMANDS


def is_about_charging(name: str) -> bool:
    """These an app may order with the charging scope alone."""
    return name in _CHARGING


def _charge_start(car: CarRecord, _: Arguments) -> Outcome:
    reason = _REFUSES_TO_START.get(charging.charging_state(car))
    if reason is None and car.energy_wh >= charging.limit_wh(car):
        reason = "complete"
    if reason is not None:
        return Outcome(False, reason)
    charging.begin_to_charge(car)
    return DONE


def _charge_stop(car: CarRecord, _: Arguments) -> Outcome:
    if charging.charging_state(car) not in (charging.CHARGING, charging.STARTING):
        return Outcome(False, "not_charging")
    charging.stop_charging(car)
    return DONE


def _set_charging_amps(car: CarRecord, arguments: Arguments) -> Outcome:
    asked = whole_number(arguments.get("charging_amps"))
    if asked is None or asked < 0:
        return INVALID
    car.requested_current_a = max(1, min(asked, charging.current_limit_a(car)))
    return DONE


def _set_charge_limit(car: CarRecord, arguments: Arguments) -> Outcome:
    percent = whole_number(arguments.get("percent"))
    if percent is None:
        return INVALID
    if percent == car.charge_limit_percent:
        return Outcome(False, "already_set")
    if _LOWEST_LIMIT_PERCENT <= percent <= 100:
        change_limit(car, percent)
    return DONE  # Tesla: "invalid percent will return success responses"


def _charge_standard(car: CarRecord, _: Arguments) -> Outcome:
    if car.charge_limit_percent <= _STANDARD_LIMIT_PERCENT:
        return Outcome(False, "already_started")
    change_limit(car, _STANDARD_LIMIT_PERCENT)
    return DONE


def _charge_max_range(car: CarRecord, _: Arguments) -> Outcome:
    if car.charge_limit_percent == 100:
        return Outcome(False, "already_set")
    change_limit(car, 100)
    return DONE


def change_limit(car: CarRecord, percent: int) -> None:
    car.charge_limit_percent = percent
    enough = car.energy_wh >= charging.limit_wh(car)
    state = charging.charging_state(car)
    if car.is_complete and not enough:
        charging.begin_to_charge(car)
    elif enough and state in (charging.CHARGING, charging.STARTING):
        car.is_complete, car.starting_until = True, None
        charging.note(car, "complete")


def _open_port(car: CarRecord, _: Arguments) -> Outcome:
    car.port_is_open = True
    return DONE


def _close_port(car: CarRecord, _: Arguments) -> Outcome:
    if car.is_plugged_in:
        return Outcome(False, "cable connected")
    if not car.port_is_open:
        return Outcome(False, "already closed")
    car.port_is_open = False
    return DONE


def _set_scheduled_charging(car: CarRecord, arguments: Arguments) -> Outcome:
    minute = whole_number(arguments.get("time", 0))
    enable = arguments.get("enable")
    if minute is None or not isinstance(enable, bool):
        return INVALID
    car.scheduled_charging.enabled = enable
    car.scheduled_charging.start_minute = minute
    return DONE


def _add_charge_schedule(car: CarRecord, arguments: Arguments) -> Outcome:
    on = days(arguments.get("days_of_week", "All"))
    given = whole_number(arguments.get("id"))
    schedule = given or int(car.settled_at.timestamp())
    start, end = (whole_number(arguments.get(key, 0)) for key in ("start_time", "end_time"))
    if on is None or start is None or end is None:
        return INVALID
    place = _place_of(car, arguments)
    if schedule not in car.schedules and len(car.schedules) >= _MOST_SCHEDULES:
        return Outcome(False, "too_many_schedules")
    car.schedules[schedule] = ChargeSchedule(
        id=schedule,
        days_of_week=on,
        start_enabled=arguments.get("start_enabled") is True,
        start_minute=start,
        end_enabled=arguments.get("end_enabled") is True,
        end_minute=end,
        one_time=arguments.get("one_time") is True,
        enabled=arguments.get("enabled", True) is True,
        latitude=place.latitude,
        longitude=place.longitude,
        name=str(arguments.get("name", "")),
    )
    return DONE


def _remove_charge_schedule(car: CarRecord, arguments: Arguments) -> Outcome:
    schedule = whole_number(arguments.get("id"))
    if schedule is None or schedule not in car.schedules:
        return INVALID
    del car.schedules[schedule]
    _wait_no_longer_for_nothing(car)
    return DONE


def _remove_charge_schedules(car: CarRecord, arguments: Arguments) -> Outcome:
    """Those at home, at work, or anywhere else; it knows no place of work."""
    for schedule in list(car.schedules.values()):
        is_home = car.home.is_near(Place(schedule.latitude, schedule.longitude))
        if arguments.get("home" if is_home else "other") is True:
            del car.schedules[schedule.id]
    _wait_no_longer_for_nothing(car)
    return DONE


def _wait_no_longer_for_nothing(car: CarRecord) -> None:
    """With the last schedule that it waited for, what holds it back is gone (TeslaSolarCharger issue 689)."""
    if car.pending_start and next_start(car, car.settled_at) is None and car.is_plugged_in:
        charging.begin_to_charge(car)


def _place_of(car: CarRecord, arguments: Arguments) -> Place:
    """Where it was said to belong; without a word of that, where the car stands."""
    said = Place(number(arguments.get("lat")) or 0.0, number(arguments.get("lon")) or 0.0)
    return said if said != _NOWHERE else car.stands_at


def _wake_up(_: CarRecord, __: Arguments) -> Outcome:
    return DONE  # whoever can hear this is awake


_REFUSES_TO_START: Final = {
    charging.DISCONNECTED: "disconnected",
    charging.NO_POWER: "no_power",
    charging.STARTING: "requested",
    charging.CHARGING: "is_charging",
}

_CHARGING: Final[Mapping[str, Command]] = {
    **DEPARTURE,
    "charge_start": _charge_start,
    "charge_stop": _charge_stop,
    "set_charging_amps": _set_charging_amps,
    "set_charge_limit": _set_charge_limit,
    "charge_standard": _charge_standard,
    "charge_max_range": _charge_max_range,
    "charge_port_door_open": _open_port,
    "charge_port_door_close": _close_port,
    "set_scheduled_charging": _set_scheduled_charging,
    "add_charge_schedule": _add_charge_schedule,
    "remove_charge_schedule": _remove_charge_schedule,
    "batch_remove_charge_schedules": _remove_charge_schedules,
    "wake_up": _wake_up,
}
_COMMANDS: Final[Mapping[str, Command]] = {**_CHARGING, **COMFORT}
