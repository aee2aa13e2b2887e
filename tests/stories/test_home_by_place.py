"""Home by place: learnt at the first plug-in, told from elsewhere, said anew and forgotten; never where it is."""

from datetime import UTC, datetime
from typing import Final

from tesla_simulator.demo import EMAIL, MODEL_3
from tesla_simulator.faults import Fault, Kind
from tests.stories.phone import Phone
from tests.stories.town import Town

READY: Final = {"ready_by": "07:00", "target_percent": "80"}
COORDINATES: Final = ("52.09", "5.12", "51.92", "4.47")
"""How the simulated car's coordinates begin, at home and elsewhere."""


async def everything_kept(town: Town) -> str:
    """All that the database says in clear."""
    async with town.home.engine.connect() as database:
        facts = (await database.exec_driver_sql("SELECT kind, fact FROM observation")).all()
        homes = (await database.exec_driver_sql("SELECT * FROM home_place")).all()
    return f"{facts} {homes}"


async def test_a_car_is_charged_at_home_and_left_alone_elsewhere(town: Town, phone: Phone) -> None:
    # ── November 6th, 18:20: the first plug-in shows where home is ─
    await town.pairs(phone, **READY)
    await town.time_passes(minutes=6)
    await phone.opens("/car")
    assert phone.reads("Home: the next place where it is plugged in")
    town.car.plugs_in()
    await town.time_passes(minutes=16)
    assert town.car.charging_state == "Stopped"  # it waits for its hours
    await phone.opens("/car")
    assert phone.reads("Home: where it was plugged in on Wednesday 6 November")

    # ── the night goes as ever, and nothing but yes or no is kept ──
    await town.until(datetime(2024, 11, 7, 6, 30, tzinfo=UTC))
    assert town.car.soc_percent >= 79
    kept = await everything_kept(town)
    assert '"at_home":true' in kept
    assert not any(part in kept for part in COORDINATES)

    # ── November 7th: plugged in in another town, it is left alone ─
    orders = len(town.car.accepted_commands)
    town.car.drives_away(km=90)
    await town.time_passes(minutes=20)
    town.car.plugs_in_elsewhere()
    await town.time_passes(minutes=20)
    await phone.opens("/tonight")
    assert phone.reads("Plugged in, but not at home. There we leave it alone")
    await phone.opens("/why")
    assert phone.reads("It is not at home")
    await town.time_passes(hours=3)
    assert len(town.car.accepted_commands) == orders
    assert town.car.soc_percent >= 79  # as the charger there and the car will

    # ── back home it is planned again ────────────────────────────
    town.car.drives(km=120)
    town.car.plugs_in()
    await town.time_passes(minutes=20)
    await phone.opens("/tonight")
    assert phone.reads("when power is cheapest")
    assert town.car.charging_state == "Stopped"


async def test_without_the_permission_plugged_in_is_at_home(town: Town, phone: Phone) -> None:
    await phone.signs_in()
    await phone.allows(without=["vehicle_location"])
    await phone.chooses(town.car.vin)
    await town.adds_the_key(phone)
    await phone.plans(**READY)
    await phone.opens("/car")
    assert phone.reads("Home: wherever it is plugged in")

    town.car.plugs_in_elsewhere()
    await town.time_passes(minutes=20)
    assert town.car.accepted_commands[-1] == "charge_stop"
    await phone.opens("/tonight")
    assert phone.reads("when power is cheapest")
    refused = [call for call in town.calls("/vehicle_data") if call.status == 403]
    assert refused == []  # the place was never asked for


async def test_a_place_that_tesla_refuses_stops_no_night(town: Town, phone: Phone) -> None:
    await town.pairs(phone, **READY)
    await town.time_passes(minutes=6)

    # ── the permission goes between two tokens: Tesla refuses the whole look ─
    refusal = {"response": None, "error": "Unauthorized missing scopes", "error_description": ""}
    town.world.meets(Fault(Kind.ANSWERS, path_contains="/vehicle_data", status=403, body=refusal))
    town.car.plugs_in()
    await town.time_passes(minutes=16)
    assert sorted({call.status for call in town.calls("/vehicle_data")}) == [200, 403]
    assert town.car.charging_state == "Stopped"
    await phone.opens("/tonight")
    assert phone.reads("when power is cheapest")


async def test_a_place_that_the_owner_hides_is_unknown_and_counts_as_home(town: Town, phone: Phone) -> None:
    await town.pairs(phone, **READY)
    town.world.accounts[EMAIL].place_is_hidden_from_it(MODEL_3)
    town.car.plugs_in_elsewhere()
    await town.time_passes(minutes=20)
    await phone.opens("/tonight")
    assert phone.reads("when power is cheapest")

    await phone.opens("/car")
    assert phone.reads("Home: the next place where it is plugged in")
    town.car.wakes_up()
    await phone.presses("Home is where the car is now")
    assert phone.reads("did not say where it is")


async def test_the_driver_says_where_home_is_and_may_have_it_forgotten(town: Town, phone: Phone) -> None:
    # ── the first plug-in was at a friend's: that passes for home ─
    await town.pairs(phone, **READY)
    town.car.plugs_in_elsewhere()
    await town.time_passes(minutes=20)
    town.car.drives(km=30)
    town.car.plugs_in()
    await town.time_passes(minutes=20)
    await phone.opens("/tonight")
    assert phone.reads("Plugged in, but not at home")

    # ── asleep, the car is not woken for a question ──────────────
    town.car.somebody_stops_charging()
    town.car.falls_asleep()
    await phone.presses("See the car")
    await phone.presses("Home is where the car is now")
    assert phone.status == 409
    assert phone.reads("cannot be asked just now")
    assert town.car.state == "asleep"

    # ── awake, it says where it is, and the night begins ─────────
    town.car.wakes_up()
    await phone.presses("Back to the car")
    await phone.presses("Home is where the car is now")
    assert phone.reads("Home: where the car stood on Wednesday 6 November, as you said")
    await town.time_passes(minutes=1)
    await phone.opens("/tonight")
    assert phone.reads("when power is cheapest")

    # ── forgotten: the next plug-in shows it anew ────────────────
    await phone.opens("/car")
    await phone.presses("Forget this place")
    assert phone.reads("Home: the next place where it is plugged in")
    await town.time_passes(minutes=20)
    await phone.looks_again()
    assert phone.reads("Home: the next place where it is plugged in")


async def test_who_disconnects_takes_the_home_along(town: Town, phone: Phone) -> None:
    await town.pairs(phone, **READY)
    town.car.plugs_in()
    await town.time_passes(minutes=20)
    await phone.opens("/disconnect")
    await phone.presses("Disconnect")
    assert phone.reads("The place of home")
    async with town.home.engine.connect() as database:
        assert (await database.exec_driver_sql("SELECT count(*) FROM home_place")).scalar_one() == 0


async def test_however_often_he_presses_the_car_is_asked_once_a_minute(town: Town, phone: Phone) -> None:
    await town.pairs(phone, **READY)
    await town.time_passes(minutes=20)
    town.car.wakes_up()
    looks = len(town.calls("/vehicle_data"))
    for _ in range(3):
        await phone.opens("/car")
        await phone.presses("Home is where the car is now")
    assert phone.reads("as you said")
    await phone.presses("Forget this place")
    await phone.presses("Home is where the car is now")
    assert phone.reads("was asked a moment ago")
    assert len(town.calls("/vehicle_data")) == looks + 1
    await town.time_passes(minutes=1)
    await phone.presses("Back to the car")
    await phone.presses("Home is where the car is now")
    assert phone.reads("as you said")
