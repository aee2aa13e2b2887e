"""Looking at vehicles: pages, nulls, and bodies that do not fit."""

import json
from typing import Any

import httpx2
import pytest

from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.vehicles import FleetVehicles
from chargekey.domain.car_schedules import CarSchedule
from chargekey.domain.evidence import ChargeState, Charging, KeyStatus, Listed
from chargekey.domain.findings import MobileAccess
from chargekey.domain.place import Place
from chargekey.domain.vehicle import Access, Reach, Vin
from chargekey.ports.faults import AnswerLost, Asleep, Puzzling, Refused, ScopeMissing, VehicleGone
from chargekey.ports.tesla import Look
from tests.adapters.tesla_side import EU, GRANT, NA, OTHER_VIN, TRUSTED, VIN, PocketVault, Tesla, said

CAR = {
    "id": 1493130000000000,
    "vin": VIN.whole,
    "access_type": "OWNER",
    "display_name": " Zoé ",
    "option_codes": None,
    "mobile_access_disabled": False,
    "state": "online",
    "in_service": False,
    "command_signing": "required",
}
CHARGE = {
    "battery_level": 77,
    "battery_range": 266.87,
    "charge_amps": 16,
    "charge_current_request": 16,
    "charge_current_request_max": 16,
    "charge_energy_added": 4.32,
    "charge_limit_soc": 80,
    "charger_actual_current": 15,
    "charger_phases": 2,
    "charger_power": 11,
    "charger_voltage": 231,
    "charging_state": "Charging",
    "fast_charger_present": False,
    "conn_charge_cable": "IEC",
    "timestamp": 1705707520649,
}


def looking(tesla: Tesla) -> FleetVehicles:
    return FleetVehicles(FleetApi(tesla.http, PocketVault("second"), TRUSTED), TRUSTED)


def page(*cars: dict[str, Any], following: int | None = None, **more: object) -> httpx2.Response:
    return said(200, {"response": cars, "pagination": {"next": following, "current": 1}, "count": len(cars), **more})


# ── the list ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_listed_car_says_who_may_and_whether_it_is_awake() -> None:
    answer = await looking(Tesla(said(200, {"response": [CAR], "count": 1}, x_txid="abc"))).listing(GRANT)
    assert answer.value == ((VIN, Listed(Access.OWNER, Reach.ONLINE, "Zoé", False, False)),)
    assert answer.request_id == "abc"


async def test_every_page_of_the_list_is_read() -> None:
    other = {**CAR, "vin": OTHER_VIN.whole, "access_type": "DRIVER", "state": "asleep"}
    tesla = Tesla(page(CAR, following=2), page(other, CAR))
    answer = await looking(tesla).listing(GRANT)
    assert [vin for vin, _ in answer.value] == [VIN, OTHER_VIN]
    assert [request.url.params["page"] for request in tesla.asked] == ["1", "2"]


async def test_an_empty_account_has_no_cars() -> None:
    assert (await looking(Tesla(said(200, {"response": [], "pagination": None}))).listing(GRANT)).value == ()


async def test_a_list_that_never_ends_is_left() -> None:
    tesla = Tesla(*[page(CAR, following=2) for _ in range(60)])
    await looking(tesla).listing(GRANT)
    assert len(tesla.asked) == 50


async def test_what_tesla_does_not_say_is_unknown() -> None:
    answer = await looking(Tesla(page({"vin": VIN.whole, "state": None, "access_type": "FRIEND"}))).listing(GRANT)
    assert answer.value == ((VIN, Listed(Access.UNKNOWN, Reach.UNKNOWN, None, False, False)),)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"response": None},
        {"response": {}},
        {"response": [{}]},
        {"response": [{**CAR, "vin": "short"}]},
        {"response": [{**CAR, "in_service": "yes"}]},
        {"response": [{**CAR, "state": 3}]},
        "<html>a portal</html>",
        "",
    ],
    ids=repr,
)
async def test_a_list_that_does_not_fit_is_puzzling(body: object) -> None:
    with pytest.raises(Puzzling) as puzzling:
        await looking(Tesla(said(200, body))).listing(GRANT)
    assert VIN.whole not in puzzling.value.detail


# ── one car ──────────────────────────────────────────────────────────────────────────────────────


async def test_the_free_look_asks_for_the_car_alone() -> None:
    tesla = Tesla(said(200, {"response": {**CAR, "state": "offline", "in_service": True}}))
    answer = await looking(tesla).glance(GRANT, VIN)
    assert answer.value == Listed(Access.OWNER, Reach.OFFLINE, "Zoé", True, False)
    assert tesla.urls == [f"{EU}/api/1/vehicles/{VIN.whole}"]


async def test_a_car_that_left_the_account_is_gone() -> None:
    with pytest.raises(VehicleGone):
        await looking(Tesla(said(404, {"error": "not_found"}))).glance(GRANT, VIN)


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


async def test_key_statuses_of_paired_unpaired_and_unmentioned_cars() -> None:
    third = Vin("7SAXCBE50NF000003")
    info = {
        VIN.whole: {
            "firmware_version": "2025.44.25",
            "vehicle_command_protocol_required": True,
            "total_number_of_keys": 8,
            "fleet_telemetry_version": "1.1.0",
        },
        OTHER_VIN.whole: {"vehicle_command_protocol_required": False, "total_number_of_keys": None},
    }
    status = {"key_paired_vins": [VIN.whole], "unpaired_vins": [OTHER_VIN.whole], "vehicle_info": info}
    tesla = Tesla(said(200, {"response": status}))
    answer = await looking(tesla).key_statuses(GRANT, [VIN, OTHER_VIN, third])
    assert answer.value == {
        VIN: KeyStatus(True, True, 8, "2025.44.25"),
        OTHER_VIN: KeyStatus(False, False, None, None),
        third: KeyStatus(None, None, None, None),
    }
    assert tesla.body() == {"vins": [VIN.whole, OTHER_VIN.whole, third.whole]}


async def test_a_fleet_status_of_nulls_says_nothing() -> None:
    nulls = {"key_paired_vins": None, "unpaired_vins": None, "vehicle_info": None}
    answer = await looking(Tesla(said(200, {"response": nulls}))).key_statuses(GRANT, [VIN])
    assert answer.value == {VIN: KeyStatus(None, None, None, None)}


async def test_many_cars_are_asked_for_a_hundred_at_a_time() -> None:
    vins = [Vin(f"LRWYGCEK0PC{number:06}") for number in range(150)]
    tesla = Tesla(*[said(200, {"response": {}})] * 2)
    answer = await looking(tesla).key_statuses(GRANT, vins)
    assert [len(tesla.body(number)["vins"]) for number in range(2)] == [100, 50]
    assert list(answer.value) == vins


# ── battery and cable ────────────────────────────────────────────────────────────────────────────


async def charge(**told: object) -> ChargeState:
    tesla = Tesla(said(200, {"response": {"charge_state": {**CHARGE, **told}}}))
    answer = await looking(tesla).look(GRANT, VIN, with_place=False)
    assert tesla.asked[0].url.params["endpoints"] == "charge_state"
    assert answer.value.place is None
    return answer.value.charge


async def test_a_charging_car_tells_all_of_it() -> None:
    assert await charge() == ChargeState(77, 80, Charging.CHARGING, 15, 16, 16, 231, 3, 11_000, 4_320, None)


async def test_a_car_that_heats_its_battery_says_so() -> None:
    assert [(await charge(battery_heater_on=told)).heating_battery for told in (True, False, None)] == [
        True,
        False,
        None,
    ]


async def test_a_car_just_awake_tells_nothing() -> None:
    answer = await charge(**dict.fromkeys(CHARGE))
    assert answer == ChargeState(None, None, Charging.UNKNOWN, *[None] * 8)


@pytest.mark.parametrize(
    ("state", "charging"),
    [
        ("Disconnected", Charging.UNPLUGGED),
        ("NoPower", Charging.NO_POWER),
        ("Starting", Charging.STARTING),
        ("Charging", Charging.CHARGING),
        ("Calibrating", Charging.CHARGING),
        ("Complete", Charging.COMPLETE),
        ("Stopped", Charging.STOPPED),
        ("Unknown", Charging.UNKNOWN),
        ("SomethingNew", Charging.UNKNOWN),
    ],
)
async def test_every_charging_state_has_its_word(state: str, charging: Charging) -> None:
    assert (await charge(charging_state=state)).charging is charging


async def test_at_a_fast_charger_a_car_is_not_at_home() -> None:
    assert (await charge(fast_charger_present=True)).at_home is False


@pytest.mark.parametrize(
    "told", [{"battery_level": "77"}, {"battery_level": 101}, {"battery_level": True}, {"charging_state": 4}], ids=repr
)
async def test_a_charge_state_that_does_not_fit_is_puzzling(told: dict[str, object]) -> None:
    with pytest.raises(Puzzling):
        await charge(**told)


async def test_whole_numbers_written_as_floats_are_whole() -> None:
    assert (await charge(charger_actual_current=15.0, battery_level=76.6)).soc_percent == 77


async def test_numbers_that_are_none_do_not_break_us() -> None:
    body = json.dumps({"response": {"charge_state": {"battery_level": 1}}}).replace("1", "NaN")
    with pytest.raises(Puzzling):
        await looking(Tesla(said(200, body))).look(GRANT, VIN, with_place=False)


async def test_a_sleeping_car_has_no_charge_state() -> None:
    tesla = Tesla(said(408, {"error": "vehicle unavailable: vehicle is offline or asleep"}))
    with pytest.raises(Asleep):
        await looking(tesla).look(GRANT, VIN, with_place=True)


# ── the place ────────────────────────────────────────────────────────────────────────────────────

DRIVE = {"gps_as_of": 1705707515, "heading": 90, "latitude": 52.25, "longitude": 5.5, "shift_state": None}


async def placed(**told: object) -> Place | None:
    tesla = Tesla(said(200, {"response": {"charge_state": CHARGE, **told}}))
    answer = await looking(tesla).look(GRANT, VIN, with_place=True)
    assert tesla.asked[0].url.params["endpoints"] == "charge_state;location_data;charge_schedule_data"
    assert b"endpoints=charge_state%3Blocation_data%3Bcharge_schedule_data" in tesla.asked[0].url.query
    assert answer.value.charge.at_home is None  # where home is, Tesla is not asked
    return answer.value.place


async def test_a_place_is_read_where_it_was_asked_for() -> None:
    assert await placed(drive_state=DRIVE) == Place(52.25, 5.5)


@pytest.mark.parametrize(
    "told",
    [
        {},  # the owner hides it from this driver
        {"drive_state": None},
        {"drive_state": {"shift_state": None}},
        {"drive_state": {**DRIVE, "latitude": None}},
        {"drive_state": {**DRIVE, "longitude": None}},
        {"drive_state": {**DRIVE, "latitude": 91.0}},  # no place on this planet: no reason not to charge
    ],
    ids=repr,
)
async def test_a_car_that_hides_its_place_has_none(told: dict[str, object]) -> None:
    assert await placed(**told) is None


async def test_a_place_that_was_not_asked_for_is_not_taken() -> None:
    tesla = Tesla(said(200, {"response": {"charge_state": CHARGE, "drive_state": DRIVE}}))
    assert (await looking(tesla).look(GRANT, VIN, with_place=False)).value.place is None


async def test_a_place_that_does_not_fit_is_puzzling_and_not_repeated() -> None:
    body = {"response": {"charge_state": CHARGE, "drive_state": {"latitude": "52.25", "longitude": 5.5}}}
    with pytest.raises(Puzzling) as puzzling:
        await looking(Tesla(said(200, body))).look(GRANT, VIN, with_place=True)
    assert "52.25" not in f"{puzzling.value} {puzzling.value.detail}"


# ── its schedules ────────────────────────────────────────────────────────────────────────────────

SCHEDULE = {
    "id": 1_723_624_800,
    "name": "",
    "days_of_week": 127,
    "start_enabled": True,
    "start_time": 60,
    "end_enabled": True,
    "end_time": 360,
    "one_time": False,
    "enabled": True,
    "latitude": 52.25,
    "longitude": 5.5,
}


async def looked(data: object) -> Look:
    tesla = Tesla(said(200, {"response": {"charge_state": CHARGE, "charge_schedule_data": data}}))
    return (await looking(tesla).look(GRANT, VIN, with_place=True)).value


async def test_schedules_are_read_with_the_place_where_they_count() -> None:
    odd = {**SCHEDULE, "id": 2, "start_enabled": False, "end_time": 0, "one_time": True, "latitude": None}
    look = await looked({"charge_schedules": [SCHEDULE, odd], "max_num_charge_schedules": 10})
    assert look.schedules == (
        (CarSchedule(1_723_624_800, 127, 60, 360, one_time=False), Place(52.25, 5.5)),
        (CarSchedule(2, 127, None, 0, one_time=True), None),
    )
    assert look.most_schedules == 10


async def test_a_car_without_schedules_has_none_and_one_that_cannot_have_any_says_nothing() -> None:
    assert (await looked({"charge_schedules": [], "charge_buffer": 5})).schedules == ()
    assert (await looked({"charge_schedules": None})).schedules == ()
    assert (await looked(None)).schedules is None


@pytest.mark.parametrize(
    "wrong", [{"id": -1}, {"days_of_week": 128}, {"start_time": 1440}, {"enabled": "yes"}], ids=repr
)
async def test_schedules_that_do_not_fit_are_puzzling(wrong: dict[str, object]) -> None:
    with pytest.raises(Puzzling):
        await looked({"charge_schedules": [{**SCHEDULE, **wrong}]})


async def test_without_the_permission_the_whole_look_is_refused() -> None:
    refusal = {"response": None, "error": "Unauthorized missing scopes", "error_description": ""}
    with pytest.raises(ScopeMissing):
        await looking(Tesla(said(403, refusal))).look(GRANT, VIN, with_place=True)


async def test_a_look_prints_no_place() -> None:
    answer = await looking(Tesla(said(200, {"response": {"charge_state": CHARGE, "drive_state": DRIVE}}))).look(
        GRANT, VIN, with_place=True
    )
    assert "52.25" not in repr(answer)


# ── waking, and the region ───────────────────────────────────────────────────────────────────────


async def test_a_woken_car_is_often_still_asleep() -> None:
    answer = await looking(Tesla(said(200, {"response": {**CAR, "state": "asleep"}}))).wake(GRANT, VIN)
    assert answer.value is Reach.ASLEEP


async def test_a_wake_whose_answer_is_lost_may_have_woken_the_car() -> None:
    with pytest.raises(AnswerLost):
        await looking(Tesla(httpx2.ReadTimeout("slow"))).wake(GRANT, VIN)


def region(base_url: str) -> Tesla:
    return Tesla(said(200, {"response": {"region": "na", "fleet_api_base_url": base_url}}))


async def test_the_accounts_region_is_found() -> None:
    assert (await looking(region(f"{NA}/")).find_region(GRANT)).value == NA


async def test_a_region_that_nobody_configured_is_not_believed() -> None:
    with pytest.raises(Puzzling):
        await looking(region("https://thief.example")).find_region(GRANT)


# ── the switch in the car ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("is_on", [True, False])
async def test_the_switch_in_the_car_is_told(is_on: bool) -> None:
    tesla = Tesla(said(200, {"response": {"result": is_on, "reason": ""}}, x_txid="abc"))
    answer = await looking(tesla).mobile_access(GRANT, VIN)
    assert answer.value == MobileAccess(is_on)
    assert answer.request_id == "abc"


async def test_a_refusal_for_mobile_access_says_that_the_switch_is_off() -> None:
    tesla = Tesla(said(401, {"error": "mobile_access_disabled"}, x_txid="abc"))
    assert (await looking(tesla).mobile_access(GRANT, VIN)).value == MobileAccess(allowed=False)


async def test_another_refusal_says_nothing_of_the_switch() -> None:
    with pytest.raises(Refused):
        await looking(Tesla(said(423, {"error": "account locked"}))).mobile_access(GRANT, VIN)
