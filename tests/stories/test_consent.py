"""What can happen on the way to Tesla's consent page and back, each time mended where the driver stands."""

from urllib.parse import urlencode

from tests.stories.phone import Phone
from tests.stories.town import COMPUTER, EMAIL, Town


async def test_a_missing_permission_is_named_and_given_in_place(phone: Phone) -> None:
    # ── Wednesday 18:20: he takes the tick out of charging ───────
    await phone.signs_in()
    await phone.allows(without=["vehicle_charging_cmds"])
    assert phone.shows == "/permissions/missing"
    assert phone.reads("One permission is still missing")
    assert not phone.reads("We still use the old pass")  # the pass is as new as what was allowed
    assert phone.reads("not charge it")

    # ── one press, and Tesla asks for that one ───────────────────
    await phone.presses("Add it at Tesla")
    assert phone.shows == "/auth/oauth2/v3/consent"
    await phone.presses("Allow")
    assert phone.shows == "/choose-car"


async def test_a_permission_given_by_hand_at_tesla_is_seen_when_looked_again(town: Town, phone: Phone) -> None:
    await phone.signs_in()
    await phone.allows(without=["vehicle_charging_cmds"])

    town.world.accounts[EMAIL].ticks("demo-chargekey", "vehicle_charging_cmds")
    await phone.presses("I did it, look again")
    assert phone.shows == "/choose-car"


async def test_who_cancels_at_tesla_stands_where_he_was(phone: Phone) -> None:
    await phone.signs_in()
    await phone.goes_to_tesla()
    await phone.presses("Cancel")
    assert phone.shows == "/permissions/back/cancelled"
    assert phone.status == 200

    await phone.presses("Go to Tesla once more")
    await phone.says_who_he_is()
    await phone.presses("Allow")
    assert phone.shows == "/choose-car"


async def test_a_callback_opened_again_changes_nothing(town: Town, phone: Phone) -> None:
    await phone.signs_in()
    await phone.allows()
    came, _ = phone.callback
    tokens_asked = len(town.calls("/token"))

    await phone.opens(came)
    assert phone.shows == "/choose-car"
    assert len(town.calls("/token")) == tokens_asked


async def test_a_callback_opened_in_another_browser_connects_nobody(town: Town, phone: Phone) -> None:
    # ── Mallory lures Kim into a consent that Mallory began ──────
    mallory = await town.a_phone()
    await mallory.signs_in("mallory@elsewhere.example")
    await mallory.opens("/permissions")
    await mallory.presses("Go on to Tesla")
    [state] = mallory.asked["state"]

    # ── Kim, signed in here, opens a callback with that state ────
    await phone.signs_in()
    await phone.allows()
    _, came_with = phone.callback
    stranger = await town.a_phone()
    await stranger.signs_in("kim2@driver.example")
    await stranger.opens(f"/connect/callback?{urlencode({'code': came_with['code'][0], 'state': state})}")
    assert stranger.shows == "/permissions/back/other_browser"
    await stranger.opens("/go")
    assert stranger.shows == "/permissions"


async def test_the_guide_goes_on_at_the_same_step_on_another_device(town: Town, phone: Phone) -> None:
    # ── on the phone, as far as the choice of the car ────────────
    await phone.signs_in()
    await phone.allows()
    assert phone.shows == "/choose-car"

    # ── on the computer, from there ──────────────────────────────
    computer = await town.a_phone(COMPUTER)
    await computer.signs_in()
    assert computer.shows == "/choose-car"
    await computer.chooses("4F21")
    assert computer.shows == "/key"
    assert computer.reads("QR") or computer.reads("Scan")

    # ── and back on the phone, which shows a button instead ──────
    await phone.opens("/go")
    assert phone.shows == "/key"
    assert phone.page.button("Open the Tesla app").leads_to == phone.pairing_link


async def test_consent_taken_back_at_tesla_is_said_and_given_again(town: Town, phone: Phone) -> None:
    await town.pairs(phone)

    # ── Kim takes it back in her Tesla account ───────────────────
    town.world.accounts[EMAIL].revokes_consent("demo-chargekey")
    await town.time_passes(minutes=6)
    await phone.opens("/go")
    assert phone.shows == "/permissions"
    assert phone.reads("Tesla no longer honours")

    # ── once more, and everything else is as it was ──────────────
    await phone.allows()
    assert phone.shows == "/tonight"
