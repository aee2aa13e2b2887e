"""What happens on the phone and cannot be seen from afar: looked at first, then asked, then mended. S3, S5, S6, S13."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.attacks.people import a_person
from tests.stories.phone import Phone
from tests.stories.test_stays_connected import mails
from tests.stories.town import COMPUTER, Town


async def comes_to_the_key(town: Town, phone: Phone) -> None:
    """As far as the link, with one car that is awake."""
    await phone.signs_in()
    await phone.allows()
    await phone.chooses(town.car.vin)
    await phone.opens("/key?show=phone")


async def test_an_app_that_asks_nothing_is_closed_and_opened_again(town: Town, phone: Phone) -> None:
    await comes_to_the_key(town, phone)
    began = town.now

    # ── 17:20: the link is pressed, the app comes up and asks nothing ─
    town.world.phone.app_gets_stuck()
    await phone.opens_the_tesla_app()
    await town.time_passes(seconds=60)
    await phone.looks_again()
    assert phone.reads("It takes longer than it should")

    # ── he says so, and is asked one question ────────────────────
    await phone.presses("Find out why")
    assert phone.page.hooks["data-question"] == ["app_showed"]
    await phone.answers("nothing_asked")
    assert phone.is_told_to[0] == "close_the_app"

    # ── he does what the page says, and opens the link again ─────
    town.world.phone.force_closes_the_app()
    await phone.presses("I did it, go on")
    assert phone.shows == "/key"
    await phone.allows_in_the_app()
    await town.time_passes(seconds=12)
    await phone.looks_again()
    assert phone.shows in ("/test", "/plan")

    # ── nothing was spent on it that was not free, and not in a loop ─
    assert not town.calls("/vehicle_data", began)
    assert not town.calls("/wake_up", began)
    assert len(town.calls("/mobile_enabled", began)) <= 2
    assert len(town.calls("/fleet_status", began)) <= 16


async def test_what_nobody_can_see_is_mended_in_the_order_that_cures_most_at_least_effort(
    town: Town, phone: Phone
) -> None:
    """S3 and S13: an old app on a phone that is no key yet; the driver does what the page says, best first."""
    town.world.phone.has_an_old_app()
    town.world.phone.is_no_phone_key(town.car.vin)
    done = ["close_the_app", "update_the_app", "set_up_phone_key"]
    await comes_to_the_key(town, phone)
    for remedy in done:
        await phone.opens_the_tesla_app()
        await town.world.phone.allows()
        await town.time_passes(seconds=60)
        await phone.opens("/key")
        await phone.presses("Find out why")
        while question := phone.page.hooks.get("data-question"):
            await phone.answers("nothing_asked" if question == ["app_showed"] else "dont_know")
        assert phone.is_told_to[0] == remedy
        does(town, remedy)
        await phone.presses("I did it, go on")
        assert phone.shows == "/key"
    await phone.allows_in_the_app()
    await town.time_passes(seconds=12)
    await phone.looks_again()
    assert phone.shows in ("/test", "/plan")


def does(town: Town, remedy: str) -> None:
    """What the page asks for, on the phone or beside the car."""
    match remedy:
        case "close_the_app":
            town.world.phone.force_closes_the_app()
        case "update_the_app":
            town.world.phone.updates_the_app()
        case "set_up_phone_key":
            town.world.phone.sets_up_the_phone_key(town.car.vin)


async def test_a_link_opened_in_a_chat_apps_window_says_how_to_get_out(town: Town) -> None:
    """S5: the device is told apart, and what to do about it is said before anything fails."""
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Instagram 300"
    phone = await town.a_phone({"User-Agent": agent, "Accept-Language": "en-GB"})
    await comes_to_the_key(town, phone)
    assert "open_in_browser" in phone.is_told_to
    assert phone.reads("Send it to that phone")


async def test_who_asks_for_the_page_by_mail_again_and_again_is_told_when_he_can_next(town: Town) -> None:
    computer = await town.a_phone(COMPUTER)
    await computer.signs_in()
    await computer.allows()
    await computer.chooses(town.car.vin)
    again_at = (town.now + timedelta(hours=1)).astimezone(ZoneInfo("Europe/Amsterdam"))
    for _ in range(5):
        await computer.presses("Send to my phone")
    await computer.opens("/key?show=computer")
    assert not computer.page.offers("Send to my phone")
    assert computer.reads(f"You can ask for another from {again_at:%H:%M}")
    assert await mails(town, "Add the key to") == 5

    # ── a page that was open before asks all the same ────────────
    me = await a_person(town, "the driver", computer)
    assert (await me.presses("/key/send", show="computer"))[0] == 303
    assert await mails(town, "Add the key to") == 5

    # ── an hour later ────────────────────────────────────────────
    await town.time_passes(hours=1)
    await computer.opens("/key?show=computer")
    await computer.presses("Send to my phone")
    assert computer.reads("A mail with this page is on its way")
    assert await mails(town, "Add the key to") == 6


async def test_a_computer_gets_a_code_a_copy_and_a_way_to_the_phone(town: Town) -> None:
    computer = await town.a_phone(COMPUTER)
    await computer.signs_in()
    await computer.allows()
    await computer.chooses(town.car.vin)
    assert computer.reads("Point your phone at this")
    await computer.presses("Send to my phone")
    assert computer.reads("A mail with this page is on its way")
    await computer.presses("I opened it, and nothing came of it")
    assert computer.page.hooks["data-question"]


async def test_who_is_the_same_at_tesla_as_before_is_not_sent_there_again(town: Town, phone: Phone) -> None:
    """The app says that it cannot share the car, for a reason that nobody can see: the car is in Valet mode."""
    town.car.is_lent_in_valet_mode()
    await comes_to_the_key(town, phone)
    told: list[str] = []
    for _ in range(5):
        await phone.opens_the_tesla_app()
        await town.world.phone.allows()
        await town.time_passes(seconds=60)
        await phone.opens("/key/why")
        while question := phone.page.hooks.get("data-question"):
            await phone.answers({"app_showed": "unable_to_share", "phone_opens_car": "yes"}[question[0]])
        told.append(phone.is_told_to[0])
        if told[-1] == "leave_special_mode":
            break
        if told[-1] == "switch_tesla_account":
            await phone.presses("Sign in with the other Tesla account")
            await phone.says_who_he_is()
            await phone.opens("/go")
        else:
            await phone.presses("I did it, go on")
        assert phone.shows == "/key"
    assert told[-1] == "leave_special_mode"
    assert len(told) == len(set(told))
    assert "switch_tesla_account" in told
