"""The world as a whole: its clock and followers, the phone, trouble, control, and what survives."""

import uuid
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tesla_simulator.app_screens import Shows
from tesla_simulator.demo import CLIENT_ID, DOMAIN, EMAIL, MODEL_3, MODEL_S, MODEL_X, MODEL_Y
from tesla_simulator.faults import Fault, Kind
from tests.simulator.served import START, Tesla, tesla_on_a_socket

# ── the clock ────────────────────────────────────────────────────────────────


async def test_followers_are_told_each_step_and_when_they_want_to_be() -> None:
    async with tesla_on_a_socket(follow=True) as tesla:
        wanted = START + timedelta(minutes=20, seconds=7)
        tesla.partner.next_due = [wanted]
        await tesla.world.time_passes(timedelta(minutes=40))
        minutes = [(told - START) / timedelta(minutes=1) for told in tesla.partner.told[1:]]
        assert minutes[-4:] == pytest.approx([15, 20 + 7 / 60, 35 + 7 / 60, 40])


async def test_time_never_goes_back(tesla: Tesla) -> None:
    await tesla.world.until(START + timedelta(hours=2))
    await tesla.world.until(START)
    assert tesla.world.now == START + timedelta(hours=2)


# ── the phone ────────────────────────────────────────────────────────────────


async def test_an_owner_allows_and_the_key_is_on_the_car(registered: Tesla) -> None:
    await registered.connects()
    phone = registered.world.phone
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.PROMPT
    assert await phone.allows() is Shows.PAIRED
    assert registered.car.knows_key(registered.partner.public)


async def test_a_driver_must_hold_a_key_card_to_the_car(registered: Tesla) -> None:
    await registered.connects()
    phone = registered.world.phone
    phone.sits_down_in(MODEL_Y)
    await phone.opens_pairing_link(DOMAIN, MODEL_Y)
    assert await phone.allows() is Shows.KEY_CARD
    assert not registered.world.cars[MODEL_Y].keys
    assert phone.taps_key_card() is Shows.PAIRED
    assert registered.world.cars[MODEL_Y].knows_key(registered.partner.public)


async def test_the_app_says_why_not(registered: Tesla) -> None:
    phone, world = registered.world.phone, registered.world
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.NO_CONSENT
    assert DOMAIN in phone.words[1]
    await registered.connects()
    assert await phone.opens_pairing_link(DOMAIN, MODEL_S) is Shows.NOT_NEEDED
    assert await phone.opens_pairing_link("else.example", MODEL_3) is Shows.NOT_REGISTERED
    world.cars[MODEL_X].fills_its_key_list()
    assert await phone.opens_pairing_link(DOMAIN, MODEL_X) is Shows.LIST_FULL
    registered.car.loses_reception()
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.OFFLINE
    registered.partner.hosts_key = False
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.NOT_HOSTED


async def test_a_phone_that_ignores_the_vin_pairs_the_wrong_car(registered: Tesla) -> None:
    await registered.connects()
    phone = registered.world.phone
    phone.swipes_to(MODEL_X)
    phone.ignores_vin()
    await phone.opens_pairing_link(DOMAIN, MODEL_3)
    await phone.allows()
    assert not registered.car.keys
    assert registered.world.cars[MODEL_X].keys


async def test_a_link_without_a_vin_pairs_the_car_on_the_screen(registered: Tesla) -> None:
    await registered.connects()
    phone = registered.world.phone
    phone.swipes_to(MODEL_X)
    await phone.opens_pairing_link(DOMAIN)
    await phone.allows()
    assert registered.world.cars[MODEL_X].keys


async def test_a_swallowed_prompt_shows_nothing(registered: Tesla) -> None:
    await registered.connects()
    phone = registered.world.phone
    phone.swallows_the_next_prompt()
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.NOTHING
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.PROMPT


async def test_revocation_may_take_the_key_along(registered: Tesla) -> None:
    await registered.connects()
    registered.car.takes_key(registered.partner.public, DOMAIN)
    kim = registered.world.accounts[EMAIL]
    kim.revokes_consent(CLIENT_ID)
    assert registered.car.keys
    registered.world.removes_keys_on_revocation()
    await registered.connects()
    kim.revokes_consent(CLIENT_ID)
    assert not registered.car.keys


# ── trouble ──────────────────────────────────────────────────────────────────


async def test_a_fault_meets_only_what_it_is_meant_for(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    limit = {"retry-after": "60"}
    body = "Retry in 60 seconds"
    registered.world.meets(
        Fault(Kind.ANSWERS, site="eu", vin=MODEL_3, status=429, body=body, headers=limit, account=EMAIL)
    )
    assert (await registered.gets(token, f"vehicles/{MODEL_X}")).status_code == 200
    met = await registered.gets(token, f"vehicles/{MODEL_3}")
    assert (met.status_code, met.text, met.headers["retry-after"]) == (429, "Retry in 60 seconds", "60")
    assert registered.world.calls[-1].status == 429
    assert (await registered.gets(token, f"vehicles/{MODEL_3}")).status_code == 200


async def test_an_answer_that_is_lost_was_a_command_all_the_same(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    car = registered.world.cars[MODEL_S]
    car.wakes_up()
    path = f"vehicles/{MODEL_S}/command/set_charge_limit"
    registered.world.meets(Fault(Kind.CUT_BEFORE, path_contains="/command/"))
    with pytest.raises(httpx2.TransportError):
        await registered.posts(token, path, {"percent": 70})
    assert car.accepted_commands == []
    registered.world.meets(Fault(Kind.CUT_AFTER, path_contains="/command/"))
    with pytest.raises(httpx2.TransportError):
        await registered.posts(token, path, {"percent": 70})
    assert car.accepted_commands == ["set_charge_limit"]


async def test_a_late_answer_comes_after_the_asker_has_gone(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.world.meets(Fault(Kind.HANGS, path_contains="/vehicles", hang_s=0.3))
    address, bearer = f"{registered.url}/eu/api/1/vehicles", {"Authorization": f"Bearer {token}"}
    with pytest.raises(httpx2.ReadTimeout):
        await registered.web.get(address, headers=bearer, timeout=0.05)


async def test_tesla_goes_down_and_is_well_again(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.world.tesla_goes_down()
    assert (await registered.gets(token, "vehicles")).status_code == 503
    registered.world.is_well_again()
    assert (await registered.gets(token, "vehicles")).status_code == 200


# ── control ──────────────────────────────────────────────────────────────────


async def test_verbs_are_played_by_name(tesla: Tesla) -> None:
    assert (await tesla.control("plugs_in", vin=MODEL_3)).status_code == 200
    assert (await tesla.control("clock", advance_s=3600)).json() == {"now": "2024-01-10T19:00:00+00:00"}
    seen = (await tesla.web.get(f"{tesla.url}/control/world")).json()
    car = seen["cars"][MODEL_3]
    assert car["charging_state"] == "Charging"
    assert car["soc_percent"] > 42
    assert seen["phone"]["selected_vin"] == MODEL_3
    until = await tesla.control("clock", until="2024-01-11T07:00:00Z")
    assert until.json() == {"now": "2024-01-11T07:00:00+00:00"}
    assert (await tesla.control("swipes_to", vin=MODEL_X)).status_code == 200
    assert (await tesla.control("meets", fault={"kind": "answers", "status": 500})).status_code == 200
    assert len(tesla.world.faults) == 1


async def test_verbs_that_make_no_sense_are_told_so(tesla: Tesla) -> None:
    assert (await tesla.control("flies", vin=MODEL_3)).status_code == 404
    assert (await tesla.control("plugs_in", vin="nothing")).status_code == 404
    assert (await tesla.control("drives", vin=MODEL_3, km="far")).status_code == 422
    assert (await tesla.control("drives", vin=MODEL_3, miles=3)).status_code == 422
    assert (await tesla.control("clock", until="tomorrow")).status_code == 422
    assert (await tesla.control("somebody_deletes_our_key", vin=MODEL_3, public_key="no")).status_code == 422


async def test_control_is_for_this_machine_and_for_json(tesla: Tesla) -> None:
    address = f"{tesla.url}/control/plugs_in"
    form = await tesla.web.post(address, data={"vin": MODEL_3})
    assert form.status_code == 415
    rebound = await tesla.web.post(address, json={"vin": MODEL_3}, headers={"Host": "rebound.example"})
    assert rebound.status_code == 403
    foreign = {"Origin": "https://foreign.example"}
    assert (await tesla.web.post(address, json={"vin": MODEL_3}, headers=foreign)).status_code == 403
    assert not tesla.car.record.is_plugged_in


# ── what survives ────────────────────────────────────────────────────────────


async def test_a_world_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    async with tesla_on_a_socket(tmp_path) as before:
        await before.registers("na", "eu")
        pair = await before.connects()
        await before.control("plugs_in", vin=MODEL_3)
        await before.control("clock", advance_s=3600)
        written = (tmp_path / "world.json").read_bytes()
        keys = before.car.protocol.dump()

    killed = tmp_path / str(uuid.uuid4())
    killed.mkdir()
    (killed / "world.json").write_bytes(written)  # what there was at the last answer, and no farewell
    async with tesla_on_a_socket(killed) as after:
        assert after.world.now == START + timedelta(hours=1)
        assert after.car.charging_state == "Charging"
        assert after.car.soc_percent == before.car.soc_percent
        assert after.car.protocol.dump() == keys
        assert after.world.portal.registration(CLIENT_ID, "eu") is not None
        assert (await after.renews(pair["refresh_token"])).status_code == 200
