"""Trouble on demand: by path, car, account and region, as often as asked, and by dice that fall the same each time."""

import asyncio
from datetime import timedelta

import httpx2
import pytest

from tesla_simulator.demo import CLIENT_ID, EMAIL, MODEL_3, MODEL_S, MODEL_X, OWNER_OF_THE_Y
from tesla_simulator.faults import Fault, Kind
from tests.simulator.served import Tesla

STATUS = f"vehicles/{MODEL_3}"


async def token_of(tesla: Tesla, email: str = EMAIL) -> str:
    return str((await tesla.connects(email=email))["access_token"])


@pytest.mark.parametrize(
    ("fits", "met"),
    [
        ({"path_contains": "/mobile_enabled"}, [f"{STATUS}/mobile_enabled"]),
        ({"vin": MODEL_X}, [f"vehicles/{MODEL_X}"]),
        ({"account": OWNER_OF_THE_Y}, []),
        ({"site": "na"}, []),
        ({"site": "eu"}, [f"{STATUS}/mobile_enabled", STATUS, f"vehicles/{MODEL_X}"]),
    ],
    ids=["a path", "a car", "another account", "another region", "this region"],
)
async def test_a_fault_strikes_what_it_fits(registered: Tesla, fits: dict[str, str], met: list[str]) -> None:
    token = await token_of(registered)
    told = await registered.control("meets", fault={"kind": "answers", "status": 599, "count": 9, **fits})
    assert told.status_code == 200
    asked = [f"{STATUS}/mobile_enabled", STATUS, f"vehicles/{MODEL_X}"]
    assert [path for path in asked if (await registered.gets(token, path)).status_code == 599] == met


async def test_each_region_goes_down_alone(registered: Tesla) -> None:
    token = await token_of(registered)
    await registered.control("a_region_goes_down", region="na")
    assert (await registered.gets(token, "users/region", region="na")).status_code == 503
    assert (await registered.gets(token, "users/region", region="eu")).status_code == 200


@pytest.mark.parametrize("seed", [3, 4])
async def test_dice_fall_the_same_after_the_same_seed(registered: Tesla, seed: int) -> None:
    token = await token_of(registered)

    async def falls() -> list[int]:
        await registered.control("throws_dice_from", seed=seed)
        return [(await registered.gets(token, STATUS)).status_code for _ in range(30)]

    registered.world.meets(Fault(Kind.ANSWERS, status=500, count=9999, chance=0.4))
    first = await falls()
    assert await falls() == first
    assert 4 <= first.count(500) <= 20


async def commanded(tesla: Tesla, kind: Kind, hang_s: float = 0.0) -> tuple[str, list[str]]:
    """What the asker of a command meets, and what the car had done by then."""
    token = await token_of(tesla)
    car = tesla.world.cars[MODEL_S]
    car.wakes_up()
    tesla.world.meets(Fault(kind, path_contains="/command/", hang_s=hang_s))
    address = f"{tesla.url}/eu/api/1/vehicles/{MODEL_S}/command/set_charge_limit"
    headers = {"Authorization": f"Bearer {token}"}
    try:
        answer = await tesla.web.post(address, json={"percent": 70}, headers=headers, timeout=0.2)
    except httpx2.TransportError as error:
        return type(error).__name__, list(car.accepted_commands)
    return str(answer.status_code), list(car.accepted_commands)


@pytest.mark.parametrize("kind", [Kind.ANSWERS_LATE, Kind.DRIPS])
async def test_what_is_answered_late_was_done_at_once(registered: Tesla, kind: Kind) -> None:
    met, done = await commanded(registered, kind, hang_s=0.5)
    assert (met, done) == ("ReadTimeout", ["set_charge_limit"])


async def test_half_an_answer_hides_that_it_was_done(registered: Tesla) -> None:
    met, done = await commanded(registered, Kind.CUT_WITHIN)
    assert met in ("RemoteProtocolError", "ReadError")
    assert done == ["set_charge_limit"]


async def test_an_answer_that_drips_is_whole_in_the_end(registered: Tesla) -> None:
    token = await token_of(registered)
    registered.world.meets(Fault(Kind.DRIPS, hang_s=0.05))
    answer = await asyncio.wait_for(registered.gets(token, STATUS), 5)
    assert answer.json()["response"]["vin"] == MODEL_3


async def test_a_limit_counts_for_one_account_or_one_car(registered: Tesla) -> None:
    token = await token_of(registered)
    until = registered.world.now + timedelta(seconds=90)
    await registered.control("tesla_counts_requests", until=until.isoformat(), vin=MODEL_3)
    met = await registered.gets(token, STATUS)
    assert (met.status_code, met.text, met.headers["retry-after"]) == (429, "Retry in 90 seconds", "90")
    assert met.headers["ratelimit-remaining"] == "0"
    assert (await registered.gets(token, f"vehicles/{MODEL_X}")).status_code == 200
    await registered.world.time_passes(timedelta(seconds=91))
    assert (await registered.gets(token, STATUS)).status_code == 200


async def test_the_bill_counts_each_answer_below_500_by_its_price(registered: Tesla) -> None:
    token = await token_of(registered)
    registered.car.wakes_up()
    await registered.gets(token, f"{STATUS}/vehicle_data")
    registered.world.meets(Fault(Kind.ANSWERS, status=429, path_contains="/vehicle_data"))
    await registered.gets(token, f"{STATUS}/vehicle_data")
    registered.world.meets(Fault(Kind.ANSWERS, status=503, path_contains="/vehicle_data"))
    await registered.gets(token, f"{STATUS}/vehicle_data")
    await registered.posts(token, f"{STATUS}/command/charge_stop")
    await registered.posts(token, f"{STATUS}/wake_up")
    bill = (await registered.web.get(f"{registered.url}/control/bill")).json()
    assert bill["lines"] == [
        {"category": "Commands", "count": 1, "per_usd": 1000, "usd": "0.0010"},
        {"category": "Data", "count": 2, "per_usd": 500, "usd": "0.0040"},
        {"category": "Wakes", "count": 1, "per_usd": 50, "usd": "0.0200"},
    ]
    assert bill["usd"] == "0.0250"
    assert bill["discount_usd"] == "-0.0250"
    assert bill["due_usd"] == "0.0000"


async def test_an_app_may_run_into_its_limit(registered: Tesla) -> None:
    token = await token_of(registered)
    await registered.control("app_exceeds_its_limit", client_id=CLIENT_ID)
    met = await registered.gets(token, STATUS)
    assert (met.status_code, met.json()["error"]) == (403, "account disabled: EXCEEDED_LIMIT")
    assert "retry-after" not in met.headers
