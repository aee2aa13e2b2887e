"""What a verified payload orders, in the words of Tesla's REST commands, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tesla_protocol.command import car_server_pb2 as car_server
from tesla_protocol.command import common_pb2 as common
from tesla_protocol.command import errors_pb2 as errors
from tesla_protocol.command import vcsec_pb2 as vcsec

UNKNOWN_ACTION: Final = "unknown_action"
_DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_EVERY_DAY: Final = 0b1111111
_WORKING_DAYS: Final = 0b0111110


@dataclass(frozen=True)
class Outcome:
    """What came of an order. `reason` is Tesla's short word for a refusal, such as `is_charging`."""

    ok: bool
    reason: str = ""


Execute = Callable[[str, dict[str, object]], Outcome]


@dataclass(frozen=True)
class Order:
    """A command by its REST name with its REST arguments."""

    name: str
    arguments: dict[str, object] = field(default_factory=dict)


def infotainment_order(action: car_server.VehicleAction) -> Order | None:
    """None: this simulated car does not know the action."""
    kind = action.WhichOneof("vehicle_action_msg")
    translate = _INFOTAINMENT.get(kind or "")
    return translate(action) if translate else None


def security_order(message: vcsec.UnsignedMessage) -> Order | None:
    """None: this simulated car does not know the message."""
    if message.HasField("closureMoveRequest"):
        name = _CHARGE_PORT_MOVES.get(message.closureMoveRequest.chargePort)
        return Order(name) if name else None
    if message.WhichOneof("sub_message") == "RKEAction":
        name = _REMOTE_KEY.get(message.RKEAction)
        return Order(name) if name else None
    return None


def infotainment_answer(outcome: Outcome) -> bytes:
    """A refusal carries its reason as plain text."""
    status = car_server.ActionStatus(result=car_server.OPERATIONSTATUS_OK)
    if not outcome.ok:
        status = car_server.ActionStatus(
            result=car_server.OPERATIONSTATUS_ERROR,
            result_reason=car_server.ResultReason(plain_text=outcome.reason),
        )
    wire: bytes = car_server.Response(actionStatus=status).SerializeToString()
    return wire


def infotainment_pong(ping: car_server.Ping) -> bytes:
    """OK, and the ping as it came."""
    status = car_server.ActionStatus(result=car_server.OPERATIONSTATUS_OK)
    wire: bytes = car_server.Response(actionStatus=status, ping=ping).SerializeToString()
    return wire


def security_answer(outcome: Outcome) -> bytes:
    """Empty means success. A reason without a GENERICERROR name of Tesla's goes as GENERICERROR_UNKNOWN."""
    if outcome.ok:
        return b""
    known = outcome.reason in errors.GenericError_E.keys()  # noqa: SIM118 - an enum wrapper is no mapping
    reason = outcome.reason if known else "GENERICERROR_UNKNOWN"
    refusal = vcsec.FromVCSECMessage(nominalError=errors.NominalError(genericError=reason))
    wire: bytes = refusal.SerializeToString()
    return wire


def _charge_start_stop(action: car_server.VehicleAction) -> Order | None:
    name = _START_STOP.get(action.chargingStartStopAction.WhichOneof("charging_action") or "")
    return Order(name) if name else None


def _scheduled_departure(action: car_server.VehicleAction) -> Order:
    asked = action.scheduledDepartureAction
    return Order(
        "set_scheduled_departure",
        {
            "enable": asked.enabled,
            "departure_time": asked.departure_time,
            "preconditioning_enabled": asked.HasField("preconditioning_times"),
            "preconditioning_weekdays_only": asked.preconditioning_times.HasField("weekdays"),
            "off_peak_charging_enabled": asked.HasField("off_peak_charging_times"),
            "off_peak_charging_weekdays_only": asked.off_peak_charging_times.HasField("weekdays"),
            "end_off_peak_time": asked.off_peak_hours_end_time,
        },
    )


def _temperatures(action: car_server.VehicleAction) -> Order:
    asked = action.hvacTemperatureAdjustmentAction
    # The wire carries 32-bit floats: a car knows halves of a degree.
    driver, passenger = (round(2 * one) / 2 for one in (asked.driver_temp_celsius, asked.passenger_temp_celsius))
    return Order("set_temps", {"driver_temp": driver, "passenger_temp": passenger})


def _charge_schedule(action: car_server.VehicleAction) -> Order:
    asked = action.addChargeScheduleAction
    times: dict[str, object] = {
        "start_enabled": asked.start_enabled,
        "start_time": asked.start_time,
        "end_enabled": asked.end_enabled,
        "end_time": asked.end_time,
    }
    return Order("add_charge_schedule", _shared_by_schedules(asked) | times)


def _precondition_schedule(action: car_server.VehicleAction) -> Order:
    asked = action.addPreconditionScheduleAction
    times: dict[str, object] = {"precondition_time": asked.precondition_time}
    return Order("add_precondition_schedule", _shared_by_schedules(asked) | times)


def _shared_by_schedules(asked: common.ChargeSchedule | common.PreconditionSchedule) -> dict[str, object]:
    return {
        "id": asked.id,
        "name": asked.name,
        "days_of_week": day_names(asked.days_of_week),
        "one_time": asked.one_time,
        "enabled": asked.enabled,
        # The wire carries 32-bit floats: beyond five decimals (one metre) there is only noise.
        "lat": round(asked.latitude, 5),
        "lon": round(asked.longitude, 5),
    }


def day_names(bits: int) -> str:
    """The REST words for a bit mask in which Sunday is 1 and Saturday 64."""
    if bits == _EVERY_DAY:
        return "All"
    if bits == _WORKING_DAYS:
        return "Weekdays"
    return ",".join(day for number, day in enumerate(_DAYS) if bits & (1 << number))


_Batch = car_server.BatchRemoveChargeSchedulesAction | car_server.BatchRemovePreconditionSchedulesAction


def _batch(name: str, asked: _Batch) -> Order:
    return Order(name, {"home": asked.home, "work": asked.work, "other": asked.other})


_START_STOP: Final = {
    "start": "charge_start",
    "start_standard": "charge_standard",
    "start_max_range": "charge_max_range",
    "stop": "charge_stop",
}

_INFOTAINMENT: Final[dict[str, Callable[[car_server.VehicleAction], Order | None]]] = {
    "chargingSetLimitAction": lambda a: Order("set_charge_limit", {"percent": a.chargingSetLimitAction.percent}),
    "chargingStartStopAction": _charge_start_stop,
    "scheduledChargingAction": lambda a: Order(
        "set_scheduled_charging",
        {"enable": a.scheduledChargingAction.enabled, "time": a.scheduledChargingAction.charging_time},
    ),
    "scheduledDepartureAction": _scheduled_departure,
    "setChargingAmpsAction": lambda a: Order(
        "set_charging_amps", {"charging_amps": a.setChargingAmpsAction.charging_amps}
    ),
    "hvacAutoAction": lambda a: Order(
        "auto_conditioning_start" if a.hvacAutoAction.power_on else "auto_conditioning_stop"
    ),
    "hvacTemperatureAdjustmentAction": _temperatures,
    "vehicleControlFlashLightsAction": lambda _: Order("flash_lights"),
    "vehicleControlHonkHornAction": lambda _: Order("honk_horn"),
    "vehicleControlSetSentryModeAction": lambda a: Order(
        "set_sentry_mode", {"on": a.vehicleControlSetSentryModeAction.on}
    ),
    "chargePortDoorOpen": lambda _: Order("charge_port_door_open"),
    "chargePortDoorClose": lambda _: Order("charge_port_door_close"),
    "addChargeScheduleAction": _charge_schedule,
    "removeChargeScheduleAction": lambda a: Order("remove_charge_schedule", {"id": a.removeChargeScheduleAction.id}),
    "addPreconditionScheduleAction": _precondition_schedule,
    "removePreconditionScheduleAction": lambda a: Order(
        "remove_precondition_schedule", {"id": a.removePreconditionScheduleAction.id}
    ),
    "batchRemoveChargeSchedulesAction": lambda a: _batch(
        "batch_remove_charge_schedules", a.batchRemoveChargeSchedulesAction
    ),
    "batchRemovePreconditionSchedulesAction": lambda a: _batch(
        "batch_remove_precondition_schedules", a.batchRemovePreconditionSchedulesAction
    ),
}

_CHARGE_PORT_MOVES: Final[dict[int, str]] = {
    vcsec.CLOSURE_MOVE_TYPE_OPEN: "charge_port_door_open",
    vcsec.CLOSURE_MOVE_TYPE_CLOSE: "charge_port_door_close",
}

_REMOTE_KEY: Final[dict[int, str]] = {
    vcsec.RKE_ACTION_LOCK: "door_lock",
    vcsec.RKE_ACTION_UNLOCK: "door_unlock",
    vcsec.RKE_ACTION_OPEN_CHARGE_PORT: "charge_port_door_open",
    vcsec.RKE_ACTION_CLOSE_CHARGE_PORT: "charge_port_door_close",
    vcsec.RKE_ACTION_WAKE_VEHICLE: "wake_up",
}
