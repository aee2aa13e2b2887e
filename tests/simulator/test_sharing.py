"""How an owner shares a car: with an invitation that one other account redeems, once and within a day."""

from datetime import timedelta

import pytest

from tesla_simulator.demo import CLIENT_ID, EMAIL, MODEL_3, MODEL_Y, OWNER_OF_THE_Y
from tests.simulator.served import Tesla

FRIEND = "friend@driver.example"
ALL = ["user_data", "vehicle_device_data", "vehicle_cmds", "vehicle_charging_cmds"]


@pytest.fixture
async def kim(registered: Tesla) -> str:
    registered.world.accounts[EMAIL].consents(CLIENT_ID, ALL)
    return str((await registered.connects())["access_token"])


@pytest.fixture
async def friend(registered: Tesla) -> str:
    registered.world.somebody_opens_an_account(FRIEND, "eu", "Fran Friend").consents(CLIENT_ID, ALL)
    return str((await registered.connects(email=FRIEND))["access_token"])


async def test_whoever_redeems_an_invitation_drives_the_car(registered: Tesla, kim: str, friend: str) -> None:
    made = (await registered.posts(kim, f"vehicles/{MODEL_3}/invitations")).json()["response"]
    assert (made["state"], made["vin"], made["share_user_id"]) == ("pending", MODEL_3, None)
    assert made["share_link"].endswith(made["code"])
    listed = (await registered.gets(kim, f"vehicles/{MODEL_3}/invitations")).json()
    assert [one["code"] for one in listed["response"]] == [made["code"]]
    assert listed["count"] == listed["pagination"]["count"] == 1

    redeemed = await registered.posts(friend, "invitations/redeem", {"code": made["code"]})
    assert redeemed.json()["response"]["vin"] == MODEL_3

    mine = (await registered.gets(friend, "vehicles")).json()["response"]
    assert [(one["vin"], one["access_type"]) for one in mine] == [(MODEL_3, "DRIVER")]
    drivers = (await registered.gets(kim, f"vehicles/{MODEL_3}/drivers")).json()
    assert [one["driver_first_name"] for one in drivers["response"]] == ["Fran"]

    # ── once only ────────────────────────────────────────────────
    again = await registered.posts(friend, "invitations/redeem", {"code": made["code"]})
    assert again.status_code == 404
    assert (await registered.gets(kim, f"vehicles/{MODEL_3}/invitations")).json()["count"] == 0


async def test_an_invitation_is_good_for_a_day_and_until_it_is_revoked(
    registered: Tesla, kim: str, friend: str
) -> None:
    first, second = [(await registered.posts(kim, f"vehicles/{MODEL_3}/invitations")).json()["response"] for _ in "12"]
    revoked = await registered.posts(kim, f"vehicles/{MODEL_3}/invitations/{first['id']}/revoke")
    assert revoked.json() == {"response": True}
    assert (await registered.posts(friend, "invitations/redeem", {"code": first["code"]})).status_code == 404

    registered.world.clock.turn_to(registered.world.now + timedelta(hours=24))
    friend = (await registered.connects(email=FRIEND))["access_token"]
    assert (await registered.posts(friend, "invitations/redeem", {"code": second["code"]})).status_code == 404


async def test_an_owner_takes_a_driver_off_the_car(registered: Tesla, kim: str, friend: str) -> None:
    registered.world.accounts[FRIEND].gets(MODEL_3, "DRIVER")
    address = f"{registered.url}/eu/api/1/vehicles/{MODEL_3}/drivers"
    bearer = {"Authorization": f"Bearer {kim}"}
    who = registered.world.accounts[FRIEND].record.number
    for asked, status in ((who + 1, 404), (who, 200), (who, 404)):
        answer = await registered.web.request("DELETE", address, json={"share_user_id": asked}, headers=bearer)
        assert answer.status_code == status, answer.text
    assert (await registered.gets(friend, f"vehicles/{MODEL_3}")).status_code == 404


async def test_sharing_is_the_owners(registered: Tesla, kim: str) -> None:
    assert registered.world.accounts[OWNER_OF_THE_Y].access_to(MODEL_Y)
    for answer in (
        await registered.gets(kim, f"vehicles/{MODEL_Y}/drivers"),
        await registered.posts(kim, f"vehicles/{MODEL_Y}/invitations"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (403, "Unauthorized")


async def test_six_people_share_no_car(registered: Tesla, kim: str) -> None:
    for _ in range(5):
        assert (await registered.posts(kim, f"vehicles/{MODEL_3}/invitations")).status_code == 200
    assert (await registered.posts(kim, f"vehicles/{MODEL_3}/invitations")).status_code == 422
