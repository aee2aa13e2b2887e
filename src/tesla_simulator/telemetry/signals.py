"""What a car's sensors say, field by field of Fleet Telemetry, from the same record that `vehicle_data` shows.

Rules of this room:

1. Each field has the type of Tesla's list (§8.2): real numbers are doubles, words of a fixed set are enums.
2. A value that is absent is None and is streamed as `invalid`. A field this simulation has no sensor for is left out.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from tesla_protocol.telemetry import vehicle_data_pb2 as vehicle_data

from tesla_simulator.cars import charging
from tesla_simulator.cars.record import CarRecord, Place
from tesla_simulator.fleet_api import shapes

Scalar = float | int | bool | str | Place | None
FLOWING: Final = frozenset(
    {
        "Soc",
        "BatteryLevel",
        "EnergyRemaining",
        "EstBatteryRange",
        "RatedRange",
        "IdealBatteryRange",
        "ACChargingEnergyIn",
        "DCChargingEnergyIn",
        "TimeToFullCharge",
        "EstimatedHoursToChargeTermination",
    }
)
"""They change by themselves while a car charges; all others only when something happens to it."""
OF_THE_POWER: Final = frozenset({"ACChargingPower", "DCChargingPower", "ChargeAmps", "ChargeRateMilePerHour"})
"""They do so only while power tapers, near full."""
_PACIFIC: Final = ZoneInfo("America/Los_Angeles")
_CAR_TYPES: Final = {"S": "ModelS", "X": "ModelX", "3": "Model3", "Y": "ModelY", "C": "Cybertruck"}


@dataclass(frozen=True)
class Reading:
    """`kind` is the member of `Value` that carries it; `value` None: there is none just now."""

    kind: str
    value: Scalar

    def as_value(self) -> vehicle_data.Value:
        if self.value is None:
            return vehicle_data.Value(invalid=True)
        if isinstance(self.value, Place):
            place = vehicle_data.LocationValue(latitude=self.value.latitude, longitude=self.value.longitude)
            return vehicle_data.Value(location_value=place)
        said: dict[str, Any] = {self.kind: self.value}
        return vehicle_data.Value(**said)


def readings(car: CarRecord, names: Collection[str]) -> dict[str, Reading]:
    """Of those fields among `names` that this car has a sensor for."""
    look = _Look(car)
    sensors = ((name, *_SENSORS[name]) for name in names if name in _SENSORS)
    return {name: Reading(kind, read(look)) for name, kind, read in sensors}


class _Look:
    def __init__(self, car: CarRecord) -> None:
        self.car = car

    @cached_property
    def told(self) -> Mapping[str, Any]:
        return shapes.charge_state(self.car)

    @cached_property
    def power_kw(self) -> float:
        return charging.wall_power_kw(self.car)


_Sensor = tuple[str, Callable[[_Look], Scalar]]


def _told(name: str) -> Callable[[_Look], Scalar]:
    return lambda look: look.told[name]


def _real(name: str) -> Callable[[_Look], Scalar]:
    return lambda look: float(look.told[name])


def _word(prefix: str, name: str) -> Callable[[_Look], Scalar]:
    """An enum; Tesla's `<invalid>` is no word of it."""
    return lambda look: None if look.told[name] == "<invalid>" else f"{prefix}{look.told[name]}"


def _coarse_charge_state(look: _Look) -> str:
    """The older field, in words of the battery: it knows no cable."""
    state = charging.charging_state(look.car)
    return {charging.CHARGING: "Enable", charging.STARTING: "Startup"}.get(state, "Idle")


def _current_a(look: _Look) -> float:
    supply = look.car.supply_at_home
    return round(look.power_kw * 1000 / (supply.phases * supply.voltage_v), 2)


def _scheduled_start(look: _Look) -> int | None:
    """Seconds that, read as Pacific time, show the hour on the car's own clock: Tesla's error, kept as it is (§8.2)."""
    start = look.told["scheduled_charging_start_time"]
    if start is None:
        return None
    on_its_clock = datetime.fromtimestamp(start, ZoneInfo(look.car.time_zone)).replace(tzinfo=_PACIFIC)
    return int(on_its_clock.timestamp())


def _place(look: _Look) -> Place | None:
    """None without GPS."""
    return None if look.car.gps_lost_at else look.car.stands_at


def _is_at_home(look: _Look) -> bool | None:
    return None if look.car.gps_lost_at else look.car.is_at_home


_SENSORS: Final[Mapping[str, _Sensor]] = {
    "DetailedChargeState": ("detailed_charge_state_value", _word("DetailedChargeState", "charging_state")),
    "ChargeState": ("string_value", _coarse_charge_state),
    "ChargeAmps": ("double_value", _current_a),
    "ChargeCurrentRequest": ("int_value", _told("charge_current_request")),
    "ChargeCurrentRequestMax": ("int_value", _told("charge_current_request_max")),
    "ChargeEnableRequest": ("boolean_value", _told("charge_enable_request")),
    "ChargeLimitSoc": ("int_value", _told("charge_limit_soc")),
    "Soc": ("double_value", lambda look: round(look.car.soc_percent, 2)),
    "BatteryLevel": ("double_value", lambda look: round(look.car.soc_percent, 2)),
    "EnergyRemaining": ("double_value", _real("energy_remaining")),
    "EstBatteryRange": ("double_value", _real("est_battery_range")),
    "RatedRange": ("double_value", _real("battery_range")),
    "IdealBatteryRange": ("double_value", _real("ideal_battery_range")),
    "ACChargingPower": ("double_value", lambda look: round(look.power_kw, 3)),
    "ACChargingEnergyIn": ("double_value", lambda look: round(look.car.drawn_wh / 1000, 2)),
    "DCChargingPower": ("double_value", lambda look: round(charging.battery_power_kw(look.car), 3)),
    "DCChargingEnergyIn": ("double_value", _real("charge_energy_added")),
    "ChargerVoltage": ("double_value", _real("charger_voltage")),
    "ChargerPhases": ("int_value", _told("charger_phases")),
    "TimeToFullCharge": ("double_value", _real("time_to_full_charge")),
    "EstimatedHoursToChargeTermination": ("double_value", _real("time_to_full_charge")),
    "ChargeRateMilePerHour": ("double_value", _real("charge_rate")),
    "ChargePortDoorOpen": ("boolean_value", _told("charge_port_door_open")),
    "ChargePortLatch": ("charge_port_latch_value", _word("ChargePortLatch", "charge_port_latch")),
    "ChargePort": ("charge_port_value", lambda _: "ChargePortCCS"),
    "ChargePortColdWeatherMode": ("boolean_value", _told("charge_port_cold_weather_mode")),
    "ChargingCableType": ("cable_type_value", _word("CableType", "conn_charge_cable")),
    "FastChargerPresent": ("boolean_value", _told("fast_charger_present")),
    "FastChargerType": ("fast_charger_value", _word("FastCharger", "fast_charger_type")),
    "ScheduledChargingMode": (
        "scheduled_charging_mode_value",
        _word("ScheduledChargingMode", "scheduled_charging_mode"),
    ),
    "ScheduledChargingPending": ("boolean_value", _told("scheduled_charging_pending")),
    "ScheduledChargingStartTime": ("long_value", _scheduled_start),
    "ScheduledDepartureTime": ("long_value", _told("scheduled_departure_time")),
    "PreconditioningEnabled": ("boolean_value", _told("preconditioning_enabled")),
    "BatteryHeaterOn": ("boolean_value", _told("battery_heater_on")),
    "NotEnoughPowerToHeat": ("boolean_value", _told("not_enough_power_to_heat")),
    "BmsFullchargecomplete": ("boolean_value", lambda look: look.car.energy_wh >= look.car.usable_wh),
    "BMSState": (
        "bms_state_value",
        lambda look: "BMSStateCharge" if look.power_kw else "BMSStateSupport",
    ),
    "SuperchargerSessionTripPlanner": ("boolean_value", _told("supercharger_session_trip_planner")),
    "Location": ("location_value", _place),
    "LocatedAtHome": ("boolean_value", _is_at_home),
    "LocatedAtWork": ("boolean_value", lambda _: False),
    "LocatedAtFavorite": ("boolean_value", lambda _: False),
    "Gear": ("shift_state_value", lambda _: "ShiftStateP"),
    "VehicleSpeed": ("double_value", lambda _: None),
    "Odometer": ("double_value", lambda look: round(look.car.odometer_km / shapes.KM_PER_MILE, 3)),
    "VehicleName": ("string_value", lambda look: look.car.name),
    "Version": ("string_value", lambda look: look.car.firmware),
    "CarType": ("car_type_value", lambda look: "CarType" + _CAR_TYPES.get(look.car.vin[3], "Unknown")),
    "Locked": ("boolean_value", lambda look: look.car.is_locked),
}
SENSED: Final = frozenset(_SENSORS)
"""The fields that this simulation has a sensor for."""
