"""A new car that needs no key, and one of which Tesla says so wrongly: one harmless order tells them apart."""

import pytest

from tests.stories.phone import Phone
from tests.stories.town import MODEL_3, Town

ORDERS = "/command/set_charging_amps"


async def comes_to_the_key(phone: Phone) -> None:
    await phone.signs_in()
    await phone.allows()
    await phone.chooses(MODEL_3)
    await phone.opens("/key")
    await phone.opens_the_tesla_app()


async def test_a_car_of_a_company_is_told_by_what_the_tesla_app_says_of_it(town: Town, phone: Phone) -> None:
    town.car.works_for_a_business()
    set_to_a = town.car.record.requested_current_a

    # ── the app says that there is nothing to add, and he says so ─
    await comes_to_the_key(phone)
    await town.time_passes(minutes=1)
    await phone.opens("/key/why")
    await phone.answers("no_key_needed")
    await town.time_passes(seconds=5)

    # ── one order, for what the car is set to already ────────────
    assert len(town.calls(ORDERS)) == 1
    assert town.car.record.requested_current_a == set_to_a
    await phone.opens("/go")
    assert phone.shows == "/plan"


@pytest.mark.long
async def test_it_charges_by_plain_orders_although_its_list_goes_on_calling_it_unpaired(
    town: Town, phone: Phone
) -> None:
    town.car.works_for_a_business()
    await comes_to_the_key(phone)
    await town.time_passes(minutes=16)
    await phone.plans()
    town.car.plugs_in()
    await town.time_passes(hours=20)
    assert town.calls("/command/add_charge_schedule")
    assert round(town.car.soc_percent) == 80
    assert not town.calls("/signed_command")
    await phone.opens("/go")
    assert phone.shows == "/tonight"


@pytest.mark.long
async def test_a_car_of_which_tesla_says_so_wrongly_is_asked_once(town: Town, phone: Phone) -> None:
    town.car.is_wrongly_told_to_need_no_key()
    await comes_to_the_key(phone)

    # ── he allows nothing; after ten minutes the car is asked ────
    await town.time_passes(minutes=9)
    assert not town.calls(ORDERS)
    await town.time_passes(minutes=7)
    assert len(town.calls(ORDERS)) == 1
    await phone.opens("/key/why")
    assert "J4" in phone.page.hooks["data-cause"]

    # ── and not again, however long he waits ─────────────────────
    for _ in range(3):
        await phone.opens("/key")
        await town.time_passes(hours=24)
    assert len(town.calls(ORDERS)) == 1
    await phone.opens("/key")
    assert phone.shows == "/key"
