"""The Fleet API over a real socket: who may come in, what is told, in which words it says no."""

from datetime import timedelta

import pytest

from tesla_simulator.accounts import ALWAYS_GRANTED
from tesla_simulator.demo import CLIENT_ID, DOMAIN, EMAIL, MODEL_3, MODEL_S, MODEL_X, MODEL_Y, OWNER_OF_THE_Y
from tests.simulator.served import Tesla


async def test_no_call_before_registration_in_the_region(tesla: Tesla) -> None:
    token = (await tesla.connects())["access_token"]
    answer = await tesla.gets(token, "vehicles")
    assert answer.status_code == 412
    assert answer.json()["error"].startswith(
        f"Account {CLIENT_ID} must be registered in the current region {tesla.url}/eu"
    )


async def test_the_other_region_names_the_right_one(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    answer = await registered.gets(token, "vehicles", region="na")
    assert answer.status_code == 421
    assert answer.json()["error"].startswith(f"user out of region, use base URL: {registered.url}/eu, see https://")
    assert answer.headers["alt-svc"] == f"h2={registered.url}"


async def test_the_region_is_told_in_every_region(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    for region in ("na", "eu"):
        told = (await registered.gets(token, "users/region", region=region)).json()
        assert told == {"response": {"region": "eu", "fleet_api_base_url": f"{registered.url}/eu"}}


async def test_registration_fetches_the_key_from_the_domain(tesla: Tesla) -> None:
    answer = await tesla.registers("eu")
    assert answer.json()["response"]["public_key"] == tesla.partner.public.hex()
    token = await tesla.partner_token()
    told = await tesla.gets(token, "partner_accounts/public_key", domain=DOMAIN)
    assert told.json() == {"response": {"public_key": tesla.partner.public.hex()}}


async def test_registration_says_what_is_wrong(tesla: Tesla) -> None:
    assert (await tesla.registers("eu", domain=f"https://{DOMAIN}")).status_code == 400
    elsewhere = await tesla.registers("eu", domain="chargekey.elsewhere.example.net")
    assert (elsewhere.status_code, elsewhere.json()["error"][:11]) == (412, "Root domain")
    tesla.partner.hosts_key = False
    assert (await tesla.registers("eu")).status_code == 424
    user_token = (await tesla.connects())["access_token"]
    answer = await tesla.posts(user_token, "partner_accounts", {"domain": DOMAIN})
    assert answer.json()["error"] == "Expected partner account"


async def test_one_key_serves_one_app(registered: Tesla) -> None:
    other = "another-app"
    registered.world.developer_registers_app(other, "s", "Another", [], [f"https://{DOMAIN}"], [])
    audience = registered.world.sites.fleet_api("eu")
    secret = {"client_id": other, "client_secret": "s", "audience": audience}
    token = (await registered.token(grant_type="client_credentials", **secret)).json()["access_token"]
    answer = await registered.posts(token, "partner_accounts", {"domain": DOMAIN})
    assert answer.json()["error"] == "Validation failed: Public key hash has already been taken"


async def test_the_list_tells_owner_driver_and_state(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    listed = (await registered.gets(token, "vehicles")).json()
    told = {car["vin"]: (car["access_type"], car["state"], car["command_signing"]) for car in listed["response"]}
    assert told == {
        MODEL_3: ("OWNER", "online", "required"),
        MODEL_S: ("OWNER", "asleep", "off"),
        MODEL_X: ("OWNER", "asleep", "required"),
        MODEL_Y: ("DRIVER", "online", "required"),
    }
    assert listed["count"] == 4


async def test_the_list_has_pages(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    first = (await registered.gets(token, "vehicles", per_page="3")).json()
    assert first["pagination"] == {
        "previous": None, "next": 2, "current": 1, "per_page": 3, "count": 4, "pages": 2,
    }  # fmt: skip
    second = (await registered.gets(token, "vehicles", page="2", per_page="3")).json()
    assert [len(page["response"]) for page in (first, second)] == [3, 1]
    assert (await registered.gets(token, "vehicles", page="0")).status_code == 400


@pytest.mark.parametrize(
    ("path", "needed"),
    [
        ("users/me", "user_data"),
        ("vehicles", "vehicle_device_data"),
        (f"vehicles/{MODEL_3}/vehicle_data?endpoints=location_data", "vehicle_location"),
    ],
)
async def test_a_missing_scope_is_403(registered: Tesla, path: str, needed: str) -> None:
    scopes = ["user_data", "vehicle_device_data", "vehicle_location", "vehicle_charging_cmds"]
    token = (await registered.connects([scope for scope in scopes if scope != needed]))["access_token"]
    answer = await registered.web.get(f"{registered.url}/eu/api/1/{path}", headers={"Authorization": f"Bearer {token}"})
    refusal = {"response": None, "error": "Unauthorized missing scopes", "error_description": ""}
    assert (answer.status_code, answer.json()) == (403, refusal)


async def test_a_car_of_somebody_else_is_not_found(registered: Tesla) -> None:
    token = (await registered.connects(email=OWNER_OF_THE_Y))["access_token"]
    answer = await registered.gets(token, f"vehicles/{MODEL_3}")
    assert (answer.status_code, answer.json()["error"]) == (404, f"{MODEL_3} not_found")


async def test_data_is_told_block_by_block(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    path = f"vehicles/{MODEL_3}/vehicle_data"
    told = (await registered.gets(token, path, endpoints="charge_state;location_data")).json()["response"]
    assert told["charge_state"]["battery_level"] == 42
    assert told["charge_state"]["charging_state"] == "Disconnected"
    assert told["drive_state"]["latitude"] == pytest.approx(52.0907)
    assert "vehicle_state" not in told
    only_metadata = (await registered.gets(token, path, endpoints="charge_state,drive_state")).json()["response"]
    assert "charge_state" not in only_metadata
    assert only_metadata["vin"] == MODEL_3
    all_blocks = (await registered.gets(token, path)).json()["response"]
    assert "latitude" not in all_blocks["drive_state"]


async def test_an_owner_hides_the_place_from_a_driver_and_nothing_else(registered: Tesla) -> None:
    account = registered.world.accounts[EMAIL]
    account.sells(MODEL_3)
    account.gets(MODEL_3, "DRIVER", hides_private=True)
    token = (await registered.connects())["access_token"]
    path = f"vehicles/{MODEL_3}/vehicle_data"
    told = (await registered.gets(token, path, endpoints="charge_state;location_data")).json()["response"]
    assert told["granular_access"] == {"hide_private": True}
    assert told["charge_state"]["battery_level"] == 42
    assert "drive_state" not in told


async def test_a_sleeping_car_is_408_until_it_has_woken(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.car.falls_asleep()
    asleep = await registered.gets(token, f"vehicles/{MODEL_3}/vehicle_data")
    assert asleep.status_code == 408
    assert asleep.json()["error"] == "vehicle unavailable: vehicle is offline or asleep"

    woken = await registered.posts(token, f"vehicles/{MODEL_3}/wake_up")
    assert woken.json()["response"]["state"] == "asleep"
    await registered.world.time_passes(timedelta(seconds=9))
    assert (await registered.gets(token, f"vehicles/{MODEL_3}")).json()["response"]["state"] == "asleep"
    await registered.world.time_passes(timedelta(seconds=51))
    assert (await registered.gets(token, f"vehicles/{MODEL_3}")).json()["response"]["state"] == "online"
    assert (await registered.gets(token, f"vehicles/{MODEL_3}/vehicle_data")).status_code == 200


async def test_plain_commands_are_for_old_cars_only(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    new = await registered.posts(token, f"vehicles/{MODEL_3}/command/charge_start")
    assert new.status_code == 403
    assert new.json()["error"].startswith("Tesla Vehicle Command Protocol required, please refer to")
    assert registered.car.log == []

    old = registered.world.cars[MODEL_S]
    assert (await registered.posts(token, f"vehicles/{MODEL_S}/command/charge_start")).status_code == 408
    old.wakes_up()
    refused = await registered.posts(token, f"vehicles/{MODEL_S}/command/charge_start")
    assert refused.json() == {"response": {"result": False, "reason": "disconnected"}}
    limit = await registered.posts(token, f"vehicles/{MODEL_S}/command/set_charge_limit", {"percent": 70})
    assert limit.json() == {"response": {"result": True, "reason": ""}}
    assert old.accepted_commands == ["set_charge_limit"]
    unknown = await registered.posts(token, f"vehicles/{MODEL_S}/command/dance")
    assert (unknown.status_code, unknown.json()["error"]) == (400, "invalid_command")


async def test_old_cars_refuse_signed_commands(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    answer = await registered.posts(token, f"vehicles/{MODEL_S}/signed_command", {"routable_message": ""})
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("vehicle does not support the Tesla Vehicle Command Protocol")


async def test_a_signed_message_reaches_the_car_and_its_answer_comes_back(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    path = f"vehicles/{MODEL_3}/signed_command"
    answer = await registered.posts(token, path, {"routable_message": "AAAA"})
    assert answer.status_code == 200
    assert answer.json()["response"]
    assert (await registered.posts(token, path, {"routable_message": "?"})).status_code == 400


async def test_fleet_status_tells_keys_with_a_lag(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.car.takes_key(registered.partner.public, DOMAIN)
    assert await _paired(registered, token) == ([], [MODEL_3])
    await registered.world.time_passes(timedelta(seconds=2))
    assert await _paired(registered, token) == ([MODEL_3], [])
    registered.car.somebody_deletes_our_key()
    assert await _paired(registered, token) == ([MODEL_3], [])
    await registered.world.time_passes(timedelta(seconds=2))
    assert await _paired(registered, token) == ([], [MODEL_3])
    registered.car.is_missing_from_both_lists()
    assert await _paired(registered, token) == ([], [])


async def _paired(tesla: Tesla, token: str) -> tuple[list[str], list[str]]:
    told = (await tesla.posts(token, "vehicles/fleet_status", {"vins": [MODEL_3]})).json()["response"]
    return told["key_paired_vins"], told["unpaired_vins"]


async def test_fleet_status_tells_an_old_car_from_a_new_one(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    asked = {"vins": [MODEL_S, MODEL_X, "5YJ3E1EA7JF000001"]}
    told = (await registered.posts(token, "vehicles/fleet_status", asked)).json()["response"]
    assert told["unpaired_vins"] == [MODEL_S, MODEL_X]
    assert told["vehicle_info"][MODEL_S]["vehicle_command_protocol_required"] is False
    assert told["vehicle_info"][MODEL_S]["total_number_of_keys"] is None
    assert told["vehicle_info"][MODEL_X]["vehicle_command_protocol_required"] is True
    assert told["vehicle_info"][MODEL_X]["total_number_of_keys"] == 2


async def test_what_stands_in_the_way_has_its_word(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    path = f"vehicles/{MODEL_3}/vehicle_data"
    registered.car.somebody_turns_mobile_access_off()
    assert (await registered.gets(token, path)).json()["error"] == "mobile_access_disabled"
    registered.car.somebody_turns_mobile_access_on()
    registered.car.goes_to_service()
    assert (await registered.gets(token, path)).status_code == 405
    registered.world.accounts[EMAIL].has_never_used_the_app()
    assert (await registered.gets(token, "vehicles")).json()["error"] == "unknown user"


async def test_drivers_are_told_to_the_owner_only(registered: Tesla) -> None:
    driver = (await registered.connects())["access_token"]
    assert (await registered.gets(driver, f"vehicles/{MODEL_Y}/drivers")).status_code == 403
    await registered.web.get(f"{registered.url}/auth/")  # another person, another browser
    registered.web.cookies.clear()
    owner = (await registered.connects(email=OWNER_OF_THE_Y))["access_token"]
    told = (await registered.gets(owner, f"vehicles/{MODEL_Y}/drivers")).json()
    assert [driver["driver_first_name"] for driver in told["response"]] == ["Kim"]


async def test_every_answer_has_a_transaction_and_is_written_down_with_its_price(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    answer = await registered.gets(token, f"vehicles/{MODEL_3}/vehicle_data", endpoints="charge_state")
    assert len(answer.headers["x-txid"]) == 32
    call = registered.world.calls[-1]
    assert (call.site, call.status, call.vin, call.billed_as) == ("eu", 200, MODEL_3, "data")
    assert "endpoints" not in call.path


async def test_tesla_is_also_found_under_its_own_host_names(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    headers = {"Host": "fleet-api.prd.eu.vn.cloud.tesla.com", "Authorization": f"Bearer {token}"}
    assert (await registered.web.get(f"{registered.url}/api/1/vehicles", headers=headers)).status_code == 200
    assert (await registered.web.get(f"{registered.url}/control/world", headers=headers)).status_code == 404


async def test_bodies_that_are_no_json_are_refused(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    address = f"{registered.url}/eu/api/1/vehicles/fleet_status"
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await registered.web.post(address, content="{}", headers=bearer)).status_code == 406
    for wrong in ("[", "[]", '{"vins": 3}'):
        headers = {**bearer, "Content-Type": "application/json"}
        assert (await registered.web.post(address, content=wrong, headers=headers)).status_code == 400


async def test_what_always_comes_along_is_part_of_every_consent(registered: Tesla) -> None:
    await registered.connects(ticked=[])
    consent = registered.world.accounts[EMAIL].consent_to(CLIENT_ID)
    assert consent is not None
    assert consent.scopes == list(ALWAYS_GRANTED)
