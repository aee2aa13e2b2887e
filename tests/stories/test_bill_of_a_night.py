"""What Tesla bills for a night: each look, command and wake of it, the look that found the cable in included."""

from datetime import timedelta
from typing import Final

from chargekey.domain.spend import Billed
from tests.stories.phone import Phone
from tests.stories.town import Town

CLOCKS_DIFFER_BY: Final = timedelta(seconds=1)
"""Tesla's and ours, read one after the other; the next look comes much later."""


async def test_the_look_that_finds_the_cable_is_on_that_nights_bill(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00", target_percent="50")
    town.car.falls_asleep()
    await town.time_passes(minutes=30)

    # ── 18:00: the cable goes in, the next look finds it ─────────
    plugged_in_at = town.now
    town.car.plugs_in()
    await town.time_passes(hours=14)
    town.car.unplugs()
    await town.time_passes(minutes=20)

    # ── the morning: our bill is what Tesla counted since ────────
    [night] = await town.nights()
    assert night.night.unplugged_at is not None
    until = night.night.unplugged_at + CLOCKS_DIFFER_BY
    looks = [call for call in town.calls("/vehicle_data", plugged_in_at) if call.at <= until]
    commands = [call for call in town.calls("/signed_command", plugged_in_at) if call.at <= until]
    assert night.calls[Billed.DATA] == len(looks)
    assert night.calls[Billed.COMMAND] == len(commands)
    assert looks[0].at <= night.night.plugged_in_at + CLOCKS_DIFFER_BY


async def test_looks_before_the_cable_went_in_are_on_no_nights_bill(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00", target_percent="50")
    await town.time_passes(minutes=1)
    town.car.falls_asleep()
    await town.time_passes(minutes=6)
    town.car.wakes_up()
    await town.time_passes(minutes=6)
    assert len(town.calls("/vehicle_data")) == 2

    plugged_in_at = town.now
    town.car.plugs_in()
    await town.time_passes(hours=14)
    [night] = await town.nights()
    assert night.calls[Billed.DATA] == len(town.calls("/vehicle_data", plugged_in_at))
