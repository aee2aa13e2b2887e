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


async def test_a_page_of_teslas_that_leads_nowhere_is_asked_about_and_the_answer_leads_on(
    town: Town, phone: Phone
) -> None:
    # ── a relay is on, and Tesla's sign-in refuses its address ───
    town.world.phone.is_on_a_network_that_tesla_refuses()
    await phone.signs_in()
    await phone.presses("Go on to Tesla")
    assert phone.reads("Access Denied")

    # ── six minutes later he opens our page again ────────────────
    await town.time_passes(minutes=6)
    await phone.opens("/go")
    assert phone.page.hooks["data-question"] == ["tesla_page"]
    await phone.answers("access_denied")
    assert phone.shows == "/permissions"
    assert phone.page.hooks["data-suspect"][0] == "A15"
    assert phone.is_told_to[0] == "change_network"

    # ── and does what it says ────────────────────────────────────
    town.world.phone.changes_network()
    await phone.allows()
    assert phone.shows == "/choose-car"


async def test_a_refusal_of_teslas_without_a_reason_is_asked_about(phone: Phone) -> None:
    await phone.signs_in()
    await phone.presses("Go on to Tesla")
    [state] = phone.asked["state"]
    await phone.opens(f"/connect/callback?{urlencode({'error': 'interaction_required', 'state': state})}")
    assert phone.shows == "/permissions/back/tesla_refused"
    assert phone.page.hooks["data-question"] == ["tesla_page"]
    await phone.answers("dont_know")
    assert phone.shows == "/permissions"
    assert "data-question" not in phone.page.hooks
    assert phone.page.hooks["data-suspect"][0] == "A12"


async def test_a_permission_asked_for_twice_in_vain_is_asked_about(town: Town, phone: Phone) -> None:
    # ── the portal does not offer it: no box, whatever he does ───
    town.world.portal.scopes_are_not_enabled("demo-chargekey", ["vehicle_charging_cmds"])
    await phone.signs_in()
    await phone.allows()
    assert phone.shows == "/permissions/missing"
    assert "data-question" not in phone.page.hooks
    await phone.presses("Add it at Tesla")
    assert phone.shows == "/permissions/missing"
    assert phone.page.hooks["data-question"] == ["missing_box"]
    await phone.answers("no_such_box")
    assert phone.page.hooks["data-suspect"][0] == "F12"
