"""What Tesla tells of a car, field by field, in Tesla's names and units.

Distances are miles and speeds miles an hour here, whatever the driver's screen shows.
"""

import base64
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from tesla_simulator import physics
from tesla_simulator.accounts import Access, Account
from tesla_simulator.cars import charging, timetable, vins
from tesla_simulator.cars.car import Car
from tesla_simulator.cars.record import CarRecord

Fields = dict[str, Any]
KM_PER_MILE: Final = 1.609344
# Rated use, only to turn energy into the range figure a screen would show.
_RATED_WH_PER_MILE: Final = 240.0
_NOTHING: Final = "<invalid>"
# What nobody changes in this simulation.
_ALWAYS_THE_SAME: Final[Fields] = {
    "charge_limit_soc_max": 100,
    "charge_limit_soc_min": 50,
    "charge_limit_soc_std": 80,
    "charge_port_cold_weather_mode": False,
    "charge_port_color": _NOTHING,
    "fast_charger_brand": _NOTHING,
    "fast_charger_present": False,
    "managed_charging_active": False,
    "managed_charging_start_time": None,
    "managed_charging_user_canceled": False,
    "max_range_charge_counter": 0,
    "not_enough_power_to_heat": None,
    "supercharger_session_trip_planner": False,
    "trip_charging": False,
    "user_charge_enable_request": None,
}


def vehicle(car: Car, account: Account, access: Access) -> Fields:
    """The object of the list, the single look and wake_up."""
    record = car.record
    return {
        "id": record.number,
        "user_id": account.record.number,
        "vehicle_id": record.number % 10_000_000_000,
        "vin": car.vin,
        "color": None,
        "access_type": access.access_type,
        "display_name": record.name,
        "option_codes": None,
        "cached_data": base64.b64encode(f"{record.number}".encode()).decode(),
        "mobile_access_disabled": not car.mobile_access_as_told,
        "granular_access": {"hide_private": access.hides_private},
        "tokens": None,
        "state": car.state,
        "in_service": record.in_service,
        "id_s": str(record.number),
        "calendar_enabled": True,
        "api_version": 79,
        "backseat_token": None,
        "backseat_token_updated_at": None,
        "ble_autopair_enrolled": False,
        "command_signing": "required" if car.needs_signing else "off",
        "release_notes_supported": True,
    }


def charge_state(car: CarRecord) -> Fields:
    state = charging.charging_state(car)
    power_kw, heats = charging.wall_power_kw(car), charging.heats_its_battery(car)
    hours = _hours_to_limit(car)
    range_miles = round(car.energy_wh / _RATED_WH_PER_MILE, 2)
    start = timetable.next_start(car, car.settled_at)
    return {
        **_ALWAYS_THE_SAME,
        "battery_heater_on": heats,
        "battery_level": round(car.soc_percent),
        "battery_range": range_miles,
        "charge_amps": car.requested_current_a,
        "charge_current_request": car.requested_current_a,
        "charge_current_request_max": charging.current_limit_a(car),
        "charge_enable_request": car.wants_to_charge,
        "charge_energy_added": round(car.added_wh / 1000, 2),
        "charge_limit_soc": car.charge_limit_percent,
        "charge_miles_added_ideal": round(car.added_wh / _RATED_WH_PER_MILE, 1),
        "charge_miles_added_rated": round(car.added_wh / _RATED_WH_PER_MILE, 1),
        "charge_port_door_open": car.port_is_open,
        "charge_port_latch": "Engaged" if car.is_plugged_in else "Disengaged",
        "charge_rate": 0.0 if heats else round(power_kw * 1000 / _RATED_WH_PER_MILE, 1),
        **_charger(car, power_kw),
        "charging_state": state,
        "conn_charge_cable": "IEC" if car.is_plugged_in else _NOTHING,
        "energy_remaining": round(car.energy_wh / 1000, 2),
        "est_battery_range": range_miles,
        "fast_charger_type": "ACSingleWireCAN" if car.is_plugged_in else _NOTHING,
        "ideal_battery_range": range_miles,
        "minutes_to_full_charge": round(hours * 60),
        **_departure(car),
        "scheduled_charging_mode": "StartAt" if start else "DepartBy" if car.scheduled_departure.enabled else "Off",
        "scheduled_charging_pending": car.pending_start,
        "scheduled_charging_start_time": int(start.timestamp()) if start else None,
        "scheduled_charging_start_time_app": car.scheduled_charging.start_minute,
        "time_to_full_charge": round(hours, 2),
        "timestamp": _milliseconds(car.settled_at),
        "usable_battery_level": round(car.soc_percent),
    }


def _departure(car: CarRecord) -> Fields:
    kept = car.scheduled_departure
    leaves = timetable.next_moment(car, kept.minute, car.settled_at) if kept.enabled else None
    return {
        "off_peak_charging_enabled": kept.charges_off_peak,
        "off_peak_charging_times": "weekdays" if kept.charges_off_peak_on_weekdays_only else "all_week",
        "off_peak_hours_end_time": kept.off_peak_ends_minute,
        "preconditioning_enabled": kept.preconditions,
        "preconditioning_times": "weekdays" if kept.preconditions_on_weekdays_only else "all_week",
        "scheduled_departure_time": int(leaves.timestamp()) if leaves else None,
        "scheduled_departure_time_minutes": kept.minute,
    }


def _charger(car: CarRecord, power_kw: float) -> Fields:
    supply = car.supply_at_home
    is_live = car.is_plugged_in and supply.has_power
    current_a = power_kw * 1000 / (supply.phases * supply.voltage_v)
    return {
        "charger_actual_current": round(current_a),
        # Three phases are told as 2 by some firmware and as 3 by other; idle chargers tell nothing.
        "charger_phases": supply.phases if power_kw else None,
        "charger_pilot_current": supply.max_current_a if is_live else 0,
        "charger_power": round(power_kw),
        "charger_voltage": round(supply.voltage_v) if power_kw else 2 if is_live else 0,
    }


def _hours_to_limit(car: CarRecord) -> float:
    power_kw = physics.battery_power_kw(charging.wall_power_kw(car))
    missing_wh = max(0.0, charging.limit_wh(car) - car.energy_wh)
    warming_h = car.warming_left / timedelta(hours=1)
    return warming_h + missing_wh / (power_kw * 1000) if power_kw else 0.0


def drive_state(car: CarRecord, with_location: bool) -> Fields:
    still: Fields = {"power": 0, "shift_state": None, "speed": None, "timestamp": _milliseconds(car.settled_at)}
    return still | location(car) if with_location else still


def location(car: CarRecord) -> Fields:
    place = car.stands_at
    return {
        "gps_as_of": int((car.gps_lost_at or car.settled_at).timestamp()),
        "heading": 90,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "native_latitude": place.latitude,
        "native_location_supported": 1,
        "native_longitude": place.longitude,
        "native_type": "wgs",
    }


def climate_state(car: CarRecord) -> Fields:
    return {
        "battery_heater": charging.heats_its_battery(car),
        "driver_temp_setting": car.driver_temp_c,
        "inside_temp": 18.5,
        "is_auto_conditioning_on": car.climate_is_on,
        "is_climate_on": car.climate_is_on,
        "is_preconditioning": False,
        "outside_temp": 9.0,
        "passenger_temp_setting": car.passenger_temp_c,
        "timestamp": _milliseconds(car.settled_at),
    }


def gui_settings(car: CarRecord) -> Fields:
    return {
        "gui_24_hour_time": True,
        "gui_charge_rate_units": "kW",
        "gui_distance_units": "km/hr",
        "gui_range_display": "Rated",
        "gui_temperature_units": "C",
        "gui_tirepressure_units": "Bar",
        "show_range_units": False,
        "timestamp": _milliseconds(car.settled_at),
    }


def vehicle_config(car: CarRecord) -> Fields:
    return {
        "can_accept_navigation_requests": True,
        "car_special_type": "base",
        "car_type": vins.car_type(car.vin),
        "charge_port_type": "CCS",
        "eu_vehicle": True,
        "motorized_charge_port": True,
        "rhd": False,
        "timestamp": _milliseconds(car.settled_at),
        "use_range_badging": True,
        "utc_offset": _utc_offset_s(car),
        "webcam_supported": True,
    }


def vehicle_state(car: CarRecord) -> Fields:
    return {
        "api_version": 79,
        "car_version": f"{car.firmware} 06f534d46010",
        "is_user_present": False,
        "locked": car.is_locked,
        "odometer": round(car.odometer_km / KM_PER_MILE, 3),
        "sentry_mode": car.sentry_mode,
        "service_mode": car.in_service,
        "timestamp": _milliseconds(car.settled_at),
        "valet_mode": False,
        "vehicle_name": car.name,
    }


def closures_state(car: CarRecord) -> Fields:
    shut = dict.fromkeys(("df", "dr", "pf", "pr", "ft", "rt"), 0)
    return {**shut, "locked": car.is_locked, "timestamp": _milliseconds(car.settled_at)}


def charge_schedule_data(car: CarRecord) -> Fields:
    schedules = [
        {
            "id": kept.id,
            "name": kept.name,
            "days_of_week": kept.days_of_week,
            "start_enabled": kept.start_enabled,
            "start_time": kept.start_minute,
            "end_enabled": kept.end_enabled,
            "end_time": kept.end_minute,
            "one_time": kept.one_time,
            "enabled": kept.enabled,
            "latitude": kept.latitude,
            "longitude": kept.longitude,
        }
        for kept in car.schedules.values()
    ]
    return {
        "charge_schedules": schedules,
        "charge_buffer": 5,
        "max_num_charge_schedules": 10,
        "next_schedule": bool(schedules),
        "show_schedule_complete_state": False,
        "timestamp": _milliseconds(car.settled_at),
    }


def preconditioning_schedule_data(car: CarRecord) -> Fields:
    schedules = [
        {
            "id": kept.id,
            "name": kept.name,
            "days_of_week": kept.days_of_week,
            "precondition_time": kept.minute,
            "one_time": kept.one_time,
            "enabled": kept.enabled,
            "latitude": kept.latitude,
            "longitude": kept.longitude,
        }
        for kept in car.precondition_schedules.values()
    ]
    return {
        "precondition_schedules": schedules,
        "preconditioning_schedule_window": None,
        "max_num_precondition_schedules": 10,
        "next_schedule": bool(schedules),
        "timestamp": _milliseconds(car.settled_at),
    }


def fleet_information(car: Car, number_of_vins: int) -> Fields:
    """What fleet_status tells of a car beside its key."""
    required = car.needs_signing and not car.record.protocol_wrongly_not_required
    told: Fields = {
        "firmware_version": car.record.firmware,
        "vehicle_command_protocol_required": required,
        "fleet_telemetry_version": "1.2.0" if car.can_have_keys else None,
        "total_number_of_keys": car.number_of_keys if car.can_have_keys else None,
    }
    if vins.has_the_streaming_switch(car.vin):
        told["safety_screen_streaming_toggle_enabled"] = car.record.lets_third_parties_stream
    if number_of_vins == 1:
        told["discounted_device_data"] = False
    return told


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _utc_offset_s(car: CarRecord) -> int:
    offset = car.settled_at.astimezone(ZoneInfo(car.time_zone)).utcoffset()
    return int(offset.total_seconds()) if offset else 0
