"""Facts about accounts, cars, the app's operator and Tesla, and what follows from each on the wire."""

from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tesla_simulator.app_screens import Shows
from tesla_simulator.demo import (
    CLIENT_ID,
    DOMAIN,
    EMAIL,
    MODEL_3,
    MODEL_S,
    MODEL_X,
    OWNER_OF_THE_Y,
    chargekey_registers,
)
from tesla_simulator.internet import WELL_KNOWN_KEY
from tests.simulator.served import SCOPES, Tesla, claims_of, tesla_on_a_socket


def _refusal(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


async def _vins(tesla: Tesla, token: str) -> set[str]:
    return {car["vin"] for car in (await tesla.gets(token, "vehicles")).json()["response"]}


# ── accounts ─────────────────────────────────────────────────────────────────


async def test_a_locked_account_is_423_and_cannot_sign_in(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    kim = registered.world.accounts[EMAIL]
    kim.gets_locked()
    assert (await registered.gets(token, "vehicles")).status_code == 423
    assert (await registered.signs_in()).status_code == 423
    kim.is_unlocked()
    assert (await registered.gets(token, "vehicles")).status_code == 200


async def test_refused_data_sharing_is_451_for_data_alone(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.world.accounts[EMAIL].refuses_to_share_data()
    assert (await registered.gets(token, f"vehicles/{MODEL_3}/vehicle_data")).status_code == 451
    assert (await registered.gets(token, f"vehicles/{MODEL_3}")).status_code == 200


async def test_an_account_of_a_business_is_unknown_until_the_business_consents(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    kim = registered.world.accounts[EMAIL]
    kim.belongs_to_a_business()
    assert _refusal(await registered.gets(token, "vehicles")) == (401, "unknown user")
    kim.its_business_consents()
    assert (await registered.gets(token, "vehicles")).status_code == 200


async def test_whoever_signs_in_to_the_app_is_known_from_then_on(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.world.accounts[EMAIL].has_never_used_the_app()
    assert _refusal(await registered.gets(token, "vehicles")) == (401, "unknown user")
    registered.world.phone.signs_in(EMAIL)
    assert (await registered.gets(token, "vehicles")).status_code == 200


async def test_hidden_ordered_sold_and_given_cars_are_not_listed(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    world, kim = registered.world, registered.world.accounts[EMAIL]
    kim.hides(MODEL_X)
    kim.orders(MODEL_S)
    world.car_changes_hands(MODEL_3, OWNER_OF_THE_Y)
    assert not {MODEL_X, MODEL_S, MODEL_3} & await _vins(registered, token)
    assert _refusal(await registered.gets(token, f"vehicles/{MODEL_3}")) == (404, f"{MODEL_3} not_found")
    ordered = (await registered.gets(token, "users/orders")).json()
    assert [order["vin"] for order in ordered["response"]] == [MODEL_S]
    kim.shows_again(MODEL_X)
    kim.takes_delivery_of(MODEL_S)
    assert {MODEL_X, MODEL_S} <= await _vins(registered, token)


async def test_hired_access_has_another_word_and_ends_by_itself(registered: Tesla) -> None:
    world = registered.world
    world.accounts[EMAIL].hires(MODEL_3, until=world.now + timedelta(hours=2))
    token = (await registered.connects())["access_token"]
    listed = (await registered.gets(token, f"vehicles/{MODEL_3}")).json()["response"]
    assert listed["access_type"] == "GUEST"
    assert (await registered.gets(token, f"vehicles/{MODEL_3}/drivers")).status_code == 403
    await world.time_passes(timedelta(hours=2))
    assert (await registered.gets(token, f"vehicles/{MODEL_3}")).status_code == 404


async def test_an_account_that_moved_is_answered_in_its_region_alone(registered: Tesla) -> None:
    registered.world.accounts[EMAIL].moves_to_region("na")
    token = (await registered.connects())["access_token"]
    assert claims_of(token)["ou_code"] == "NA"
    assert (await registered.gets(token, "vehicles", region="eu")).status_code == 421
    assert (await registered.gets(token, "vehicles", region="na")).status_code == 200


async def test_every_second_call_about_a_car_is_refused_for_no_reason(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.world.accounts[EMAIL].is_refused_now_and_then()
    seen = [(await registered.gets(token, f"vehicles/{MODEL_3}")).status_code for _ in range(4)]
    assert seen == [403, 200, 403, 200]
    registered.world.is_well_again()
    assert (await registered.gets(token, f"vehicles/{MODEL_3}")).status_code == 200


# ── tokens ───────────────────────────────────────────────────────────────────


async def test_tokens_unused_for_three_months_want_a_new_sign_in(registered: Tesla) -> None:
    pair = await registered.connects()
    registered.world.tokens.unused_for_months(EMAIL)
    assert (await registered.gets(pair["access_token"], "vehicles")).json() == {"error": "token expired (401)"}
    assert _refusal(await registered.renews(pair["refresh_token"])) == (401, "login_required")


async def test_tokens_that_somebody_else_renewed_twice_are_dead(registered: Tesla) -> None:
    pair = await registered.connects()
    registered.world.another_program_uses_the_tokens_of(EMAIL)
    assert _refusal(await registered.gets(pair["access_token"], "vehicles")) == (401, "invalid bearer token")
    assert _refusal(await registered.renews(pair["refresh_token"])) == (401, "login_required")


async def test_a_mass_revocation_meets_everybody_and_a_sign_in_mends_it_without_asking_again(
    registered: Tesla,
) -> None:
    pairs = [await registered.connects(email=email) for email in (EMAIL, OWNER_OF_THE_Y)]
    registered.world.tokens.tesla_ends_every_grant()
    for pair in pairs:
        assert _refusal(await registered.gets(pair["access_token"], "vehicles")) == (401, "User revoked consent")
        assert _refusal(await registered.renews(pair["refresh_token"])) == (401, "login_required")
    again = (await registered.connects())["access_token"]
    assert (await registered.gets(again, "vehicles")).status_code == 200


# ── cars ─────────────────────────────────────────────────────────────────────


async def test_mobile_access_off_is_told_in_three_places(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.car.somebody_turns_mobile_access_off()
    enabled = (await registered.gets(token, f"vehicles/{MODEL_3}/mobile_enabled")).json()["response"]
    assert enabled == {"result": False, "reason": ""}
    listed = (await registered.gets(token, f"vehicles/{MODEL_3}")).json()["response"]
    assert listed["mobile_access_disabled"] is True
    answer = await registered.gets(token, f"vehicles/{MODEL_3}/vehicle_data")
    assert _refusal(answer) == (401, "mobile_access_disabled")


async def test_a_car_that_nothing_wakes_stays_asleep(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.car.sleeps_deeply()
    await registered.posts(token, f"vehicles/{MODEL_3}/wake_up")
    await registered.world.time_passes(timedelta(minutes=2))
    assert registered.car.state == "asleep"


async def test_a_business_car_takes_plain_commands_until_it_switches(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.car.works_for_a_business()
    path = f"vehicles/{MODEL_3}/command/set_charge_limit"
    assert (await registered.posts(token, path, {"percent": 70})).json()["response"]["result"] is True
    told = (await registered.posts(token, "vehicles/fleet_status", {"vins": [MODEL_3]})).json()["response"]
    assert told["vehicle_info"][MODEL_3]["vehicle_command_protocol_required"] is False
    assert told["vehicle_info"][MODEL_3]["total_number_of_keys"] == 2
    registered.car.switches_to_the_protocol()
    status, error = _refusal(await registered.posts(token, path, {"percent": 75}))
    assert (status, error[:37]) == (403, "Tesla Vehicle Command Protocol requir")


async def test_one_cars_keys_are_told_later_than_anothers(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.car.its_keys_are_told_after(timedelta(hours=1))
    for vin in (MODEL_3, MODEL_X):
        registered.world.cars[vin].takes_key(registered.partner.public, DOMAIN)
    await registered.world.time_passes(timedelta(minutes=1))
    told = (await registered.posts(token, "vehicles/fleet_status", {"vins": [MODEL_3, MODEL_X]})).json()["response"]
    assert (told["key_paired_vins"], told["unpaired_vins"]) == ([MODEL_X], [MODEL_3])


async def test_old_cars_tell_of_a_switch_instead_of_keys(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.world.cars[MODEL_S].somebody_turns_third_party_streaming_off()
    told = (await registered.posts(token, "vehicles/fleet_status", {"vins": [MODEL_S, MODEL_3]})).json()["response"]
    assert told["vehicle_info"][MODEL_S]["safety_screen_streaming_toggle_enabled"] is False
    assert "safety_screen_streaming_toggle_enabled" not in told["vehicle_info"][MODEL_3]


# ── the operator's domain ────────────────────────────────────────────────────


async def test_everybody_sees_the_domain_through_the_same_eyes(registered: Tesla) -> None:
    await registered.connects()
    address = f"{registered.url}/internet/{DOMAIN}{WELL_KNOWN_KEY}"
    internet, phone = registered.world.internet, registered.world.phone
    seen = await registered.web.get(address)
    assert (seen.status_code, seen.text) == (200, registered.partner.pem)

    internet.domain_does_not_find_its_key(DOMAIN)
    assert (await registered.web.get(address)).status_code == 404
    internet.domain_redirects_its_key(DOMAIN)
    moved = await registered.web.get(address)
    assert (moved.status_code, moved.headers["location"]) == (301, f"https://www.{DOMAIN}{WELL_KNOWN_KEY}")
    internet.domain_shows_a_page_for_its_key(DOMAIN)
    page = await registered.web.get(address)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.NOT_HOSTED
    assert (await registered.registers("eu")).status_code == 424

    internet.domain_is_right_again(DOMAIN)
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.PROMPT


async def test_another_key_can_be_registered_and_is_not_the_one_before(registered: Tesla) -> None:
    await registered.connects()
    registered.world.internet.domain_hosts_another_key(DOMAIN)
    assert await registered.world.phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.NOT_HOSTED
    answer = await registered.registers("eu")
    assert answer.status_code == 200
    assert answer.json()["response"]["public_key"] != registered.partner.public.hex()


async def test_a_domain_that_cannot_be_reached_breaks_the_connection(registered: Tesla) -> None:
    registered.world.internet.domain_cannot_be_reached(DOMAIN)
    for domain in (DOMAIN, "nobody.example"):
        with pytest.raises(httpx2.TransportError):
            await registered.web.get(f"{registered.url}/internet/{domain}/")


# ── the portal ───────────────────────────────────────────────────────────────


async def test_a_redirect_uri_that_is_not_listed_is_refused_on_both_sites(registered: Tesla) -> None:
    registered.world.portal.redirect_uri_is_not_listed(CLIENT_ID)
    page = await registered.asks()
    assert page.status_code == 400
    assert "We don&#39;t recognize this redirect URI/URL." in page.text
    assert _refusal(await registered.redeems("EU_any")) == (400, "invalid_redirect_url")
    registered.world.portal.redirect_uri_is_listed_again(CLIENT_ID)
    assert (await registered.asks()).status_code == 200


async def test_a_scope_that_is_not_enabled_is_offered_to_nobody(registered: Tesla) -> None:
    registered.world.portal.scopes_are_not_enabled(CLIENT_ID, ["vehicle_location"])
    assert claims_of((await registered.connects())["access_token"])["scp"] == [
        scope for scope in SCOPES.split() if scope != "vehicle_location"
    ]


async def test_with_another_secret_nobody_can_connect_and_renewing_goes_on(registered: Tesla) -> None:
    pair = await registered.connects()
    registered.world.portal.client_secret_changes(CLIENT_ID)
    assert _refusal(await registered.redeems(await registered.a_code())) == (400, "unauthorized_client")
    assert (await registered.renews(pair["refresh_token"])).status_code == 200


async def test_an_app_over_its_limit_is_refused_until_the_month_ends(registered: Tesla) -> None:
    token, world = (await registered.connects())["access_token"], registered.world
    world.portal.app_exceeds_its_limit(CLIENT_ID, until=world.now + timedelta(hours=1))
    assert _refusal(await registered.gets(token, "vehicles")) == (403, "account disabled: EXCEEDED_LIMIT")
    await world.time_passes(timedelta(hours=1))
    assert (await registered.gets(token, "vehicles")).status_code == 200
    world.portal.app_has_not_paid(CLIENT_ID)
    assert (await registered.gets(token, "vehicles")).status_code == 402
    world.portal.app_has_paid(CLIENT_ID)
    assert (await registered.gets(token, "vehicles")).status_code == 200


async def test_a_domain_or_key_that_another_app_took_is_refused(registered: Tesla) -> None:
    await registered.world.portal.another_app_takes_the_key(DOMAIN, "eu")
    refused = await registered.registers("eu")
    assert _refusal(refused) == (422, "Validation failed: Public key hash has already been taken")
    registered.world.portal.the_other_app_goes_away("eu")
    assert (await registered.registers("eu")).status_code == 200


# ── Tesla ────────────────────────────────────────────────────────────────────


async def test_an_outage_ends_by_itself(registered: Tesla) -> None:
    pair, world = await registered.connects(), registered.world
    world.outages.tesla_goes_down(until=world.now + timedelta(hours=2), status=540)
    assert (await registered.gets(pair["access_token"], "vehicles")).status_code == 540
    assert _refusal(await registered.renews(pair["refresh_token"])) == (540, "server_error")
    assert (await registered.asks()).status_code == 540
    await world.time_passes(timedelta(hours=2))
    assert (await registered.gets(pair["access_token"], "vehicles")).status_code == 200


async def test_one_region_or_the_sign_in_alone_can_be_down(registered: Tesla) -> None:
    token, outages = (await registered.connects())["access_token"], registered.world.outages
    outages.a_region_goes_down("na")
    assert (await registered.gets(token, "vehicles")).status_code == 200
    assert (await registered.gets(token, "users/region", region="na")).status_code == 503
    outages.sign_in_goes_down()
    assert (await registered.gets(token, "vehicles")).status_code == 200
    assert (await registered.asks()).status_code == 503


async def test_too_many_requests_are_told_when_to_come_back(registered: Tesla) -> None:
    token, world = (await registered.connects())["access_token"], registered.world
    world.outages.tesla_counts_requests(until=world.now + timedelta(seconds=90), vin=MODEL_3)
    answer = await registered.gets(token, f"vehicles/{MODEL_3}")
    assert (answer.status_code, answer.text) == (429, "Retry in 90 seconds")
    assert (answer.headers["retry-after"], answer.headers["ratelimit-reset"]) == ("90", "90")
    assert (await registered.gets(token, "vehicles")).status_code == 200
    await world.time_passes(timedelta(seconds=90))
    assert (await registered.gets(token, f"vehicles/{MODEL_3}")).status_code == 200


# ── control, and what survives ───────────────────────────────────────────────


async def test_facts_are_stated_by_name(registered: Tesla) -> None:
    world = registered.world
    said = [
        await registered.control("gets_locked", email=EMAIL),
        await registered.control("somebody_has_a_phone", name="lee", email=OWNER_OF_THE_Y),
        await registered.control("has_an_old_app", phone="lee", version="4.1.0"),
        await registered.control("domain_hosts_another_key", domain=DOMAIN),
        await registered.control("tesla_goes_down", until="2024-01-10T20:00:00Z", status=502),
        await registered.control("its_keys_are_told_after", vin=MODEL_3, lag=3600),
    ]
    assert [answer.status_code for answer in said] == [200] * 6
    assert world.phones["lee"].record.app_version == "4.1.0"
    seen = (await registered.web.get(f"{registered.url}/control/world")).json()
    assert seen["phones"]["lee"]["account"] == OWNER_OF_THE_Y
    assert seen["outages"][0]["until"] == "2024-01-10T20:00:00+00:00"
    assert (await registered.control("taps_key_card", phone="nobody")).status_code == 404
    world.cars[MODEL_3].falls_asleep()
    assert (await registered.control("sets_up_the_phone_key", vin=MODEL_3)).status_code == 409
    assert (await registered.control("moves_to_region", email=EMAIL, region="moon")).status_code == 422


async def test_every_fact_outlives_a_restart(tmp_path: Path) -> None:
    async with tesla_on_a_socket(tmp_path) as before:
        world = before.world
        world.accounts[EMAIL].gets_locked()
        world.somebody_has_a_phone("lee", OWNER_OF_THE_Y).has_a_broken_phone_key(MODEL_3)
        world.phone.has_no_app()
        before.car.its_keys_are_told_after(timedelta(hours=1))
        world.internet.domain_redirects_its_key(DOMAIN)
        world.portal.app_exceeds_its_limit(CLIENT_ID)
        world.outages.tesla_goes_down(until=world.now + timedelta(hours=2))
    async with tesla_on_a_socket(tmp_path) as after:
        world = after.world
        assert world.accounts[EMAIL].record.is_locked
        assert world.phones["lee"].trouble_with_phone_key(MODEL_3) is Shows.BROKEN_PHONE_KEY
        assert not world.phone.record.has_app
        assert after.car.record.key_lag == timedelta(hours=1)
        chargekey_registers(world, after.partner.url)  # as the demo does at each start
        assert (await after.asks()).status_code == 503
        world.is_well_again()
        assert (await after.registers("eu")).status_code == 403
        world.portal.app_has_paid(CLIENT_ID)
        assert (await after.registers("eu")).status_code == 424
