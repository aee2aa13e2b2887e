"""Every cause by its id: what is stated, and what follows on the wire, on the phone or in the car."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx2
import pytest

from tesla_simulator.app_screens import Shows
from tesla_simulator.clock import TurnedClock
from tesla_simulator.demo import CLIENT_ID, DOMAIN, EMAIL, MODEL_3, demo_world
from tesla_simulator.scenarios.scenario import cast
from tesla_simulator.scenarios.table import SCENARIOS, EndsWithTheDriver, end, play
from tesla_simulator.sites import Sites
from tests.simulator.served import Tesla, claims_of, stands_still

_LEAST: Final = frozenset(
    [f"A{n}" for n in (*range(1, 12), 13, 16, 17, 18, 19)]
    + [f"B{n}" for n in range(1, 11)]
    + [f"C{n}" for n in range(1, 16)]
    + [f"D{n}" for n in (1, 2, 3, 4, 5, 8)]
    + ["E1", "E2", "E3", "E8", *(f"F{n}" for n in range(1, 7)), "G1", "G2", "G3", "H1", "H2", "H5"]
    + [f"J{n}" for n in range(1, 9)]
)
_DATA: Final = f"vehicles/{MODEL_3}/vehicle_data"
_ON_THE_WIRE: Final[Mapping[str, tuple[str, int, str]]] = {
    # what is asked, and the status and word of the answer
    "A3": (f"vehicles/{MODEL_3}/wake_up", 403, "Unauthorized missing scopes"),
    "A8": ("vehicles", 401, "unknown user"),
    "A9": ("vehicles", 401, "User revoked consent"),
    "A11": ("vehicles", 423, "account locked"),
    "A13": ("vehicles", 421, "user out of region"),
    "A14": (_DATA, 451, "unavailable for legal reasons"),
    "B1": (f"vehicles/{MODEL_3}/drivers", 403, "Unauthorized"),
    "B3": ("vehicles", 401, "unknown user"),
    "B4": (f"vehicles/{MODEL_3}", 404, f"{MODEL_3} not_found"),
    "B7": (f"vehicles/{MODEL_3}", 404, f"{MODEL_3} not_found"),
    "B8": (f"vehicles/{MODEL_3}", 404, f"{MODEL_3} not_found"),
    "D1": (_DATA, 408, "vehicle unavailable: vehicle is offline or asleep"),
    "D2": (_DATA, 408, "vehicle unavailable: vehicle is offline or asleep"),
    "D4": (_DATA, 405, "vehicle is currently in service"),
    "D5": (_DATA, 401, "mobile_access_disabled"),
    "F3": ("vehicles", 412, f"Account {CLIENT_ID} must be registered in the current region"),
    "F6/limit": ("vehicles", 403, "account disabled: EXCEEDED_LIMIT"),
    "F6/unpaid": ("vehicles", 402, "payment required"),
    "G1": ("vehicles", 401, "invalid bearer token"),
    "G2": ("vehicles", 401, "token expired (401)"),
    "G3": ("vehicles", 401, "User revoked consent"),
    "H1": ("vehicles", 503, "upstream internal error"),
    "H1/odd": ("vehicles", 540, "upstream internal error"),
    "J3": (f"vehicles/{MODEL_3}", 403, "Unauthorized missing scopes"),
}
_ON_THE_PHONE: Final[Mapping[str, tuple[Shows, Shows]]] = {
    # after the link, and after the prompt was allowed
    "A6": (Shows.NO_CONSENT, Shows.NO_CONSENT),
    "A9": (Shows.NO_CONSENT, Shows.NO_CONSENT),
    "B1": (Shows.PROMPT, Shows.NOT_THE_OWNER),
    "B2": (Shows.PROMPT, Shows.NOT_THE_OWNER),
    "B5": (Shows.PROMPT, Shows.NOT_THE_OWNER),
    "B7": (Shows.NOT_YOUR_CAR, Shows.NOT_YOUR_CAR),
    "C2": (Shows.NO_APP, Shows.NO_APP),
    "C2/signed-out": (Shows.SIGNED_OUT, Shows.SIGNED_OUT),
    "C3": (Shows.PROMPT, Shows.NOTHING),
    "C4": (Shows.WEB_PAGE, Shows.WEB_PAGE),
    "C5": (Shows.NOTHING, Shows.NOTHING),
    "C6": (Shows.NOT_HOSTED, Shows.NOT_HOSTED),
    "C8": (Shows.PROMPT, Shows.NO_PHONE_KEY),
    "C9": (Shows.PROMPT, Shows.BROKEN_PHONE_KEY),
    "C10": (Shows.PROMPT, Shows.OFFLINE),
    "C11": (Shows.PROMPT, Shows.CANCELLED),
    "C15": (Shows.PROMPT, Shows.KEY_CARD),
    "D2": (Shows.OFFLINE, Shows.OFFLINE),
    "D6": (Shows.PROMPT, Shows.LENT),
    "D7": (Shows.PROMPT, Shows.LENT),
    "E1": (Shows.LIST_FULL, Shows.LIST_FULL),
    "F1": (Shows.NOT_HOSTED, Shows.NOT_HOSTED),
    "F2": (Shows.NOT_HOSTED, Shows.NOT_HOSTED),
    "F3": (Shows.NOT_REGISTERED, Shows.NOT_REGISTERED),
    "H1": (Shows.UNAVAILABLE, Shows.UNAVAILABLE),
    "J1": (Shows.PROMPT, Shows.PAIRED),
    "J6": (Shows.PROMPT, Shows.PAIRED),
    "J6/before": (Shows.NOT_NEEDED, Shows.NOT_NEEDED),
    "J7": (Shows.PROMPT, Shows.MFA),
    "J8": (Shows.PROMPT, Shows.TOKEN_REJECTED),
    "J9": (Shows.PROMPT, Shows.TOKEN_REJECTED),
}


async def _plays(tesla: Tesla, scenario: str, path: str = "plays") -> dict[str, Any]:
    answer = await tesla.control(path, scenario=scenario, email=EMAIL, vin=MODEL_3)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def _asks(tesla: Tesla, token: str, path: str) -> tuple[int, str]:
    asked = tesla.posts(token, path) if path.endswith("wake_up") else tesla.gets(token, path)
    answer = await asked
    return answer.status_code, "" if answer.status_code == 200 else answer.json()["error"]


async def _status(tesla: Tesla, token: str, *vins: str) -> dict[str, Any]:
    told: dict[str, Any] = (await tesla.posts(token, "vehicles/fleet_status", {"vins": list(vins)})).json()["response"]
    return told


def test_every_cause_that_is_asked_for_has_an_entry() -> None:
    assert {scenario.cause for scenario in SCENARIOS.values()} >= _LEAST


@pytest.mark.parametrize("scenario", [one for one in SCENARIOS if not one.startswith("F4")])
async def test_every_scenario_can_be_played_and_ended_with_whom_nobody_knows_yet(scenario: str) -> None:
    world = demo_world(TurnedClock(system=stands_still), Sites("http://localhost:8701"), "http://localhost:8700")
    people = cast(world, EMAIL, MODEL_3)
    played = await play(scenario, people)
    assert played.says.endswith(".")
    if played.ends:
        await end(scenario, people)
    else:
        with pytest.raises(EndsWithTheDriver):
            await end(scenario, people)


@pytest.mark.parametrize("scenario", ["F4", "F4/domain"])
async def test_what_another_app_has_registered_is_refused_until_it_has_gone(registered: Tesla, scenario: str) -> None:
    await _plays(registered, scenario)
    refused = await registered.registers("eu")
    assert refused.status_code == 422
    assert "has already been taken" in refused.json()["error"]
    await _plays(registered, scenario, "ends")
    assert (await registered.registers("eu")).status_code == 200


@pytest.mark.parametrize("scenario", _ON_THE_WIRE)
async def test_what_follows_on_the_wire(registered: Tesla, scenario: str) -> None:
    token = (await registered.connects())["access_token"]
    path, status, word = _ON_THE_WIRE[scenario]
    await _plays(registered, scenario)
    answered = await _asks(registered, token, path)
    assert answered[0] == status
    assert answered[1].startswith(word)


@pytest.mark.parametrize("scenario", _ON_THE_PHONE)
async def test_what_follows_on_the_phone(registered: Tesla, scenario: str) -> None:
    await registered.connects()
    await _plays(registered, scenario)
    phone = registered.world.phone
    after_link, after_allowing = _ON_THE_PHONE[scenario]
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is after_link
    assert await phone.allows() is after_allowing


@pytest.mark.parametrize("scenario", [one for one in _ON_THE_WIRE if SCENARIOS[one].ends])
async def test_what_passes_by_itself_is_over_when_it_has_ended(registered: Tesla, scenario: str) -> None:
    pair = await registered.connects()
    await _plays(registered, scenario)
    await _plays(registered, scenario, "ends")
    renewed = (await registered.renews(pair["refresh_token"])).json()["access_token"]
    assert await _asks(registered, renewed, _ON_THE_WIRE[scenario][0]) == (200, "")


@pytest.mark.parametrize(("scenario", "missing"), [("A1", "vehicle_charging_cmds"), ("A19", "vehicle_location")])
async def test_a_box_is_left_empty_before_and_taken_out_after(tesla: Tesla, scenario: str, missing: str) -> None:
    await _plays(tesla, scenario)
    await tesla.signs_in()
    page = (await tesla.web.get(f"{tesla.url}/auth/oauth2/v3/consent", params=tesla.question())).text
    box = page[page.index(f'value="{missing}"') :]
    assert "checked" not in box[: box.index(">")]
    pair = await tesla.connects()
    assert missing in claims_of(pair["access_token"])["scp"]  # somebody ticked it
    await _plays(tesla, scenario)
    renewed = (await tesla.renews(pair["refresh_token"])).json()
    assert missing not in claims_of(renewed["access_token"])["scp"]


async def test_an_older_consent_goes_straight_back_unless_missing_scopes_are_asked_for(tesla: Tesla) -> None:
    await _plays(tesla, "A2")
    plain = await tesla.redeems(await tesla.a_code())
    assert "vehicle_charging_cmds" not in claims_of(plain.json()["access_token"])["scp"]
    asked = await tesla.signs_in(prompt_missing_scopes="true")
    assert "/consent" in asked.headers["location"]


async def test_without_offline_access_there_is_no_refresh_token(tesla: Tesla) -> None:
    await _plays(tesla, "A18")
    pair = await tesla.connects()
    assert "refresh_token" not in pair
    assert "offline_access" not in claims_of(pair["access_token"])["scp"]


_BROWSER: Final = {"User-Agent": "Mozilla/5.0 (iPhone) Mobile"}


@pytest.mark.parametrize(("scenario", "says"), [("A12", "accept the new terms"), ("A15", "Access Denied")])
async def test_teslas_sign_in_goes_no_further_until_that_is_over(tesla: Tesla, scenario: str, says: str) -> None:
    address = f"{tesla.url}/auth/oauth2/v3/authorize"

    async def signs_in() -> httpx2.Response:
        return await tesla.web.post(address, params=tesla.question(), headers=_BROWSER, data={"email": EMAIL})

    await _plays(tesla, scenario)
    refused = await signs_in()
    assert (refused.status_code, says in refused.text) == (403, True)
    assert (await tesla.web.get(address, params=tesla.question())).status_code == 200  # the app's own look
    await _plays(tesla, scenario, "ends")
    assert (await signs_in()).status_code == 303


async def test_the_operators_clock_shows_in_the_date_of_answers_alone(tesla: Tesla) -> None:
    async def dated() -> datetime:
        answer = await tesla.web.get(f"{tesla.url}/fleet-auth/oauth2/v3/discovery/thirdparty/keys")
        return parsedate_to_datetime(answer.headers["date"])

    before = await dated()
    await _plays(tesla, "F9")
    assert timedelta(seconds=100) < before - await dated() <= timedelta(seconds=120)


async def test_a_new_security_part_knows_no_apps_key(registered: Tesla) -> None:
    await registered.connects()
    registered.car.takes_key(registered.partner.public, DOMAIN)
    await _plays(registered, "D13")
    assert (registered.car.keys, registered.car.record.in_service) == ([], True)
    await _plays(registered, "D13", "ends")
    assert not registered.car.record.in_service


async def test_the_account_is_empty_and_the_app_shows_the_other_one(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    await _plays(registered, "A5")
    assert (await registered.gets(token, "vehicles")).json()["response"] == []
    assert MODEL_3 in {car.vin for car in registered.world.phone.cars}


async def test_the_other_car_gets_the_key(registered: Tesla) -> None:
    await registered.connects()
    await _plays(registered, "C7")
    phone = registered.world.phone
    await phone.opens_pairing_link(DOMAIN, MODEL_3)
    assert await phone.allows() is Shows.PAIRED
    assert not registered.car.keys
    assert [vin for vin, car in registered.world.cars.items() if car.keys] == [phone.record.selected_vin]


async def test_the_state_of_keys_is_told_as_each_cause_has_it(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    for scenario in ("J2", "J4", "E1/nineteen"):
        await _plays(registered, scenario)
    told = await _status(registered, token, MODEL_3)
    assert (told["key_paired_vins"], told["unpaired_vins"]) == ([], [])
    information = told["vehicle_info"][MODEL_3]
    assert (information["vehicle_command_protocol_required"], information["total_number_of_keys"]) == (False, 19)
    for scenario in ("J2", "J4", "E1/nineteen"):
        await _plays(registered, scenario, "ends")
    assert (await _status(registered, token, MODEL_3))["unpaired_vins"] == [MODEL_3]


async def test_a_changed_key_of_the_operator_is_unpaired_on_every_car(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    registered.car.takes_key(registered.partner.public, DOMAIN)
    await _plays(registered, "E3")
    assert [key.domain for key in registered.car.keys] == [DOMAIN]
    assert not registered.car.knows_key(registered.partner.public)
    await registered.control("clock", advance_s=60)
    assert (await _status(registered, token, MODEL_3))["unpaired_vins"] == [MODEL_3]


async def test_what_only_the_driver_ends_is_not_ended_for_him(tesla: Tesla) -> None:
    answer = await tesla.control("ends", scenario="C3", email=EMAIL, vin=MODEL_3)
    assert answer.status_code == 409
    assert (await tesla.control("plays", scenario="Z9", email=EMAIL, vin=MODEL_3)).status_code == 404
    assert (await tesla.control("plays", scenario="C3", email="nobody", vin=MODEL_3)).status_code == 404


async def test_the_table_is_told(tesla: Tesla) -> None:
    told = (await tesla.web.get(f"{tesla.url}/control/scenarios")).json()
    by_hand = {one["id"] for one in told if one["by_hand"]}
    assert by_hand >= {"A4", "A7", "A16", "A17", "B6", "B10", "C1", "C12", "C14", "G4", "G5"}
    assert {one["id"] for one in told} == set(SCENARIOS)
