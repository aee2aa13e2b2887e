"""Tesla is down for everybody: noticed, waited out with one call a minute, and told once to those it held up."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.stories.phone import Phone
from tests.stories.town import Town, a_town

AN_HOUR_BEFORE_SEVEN = datetime(2024, 11, 7, 4, 40, tzinfo=UTC)


def letters(phone: Phone) -> int:
    """How many mails in the outbox say that it is over."""
    return phone.text.count("Tesla answers again")


async def outbox(town: Town) -> Phone:
    reader = await town.a_phone()
    await reader.opens("/outbox")
    return reader


async def test_an_outage_is_said_waited_out_and_told_once_when_over(town: Town, phone: Phone) -> None:
    # ── Wednesday 18:30: plugged in and planned ──────────────────
    await town.pairs(phone)
    town.car.plugs_in()
    await town.time_passes(minutes=16)

    # ── Tesla goes down for everybody ────────────────────────────
    town.world.outages.tesla_goes_down()
    went_down_at = town.now
    await town.time_passes(minutes=30)
    await phone.opens("/tonight")
    assert phone.reads("Tesla does not answer us since")
    assert phone.reads("We look every minute and write when it is over")

    # ── it is asked once a minute, for the whole home ────────────
    await town.time_passes(minutes=30)
    last_half_hour = town.calls("/api/1/", town.now - timedelta(minutes=30))
    assert 25 <= len(last_half_hour) <= 32

    # ── well again: told once, and the night goes on ─────────────
    town.world.outages.is_well_again()
    await town.time_passes(minutes=15)
    await phone.opens("/tonight")
    assert not phone.reads("Tesla does not answer us")
    assert phone.reads("Tesla answers again")
    assert letters(await outbox(town)) == 1
    assert town.calls("/api/1/", went_down_at)
    await phone.presses("I have read it")
    assert not phone.reads("Tesla answers again")
    assert phone.shows == "/tonight"
    await town.time_passes(hours=12)
    assert letters(await outbox(town)) == 1
    assert town.car.soc_percent >= 79


async def test_who_was_not_held_up_is_not_written_to(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    town.car.unplugs()
    await town.time_passes(minutes=6)
    town.world.outages.tesla_goes_down()
    await town.time_passes(minutes=30)
    town.world.outages.is_well_again()
    await town.time_passes(minutes=15)
    assert letters(await outbox(town)) == 0


async def test_a_driver_on_his_way_goes_on_at_his_very_step(town: Town, phone: Phone) -> None:
    await phone.signs_in()
    await phone.allows()
    await phone.chooses("4F21")
    await phone.opens("/key?show=phone")
    await phone.comes_back_to_the_page()
    town.world.outages.tesla_goes_down()
    await town.time_passes(minutes=20)
    await phone.looks_again()
    assert phone.reads("Tesla does not answer us since")

    town.world.outages.is_well_again()
    await town.time_passes(minutes=5)
    assert letters(await outbox(town)) == 1
    await phone.opens("/go")
    assert phone.shows == "/key"


async def test_what_was_pressed_while_tesla_was_away_counts_for_the_night_that_began_meanwhile(tmp_path: Path) -> None:
    async with a_town(tmp_path, AN_HOUR_BEFORE_SEVEN) as town:
        # ── 05:40: plugged in, wanted by seven ───────────────────
        phone = await town.a_phone()
        await town.pairs(phone, ready_by="07:00", target_percent="100")
        town.car.plugs_in()
        await town.time_passes(minutes=26)
        await phone.opens("/tonight")
        await phone.presses("Stop charging")
        await town.time_passes(minutes=4)

        # ── Tesla is away over seven o'clock; then he presses ────
        town.world.outages.tesla_goes_down()
        await town.time_passes(minutes=60)
        await phone.opens("/tonight")
        await phone.presses("Charge now")

        # ── back: it charges, though a new night has begun ───────
        town.world.outages.is_well_again()
        await town.time_passes(minutes=4)
        assert town.car.charging_state == "Charging"


async def test_one_bad_minute_is_no_outage(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    town.world.outages.tesla_goes_down(town.now + timedelta(seconds=90))
    await town.time_passes(minutes=20)
    await phone.opens("/tonight")
    assert not phone.reads("Tesla does not answer us")
    assert letters(await outbox(town)) == 0
