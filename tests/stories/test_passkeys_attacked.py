"""What somebody tries who is not the driver: seen answers, late ones, other pages, other people's keys, and copies."""

from typing import Final

from chargekey.journeys.sign_in_with_passkey import REFUSALS_FROM_ONE_NETWORK
from tests.adapters.soft_authenticator import HONEST, Authenticator, Behaves
from tests.stories.passkey_hands import (
    ADD,
    NOT_TAKEN,
    SIGN_IN,
    adds_a_passkey,
    hands_over,
    is_asked,
    is_signed_in,
    signs_in_by_passkey,
)
from tests.stories.phone import Phone
from tests.stories.town import EMAIL, PHONE, Town

THIEF: Final = "thief@driver.example"
ANSWER: Final = ("credential", "client_data", "authenticator_data", "signature", "user_handle")


async def a_victim(town: Town, authenticator: Authenticator, email: str = EMAIL) -> None:
    """A driver with a passkey, who has gone home."""
    phone = await town.a_phone()
    await phone.signs_in(email)
    await adds_a_passkey(phone, authenticator)


async def an_answer(phone: Phone, authenticator: Authenticator) -> dict[str, str]:
    """True, and not handed over yet."""
    await phone.opens("/sign-in")
    return authenticator.signs((await is_asked(phone, SIGN_IN)).text)


async def test_an_answer_counts_once_in_its_own_browser_and_for_minutes(town: Town, phone: Phone) -> None:
    authenticator, thief = Authenticator(town.url), await town.a_phone()
    await a_victim(town, authenticator)
    answer = await an_answer(phone, authenticator)

    # ── seen on the way: out of another browser ──────────────────
    await an_answer(thief, authenticator)
    await hands_over(thief, SIGN_IN, answer)
    assert thief.reads(NOT_TAKEN)
    assert not await is_signed_in(thief)

    # ── the driver himself, and then once more ───────────────────
    await hands_over(phone, SIGN_IN, answer)
    assert phone.shows == "/permissions"
    await phone.opens("/account")
    await phone.presses("Sign out")
    await phone.opens("/sign-in")
    await hands_over(phone, SIGN_IN, answer)
    assert phone.reads(NOT_TAKEN)

    # ── and five minutes later ───────────────────────────────────
    answer = await an_answer(phone, authenticator)
    await town.time_passes(minutes=5)
    await hands_over(phone, SIGN_IN, answer)
    assert phone.reads(NOT_TAKEN)
    assert not await is_signed_in(phone)


async def test_a_challenge_counts_for_what_it_was_made_for(town: Town, phone: Phone) -> None:
    authenticator = Authenticator(town.url)
    await phone.signs_in()
    await adds_a_passkey(phone, authenticator)
    for_signing, for_adding = await is_asked(phone, SIGN_IN), await is_asked(phone, ADD)
    lie = Behaves(challenge=for_signing.json()["challenge"])
    await hands_over(phone, ADD, Authenticator(town.url).makes(for_adding.text, lie))
    assert phone.status == 422
    assert phone.reads("That passkey was not added")
    lie = Behaves(challenge=for_adding.json()["challenge"])
    await hands_over(phone, SIGN_IN, authenticator.signs(for_signing.text, lie))
    assert phone.status == 403


async def test_nothing_else_gets_in_and_every_refusal_reads_the_same(town: Town, phone: Phone) -> None:
    victims, thiefs = Authenticator(town.url), Authenticator(town.url)
    await a_victim(town, victims)
    await a_victim(town, thiefs, THIEF)
    his = victims.kept[0]
    elsewhere = Authenticator("https://chargekey.evil.example", kept=victims.kept)
    pages = []
    for authenticator, how in (
        (elsewhere, HONEST),  # a page that looks like ours
        (victims, Behaves(rp_id="evil.example")),
        (victims, Behaves(is_framed=True)),
        (victims, Behaves(flags=0x01)),  # touched, by nobody that was verified
        (thiefs, Behaves(credential_id=his.id, user_handle=his.user_handle)),
        (thiefs, Behaves(user_handle=his.user_handle)),
        (thiefs, Behaves(user_handle=b"")),
        (thiefs, Behaves(credential_id=b"nobody's", user_handle=b"nobody")),
    ):
        await signs_in_by_passkey(phone, authenticator, how)
        pages.append((phone.status, phone.text))
        assert not await is_signed_in(phone)
    assert set(pages) == {pages[0]}
    assert pages[0][0] == 403

    # ── what cannot be read, and what is missing ─────────────────
    answer = await an_answer(phone, victims)
    for field in ANSWER:
        for spoiled, status in (("not in base64url é", 400), ("", 403)):
            await phone.opens("/sign-in")
            await hands_over(phone, SIGN_IN, {**answer, field: spoiled})
            assert (phone.status, field) == (status, field)


async def test_a_credential_belongs_to_whoever_brought_it_first(town: Town, phone: Phone) -> None:
    authenticator = Authenticator(town.url)
    await a_victim(town, authenticator)
    await phone.signs_in(THIEF)
    await phone.opens("/account")
    copy = authenticator.copied()
    asked = (await is_asked(phone, ADD)).text
    await hands_over(phone, ADD, copy.makes(asked, Behaves(credential_id=authenticator.kept[0].id)))
    assert phone.status == 422
    await signs_in_by_passkey(await town.a_phone(), authenticator)
    await phone.opens("/account")
    assert not phone.reads("Passkey, added")


async def test_a_copied_key_is_noticed_refused_and_told_once(town: Town, phone: Phone) -> None:
    stick = Authenticator(town.url, counts=True, count=40)
    await a_victim(town, stick)
    copy, thief = stick.copied(), await town.a_phone()
    for _ in range(3):
        await signs_in_by_passkey(phone, stick)
        assert phone.shows == "/permissions"
    for _ in range(2):
        await signs_in_by_passkey(thief, copy)
        assert thief.reads(NOT_TAKEN)
    await town.time_passes(minutes=1)
    assert town.home.outbox
    told = [one.mail.subject for one in await town.home.outbox.letters() if "copied" in one.mail.subject]
    assert told == ["A passkey of yours may have been copied"]
    await signs_in_by_passkey(phone, stick)
    assert phone.shows == "/permissions"  # the driver's own goes on


async def test_a_press_from_elsewhere_does_nothing_and_a_network_is_refused_so_often(town: Town, phone: Phone) -> None:
    authenticator = Authenticator(town.url)
    await a_victim(town, authenticator)
    answer = await an_answer(phone, authenticator)
    await hands_over(phone, SIGN_IN, {**answer, "csrf": "another"})
    assert phone.status == 403
    assert not await is_signed_in(phone)
    await phone.opens("/sign-in")
    paths = ("/ask", "", "/1/remove", "/1/name", "/offer/seen", "/offer/not-now")
    for path in (f"{SIGN_IN}/ask", *(f"{ADD}{path}" for path in paths)):
        await hands_over(phone, path, {"csrf": "another"})
        assert phone.status == 403, path
        await phone.opens("/sign-in")

    # ── one network ──────────────────────────────────────────────
    there = await town.a_phone({**PHONE, "X-Forwarded-For": "203.0.113.7"})
    await there.opens("/sign-in")
    for _ in range(REFUSALS_FROM_ONE_NETWORK):
        await hands_over(there, SIGN_IN, answer)  # the page of a refusal has the form again
        assert there.status == 403
    await signs_in_by_passkey(there, authenticator)
    assert there.status == 429
    assert there.reads("Passkeys are not looked at for now")

    # ── elsewhere, and an hour later ─────────────────────────────
    elsewhere = await town.a_phone({**PHONE, "X-Forwarded-For": "198.51.100.7"})
    await signs_in_by_passkey(elsewhere, authenticator)
    assert elsewhere.shows == "/permissions"
    await town.time_passes(minutes=61)
    await signs_in_by_passkey(there, authenticator)
    assert there.shows == "/permissions"
