"""The way to Tesla and back, as it goes wrong: pressed twice, gone back, too late, with nothing or the wrong thing."""

import asyncio
from urllib.parse import urlencode

import pytest

from chargekey.entrypoints.cli.demo import CLIENT_ID
from tesla_simulator.faults import Fault, Kind
from tests.stories.phone import Phone
from tests.stories.town import EMAIL, Town

CALLBACK = "/connect/callback"
CONSENT = "/auth/oauth2/v3/consent"
SCOPES = ["openid", "offline_access", "vehicle_device_data", "vehicle_location", "vehicle_charging_cmds"]


def exchanges(town: Town) -> int:
    """How often the token host was asked for anything."""
    return len(town.calls("/oauth2/v3/token"))


async def stands_at_tesla(phone: Phone) -> tuple[str, str]:
    """Before Tesla's consent page; returns the state and the nonce that he took along."""
    await phone.signs_in()
    await phone.goes_to_tesla()
    assert phone.shows == CONSENT
    [state], [nonce] = phone.asked["state"], phone.asked["nonce"]
    return state, nonce


def a_code(town: Town, state: str, nonce: str) -> str:
    """As Tesla makes one when the driver allows everything."""
    account = town.world.accounts[EMAIL]
    account.consents(CLIENT_ID, SCOPES)
    return town.world.tokens.new_code(account, CLIENT_ID, f"{town.url}{CALLBACK}", nonce, state, "en-GB")


def came_with(**told: str) -> str:
    return f"{CALLBACK}?{urlencode(told)}"


# ── pressed twice, gone back ─────────────────────────────────────────


async def test_an_answer_that_arrives_twice_at_once_is_handled_once(town: Town, phone: Phone) -> None:
    state, nonce = await stands_at_tesla(phone)
    address, before = came_with(code=a_code(town, state, nonce), state=state), exchanges(town)
    one, other = phone.beside(), phone.beside()
    await asyncio.gather(one.opens(address), other.opens(address))
    assert exchanges(town) == before + 1
    await phone.opens("/go")
    assert phone.shows == "/choose-car"


async def test_going_to_tesla_was_pressed_twice_and_either_answer_counts(town: Town, phone: Phone) -> None:
    first_state, first_nonce = await stands_at_tesla(phone)
    await phone.opens("/permissions")
    await phone.presses("Go on to Tesla")
    assert phone.asked["state"] != [first_state]
    await phone.opens(came_with(code=a_code(town, first_state, first_nonce), state=first_state))
    assert phone.shows == "/choose-car"


async def test_going_back_and_allowing_again_changes_nothing(town: Town, phone: Phone) -> None:
    state, nonce = await stands_at_tesla(phone)
    await phone.presses("Allow")
    assert phone.shows == "/choose-car"
    before = exchanges(town)
    await phone.opens(came_with(code=a_code(town, state, nonce), state=state))  # the same question, answered anew
    assert phone.shows == "/choose-car"
    assert exchanges(town) == before


# ── a state that is not ours ─────────────────────────────────────────


@pytest.mark.parametrize("state", ["", "made-up", "x" * 4000], ids=["none", "unknown", "endless"])
async def test_an_answer_to_a_question_that_nobody_asked_is_not_used(town: Town, phone: Phone, state: str) -> None:
    await phone.signs_in()
    before = exchanges(town)
    await phone.opens(came_with(code="EU_code", state=state))
    assert phone.shows == "/permissions/back/other_browser"
    assert exchanges(town) == before


async def test_an_answer_in_another_browser_of_the_same_driver_is_not_used(town: Town, phone: Phone) -> None:
    state, nonce = await stands_at_tesla(phone)
    address, before = came_with(code=a_code(town, state, nonce), state=state), exchanges(town)
    computer = await town.a_phone()
    await computer.signs_in()
    await computer.opens(address)
    assert computer.shows == "/permissions/back/other_browser"
    assert exchanges(town) == before
    await computer.opens("/go")
    assert computer.shows == "/permissions"


async def test_an_answer_without_anybody_signed_in_is_not_used(town: Town, phone: Phone) -> None:
    state, nonce = await stands_at_tesla(phone)
    address, before = came_with(code=a_code(town, state, nonce), state=state), exchanges(town)
    stranger = await town.a_phone()
    await stranger.opens(address)
    assert stranger.shows == "/sign-in"
    assert exchanges(town) == before


async def test_an_answer_after_more_than_an_hour_is_too_old(town: Town, phone: Phone) -> None:
    state, nonce = await stands_at_tesla(phone)
    await town.time_passes(minutes=61)
    before = exchanges(town)
    await phone.opens(came_with(code=a_code(town, state, nonce), state=state))
    assert phone.shows == "/permissions/back/too_old"
    assert exchanges(town) == before
    await phone.presses("Go to Tesla once more")
    assert phone.shows in (CONSENT, "/auth/oauth2/v3/authorize")


# ── without a yes ────────────────────────────────────────────────────


@pytest.mark.parametrize("error", ["login_cancelled", "access_denied"])
@pytest.mark.parametrize("brings_state", [True, False], ids=["with state", "without"])
async def test_who_says_no_at_tesla_is_told_that_nothing_happened(
    town: Town, phone: Phone, error: str, brings_state: bool
) -> None:
    state, _ = await stands_at_tesla(phone)
    before = exchanges(town)
    await phone.opens(came_with(error=error, **({"state": state} if brings_state else {})))
    assert phone.shows == "/permissions/back/cancelled"
    assert phone.status == 200
    assert exchanges(town) == before


async def test_any_other_error_is_teslas_refusal(phone: Phone) -> None:
    state, _ = await stands_at_tesla(phone)
    await phone.opens(came_with(error="server_error", error_description="<b>no</b>", state=state))
    assert phone.shows == "/permissions/back/tesla_refused"
    assert "<b>no</b>" not in phone.content


# ── a code that buys nothing ─────────────────────────────────────────


async def test_a_code_that_tesla_takes_no_more_is_said_and_fetched_anew(town: Town, phone: Phone) -> None:
    # ── Tesla's page was left open for six minutes ───────────────
    state, nonce = await stands_at_tesla(phone)
    code = a_code(town, state, nonce)
    await town.time_passes(minutes=6)
    await phone.opens(came_with(code=code, state=state))
    assert phone.shows == "/permissions/back/code_spent"

    # ── once more ────────────────────────────────────────────────
    await phone.presses("Go to Tesla once more")
    await phone.says_who_he_is()
    assert phone.shows == "/choose-car"


async def test_a_code_of_another_question_is_not_taken(town: Town, phone: Phone) -> None:
    """The ID token names the nonce that the code was asked with."""
    state, _ = await stands_at_tesla(phone)
    await phone.opens(came_with(code=a_code(town, state, "another nonce"), state=state))
    assert phone.shows == "/permissions/back/tesla_refused"
    await phone.opens("/go")
    assert phone.shows == "/permissions"


async def test_a_token_host_that_fails_is_not_the_drivers_fault(town: Town, phone: Phone) -> None:
    state, nonce = await stands_at_tesla(phone)
    town.world.meets(Fault(Kind.ANSWERS, site="fleet-auth", status=500, body={"error": "server_error"}))
    await phone.opens(came_with(code=a_code(town, state, nonce), state=state))
    assert phone.shows == "/permissions/back/tesla_failed"
    await phone.presses("Go to Tesla once more")
    await phone.says_who_he_is()
    assert phone.shows == "/choose-car"


# ── where the account lives ──────────────────────────────────────────


async def test_what_was_allowed_is_kept_while_tesla_does_not_say_where_the_account_lives(
    town: Town, phone: Phone
) -> None:
    town.world.meets(Fault(Kind.ANSWERS, path_contains="/users/region", status=503, count=9))
    await phone.signs_in()
    await phone.allows()
    assert phone.shows == "/choose-car"


async def test_an_american_account_is_asked_in_america(town: Town, phone: Phone) -> None:
    """Even where our app is not registered in Europe, which would answer 412 to whatever is asked."""
    town.world.accounts[EMAIL].moves_to_region("na")
    town.world.portal.forgets_registration(CLIENT_ID, "eu")
    await phone.signs_in()
    before = town.now
    await phone.allows()
    assert phone.shows == "/choose-car"
    assert {call.site for call in town.calls("/vehicles", before)} == {"na"}


# ── renewing ─────────────────────────────────────────────────────────


async def test_a_renewal_whose_answer_was_lost_is_made_good_within_the_day(town: Town, phone: Phone) -> None:
    """Tesla has rotated, we have saved nothing: the token used last is good for 24 hours more (§1.3)."""
    await town.pairs(phone)
    town.world.tokens.expires_now(EMAIL)
    town.world.meets(Fault(Kind.CUT_AFTER, site="fleet-auth", account="", path_contains="/token"))
    await town.time_passes(minutes=20)
    assert len(town.calls("/oauth2/v3/token")) >= 3
    await phone.opens("/go")
    assert phone.shows == "/tonight"
    since = town.now
    await town.time_passes(minutes=11)
    assert {call.status for call in town.calls("/vehicles", since)} == {200}
