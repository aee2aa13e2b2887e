"""kill -9 in the middle of the path and of the night: the driver is where he was, and no command comes twice."""

import asyncio
from pathlib import Path

import pytest

from tesla_simulator.demo import EMAIL
from tesla_simulator.faults import Kind
from tests.stories.processes import KnockOn, Mortal, a_mortal_chargekey
from tests.stories.town import starts_and_stops


@pytest.mark.slow
@pytest.mark.long
async def test_a_driver_and_his_night_outlive_six_kills(tmp_path: Path) -> None:
    async with a_mortal_chargekey(tmp_path) as chargekey:
        await _the_way_in(chargekey)
        await _the_night(chargekey)


async def _the_way_in(chargekey: Mortal) -> None:
    phone = chargekey.phone

    # ── Wednesday 18:20: killed while the mail is on its way ─────
    await phone.opens("/sign-in")
    await phone.presses("Send me the link", address=EMAIL)
    await chargekey.is_killed_and_starts_again()
    await phone.presses("Open the outbox")
    await phone.presses("Open the link in this mail")
    await phone.presses("Sign in")
    assert phone.shows == "/permissions"

    # ── killed after the consent, before the car ─────────────────
    await phone.allows()
    await chargekey.is_killed_and_starts_again()
    await phone.opens("/go")
    assert phone.shows == "/choose-car"
    await phone.chooses("4F21")

    # ── killed on the key page, just when the key has arrived ────
    await phone.adds_the_key()
    await chargekey.is_killed_and_starts_again()
    await chargekey.time_passes(seconds=15)
    await phone.opens("/go")
    assert phone.shows == "/plan"


async def _the_night(chargekey: Mortal) -> None:
    phone, car = chargekey.phone, chargekey.car

    # ── plugged in and planned, and killed ───────────────────────
    await phone.presses("Plan with this", ready_by="07:00")
    car.falls_asleep()
    await chargekey.time_passes(minutes=6)
    car.plugs_in()
    await chargekey.time_passes(minutes=6)
    await phone.opens("/tonight")
    planned = phone.text
    assert phone.reads("when power is cheapest")
    await chargekey.is_killed_and_starts_again()
    await phone.looks_again()
    assert phone.reads("when power is cheapest"), planned
    assert starts_and_stops(car) == ["charge_stop"]

    # ── killed while an order is on its way; the car obeys it ────
    hangs = KnockOn(Kind.HANGS, path_contains="/signed_command", hang_s=0.5)
    chargekey.world.meets(hangs)
    await phone.presses("Charge now")
    await asyncio.wait_for(hangs.met.wait(), 10)
    await chargekey.is_killed_and_starts_again()
    await chargekey.time_passes(minutes=2)
    assert car.charging_state == "Charging"
    assert starts_and_stops(car) == ["charge_stop", "charge_start"]

    # ── killed while it charges; nobody is there for an hour ─────
    await chargekey.is_killed()
    await chargekey.starts()
    await chargekey.time_passes(hours=2.5)
    assert car.soc_percent >= 79
    assert car.charging_state in ("Complete", "Stopped")
    assert car.accepted_commands.count("charge_start") == 1
    await phone.opens("/nights")
    await phone.opens_night()
    assert phone.reads("Wednesday 6 November")
    assert phone.reads("80%")
