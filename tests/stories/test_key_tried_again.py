"""A key that is tried once more: because the driver asks for it, or because it was gone for a while."""

from chargekey.domain.journey import Proof
from tests.stories.phone import Phone
from tests.stories.town import Town


async def greeted(town: Town) -> int:
    """How often the car was spoken to."""
    return len(town.calls("/signed_command"))


async def proof(town: Town) -> Proof:
    return (await town.home.journeys.pair_vehicle.page(driver_id=1)).proof


async def test_a_driver_tries_the_key_and_the_car_answers(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    await town.time_passes(minutes=3)
    town.car.wakes_up()
    before = await greeted(town)

    # ── he presses, the page waits, the car answers ──────────────
    await phone.opens("/car")
    assert phone.reads("It answered for it 3 minutes ago")
    await phone.presses("Try the key now")
    assert phone.shows == "/car"
    await town.time_passes(seconds=2)
    await phone.looks_again()
    assert phone.reads("The car knows our key")
    assert phone.reads("seconds ago")
    assert await greeted(town) == before + 1
    assert town.car.accepted_commands == []

    # ── once more at once: the answer is fresh enough ────────────
    await phone.presses("Try the key now")
    await phone.presses("Try the key now")
    await town.time_passes(seconds=5)
    assert await greeted(town) == before + 1


async def test_a_sleeping_car_is_asked_when_it_wakes_by_itself(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    await town.time_passes(minutes=3)
    town.car.falls_asleep()
    before = await greeted(town)

    await phone.opens("/car")
    await phone.presses("Try the key now")
    await town.time_passes(seconds=2)
    await phone.looks_again()
    assert phone.reads("The car is asleep, and we do not wake it for this")
    assert phone.reads("Next look at")
    await town.time_passes(hours=1)
    assert not town.calls("/wake_up")
    assert await greeted(town) == before

    # ── somebody opens a door ────────────────────────────────────
    town.car.wakes_up()
    await town.time_passes(minutes=6)
    await phone.looks_again()
    assert await greeted(town) == before + 1
    assert not phone.reads("The car is asleep, and we do not wake it for this")


async def test_a_car_that_refuses_leads_back_to_the_key_and_says_what_happened(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    await town.time_passes(minutes=3)
    town.car.wakes_up()
    town.car.somebody_deletes_our_key()

    await phone.opens("/car")
    await phone.presses("Try the key now")
    await town.time_passes(seconds=2)
    await phone.looks_again()
    assert phone.shows == "/key"
    assert phone.reads("The key is no longer on the car")
    assert phone.reads("and refused it")

    # ── added once more, it is proved once more ──────────────────
    await town.adds_the_key(phone)
    assert phone.shows == "/tonight"
    assert await proof(town) is Proof.PROVED


async def test_a_key_that_was_gone_for_a_while_is_not_proved_by_what_the_car_said_before(
    town: Town, phone: Phone
) -> None:
    await town.pairs(phone)
    await town.time_passes(minutes=3)
    assert await proof(town) is Proof.PROVED

    # ── deleted on the screen; Tesla's list says so ──────────────
    town.car.wakes_up()
    town.car.somebody_deletes_our_key()
    await phone.opens("/car")
    await phone.presses("Try the key now")
    await town.time_passes(seconds=2)
    await phone.opens("/go")
    assert phone.shows == "/key"

    # ── added anew while the car sleeps: paired, not yet tried ───
    await phone.adds_the_key()
    town.car.falls_asleep()
    await town.time_passes(seconds=12)
    await phone.looks_again()
    assert phone.shows == "/test"
    assert await proof(town) is Proof.NOT_YET_TRIED

    town.car.wakes_up()
    await town.time_passes(minutes=6)
    assert await proof(town) is Proof.PROVED
