"""Walks about the account and whose car it is: S2, S7, S8, S9, S10, and S15, when nothing helps."""

from datetime import timedelta

from playwright.async_api import expect

from tests.browser.walk import AT_A_DESK, Walk
from tests.browser.walks_car import plans
from tests.browser.walks_phone import answers_all
from tests.stories.town import COMPUTER, MODEL_3

AGENT = "agent@home.example"
LESSOR = "the-lessor@simulated.example"
OWNER = "the-owner@simulated.example"


async def comes_for_the_first_time(walk: Walk) -> None:
    """S2: the way is left at Tesla and again at the choice of the car, and goes on at a computer and on the phone."""
    await walk.plays("A4", "J1")
    await walk.opens("/")
    await walk.looks()
    await walk.signs_in()
    await walk.comes_to("/permissions")
    await walk.looks(keeps=True)
    await walk.presses("Go on to Tesla")
    await walk.page.get_by_role("button", name="Sign in", exact=True).click()
    await walk.presses("Cancel")
    await walk.looks()
    await walk.presses("Go to Tesla once more")
    await walk.allows()
    await walk.comes_to("/choose-car")
    await walk.looks()
    async with walk.on_another(AT_A_DESK) as desk:
        await desk.is_signed_in()
        await desk.comes_to("/choose-car")
        await desk.looks()
        await desk.chooses(MODEL_3)
        await desk.reads("Point your phone at this")
    await walk.opens("/go")
    await walk.comes_to("/key")
    await walk.adds_the_key()
    await walk.opens("/plan")
    await plans(walk)


async def allows_too_little(walk: Walk) -> None:
    """S7: named, what it is for, mended in place; the portal way stands below."""
    await walk.plays("A1")
    await walk.is_signed_in()
    await walk.presses("Go on to Tesla")
    await walk.allows()
    await walk.comes_to("/permissions/missing")
    await walk.reads("One permission is still missing")
    await walk.unfolds("Do it by hand")
    for words in ("Open it at Tesla", "Sign in at tesla.com", "press Manage", "Remove Access", "connect again"):
        await walk.reads(words)
    await walk.unfolds("Do it by hand")
    await walk.looks(keeps=True)
    await walk.presses("Add it at Tesla")
    await walk.allows(everything=True)
    await walk.comes_to("/choose-car")
    await walk.chooses(MODEL_3)
    await walk.adds_the_key()


async def drives_somebody_elses_car(walk: Walk) -> None:
    """S8: three routes; this one is hers alone, seated in the car with the key card."""
    await walk.plays("B1")
    await walk.connects()
    await walk.looks()
    await walk.presses("See the ways on")
    for way in ("Ask the owner", "Do it yourself, sitting in the car", "It is a company car"):
        await walk.reads(way)
    await walk.looks(keeps=True)
    await walk.page.get_by_text("Do it yourself, sitting in the car").click()
    await walk.presses("Go on this way")
    await walk.comes_to("/key/in-the-car")
    await walk.looks()
    walk.town.world.phone.sits_down_in(MODEL_3)
    await walk.adds_the_key("Allow", "Tap the key card")


async def leases_the_car(walk: Walk) -> None:
    """S9: a letter, and a page that the lessor answers on a phone of his own; then her own sign-in is enough."""
    await walk.plays("B2")
    walk.town.world.somebody_has_a_phone("lessor", LESSOR)
    await walk.connects()
    await walk.opens("/key/letter")
    await walk.looks()
    link = await asks_the_owner(walk)
    await walk.looks(keeps=True)
    await walk.presses("See what becomes of it")
    await walk.looks()
    async with walk.on_another(whose_phone="lessor") as lessor:
        await lessor.page.goto(link)
        await lessor.looks()
        await lessor.presses("Read the request")
        await lessor.reads("asks to charge your Model 3")
        await lessor.looks()
        await lessor.presses("Yes, I expected this")
        await lessor.presses("Go on to Tesla")
        await lessor.allows(email=LESSOR)
        await lessor.looks()
        assert "Key added" in await lessor.opens_the_app("Allow")
        await lessor.passes(timedelta(seconds=12))
        await lessor.reads("Done: the key is on your car")
    await walk.is_through()


async def is_told_no(walk: Walk) -> None:
    """S10: said plainly, what works is kept, and nothing nags."""
    await walk.plays("B6")
    await walk.connects()
    link = await asks_the_owner(walk)
    await walk.presses("See what becomes of it")
    async with walk.on_another(whose_phone="owner") as owner:
        await owner.page.goto(link)
        await owner.presses("Read the request")
        await owner.presses("No, I did not expect this")
        await owner.looks()
        await owner.page.locator("label", has=owner.page.locator("input[value=do_not_want]")).click()
        await owner.presses("Say no")
        await owner.reads("You said no")
    await walk.passes(timedelta(seconds=5))
    await walk.reads("The owner said no")
    await walk.looks()
    await walk.presses("Go on without the key")
    await walk.comes_to("/read-only")
    await walk.looks(keeps=True)
    mails = await letters(walk)
    await walk.passes(timedelta(hours=26))
    assert await letters(walk) == mails
    await walk.opens("/go")
    await walk.comes_to("/read-only")
    await walk.reads("We look, and do not charge")
    walk.found.ends_at = "read-only"


async def writes_to_us(walk: Walk) -> None:
    """S15: the driver sees what goes along, an agent answers in her console, and the answer reaches the driver."""
    await walk.plays("C5")
    await walk.connects()
    await walk.comes_back_without_a_key()
    await answers_all(walk, "dont_know")
    await walk.presses("Help")
    await walk.page.get_by_label("What would you like to tell us?").fill("It opened, and nothing was asked.")
    await walk.unfolds("Read all of it first")
    await walk.reads("Model 3")
    assert MODEL_3 not in await walk.page.content()
    await walk.looks(keeps=True)
    code = await walk.page.locator("input[name=code]").get_attribute("value") or ""
    await walk.presses("Send")
    await walk.reads("We have your message")
    async with walk.on_another(AT_A_DESK) as agent:
        await agent.is_signed_in(AGENT)
        await agent.comes_to("/console")
        await agent.presses(code)
        await agent.reads("It opened, and nothing was asked.")
        await agent.looks()
        await agent.page.locator("textarea[name=message]").fill("Close the Tesla app fully, then open the link again.")
        await agent.presses("Send the answer")
    await walk.passes(timedelta(seconds=5))
    await walk.opens("/help")
    await walk.reads("Close the Tesla app fully")
    await walk.looks()
    walk.town.world.phone.force_closes_the_app()
    await walk.opens("/key")
    await walk.adds_the_key()


async def asks_the_owner(walk: Walk) -> str:
    """Makes the page for him; its link, as it stands there."""
    await walk.opens("/key/not-my-car")
    await walk.page.get_by_text("Ask the owner", exact=True).click()
    await walk.presses("Go on this way")
    await walk.page.get_by_label("Your name, as the owner knows it").fill("Kim Driver")
    await walk.presses("Make the page")
    shown = walk.page.locator("[data-link]")
    await expect(shown).to_be_visible()
    return await shown.inner_text()


async def letters(walk: Walk) -> int:
    """How many mails there are."""
    nobody = await walk.town.a_phone(COMPUTER)
    await nobody.opens("/outbox")
    return nobody.content.count("<article")
