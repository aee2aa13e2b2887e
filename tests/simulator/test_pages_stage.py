"""The stage: clock, car, and the knobs that let things happen."""

from datetime import UTC, datetime

import pytest

from tesla_simulator.pages.knobs import knobs
from tesla_simulator.pages.stage_panes import next_morning
from tests.simulator.stages import BLUE, CHARGEKEY, CLIENT_ID, DOMAIN, EVENING, MILA, OUR_KEY, a_world, visiting

pytestmark = pytest.mark.anyio


async def test_the_stage_shows_both_phones_the_clock_and_the_car() -> None:
    async with visiting(a_world()) as guest:
        html = await guest.sees("/stage")

    assert f'src="{CHARGEKEY}" title="Chargekey on the driver’s phone"' in html
    assert 'src="/app" title="Simulated Tesla app on the same phone"' in html
    assert ">20:58<" in html
    assert "Thursday" in html
    assert "No key of ours" in html
    assert "This is a stage" in html


@pytest.mark.parametrize(("to", "seconds"), [("minute", 60), ("hour", 3600), ("morning", 10 * 3600 + 2 * 60)])
async def test_a_turn_of_the_clock_lets_time_pass(to: str, seconds: int) -> None:
    world = a_world()
    async with visiting(world) as guest:
        await guest.sends("/stage/turns", to=to)

    assert (world.now - EVENING).total_seconds() == seconds


@pytest.mark.parametrize("to", ["yesterday", "next", ""])
async def test_the_clock_is_not_turned_to_where_nothing_is(to: str) -> None:
    world = a_world()
    async with visiting(world) as guest:
        await guest.sends("/stage/turns", to=to)

    assert guest.status == 409
    assert world.now == EVENING


async def test_a_follower_that_does_not_answer_stops_the_clock_and_the_stage_says_so() -> None:
    world = a_world(followers=("http://127.0.0.1:9/demo/clock",))
    async with visiting(world) as guest:
        html = await guest.sends("/stage/turns", to="hour")

    assert "Chargekey did not answer" in html
    assert world.now == EVENING


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 11, 26, 19, 58, tzinfo=UTC), datetime(2026, 11, 27, 6, 0, tzinfo=UTC)),
        (datetime(2026, 11, 26, 5, 59, tzinfo=UTC), datetime(2026, 11, 26, 6, 0, tzinfo=UTC)),
        (datetime(2026, 11, 26, 6, 0, tzinfo=UTC), datetime(2026, 11, 27, 6, 0, tzinfo=UTC)),
        (datetime(2026, 3, 28, 20, 0, tzinfo=UTC), datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),  # summer time begins
        (datetime(2026, 10, 24, 20, 0, tzinfo=UTC), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),  # and ends
    ],
)
def test_morning_is_seven_by_the_clock_on_the_wall(now: datetime, morning: datetime) -> None:
    assert next_morning(now) == morning


async def test_knobs_let_things_happen_and_the_stage_says_what() -> None:
    world = a_world()
    car = world.cars[BLUE]
    async with visiting(world) as guest:
        assert "The car was plugged in." in await guest.sends("/stage/happens", what="plugs-in")
        assert car.charging_state == "Starting"
        await guest.sends("/stage/happens", what="unplugs")
        assert car.charging_state == "Disconnected"
        await guest.sends("/stage/happens", what="sleeps")
        assert car.state == "asleep"
        await guest.sends("/stage/happens", what="loses-reception")
        assert car.state == "offline"
        await guest.sends("/stage/happens", what="drives")
        assert car.soc_percent < 42
        await guest.sends("/stage/happens", what="down")
        assert "Tesla is down" in guest.html
        await guest.sends("/stage/happens", what="well")
        assert "Tesla is down" not in guest.html


async def test_what_cannot_happen_now_does_not() -> None:
    world = a_world()
    async with visiting(world) as guest:
        for what in ("unplugs", "key-deleted", "well", "explodes"):
            await guest.sends("/stage/happens", what=what)
            assert guest.status == 409, what


async def test_a_key_is_deleted_and_a_consent_revoked_from_the_stage() -> None:
    world = a_world()
    world.cars[BLUE].takes_key(OUR_KEY, DOMAIN)
    async with visiting(world) as guest:
        assert "Key on the car" in await guest.sees("/stage")
        assert "No key of ours" in await guest.sends("/stage/happens", what="key-deleted")
        await guest.sends("/stage/happens", what="revoked")

    assert world.accounts[MILA].consent_to(CLIENT_ID) is None
    assert "revoked" not in {knob.name for knob in knobs(world)}


async def test_the_phone_is_told_to_look_again_only_when_it_would_look_different() -> None:
    world = a_world()
    async with visiting(world) as guest:
        looks = []
        for what in ("", "", "sleeps", ""):
            if what:
                await guest.sends("/stage/happens", what=what)
            answer = await guest.web.get("/stage/panes")
            looks.append(answer.headers["x-phone"])

    assert looks[0] == looks[1] != looks[2] == looks[3]


async def test_the_diary_of_the_car_is_on_the_stage_newest_first() -> None:
    world = a_world()
    async with visiting(world) as guest:
        await guest.sends("/stage/happens", what="drives")
        await guest.sends("/stage/happens", what="sleeps")
        html = await guest.sees("/stage")

    assert html.index("Fell asleep") < html.index("Drove: 60 km")


async def test_a_car_may_belong_to_another_and_the_app_keeps_its_order() -> None:
    world = a_world()
    before = [car.vin for car in world.phone.cars]
    async with visiting(world) as guest:
        await guest.sends("/stage/happens", what="driver")
        assert "A driver, not the owner" in await guest.sees("/app")
        await guest.sends("/stage/happens", what="owner")
        assert "The owner" in await guest.sees("/app")

    assert [car.vin for car in world.phone.cars] == before


async def test_a_situation_is_brought_about_and_passes_on_the_stage() -> None:
    world = a_world()
    async with visiting(world) as guest:
        assert "D4 · The car is in service." in await guest.sees("/stage")
        assert "D4: The car is in service." in await guest.sends("/stage/plays", scenario="D4", lets="begin")
        assert world.cars[BLUE].record.in_service
        assert "D4 is over." in await guest.sends("/stage/plays", scenario="D4", lets="end")
        assert not world.cars[BLUE].record.in_service


async def test_the_stage_says_what_only_people_can_do() -> None:
    async with visiting(a_world()) as guest:
        assert "On Tesla&#39;s page, press Cancel" in await guest.sends("/stage/plays", scenario="A4", lets="begin")
        assert "C2: only the driver ends this." in await guest.sends("/stage/plays", scenario="C2", lets="end")
        await guest.sends("/stage/plays", scenario="Z1", lets="begin")
        assert guest.status == 409


async def test_a_situation_can_be_played_on_a_phone_nobody_is_signed_in_to() -> None:
    world = a_world()
    world.phone.has_no_app()
    async with visiting(world) as guest:
        await guest.sends("/stage/plays", scenario="A11", lets="begin")

    assert world.accounts[MILA].record.is_locked
