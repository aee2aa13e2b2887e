"""Every action of charging arrives under the name and the arguments of Tesla's REST command."""

import pytest
from tesla_protocol.command import car_server_pb2 as car_server
from tesla_protocol.command import common_pb2 as common
from tesla_protocol.command import vcsec_pb2 as vcsec

from tesla_simulator.vehicle_protocol.orders import UNKNOWN_ACTION, day_names
from tests.simulator.signing import INFOTAINMENT, SECURITY, Client, Garage, payload_of

Action = car_server.VehicleAction
StartStop = car_server.ChargingStartStopAction
A_NIGHT = common.ChargeSchedule(
    id=1723624800,
    name="Chargekey",
    days_of_week=0b0000010,
    start_enabled=True,
    start_time=60,
    end_enabled=True,
    end_time=360,
    one_time=True,
    enabled=True,
    latitude=52.37,
    longitude=4.9,
)
A_WARM_UP = common.PreconditionSchedule(
    id=7, days_of_week=127, precondition_time=450, enabled=True, latitude=52.37, longitude=4.9
)


@pytest.mark.parametrize(
    ("action", "name", "arguments"),
    [
        (Action(chargingStartStopAction=StartStop(start=common.Void())), "charge_start", {}),
        (Action(chargingStartStopAction=StartStop(stop=common.Void())), "charge_stop", {}),
        (Action(chargingStartStopAction=StartStop(start_standard=common.Void())), "charge_standard", {}),
        (Action(chargingStartStopAction=StartStop(start_max_range=common.Void())), "charge_max_range", {}),
        (
            Action(chargingSetLimitAction=car_server.ChargingSetLimitAction(percent=80)),
            "set_charge_limit",
            {"percent": 80},
        ),
        (
            Action(scheduledChargingAction=car_server.ScheduledChargingAction(enabled=True, charging_time=120)),
            "set_scheduled_charging",
            {"enable": True, "time": 120},
        ),
        (
            Action(
                scheduledDepartureAction=car_server.ScheduledDepartureAction(
                    enabled=True,
                    departure_time=480,
                    off_peak_charging_times=common.OffPeakChargingTimes(weekdays=common.Void()),
                    off_peak_hours_end_time=360,
                )
            ),
            "set_scheduled_departure",
            {
                "enable": True,
                "departure_time": 480,
                "preconditioning_enabled": False,
                "preconditioning_weekdays_only": False,
                "off_peak_charging_enabled": True,
                "off_peak_charging_weekdays_only": True,
                "end_off_peak_time": 360,
            },
        ),
        (Action(hvacAutoAction=car_server.HvacAutoAction(power_on=True)), "auto_conditioning_start", {}),
        (Action(hvacAutoAction=car_server.HvacAutoAction()), "auto_conditioning_stop", {}),
        (
            Action(
                hvacTemperatureAdjustmentAction=car_server.HvacTemperatureAdjustmentAction(
                    driver_temp_celsius=20.5, passenger_temp_celsius=21
                )
            ),
            "set_temps",
            {"driver_temp": 20.5, "passenger_temp": 21.0},
        ),
        (
            Action(vehicleControlFlashLightsAction=car_server.VehicleControlFlashLightsAction()),
            "flash_lights",
            {},
        ),
        (Action(vehicleControlHonkHornAction=car_server.VehicleControlHonkHornAction()), "honk_horn", {}),
        (
            Action(vehicleControlSetSentryModeAction=car_server.VehicleControlSetSentryModeAction(on=True)),
            "set_sentry_mode",
            {"on": True},
        ),
        (Action(chargePortDoorOpen=car_server.ChargePortDoorOpen()), "charge_port_door_open", {}),
        (Action(chargePortDoorClose=car_server.ChargePortDoorClose()), "charge_port_door_close", {}),
        (
            Action(addChargeScheduleAction=A_NIGHT),
            "add_charge_schedule",
            {
                "id": 1723624800,
                "name": "Chargekey",
                "days_of_week": "Monday",
                "start_enabled": True,
                "start_time": 60,
                "end_enabled": True,
                "end_time": 360,
                "one_time": True,
                "enabled": True,
                "lat": 52.37,
                "lon": 4.9,
            },
        ),
        (
            Action(removeChargeScheduleAction=car_server.RemoveChargeScheduleAction(id=3)),
            "remove_charge_schedule",
            {"id": 3},
        ),
        (
            Action(addPreconditionScheduleAction=A_WARM_UP),
            "add_precondition_schedule",
            {
                "id": 7,
                "name": "",
                "days_of_week": "All",
                "precondition_time": 450,
                "one_time": False,
                "enabled": True,
                "lat": 52.37,
                "lon": 4.9,
            },
        ),
        (
            Action(removePreconditionScheduleAction=car_server.RemovePreconditionScheduleAction(id=7)),
            "remove_precondition_schedule",
            {"id": 7},
        ),
        (
            Action(batchRemoveChargeSchedulesAction=car_server.BatchRemoveChargeSchedulesAction(home=True)),
            "batch_remove_charge_schedules",
            {"home": True, "work": False, "other": False},
        ),
        (
            Action(batchRemovePreconditionSchedulesAction=car_server.BatchRemovePreconditionSchedulesAction(work=True)),
            "batch_remove_precondition_schedules",
            {"home": False, "work": True, "other": False},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_action_arrives_as_its_rest_command(
    action: car_server.VehicleAction, name: str, arguments: dict[str, object]
) -> None:
    garage = Garage()
    client = Client(garage)
    client.greets(INFOTAINMENT)

    client.asks(payload_of(action))

    assert garage.obeyed == [(name, arguments)]


@pytest.mark.parametrize(
    "action",
    [
        Action(mediaPlayAction=car_server.MediaPlayAction()),
        Action(chargingStartStopAction=StartStop()),
        Action(),
    ],
)
def test_an_unknown_action_is_refused_by_the_application(action: car_server.VehicleAction) -> None:
    garage = Garage()
    client = Client(garage)
    client.greets()

    status = car_server.Response.FromString(client.asks(payload_of(action))).actionStatus

    assert status.result == car_server.OPERATIONSTATUS_ERROR
    assert status.result_reason.plain_text == UNKNOWN_ACTION
    assert garage.obeyed == []


def test_a_ping_is_answered_with_itself() -> None:
    client = Client(Garage())
    client.greets()

    answer = car_server.Response.FromString(client.asks(payload_of(Action(ping=car_server.Ping(ping_id=4)))))

    assert answer.ping.ping_id == 4
    assert answer.actionStatus.result == car_server.OPERATIONSTATUS_OK


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (
            vcsec.UnsignedMessage(
                closureMoveRequest=vcsec.ClosureMoveRequest(chargePort=vcsec.CLOSURE_MOVE_TYPE_CLOSE)
            ),
            "charge_port_door_close",
        ),
        (vcsec.UnsignedMessage(RKEAction=vcsec.RKE_ACTION_LOCK), "door_lock"),
        (vcsec.UnsignedMessage(RKEAction=vcsec.RKE_ACTION_UNLOCK), "door_unlock"),
        (vcsec.UnsignedMessage(RKEAction=vcsec.RKE_ACTION_WAKE_VEHICLE), "wake_up"),
    ],
)
def test_vehicle_securitys_messages_arrive_as_their_rest_commands(message: vcsec.UnsignedMessage, name: str) -> None:
    garage = Garage()
    client = Client(garage)
    client.greets(SECURITY)

    client.asks(message.SerializeToString(), SECURITY)

    assert garage.obeyed == [(name, {})]


@pytest.mark.parametrize(
    ("bits", "words"), [(127, "All"), (62, "Weekdays"), (1, "Sunday"), (64 + 2, "Monday,Saturday")]
)
def test_days_are_named(bits: int, words: str) -> None:
    assert day_names(bits) == words
