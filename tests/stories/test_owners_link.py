"""A link that opens the owner's page: what it is worth, to whom, for how long, and what it tells nobody."""

import re

import httpx2

from tesla_simulator.demo import DOMAIN, MODEL_Y, OWNER_OF_THE_Y
from tests.stories.asking_an_owner import (
    SHOWN_LINK,
    adds_the_key,
    allows_our_name,
    asks,
    connects,
    lees_phone,
    says_yes,
)
from tests.stories.phone import Phone
from tests.stories.town import COMPUTER, Town


async def test_a_link_is_answered_once_and_in_one_browser(town: Town, phone: Phone) -> None:
    owner, another = await town.a_phone(), await town.a_phone(COMPUTER)
    await connects(phone)
    link = await asks(phone)
    await says_yes(owner, link)

    # ── who else holds the link gets nothing by it ───────────────
    await another.opens(link)
    assert another.reads("This was answered in another browser")
    assert not [button for button in another.page.pressables if button.form]
    await allows_our_name(owner)
    await another.looks_again()
    assert not [one for one in another.page.links() if "/_ak/" in one]
    assert [one for one in owner.page.links() if "/_ak/" in one]

    # ── done, it opens nothing any more ──────────────────────────
    await adds_the_key(lees_phone(town), owner.pairing_link)
    await town.time_passes(minutes=6)
    for browser in (owner, another):
        await browser.opens(link)
        assert browser.status == 410
        assert not [one for one in browser.page.links() if "/_ak/" in one]


async def test_a_link_runs_out_and_can_be_taken_back(town: Town, phone: Phone) -> None:
    owner = await town.a_phone()
    await connects(phone)

    # ── taken back: worth nothing at once, also half answered ────
    first = await asks(phone)
    await says_yes(owner, first)
    before = owner.page
    await phone.presses("See what becomes of it")
    await phone.presses("Take it back")
    assert phone.reads("You took the page back")
    await owner.looks_again()
    assert (owner.status, owner.reads("The request was taken back")) == (410, True)
    owner.page, owner.address = before, first
    await allows_our_name(owner)
    assert owner.status == 410

    # ── anew: the old one stays worthless, the new one ends too ──
    await phone.presses("Make a new page")
    await phone.presses("Make the page", name="Kim Driver")
    second = SHOWN_LINK.search(phone.text)
    assert second and second.group() != first
    await town.time_passes(hours=71)
    await owner.opens(second.group())
    assert owner.status == 200
    await owner.presses("Read the request")
    await town.time_passes(hours=1.1)
    await owner.presses("Yes, I expected this")
    assert (owner.status, owner.reads("The request has run out")) == (410, True)
    await phone.opens("/key/owner")
    assert phone.reads("The page has run out")


async def test_looking_changes_nothing_and_tells_nobody_who_asks(town: Town, phone: Phone) -> None:
    robot = await town.a_phone({"User-Agent": "LinkPreview/1.0"})
    await connects(phone)
    link = await asks(phone)

    # ── a mail scanner reads every address it can find ───────────
    for path in (link, f"{link}/no", link):
        await robot.opens(path)
        assert not any(robot.reads(word) for word in ("Kim", "driver.example", "7C38", "Model Y", DOMAIN))
    await phone.presses("See what becomes of it")
    assert phone.reads("The owner has not opened it yet")

    # ── she looks herself: that is no owner either ───────────────
    await phone.opens(link)
    assert phone.reads("This is what the owner sees")
    assert not [button for button in phone.page.pressables if button.form]
    await phone.opens("/key/owner")
    assert phone.reads("The owner has not opened it yet")


async def test_what_is_no_link_opens_nothing(town: Town, phone: Phone) -> None:
    stranger = await town.a_phone()
    await connects(phone)
    link = await asks(phone)
    for guess in (link[:-1] + ("A" if link[-1] != "A" else "B"), f"{town.url}/owner/{'x' * 43}"):
        await stranger.opens(guess)
        assert (stranger.status, stranger.reads("not one of ours")) == (410, True)
    await stranger.opens(f"{town.url}/owner/short")
    assert stranger.status == 404


async def test_only_a_press_on_the_page_counts(town: Town, phone: Phone) -> None:
    await connects(phone)
    link = await asks(phone)
    async with httpx2.AsyncClient(trust_env=False) as web:
        page = await web.get(link)
        csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert csrf
        for said, headers in (
            ({"csrf": ""}, {}),
            ({"csrf": "guessed"}, {}),
            ({"csrf": csrf.group(1)}, {"Origin": "https://elsewhere.example"}),
            ({"csrf": csrf.group(1)}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}),
            ({"csrf": csrf.group(1)}, {"Origin": "null"}),
        ):
            assert (await web.post(f"{link}/yes", data=said, headers=headers)).status_code == 403
        # ── as a browser presses it on a page without Referer ────
        vouched = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        assert (await web.post(f"{link}/yes", data={"csrf": csrf.group(1)}, headers=vouched)).status_code == 303
        # ── nothing repeats the address, and nobody keeps it ─────
        for answer in (page, await web.get(f"{link}/no"), await web.get(f"{link}x")):
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert "noindex" in answer.headers["x-robots-tag"]
            assert answer.headers["cache-control"] == "no-store"


async def test_another_driver_cannot_see_or_revoke_it(town: Town, phone: Phone) -> None:
    await connects(phone)
    link = await asks(phone)

    # ── Lee signs in here too, for the same car ──────────────────
    lee = await town.a_phone()
    await lee.signs_in(OWNER_OF_THE_Y)
    await lee.goes_to_tesla(OWNER_OF_THE_Y)
    await lee.presses("Allow")
    await lee.chooses(MODEL_Y)
    await lee.opens("/key/owner")
    assert lee.reads("Make the page for the owner")
    form = lee.page.button("Make the page").form
    assert form
    form.action = "/key/owner/revoke"
    await lee.presses("Make the page")
    await phone.opens("/key/owner")
    assert phone.reads("The owner has not opened it yet")

    # ── as a driver of his own he may answer it all the same ─────
    await says_yes(lee, link)
    assert lee.reads("allow our name at Tesla")


async def test_a_name_that_is_no_name_and_too_many_pages_are_refused(town: Town, phone: Phone) -> None:
    await connects(phone)
    await phone.opens("/key/owner/new")
    for name in ("", "http://evil.example", "Kim\nBcc: all@x.example", "<b>Kim</b>", "K" * 61, "tesla.com"):
        await phone.presses("Make the page", name=name)
        assert (phone.status, phone.reads("letters, spaces, dots and dashes only")) == (422, True), name
    await phone.presses("Make the page", name="Kim", address="not an address")
    assert phone.status == 422
    for _ in range(5):
        await phone.opens("/key/owner/new")
        await phone.presses("Make the page", name="Kim D. O’Driver-Źak")
        assert phone.reads("Send this link to the owner")
    await phone.opens("/key/owner/new")
    await phone.presses("Make the page", name="Kim")
    assert phone.reads("Five pages in a day are the most")
