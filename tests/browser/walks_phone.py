"""Walks about the phone, the link and the prompt: S1, S3, S4, S5, S6, S13."""

from playwright.async_api import expect

from tests.browser.walk import A_MINUTE, Walk
from tests.stories.town import MODEL_3


async def presses_pair_on_a_phone(walk: Walk) -> None:
    """S1."""
    await walk.plays("J1")
    await walk.connects()
    await walk.looks(keeps=True)
    await walk.adds_the_key()
    await walk.looks()


async def presses_pair_at_a_desk(walk: Walk) -> None:
    """S1 and S5: a code, the link as text beside it; the page goes on by itself."""
    await walk.plays("J1")
    await walk.connects()
    await walk.reads("Point your phone at this")
    await expect(walk.page.get_by_role("img", name="QR code of the link")).to_be_visible()
    await expect(walk.page.locator(".linkbox").first).to_contain_text("/_ak/")
    await walk.looks(keeps=True)
    await _scans_the_code(walk)
    await walk.is_through()


async def has_an_app_that_is_too_old(walk: Walk) -> None:
    """S3: asked only after everything that can be seen is right; the cheaper remedy comes first."""
    await walk.plays("C3")
    await walk.connects()
    for remedy in ("close_the_app", "update_the_app"):
        await walk.comes_back_without_a_key("Allow")
        await answers_all(walk, "nothing_asked")
        await walk.is_told_first(remedy)
        await walk.looks(keeps=True)
        if remedy == "close_the_app":
            walk.town.world.phone.force_closes_the_app()
        else:
            walk.town.world.phone.updates_the_app()
        await walk.presses("I did it, go on")
        await walk.comes_to("/key")
    await walk.adds_the_key()


async def gives_the_key_to_another_car(walk: Walk) -> None:
    """S4: noticed, named, and mended by a swipe."""
    await walk.plays("C7")
    await walk.connects()
    await walk.opens_the_app("Allow")
    await walk.passes(A_MINUTE)
    await walk.opens("/key")
    await walk.reads("The key went to")
    await walk.is_told_first("swipe_to_the_car")
    await walk.looks(keeps=True)
    walk.town.world.phone.swipes_to(MODEL_3)
    await walk.adds_the_key()


async def reads_in_a_window_of_another_app(walk: Walk) -> None:
    """S5 on a phone: told apart before anything fails, and sent to where it works."""
    await walk.plays("C4")
    await walk.connects()
    await walk.is_told_first("open_in_browser")
    await walk.reads("This window belongs to another app")
    await walk.looks(keeps=True)
    await walk.unfolds("The Tesla app is on another phone")
    await walk.presses("Send it to that phone")
    await walk.reads("A mail with this page is on its way")
    await walk.town.world.phone.opens_in_the_system_browser()
    async with walk.on_another() as outside:
        await outside.is_signed_in()
        await outside.comes_to("/key")
        await outside.looks()
        await outside.adds_the_key()


async def sends_it_to_the_phone(walk: Walk) -> None:
    """S5 at a desk: a mail brings the page to the phone, and the desk goes on by itself."""
    await walk.plays("J1")
    await walk.connects()
    await walk.presses("Send to my phone")
    await walk.reads("A mail with this page is on its way")
    await walk.looks(keeps=True)
    async with walk.on_another() as phone:
        await phone.is_signed_in()
        await phone.comes_to("/key")
        assert "Key added" in await phone.opens_the_app("Allow")
    await walk.is_through()


async def opens_an_app_that_asks_nothing(walk: Walk) -> None:
    """S6: our own hosting is looked at first, then one question, then the app is closed by force."""
    await walk.plays("C5")
    await walk.connects()
    await walk.comes_back_without_a_key()
    await walk.looks()
    await walk.presses("Back to the link")  # the way back from a question
    await walk.comes_to("/key")
    await walk.presses("Find out why")
    await walk.page.wait_for_url("**/key/why")
    await answers_all(walk, "nothing_asked")
    await walk.is_told_first("close_the_app")
    await walk.looks(keeps=True)
    walk.town.world.phone.force_closes_the_app()
    await walk.presses("I did it, go on")
    await walk.comes_to("/key")
    await walk.adds_the_key()


async def has_a_phone_that_is_no_key(walk: Walk) -> None:
    """S13."""
    await walk.plays("C8")
    await walk.connects()
    await walk.comes_back_without_a_key("Allow")
    await answers_all(walk, "unable_to_share", phone_opens_car="no")
    await walk.is_told_first("set_up_phone_key")
    await walk.looks(keeps=True)
    walk.town.world.phone.sets_up_the_phone_key(MODEL_3)
    await walk.presses("I did it, go on")
    await walk.comes_to("/key")
    await walk.adds_the_key()


async def answers_all(walk: Walk, app_showed: str, **others: str) -> None:
    """Each question that the page has: what the app showed, then what is known of the rest."""
    form = walk.page.locator("form[data-question]")
    while await form.count():
        question = await form.get_attribute("data-question") or ""
        await walk.answers(app_showed if question == "app_showed" else others.get(question, "dont_know"))


async def _scans_the_code(walk: Walk) -> None:
    """With a phone, whose camera reads what the code says."""
    link = await walk.page.locator("[data-copy*='/_ak/']").first.get_attribute("data-copy")
    assert link
    async with walk.on_another() as phone:
        await phone.page.goto(link)
        await phone.page.get_by_role("button", name="Allow", exact=True).click()
        await expect(phone.page.get_by_role("heading", name="Key added")).to_be_visible()
