"""A home with a roof of its own: its driver says what the grid pays, and the home tells what it has to spare."""

import re
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

import httpx2
import pytest

from chargekey.domain.surplus import SurplusSlot
from chargekey.domain.tariff import QUARTER
from chargekey.domain.told_surplus import quarter_of
from chargekey.ports.jobs import Work
from chargekey.ports.surplus import KEPT_FOR
from tests.stories.phone import Phone
from tests.stories.town import Town

KEY: Final = re.compile(r"Authorization: Bearer ([\w-]+)")
BODY: Final = re.compile(r"-d '(\{.*?\})' (http\S+/api/surplus)")
FOUR_O_CLOCK: Final = {"start": "2024-11-07T12:00:00+01:00", "end": "2024-11-07T16:00:00+01:00", "surplus_w": 2_500}


@pytest.fixture
async def program(town: Town) -> AsyncIterator[httpx2.AsyncClient]:
    """Something in the house that can send what it measures."""
    async with httpx2.AsyncClient(base_url=town.url, trust_env=False, timeout=30) as client:
        yield client


async def makes_a_key(phone: Phone) -> str:
    await phone.opens("/plan/surplus")
    await phone.presses("Make a key")
    found = KEY.search(phone.text)
    assert found
    return found[1]


async def tells(program: httpx2.AsyncClient, key: str, **body: object) -> httpx2.Response:
    return await program.post("/api/surplus", json=body, headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
async def followed(town: Town, phone: Phone) -> Phone:
    """A driver whose sun is followed, at 8.2 ct and 16 A."""
    await town.pairs(phone)
    await phone.opens("/plan/surplus")
    await phone.presses("Save", feed_in_ct="8.2", current_a="16")
    return phone


async def test_a_driver_says_what_the_grid_pays_and_does_without_again(town: Town, phone: Phone) -> None:
    await town.pairs(phone)

    # ── Wednesday evening: the plan leads to it, and nothing is told ──
    await phone.opens("/plan")
    assert phone.reads("Charge with your own sun")
    await phone.presses("Solar surplus")
    assert phone.shows == "/plan/surplus"
    assert phone.reads("Nothing told yet")
    assert phone.reads("No key yet")

    # ── what is wrong is said beside it ──────────────────────────
    await phone.presses("Save", feed_in_ct="eight", current_a="5")
    assert phone.status == 422
    assert phone.reads("A whole number from 6 to 48 A.")
    await phone.presses("Save", feed_in_ct="8.2", current_a="16")
    assert phone.status == 200
    assert phone.reads("An hour of surplus costs what the grid pays, 8.2 ct a kWh. At other times the car takes 16 A.")

    # ── the plan form leaves it alone, and needs a current meanwhile ──
    await phone.opens("/plan")
    assert phone.reads("8.2 ct a kWh")
    await phone.presses("Plan with this", current_a="")
    assert phone.status == 422
    assert phone.reads("while your own sun is followed")
    await phone.presses("Plan with this", current_a="13")
    await phone.opens("/plan/surplus")
    assert phone.reads("8.2 ct a kWh. At other times the car takes 13 A.")

    # ── he does without ──────────────────────────────────────────
    await phone.presses("Do without")
    assert phone.page.value("feed_in_ct") == ""
    await phone.opens("/plan")
    assert phone.reads("Charge with your own sun")


async def test_a_home_tells_what_it_has_to_spare(town: Town, followed: Phone, program: httpx2.AsyncClient) -> None:
    phone = followed

    # ── a key, once to be seen, and the lines beside it work as they stand ──
    key = await makes_a_key(phone)
    assert phone.reads("The key is shown this once.")
    lines = BODY.findall(phone.text)
    assert len(lines) == 2
    for body, address in lines:
        told = {"Authorization": f"Bearer {key}"}
        answer = await program.post(urlsplit(address).path, content=body, headers=told)
        assert (answer.status_code, answer.json()) == (200, {"counted": True})
    await phone.opens("/plan/surplus")
    assert key not in phone.content
    assert phone.reads("1.4 kW to spare")
    assert phone.reads("Forecast until 15:00.")

    # ── the meter again, soon and later, and a forecast of more ──
    early = await tells(program, key, surplus_w=3_200)
    assert early.json() == {"counted": False, "why": "Something counted less than 5 minutes ago."}
    await town.time_passes(minutes=6)
    assert (await tells(program, key, surplus_w=3_200, forecast=[FOUR_O_CLOCK])).json() == {"counted": True}
    async with town.home.store.unit() as unit:
        assert await unit.timers.due_at(Work.TEND_VEHICLE, 1)
    await town.time_passes(minutes=2)
    await phone.opens("/plan/surplus")
    assert phone.reads("3.2 kW to spare")
    assert phone.reads("Measured 2 minutes ago")
    assert phone.reads("Last heard from 2 minutes ago")
    assert phone.reads("Forecast until 16:00.")

    # ── he does without: what is told is kept, and nothing follows ──
    await phone.presses("Do without")
    assert phone.reads("Nothing follows from it before you save what the grid pays.")


async def test_a_key_that_was_taken_back_tells_nothing_and_another_does(
    town: Town, followed: Phone, program: httpx2.AsyncClient
) -> None:
    key = await makes_a_key(followed)
    await followed.presses("Take the key back")
    assert followed.reads("No key yet")
    refused = await tells(program, key, surplus_w=100)
    assert refused.status_code == 401
    assert list(refused.json()) == ["error"]
    again = await makes_a_key(followed)
    assert again != key
    assert (await tells(program, again, surplus_w=100)).json() == {"counted": True}


async def test_before_there_is_a_plan_there_is_no_surplus_to_set(town: Town, phone: Phone) -> None:
    await phone.signs_in()
    await phone.opens("/plan/surplus")
    assert phone.shows != "/plan/surplus"
    await phone.allows()
    await phone.opens("/plan/surplus")
    assert phone.shows != "/plan/surplus"


async def test_after_five_weeks_nobody_knows_when_the_sun_shone(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    begins = quarter_of(town.now)
    long_ago = [quarter_of(town.now - KEPT_FOR) + n * QUARTER for n in (0, 1)]
    async with town.home.store.unit() as unit:
        slots = [SurplusSlot(start, start + QUARTER, 900) for start in (*long_ago, begins)]
        await unit.surplus.keep(1, slots, town.now, measured=True)
    await town.home.journeys.stay_connected.forget_calls(0)
    async with town.home.store.unit() as unit:
        left = await unit.surplus.told(1, long_ago[0], begins + QUARTER)
    assert [one.slot.start for one in left] == [long_ago[1], begins]
