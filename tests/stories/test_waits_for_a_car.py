"""The car is not in the Tesla account yet: looked after by the hour, with no page open, and the driver called."""

from datetime import datetime

from tests.stories.phone import Phone
from tests.stories.town import EMAIL, MODEL_3, Town


async def test_an_empty_account_is_waited_out_and_its_driver_called(town: Town, phone: Phone) -> None:
    # ── Wednesday 18:20: the car is ordered, not delivered ───────
    account = town.world.accounts[EMAIL]
    for vin in list(town.world.cars):
        account.sells(vin)
    account.orders(MODEL_3)
    await phone.signs_in()
    await phone.allows()
    assert phone.shows == "/choose-car"
    assert phone.reads("No car in this Tesla account")
    assert phone.reads("We look again at 19:20.")

    # ── opened again and again, Tesla is asked once ──────────────
    asked = len(town.calls("/api/1/vehicles"))
    for _ in range(5):
        await phone.opens("/choose-car")
    assert len(town.calls("/api/1/vehicles")) == asked

    # ── three hours later it is delivered, and nobody is there ───
    await town.time_passes(hours=3)
    assert len(town.calls("/api/1/vehicles")) == asked + 3
    account.takes_delivery_of(MODEL_3)
    await town.time_passes(hours=1)
    await phone.opens("/outbox")
    assert phone.reads("A car came into your Tesla account")

    # ── and the way goes on ──────────────────────────────────────
    await phone.opens("/go")
    assert phone.shows == "/choose-car"
    await phone.chooses("4F21")
    assert phone.shows == "/key"


async def test_who_misses_one_car_of_several_is_called_when_it_comes(town: Town, phone: Phone) -> None:
    account = town.world.accounts[EMAIL]
    account.orders(MODEL_3)
    await phone.signs_in()
    await phone.allows()
    assert phone.reads("My car is not in the list")
    assert phone.reads("We look again at 19:20.")
    await town.time_passes(minutes=30)
    account.takes_delivery_of(MODEL_3)
    await town.time_passes(hours=1)
    await phone.opens("/outbox")
    assert phone.reads("A car came into your Tesla account")


async def test_who_chooses_none_is_looked_after_by_the_hour_for_a_day_and_then_daily(town: Town, phone: Phone) -> None:
    await phone.signs_in()
    await phone.allows()
    asked = []
    for days in (1, 3):
        before = town.now
        await town.time_passes(days=days)
        asked.append(len([call for call in town.calls("/api/1/vehicles", before) if call.path.endswith("/vehicles")]))
    first_day, three_days = asked
    assert 20 <= first_day <= 26
    assert three_days <= 5


async def test_who_has_chosen_is_looked_after_once_a_day(town: Town, phone: Phone) -> None:
    await phone.signs_in()
    await phone.allows()
    await phone.chooses("4F21")
    chosen_at = town.now
    await phone.opens("/choose-car")
    assert not phone.reads("We look again at")
    await town.time_passes(hours=6)
    assert account_looks(town, chosen_at) <= 1  # the page that was just opened, and no more
    await town.time_passes(hours=26)
    assert 1 <= account_looks(town, chosen_at) <= 3


def account_looks(town: Town, since: datetime) -> int:
    """How often the account's list was asked for; the looks for its car's key are another matter."""
    return sum(call.path == "/api/1/vehicles" for call in town.calls("/api/1/vehicles", since))
