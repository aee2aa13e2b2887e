"""A driver signs in with a passkey: added once, offered once, told by mail."""

from dataclasses import replace
from typing import Final

from chargekey.domain.passkey import MOST_OF_ONE_DRIVER
from tests.adapters.soft_authenticator import Authenticator, written
from tests.stories.passkey_hands import (
    ADD,
    NOT_TAKEN,
    adds_a_passkey,
    hands_over,
    is_asked,
    is_signed_in,
    signs_in_by_passkey,
)
from tests.stories.phone import Phone
from tests.stories.town import EMAIL, Town

OFFER: Final = "data-passkey-offer"
ADDED: Final = "A passkey was added to your account here"
REMOVED: Final = "A passkey was removed from your account here"


async def mails(town: Town) -> list[tuple[str, str]]:
    """What came by mail beside links to sign in, oldest first."""
    assert town.home.outbox
    kept = [one.mail for one in await town.home.outbox.letters() if one.mail.to == EMAIL]
    return [(mail.subject, mail.text) for mail in reversed(kept) if "Your way into" not in mail.subject]


async def test_a_passkey_is_the_second_way_in(town: Town, phone: Phone) -> None:
    authenticator = Authenticator(town.url)

    # ── the first evening: by link, and a passkey is added ───────
    await phone.signs_in()
    await adds_a_passkey(phone, authenticator)
    assert phone.reads("iPhone Passkey, added")
    assert phone.reads("Not used yet")

    # ── it is mailed, even if somebody reads everything away at once ─
    await hands_over(phone, "/notices/read", {})
    await town.time_passes(minutes=1)
    ((subject, text),) = await mails(town)
    assert subject == ADDED
    assert f"{town.url}/account" in text
    await phone.opens("/go")
    assert not phone.reads(ADDED)  # the account page has it

    # ── the next day: signed out, and in with it; the cookie is another ─
    await town.time_passes(hours=20)
    await phone.opens("/account")
    await phone.presses("Sign out")
    await phone.opens("/sign-in")
    before = phone.cookies
    await signs_in_by_passkey(phone, authenticator)
    assert phone.shows == "/permissions"
    assert phone.cookies != before
    assert await is_signed_in(phone)
    assert phone.reads("Last used")

    # ── called otherwise ─────────────────────────────────────────
    for typed in ("  Maren’s \n phone ", "   "):
        await phone.presses("Save", name=typed)
        assert phone.reads("Maren’s phone Passkey, added")

    # ── and taken back ───────────────────────────────────────────
    its = next(form.action for form in phone.page.forms if form.action.endswith("/name")).removesuffix("/name")
    await hands_over(phone, f"{its}/remove", {})
    await town.time_passes(minutes=1)
    assert [subject for subject, _ in await mails(town)] == [ADDED, REMOVED]
    await phone.opens("/account")
    await phone.presses("Sign out")
    await signs_in_by_passkey(phone, authenticator)
    assert (phone.status, phone.reads(NOT_TAKEN)) == (403, True)
    assert not await is_signed_in(phone)


async def test_it_is_offered_once_for_minutes_and_to_nobody_who_has_one(town: Town, phone: Phone) -> None:
    await phone.signs_in()
    assert OFFER in phone.content
    assert not phone.reads("Next time without a mail?")  # without script nothing of it is seen
    await hands_over(phone, f"{ADD}/offer/seen", {})
    await phone.opens("/account")
    assert OFFER not in phone.content  # the page itself has it
    await phone.opens("/go")
    assert OFFER in phone.content
    await town.time_passes(minutes=11)
    await phone.looks_again()
    assert OFFER not in phone.content

    # ── never again, on no device ────────────────────────────────
    second = await town.a_phone()
    await second.signs_in()
    assert OFFER not in second.content

    # ── another driver does not want one, and is left alone at once ─
    other = await town.a_phone()
    await other.signs_in("robin@driver.example")
    assert OFFER in other.content
    await hands_over(other, f"{ADD}/offer/not-now", {})
    await other.opens("/go")
    assert OFFER not in other.content

    # ── a third has one ──────────────────────────────────────────
    third, authenticator = await town.a_phone(), Authenticator(town.url)
    await third.signs_in("sam@driver.example")
    await adds_a_passkey(third, authenticator)
    await third.opens("/go")
    assert OFFER not in third.content


async def test_a_driver_has_so_many_takes_them_along_in_words_and_leaves_none(town: Town, phone: Phone) -> None:
    authenticator = Authenticator(town.url)
    await phone.signs_in()
    await adds_a_passkey(phone, authenticator)
    async with town.home.store.unit() as unit:
        (kept,) = await unit.passkeys.of_driver(1)
        for nth in range(MOST_OF_ONE_DRIVER - 2):
            made = replace(kept.made, credential_id=bytes([nth]))
            await unit.passkeys.add(kept.driver_id, made, "another", town.now)
    await adds_a_passkey(phone, authenticator)
    assert phone.reads("That is as many as we keep")
    assert (await is_asked(phone, ADD)).status_code == 409

    await phone.opens("/my-data")
    await phone.presses("Save all of it")
    assert '"passkey": [' in phone.content
    for one in authenticator.kept:
        assert written(one.id) not in phone.content
        assert str(one.id) not in phone.content

    await phone.opens("/account")
    await hands_over(phone, "/disconnect", {"erase": "yes"})
    await signs_in_by_passkey(phone, authenticator)
    assert phone.reads(NOT_TAKEN)


async def test_whoever_a_passkey_let_in_is_out_when_it_is_removed(town: Town, phone: Phone) -> None:
    authenticator, elsewhere, by_link = Authenticator(town.url), await town.a_phone(), await town.a_phone()
    await phone.signs_in()
    await by_link.signs_in()
    await adds_a_passkey(phone, authenticator)
    await signs_in_by_passkey(elsewhere, authenticator)
    assert await is_signed_in(elsewhere)
    assert elsewhere.reads("A passkey let you in")
    await phone.opens("/account")
    assert phone.reads("signs you out of each other browser that it let you into")
    its = next(form.action for form in phone.page.forms if form.action.endswith("/name")).removesuffix("/name")
    await hands_over(phone, f"{its}/remove", {})
    assert not await is_signed_in(elsewhere)
    assert await is_signed_in(by_link)
    assert await is_signed_in(phone)


async def test_an_agent_signs_in_the_same_way(town: Town, phone: Phone) -> None:
    authenticator = Authenticator(town.url)
    await phone.signs_in(town.home.settings.staff.agents[0])
    await adds_a_passkey(phone, authenticator)
    await phone.presses("Sign out")
    await signs_in_by_passkey(phone, authenticator)
    assert phone.shows == "/console"
