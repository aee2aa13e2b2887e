"""What is wrong with the car, seen before the driver is sent anywhere; mended, or waited out. S11, and S14."""

from datetime import timedelta

from tests.stories.phone import Phone
from tests.stories.test_situations_phone import comes_to_the_key
from tests.stories.test_stays_connected import mails
from tests.stories.town import DOMAIN, EMAIL, MODEL_3, Town


async def test_all_that_is_in_the_way_is_shown_at_once_and_the_link_only_afterwards(town: Town, phone: Phone) -> None:
    town.car.somebody_turns_mobile_access_off()
    town.car.fills_its_key_list()
    began = town.now
    await comes_to_the_key(town, phone)
    assert phone.reads_of == ["D5", "E1"]
    assert not any("/_ak/" in link for link in phone.page.links())

    # ── he does one of the two ───────────────────────────────────
    town.car.somebody_turns_mobile_access_on()
    await town.time_passes(minutes=2)
    await phone.presses("I did all of it, look again")
    assert phone.reads_of == ["E1"]

    # ── and the other ────────────────────────────────────────────
    town.car.somebody_makes_room_in_its_key_list()
    await town.time_passes(minutes=2)
    await phone.presses("I did it, look again")
    assert not phone.reads_of
    await phone.allows_in_the_app()
    await town.time_passes(seconds=12)
    await phone.looks_again()
    assert phone.shows in ("/test", "/plan")
    assert len(town.calls("/mobile_enabled", began)) <= 4
    assert not town.calls("/vehicle_data", began)


async def test_a_car_out_of_reach_is_waited_for_and_the_driver_is_called_back(town: Town, phone: Phone) -> None:
    town.car.loses_reception()
    await comes_to_the_key(town, phone)
    assert phone.reads_of == ["D2"]
    assert phone.reads("out of reach")
    assert phone.page.hooks["data-wait-until"]
    began = town.now

    # ── two hours in a garage below ground, the page closed ──────
    await town.time_passes(hours=2)
    looks = [call for call in town.calls("/api/1/vehicles", began) if call.path.endswith("/vehicles")]
    assert len(looks) <= 9

    # ── it comes out ─────────────────────────────────────────────
    town.car.has_reception_again()
    await town.time_passes(minutes=20)
    await phone.opens("/outbox")
    assert phone.reads("you can go on")
    await phone.opens("/go")
    assert phone.shows == "/key"
    assert phone.pairing_link
    after = town.now
    await town.time_passes(hours=3)
    assert not [call for call in town.calls("/api/1/vehicles", after) if call.path.endswith("/vehicles")]


async def test_of_two_that_are_waited_for_each_is_looked_at_at_its_own_pace(town: Town, phone: Phone) -> None:
    """A workshop each hour, although our own key file, which is wrong as well, is looked at each minute."""
    town.car.goes_to_service()
    town.world.internet.domain_hosts_another_key(DOMAIN)
    await comes_to_the_key(town, phone)
    assert phone.reads_of == ["F2"]  # what forbids the step for everybody is shown alone
    began = town.now
    await town.time_passes(hours=3)
    looks = [call for call in town.calls("/api/1/vehicles", began) if call.path.endswith("/vehicles")]
    assert 3 <= len(looks) <= 9  # the workshop's three, and those that look for the key, less and less often

    # ── the one is over, and the other is not: nobody is called ──
    town.world.internet.domain_is_right_again(DOMAIN)
    await town.time_passes(minutes=20)
    assert await mails(town, "you can go on") == 0
    await phone.opens("/go")
    assert phone.reads_of == ["D4"]

    # ── and when that is over as well, he is called once ─────────
    town.car.comes_back_from_service()
    await town.time_passes(minutes=61)
    assert await mails(town, "you can go on") == 1


async def test_a_car_in_service_is_told_from_one_that_is_out_of_reach(town: Town, phone: Phone) -> None:
    town.car.goes_to_service()
    await comes_to_the_key(town, phone)
    assert phone.reads_of == ["D4"]
    assert phone.reads("Your car is in service")


async def test_a_sleeping_car_is_no_obstacle_and_no_fault(town: Town, phone: Phone) -> None:
    town.car.falls_asleep()
    await comes_to_the_key(town, phone)
    assert phone.pairing_link
    assert not town.calls("/wake_up")


async def test_a_token_rejected_waits_for_hours_and_calls_the_driver_back(town: Town, phone: Phone) -> None:
    """S14."""
    await comes_to_the_key(town, phone)
    began = town.now
    await phone.opens_the_tesla_app()
    await town.time_passes(seconds=60)
    await phone.opens("/key")
    await phone.presses("Find out why")
    await phone.answers("token_rejected")
    assert phone.reads("Tesla refused for now")
    assert phone.page.hooks["data-wait-until"]

    # ── closed, and Chargekey waits; nobody asks Tesla in a loop ─
    await town.until(began + timedelta(hours=3, minutes=2))
    await phone.opens("/outbox")
    assert phone.reads("time to try again")

    # ── back at the very step, with the link ─────────────────────
    await phone.opens("/go")
    assert phone.shows == "/key"
    await phone.allows_in_the_app()
    await town.time_passes(seconds=12)
    await phone.looks_again()
    assert phone.shows in ("/test", "/plan")


async def test_a_token_rejected_again_after_the_hours_is_less_likely_a_fault_of_teslas(
    town: Town, phone: Phone
) -> None:
    """S14: then the account in the app may not be the car's main one."""
    town.world.accounts[EMAIL].is_not_the_primary_account_of(MODEL_3)
    await comes_to_the_key(town, phone)
    await _is_refused_in_the_app(town, phone)
    assert phone.reads("Tesla refused for now")
    await town.time_passes(hours=3, minutes=2)
    await _is_refused_in_the_app(town, phone)
    assert "data-wait-until" not in phone.page.hooks
    assert phone.page.hooks["data-remedy"][0] == "switch_app_account"


async def _is_refused_in_the_app(town: Town, phone: Phone) -> None:
    await phone.opens("/key")
    await phone.opens_the_tesla_app()
    await town.time_passes(seconds=60)
    await phone.opens("/key/why")
    await phone.answers("token_rejected")
