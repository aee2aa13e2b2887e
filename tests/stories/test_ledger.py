"""A night is booked when it ends: what it came to stays, whatever tariff comes after it."""

import csv
import json

from chargekey.domain.ledger import How, PricesFrom
from chargekey.journeys.replay_night import ReplayNight
from tests.stories.phone import Phone
from tests.stories.town import Town


async def a_night(town: Town) -> None:
    """The cable in for the night, out in the morning."""
    town.car.plugs_in()
    await town.time_passes(hours=14)
    town.car.unplugs()
    await town.time_passes(minutes=30)


async def row_of_the_year(phone: Phone) -> list[dict[str, str]]:
    await phone.opens("/nights/in/2024")
    await phone.presses("Take it along as a table (CSV)")
    return list(csv.DictReader(phone.content.splitlines()))


async def test_last_nights_figures_stay_when_the_tariff_changes(town: Town, phone: Phone) -> None:
    # ── Wednesday night, at 25 ct ────────────────────────────────
    await town.pairs(phone, ready_by="07:00", target_percent="60", tariff="flat", flat_ct="25")
    await a_night(town)
    [night] = await town.nights()
    (entry,) = night.booked
    assert (entry.how, entry.prices_from) == (How.AT_ITS_END, PricesFrom.TARIFF)
    paid = f"Paid €{night.account.wall_wh * 25 / 100_000:.2f}"
    await phone.opens("/nights/last")
    assert phone.reads(paid), phone.text
    assert phone.reads("a new tariff changes nothing about it"), phone.text
    (before,) = await row_of_the_year(phone)
    assert (before["booked"], before["corrections"]) == ("at_its_end", "0")

    # ── Thursday: the driver has another contract, at 50 ct ──────
    await phone.plans(tariff="flat", flat_ct="50")
    await phone.opens("/nights/last")
    assert phone.reads(paid), phone.text
    await phone.opens("/nights/in/2024-11")
    assert phone.reads(paid), phone.text
    assert await row_of_the_year(phone) == [before]

    # ── the next night is at the new price, and the day after all is as it was ──
    town.car.drives(30)
    await a_night(town)
    await town.time_passes(hours=30)
    first, second = await row_of_the_year(phone)
    assert first == before
    assert abs(float(second["paid"]) - int(second["energy_wh"]) * 50 / 100_000) < 0.0001
    await phone.opens("/nights/in/2024")
    await phone.presses("JSON")
    assert [one["paid"] for one in json.loads(phone.content)["nights"]] == [first["paid"], second["paid"]]

    # ── and the first one can be worked out again ────────────────
    again = await ReplayNight(town.home.store, town.home.clock).replay(night.night.id)
    assert again.is_the_same
    assert again.plans


async def test_a_night_that_ends_while_we_are_stopped_is_booked_when_we_are_back(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00", target_percent="60", tariff="flat", flat_ct="25")
    town.car.plugs_in()
    await town.time_passes(hours=13)
    async with town.is_stopped():
        town.car.unplugs()
    await town.time_passes(minutes=30)
    [night] = await town.nights()
    assert len(night.booked) == 1
    async with town.is_stopped():
        pass
    await town.time_passes(minutes=30)
    [night] = await town.nights()
    assert len(night.booked) == 1
