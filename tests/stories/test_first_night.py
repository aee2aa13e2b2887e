"""The first night: from a driver nobody knows to a car that is ready by seven, in the cheapest hours."""

import csv
from datetime import UTC, datetime, timedelta

import pytest

from tests.stories.bill_from_price_file import bill_cents, euros_per_mwh
from tests.stories.phone import Phone
from tests.stories.town import MODEL_3, Town, starts_and_stops

READY_BY = datetime(2024, 11, 7, 6, tzinfo=UTC)  # seven o'clock in Amsterdam
ADDED_MICRO_PER_KWH, VAT_PERCENT = 125_000, 21  # what the plan form begins with


async def test_a_driver_who_was_never_here_has_a_full_car_by_seven(town: Town, phone: Phone) -> None:
    car = town.car
    await _the_way_in(town, phone)

    # ── 80 % by 07:00, and the cable in ──────────────────────────
    await phone.presses("Plan with this", ready_by="07:00", target_percent="80")
    assert phone.shows == "/tonight"
    await town.time_passes(minutes=5)
    car.plugs_in()
    plugged_in_at = town.now
    await town.time_passes(minutes=20)
    await phone.looks_again()
    assert phone.reads("when power is cheapest")
    assert car.charging_state == "Stopped"

    # ── Thursday 07:00: full, in time, in the cheapest hours ─────
    await town.until(READY_BY)
    assert car.soc_percent >= 79.5
    drew = [(one.start, one.wall_wh) for one in car.meter if one.start > plugged_in_at + timedelta(minutes=20)]
    hours = {start.replace(minute=0) for start, wall_wh in drew if wall_wh > 0}
    assert _are_the_cheapest(hours, plugged_in_at)

    # ── 08:00: the cable out, and the bill ───────────────────────
    await town.time_passes(minutes=30)
    car.unplugs()
    await town.time_passes(minutes=30)
    await phone.opens_night()
    assert phone.reads("Good morning"), phone.text
    await _bill_adds_up(town, phone)
    await _the_month_is_that_night(town, phone)


async def _the_month_is_that_night(town: Town, phone: Phone) -> None:
    """Its page and its file say what the night's page says; the year is the month."""
    [night] = await town.nights()
    assert night.account.cost_nano is not None
    paid = f"{night.account.cost_nano / 1e9:.2f}"
    await phone.opens("/nights")
    await phone.presses("November 2024")
    assert phone.shows == "/nights/in/2024-11"
    assert phone.reads("1 night charged, all ready in time.")
    assert phone.reads(f"Paid €{paid}")
    assert not phone.page.offers("October 2024")  # there was no night before
    await phone.presses("The year 2024")
    assert phone.reads(f"Paid €{paid}")
    await phone.presses("Take it along as a table (CSV)")
    (row,) = csv.DictReader(phone.content.splitlines())
    assert (row["night_to"], row["battery_to_percent"], row["currency"]) == ("2024-11-07", "80", "EUR")
    assert float(row["paid"]) == pytest.approx(night.account.cost_nano / 1e9, abs=0.0001)
    assert float(row["saved"]) == pytest.approx(float(row["at_once"]) - float(row["paid"]), abs=0.0002)
    assert datetime.fromisoformat(row["ready_at"]) <= READY_BY == datetime.fromisoformat(row["ready_by"])
    assert int(row["energy_wh"]) == night.account.wall_wh


async def _bill_adds_up(town: Town, phone: Phone) -> None:
    """To the cent by another program on our readings, and within a percent by the car's own meter."""
    paid_cents = bill_cents(await _readings_of_chargekey(town), ADDED_MICRO_PER_KWH, VAT_PERCENT)
    assert phone.reads(f"Paid €{paid_cents / 100:.2f}")
    metered = [(one.start, one.end, round(one.wall_wh)) for one in town.car.meter]
    on_the_meter_cents = bill_cents(metered, ADDED_MICRO_PER_KWH, VAT_PERCENT)
    assert abs(paid_cents - on_the_meter_cents) <= on_the_meter_cents / 100


async def _the_way_in(town: Town, phone: Phone) -> None:
    # ── Wednesday 18:20: the first page, a mail, in ──────────────
    await phone.opens("/")
    await phone.presses("Start")
    await phone.presses("Send me the link", address="kim@driver.example")
    await phone.presses("Open the outbox")
    await phone.presses("Open the link in this mail")
    await phone.presses("Sign in")
    assert phone.shows == "/permissions"

    # ── over to Tesla and back ───────────────────────────────────
    await phone.presses("Go on to Tesla")
    await phone.presses("Sign in", email="kim@driver.example")
    await phone.presses("Allow")
    assert phone.shows == "/choose-car"
    assert phone.reads("ends in 4F21")
    await phone.chooses(MODEL_3)

    # ── the key, in Tesla's app; the page goes on by itself ──────
    assert phone.shows == "/key"
    await town.adds_the_key(phone)
    assert phone.shows == "/plan"


def _are_the_cheapest(hours: set[datetime], plugged_in_at: datetime) -> bool:
    """Whether no hour that was left out is cheaper than the dearest one used."""
    prices = euros_per_mwh()
    whole = [hour for hour in prices if plugged_in_at + timedelta(minutes=20) <= hour < READY_BY]
    dearest = max(prices[hour] for hour in hours)
    return all(prices[hour] >= dearest for hour in whole if hour not in hours)


async def _readings_of_chargekey(town: Town) -> list[tuple[datetime, datetime, int]]:
    [night] = await town.nights()
    return [(one.start, one.end, one.wall_wh) for one in night.account.readings]


async def test_a_cable_in_an_awake_car_is_noticed_as_soon_as_the_page_promises(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    await town.time_passes(minutes=2)
    await phone.looks_again()
    assert phone.reads("We notice within a quarter of an hour")

    town.car.plugs_in()
    await town.time_passes(minutes=15.5)
    assert starts_and_stops(town.car) == ["charge_stop"]
