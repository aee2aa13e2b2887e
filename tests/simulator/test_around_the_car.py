"""What other programs ask of Tesla about a car: products, service, options, warranty, and orders beside charging."""

from datetime import timedelta

import pytest

from tesla_simulator.demo import CLIENT_ID, EMAIL, MODEL_3, MODEL_S
from tests.simulator.served import SCOPES, Tesla

ALL = [*SCOPES.split(), "vehicle_cmds"]


@pytest.fixture
async def token(registered: Tesla) -> str:
    registered.world.accounts[EMAIL].consents(CLIENT_ID, ALL)
    return str((await registered.connects())["access_token"])


async def test_products_are_the_cars_of_the_list(registered: Tesla, token: str) -> None:
    products = (await registered.gets(token, "products")).json()
    listed = (await registered.gets(token, "vehicles")).json()
    assert products == {"response": listed["response"], "count": 4}


async def test_a_car_in_service_says_until_when(registered: Tesla, token: str) -> None:
    assert (await registered.gets(token, f"vehicles/{MODEL_3}/service_data")).json() == {"response": {}}
    registered.car.goes_to_service()
    told = (await registered.gets(token, f"vehicles/{MODEL_3}/service_data")).json()["response"]
    assert (told["service_status"], told["status_id"]) == ("in_service", 8)
    assert told["service_etc"] == (registered.world.now + timedelta(days=1)).isoformat(timespec="seconds")


async def test_lists_that_are_empty_here_have_the_shape_of_full_ones(registered: Tesla, token: str) -> None:
    alerts = (await registered.gets(token, f"vehicles/{MODEL_3}/recent_alerts")).json()
    nearby = (await registered.gets(token, f"vehicles/{MODEL_3}/nearby_charging_sites")).json()["response"]
    assert alerts == {"response": {"recent_alerts": []}}
    assert (nearby["superchargers"], nearby["destination_charging"]) == ([], [])
    assert nearby["timestamp"] == int(registered.world.now.timestamp() * 1000)


@pytest.mark.parametrize(("vin", "active", "expired"), [(MODEL_3, 1, 0), (MODEL_S, 0, 1)])
async def test_the_warranty_goes_by_the_model_year(
    registered: Tesla, token: str, vin: str, active: int, expired: int
) -> None:
    told = (await registered.gets(token, "dx/warranty/details", vin=vin)).json()["response"]
    assert [len(told[key]) for key in ("activeWarranty", "upcomingWarranty", "expiredWarranty")] == [active, 0, expired]
    assert (await registered.gets(token, "dx/warranty/details", vin="5YJ3E1EA7JF000001")).status_code == 404


async def test_an_order_beside_charging_wants_the_scope_for_all_commands(registered: Tesla) -> None:
    less = (await registered.connects())["access_token"]
    registered.world.cars[MODEL_S].wakes_up()
    refused = await registered.posts(less, f"vehicles/{MODEL_S}/command/door_unlock")
    assert (refused.status_code, refused.json()["error"]) == (403, "Unauthorized missing scopes")
    allowed = await registered.posts(less, f"vehicles/{MODEL_S}/command/charge_port_door_open")
    assert allowed.json() == {"response": {"result": True, "reason": ""}}


async def test_what_is_ordered_is_told(registered: Tesla, token: str) -> None:
    registered.world.cars[MODEL_S].wakes_up()
    orders: dict[str, dict[str, object]] = {
        "door_unlock": {},
        "auto_conditioning_start": {},
        "set_temps": {"driver_temp": 21.5, "passenger_temp": 40},
        "set_sentry_mode": {"on": True},
        "flash_lights": {},
        "set_scheduled_departure": {"enable": True, "departure_time": 450, "preconditioning_enabled": True},
        "add_precondition_schedule": {
            "days_of_week": "Weekdays",
            "precondition_time": 420,
            "id": 7,
            "lat": 1,
            "lon": 2,
        },
    }
    for name, body in orders.items():
        answer = await registered.posts(token, f"vehicles/{MODEL_S}/command/{name}", body)
        assert answer.json() == {"response": {"result": True, "reason": ""}}, name
    endpoints = "charge_state;climate_state;vehicle_state;preconditioning_schedule_data"
    told = (await registered.gets(token, f"vehicles/{MODEL_S}/vehicle_data", endpoints=endpoints)).json()["response"]
    assert told["vehicle_state"]["locked"] is False
    assert told["vehicle_state"]["sentry_mode"] is True
    climate = told["climate_state"]
    assert (climate["is_climate_on"], climate["driver_temp_setting"], climate["passenger_temp_setting"]) == (
        True,
        21.5,
        28.0,
    )
    charge = told["charge_state"]
    assert (charge["scheduled_charging_mode"], charge["scheduled_departure_time_minutes"]) == ("DepartBy", 450)
    assert charge["scheduled_departure_time"] > registered.world.now.timestamp()
    (schedule,) = told["preconditioning_schedule_data"]["precondition_schedules"]
    assert (schedule["id"], schedule["days_of_week"], schedule["precondition_time"]) == (7, 62, 420)
    gone = await registered.posts(token, f"vehicles/{MODEL_S}/command/remove_precondition_schedule", {"id": 7})
    assert gone.json()["response"]["result"] is True


async def test_a_command_without_a_body_needs_to_name_no_kind_of_content(registered: Tesla, token: str) -> None:
    address = f"{registered.url}/eu/api/1/vehicles/{MODEL_3}/wake_up"
    answer = await registered.web.post(address, headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["response"]["state"] == "online"
