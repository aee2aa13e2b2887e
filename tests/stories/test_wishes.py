"""What a driver asks for at night, what is out of reach, and answers that got lost."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chargekey.domain.delivery import Delivery
from chargekey.domain.night import Order
from tesla_simulator.faults import Fault, Kind
from tests.stories.phone import Phone
from tests.stories.town import MODEL_3, Town, a_town, starts_and_stops

AN_HOUR_BEFORE_SEVEN = datetime(2024, 11, 7, 4, 40, tzinfo=UTC)


async def plugged_in(town: Town, phone: Phone, **plan: str) -> None:
    """Paired, planned, cable in, noticed."""
    await town.pairs(phone, **{"ready_by": "07:00", **plan})
    town.car.falls_asleep()
    await town.time_passes(minutes=6)
    town.car.plugs_in()
    await town.time_passes(minutes=6)
    await phone.opens("/tonight")


async def test_charge_now_stop_and_skip_are_obeyed_at_once(town: Town, phone: Phone) -> None:
    # ── half past six, power is dear: it waits for the night ─────
    await plugged_in(town, phone, ready_by="07:00", target_percent="50")
    assert town.car.charging_state == "Stopped"

    # ── charge now ───────────────────────────────────────────────
    await phone.presses("Charge now")
    await town.time_passes(minutes=1)
    assert town.car.charging_state == "Charging"
    await phone.looks_again()
    assert phone.reads("Charging at once, as you asked")

    # ── stop ─────────────────────────────────────────────────────
    await phone.presses("Stop charging")
    await town.time_passes(minutes=1)
    assert town.car.charging_state == "Stopped"
    await phone.looks_again()
    assert phone.reads("Stopped, by you")

    # ── the plan again, then not tonight ─────────────────────────
    await phone.presses("Go on with the plan")
    await phone.presses("Skip tonight")
    assert phone.reads("Tonight is left out")
    before = town.car.soc_percent
    await town.time_passes(hours=1)
    assert town.car.soc_percent == before
    assert starts_and_stops(town.car) == ["charge_stop", "charge_start", "charge_stop"]
    assert not town.car.record.schedules  # it would begin by itself


async def test_a_goal_out_of_reach_gets_the_best_plan_and_says_what_is_missing(tmp_path: Path) -> None:
    async with a_town(tmp_path, AN_HOUR_BEFORE_SEVEN) as town:
        phone = await town.a_phone()
        await plugged_in(town, phone, ready_by="07:00", target_percent="80")
        assert phone.reads("By 7:00 it reaches")
        assert phone.reads("For 80% it needs until")
        assert town.car.charging_state == "Charging"


@pytest.mark.parametrize("kind", [Kind.CUT_AFTER, Kind.CUT_BEFORE])
async def test_an_answer_lost_is_looked_after_and_no_command_comes_twice(town: Town, phone: Phone, kind: Kind) -> None:
    await plugged_in(town, phone, ready_by="07:00", target_percent="50")
    looks = len(town.calls("/vehicle_data"))

    # ── the line breaks while the car is told to charge ──────────
    town.world.meets(Fault(kind, path_contains="/signed_command"))
    await phone.presses("Charge now")
    await town.time_passes(minutes=3)

    # ── it was looked at, and it charges ─────────────────────────
    assert len(town.calls("/vehicle_data")) > looks
    assert town.car.charging_state == "Charging"
    assert town.car.accepted_commands.count("charge_start") == 1
    [night] = await town.nights()
    starts = [one.delivery for one in night.commands if one.order is Order.START]
    assert starts[-1] is Delivery.DONE
    assert set(starts) <= {Delivery.DONE, Delivery.DROPPED}


async def test_a_car_that_lost_the_key_leads_back_to_the_key_page(town: Town, phone: Phone) -> None:
    await plugged_in(town, phone, ready_by="07:00", target_percent="50")

    # ── somebody deletes it on the car's screen ──────────────────
    town.car.somebody_deletes_our_key()
    await phone.presses("Charge now")
    await town.time_passes(minutes=2)
    await phone.opens("/go")
    assert phone.shows == "/key"

    # ── added once more: the night goes on ───────────────────────
    await town.adds_the_key(phone)
    assert phone.shows == "/tonight"
    await town.time_passes(minutes=2)
    assert town.car.charging_state == "Charging"


async def test_tesla_down_for_an_hour_costs_nothing_but_the_hour(town: Town, phone: Phone) -> None:
    await plugged_in(town, phone, ready_by="07:00", target_percent="50")
    town.world.tesla_goes_down()
    await phone.presses("Charge now")
    assert phone.status == 200
    await town.time_passes(minutes=20)
    assert town.car.charging_state == "Stopped"

    town.world.is_well_again()
    await town.time_passes(minutes=3)
    assert town.car.charging_state == "Charging"
    assert town.car.accepted_commands.count("charge_start") == 1


async def test_who_leaves_is_left_alone(town: Town, phone: Phone) -> None:
    await plugged_in(town, phone, ready_by="07:00")

    # ── he disconnects, and gets a receipt ───────────────────────
    await phone.opens("/disconnect")
    await phone.presses("Disconnect")
    assert phone.reads("You have left")
    assert phone.reads("Both tokens are erased here")
    assert phone.reads("The key on Model 3")

    # ── no token, no timer, no call any more ─────────────────────
    async with town.home.engine.connect() as database:
        kept = await database.exec_driver_sql("SELECT count(*) FROM token")
        assert kept.scalar_one() == 0
    async with town.home.engine.connect() as database:
        timers = await database.exec_driver_sql("SELECT work FROM timer WHERE key <> 0")
        assert timers.scalars().all() == []
    calls = len(town.calls("/vehicles"))
    await town.time_passes(hours=2)
    assert len(town.calls("/vehicles")) == calls

    # ── coming back is Tesla and the car, no key ───────────
    await phone.goes_to_tesla()
    assert phone.reads("Key on the car")
    await phone.chooses(MODEL_3)
    assert phone.shows in ("/test", "/plan", "/tonight")
