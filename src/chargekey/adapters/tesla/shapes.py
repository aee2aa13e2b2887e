"""What Tesla's bodies must look like, of the parts that we use; everything else in them is let be.

Numbers and flags that may be missing or null are None; a body that does not fit raises `Puzzling`.
"""

from collections.abc import Mapping
from typing import Annotated, Final, TypeVar

import httpx2
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from chargekey.adapters.tesla.answers import request_id_of, small_print
from chargekey.domain.car_schedules import EVERY_DAY, CarSchedule
from chargekey.domain.evidence import ChargeState, Charging, KeyStatus, Listed
from chargekey.domain.place import NotOnEarth, Place
from chargekey.domain.vehicle import Access, Reach, Vin
from chargekey.ports.faults import Puzzling

B = TypeVar("B", bound=BaseModel)
MOST: Final = 10_000
"""No ampere, volt, key or page of a list is ever as many: beyond it a number says nothing."""
MINUTES_A_DAY: Final = 24 * 60


def _whole(value: object) -> object:
    """Tesla writes some whole numbers as floats."""
    return round(value) if isinstance(value, float) and abs(value) < 1e9 else value


def _shown(text: str | None, longest: int) -> str | None:
    """A name as people can read it; what is no letter is left out."""
    return "".join(letter for letter in text or "" if letter.isprintable()).strip()[:longest].strip() or None


Whole = Annotated[int | None, BeforeValidator(_whole)]


class Body(BaseModel):
    """Anything may stand beside what we use; what we use has its own type, not one that could be turned into it."""

    model_config = ConfigDict(extra="ignore", strict=True)


class VehicleBody(Body):
    """One vehicle object of the list."""

    vin: str = Field(pattern=r"^[A-HJ-NPR-Z0-9]{17}$")
    access_type: str | None = None
    state: str | None = None
    display_name: str | None = None
    in_service: bool | None = None
    mobile_access_disabled: bool | None = None

    def listed(self) -> Listed:
        return Listed(
            access=_ACCESS.get(self.access_type or "", Access.UNKNOWN),
            reach=_REACH.get(self.state or "", Reach.UNKNOWN),
            display_name=_shown(self.display_name, 60),
            in_service=bool(self.in_service),
            mobile_access_off=bool(self.mobile_access_disabled),
        )


class Pagination(Body):
    """Which page comes next, None after the last."""

    next: int | None = Field(None, ge=1, le=MOST)


class ListBody(Body):
    """A page of the vehicle list."""

    response: list[VehicleBody]
    pagination: Pagination | None = None


class OneVehicle(Body):
    """The answer to the free look."""

    response: VehicleBody


class MobileEnabled(Body):
    """Whether the car lets anybody in from afar."""

    result: bool


class MobileBody(Body):
    """The answer to mobile_enabled."""

    response: MobileEnabled


class Woken(Body):
    """What wake_up says of the car, often still asleep."""

    state: str | None = None


class WakeBody(Body):
    """The answer to wake_up."""

    response: Woken


class VehicleInfo(Body):
    """What fleet_status knows of one car."""

    firmware_version: str | None = None
    vehicle_command_protocol_required: bool | None = None
    total_number_of_keys: Whole = Field(None, ge=0, le=MOST)


class FleetStatus(Body):
    """Which cars hold our key."""

    key_paired_vins: list[str] | None = None
    unpaired_vins: list[str] | None = None
    vehicle_info: dict[str, VehicleInfo] | None = None

    def key_status(self, vin: Vin) -> KeyStatus:
        info = (self.vehicle_info or {}).get(vin.whole, VehicleInfo())
        paired = vin.whole in (self.key_paired_vins or ())
        return KeyStatus(
            paired=paired if paired or vin.whole in (self.unpaired_vins or ()) else None,
            must_sign=info.vehicle_command_protocol_required,
            keys_on_car=info.total_number_of_keys,
            firmware=_shown(info.firmware_version, 40),
        )


class FleetStatusBody(Body):
    """The answer to fleet_status."""

    response: FleetStatus


class ChargeBody(Body):
    """`charge_state` of vehicle_data; anything may be null right after waking."""

    battery_level: Whole = Field(None, ge=0, le=100)
    charge_limit_soc: Whole = Field(None, ge=0, le=100)
    charging_state: str | None = None
    charger_actual_current: Whole = Field(None, ge=-MOST, le=MOST)
    charge_current_request: Whole = Field(None, ge=0, le=MOST)
    charge_current_request_max: Whole = Field(None, ge=0, le=MOST)
    charger_voltage: Whole = Field(None, ge=-MOST, le=MOST)
    charger_phases: Whole = Field(None, ge=0, le=MOST)
    charger_power: float | None = Field(None, ge=0, le=1_000)
    fast_charger_present: bool | None = None
    charge_energy_added: float | None = Field(None, ge=0, le=10_000)
    battery_heater_on: bool | None = None


class DriveBody(Body):
    """`drive_state` of vehicle_data, where the place is told to those who asked for `location_data`.

    Absent for a driver from whom the owner hides it (`hide_private`), null while the car has no fix.
    """

    latitude: float | None = None
    longitude: float | None = None


class ScheduleBody(Body):
    """One of the car's own charge schedules."""

    id: int = Field(ge=0, lt=2**63)
    days_of_week: int = Field(ge=0, le=EVERY_DAY)
    start_enabled: bool | None = None
    start_time: Whole = Field(None, ge=0, lt=MINUTES_A_DAY)
    end_enabled: bool | None = None
    end_time: Whole = Field(None, ge=0, lt=MINUTES_A_DAY)
    one_time: bool | None = None
    enabled: bool | None = None
    latitude: float | None = None
    longitude: float | None = None

    def schedule(self) -> CarSchedule:
        return CarSchedule(
            number=self.id,
            days=self.days_of_week,
            start_minute=self.start_time or 0 if self.start_enabled else None,
            end_minute=self.end_time or 0 if self.end_enabled else None,
            one_time=bool(self.one_time),
            enabled=bool(self.enabled),
        )


class SchedulesBody(Body):
    """`charge_schedule_data` of vehicle_data: cars with firmware 2024.26 and later have it."""

    charge_schedules: list[ScheduleBody] | None = None
    max_num_charge_schedules: Whole = Field(None, ge=0, le=MOST)


class DataResponse(Body):
    """The part of vehicle_data that we ask for."""

    charge_state: ChargeBody
    drive_state: DriveBody | None = None
    charge_schedule_data: SchedulesBody | None = None


class DataBody(Body):
    """The answer to vehicle_data."""

    response: DataResponse

    def charge_state(self) -> ChargeState:
        told = self.response.charge_state
        return ChargeState(
            soc_percent=told.battery_level,
            limit_percent=told.charge_limit_soc,
            charging=_CHARGING.get(told.charging_state or "", Charging.UNKNOWN),
            current_a=told.charger_actual_current,
            current_asked_a=told.charge_current_request,
            current_max_a=told.charge_current_request_max,
            voltage_v=told.charger_voltage,
            phases=_PHASES.get(told.charger_phases or 0),
            power_w=None if told.charger_power is None else round(told.charger_power * 1000),
            energy_added_wh=None if told.charge_energy_added is None else round(told.charge_energy_added * 1000),
            at_home=False if told.fast_charger_present else None,
            heating_battery=told.battery_heater_on,
        )

    def place(self) -> Place | None:
        """None where the car hides it. A place that is none is no reason not to charge, so it is None as well."""
        told = self.response.drive_state
        return _place(told.latitude, told.longitude) if told else None

    def schedules(self) -> tuple[tuple[CarSchedule, Place | None], ...] | None:
        """None: the car has no such thing."""
        told = self.response.charge_schedule_data
        if told is None:
            return None
        return tuple((one.schedule(), _place(one.latitude, one.longitude)) for one in told.charge_schedules or ())

    @property
    def most_schedules(self) -> int | None:
        told = self.response.charge_schedule_data
        return told.max_num_charge_schedules if told else None


class Region(Body):
    """Where an account lives."""

    fleet_api_base_url: str = Field(max_length=200)


class RegionBody(Body):
    """The answer to users/region."""

    response: Region


class PublicKey(Body):
    """The key that Tesla holds for a domain, as hex."""

    public_key: str | None = Field(None, max_length=400, pattern="^[0-9a-fA-F]*$")


class PublicKeyBody(Body):
    """The answer of both partner calls."""

    response: PublicKey


class SignedAnswer(Body):
    """A car's reply to a signed message, in base64."""

    response: str = Field(max_length=100_000)


class CommandResult(Body):
    """Whether a car took a plain command."""

    result: bool
    reason: str | None = None


class CommandBody(Body):
    """The answer to a plain command."""

    response: CommandResult


_ACCESS: Final[Mapping[str, Access]] = {"OWNER": Access.OWNER, "DRIVER": Access.DRIVER}
_REACH: Final[Mapping[str, Reach]] = {
    "online": Reach.ONLINE,
    "asleep": Reach.ASLEEP,
    "offline": Reach.OFFLINE,
}
_CHARGING: Final[Mapping[str, Charging]] = {
    "Disconnected": Charging.UNPLUGGED,
    "NoPower": Charging.NO_POWER,
    "Starting": Charging.STARTING,
    "Charging": Charging.CHARGING,
    "Complete": Charging.COMPLETE,
    "Stopped": Charging.STOPPED,
    "Calibrating": Charging.CHARGING,
}
_PHASES: Final[Mapping[int, int]] = {1: 1, 2: 3, 3: 3}
"""Two means three on some firmware (tesla-fleet-api §4.2)."""


def _place(latitude_deg: float | None, longitude_deg: float | None) -> Place | None:
    if latitude_deg is None or longitude_deg is None:
        return None
    try:
        return Place(latitude_deg, longitude_deg)
    except NotOnEarth:
        return None


def read(shape: type[B], response: httpx2.Response) -> B:
    """The body in that shape. Raises `Puzzling`, with the fields that did not fit and none of their values."""
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as wrong:
        fields = sorted({".".join(map(str, error["loc"])) for error in wrong.errors(include_input=False)})
        told = small_print(f"unreadable: {', '.join(fields)}")  # a field's name may be a VIN
        raise Puzzling(told, request_id=request_id_of(response)) from wrong


def reach_of(state: str | None) -> Reach:
    """Tesla's state in our words; anything new is unknown."""
    return _REACH.get(state or "", Reach.UNKNOWN)
