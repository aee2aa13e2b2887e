"""Walks about the car and about Tesla: S11, S12, S14, S16."""

from datetime import timedelta

from playwright.async_api import expect

from tesla_simulator.scenarios.vehicle_state import OLD_MODEL_S
from tests.browser.walk import Walk
from tests.browser.walks_phone import answers_all
from tests.stories.town import MODEL_3


async def has_a_car_out_of_reach(walk: Walk) -> None:
    """S11: told apart, waited for with a stated time, told when it is back, and then on."""
    await walk.plays("D2")
    await walk.connects()
    await walk.reads("out of reach")
    await walk.reads("We look again at")
    await walk.is_told_first("wake_the_car")
    await walk.looks(keeps=True)
    await walk.passes(timedelta(hours=1))
    await walk.ends("D2")
    await walk.passes(timedelta(minutes=20))
    await walk.opens("/outbox")
    await walk.reads("you can go on")
    await walk.opens("/go")
    await walk.comes_to("/key")
    await walk.looks()
    await walk.adds_the_key()


async def has_a_car_that_needs_no_key(walk: Walk) -> None:
    """S12: the step is skipped, and it charges all the same."""
    await walk.plays("D8")
    await walk.connects(OLD_MODEL_S)
    await walk.reads("needs no key")
    await walk.looks(keeps=True)
    await walk.presses("Go on to the plan")
    await plans(walk)
    walk.found.ends_at = "needs no key"


async def is_refused_by_tesla_for_now(walk: Walk) -> None:
    """S14: hours are waited on our side, and the driver is called back to the very step."""
    await walk.plays("J8")
    await walk.connects()
    await walk.comes_back_without_a_key("Allow")
    await answers_all(walk, "token_rejected")
    await walk.reads("Tesla refused for now")
    await walk.looks(keeps=True)
    await walk.passes(timedelta(hours=4, minutes=2))
    await walk.opens("/outbox")
    await walk.reads("time to try again")
    await walk.opens("/go")
    await walk.comes_to("/key")
    await walk.looks()
    await walk.adds_the_key()


async def charges_by_seven(walk: Walk) -> None:
    """S16: ready by the driver's time, and in the cheap hours."""
    await walk.plays("J1")
    await walk.connects()
    await walk.adds_the_key()
    await walk.opens("/plan")
    await walk.looks()
    await plans(walk)
    car = walk.town.world.cars[MODEL_3]
    car.plugs_in()
    await walk.passes(timedelta(hours=1))
    await walk.reads("when power is cheapest")
    await walk.looks(keeps=True)
    await walk.page.goto("about:blank")  # the phone is put away
    await walk.passes(walk.town.now.replace(hour=6, minute=5) + timedelta(days=1) - walk.town.now)
    assert round(car.soc_percent) == 80, car.soc_percent
    await walk.opens("/nights")
    await walk.page.locator("ul.nights a").last.click()
    await expect(walk.page.get_by_role("heading", level=1)).to_have_text("80%")
    await walk.looks()
    walk.found.ends_at = "charged"


async def plans(walk: Walk) -> None:
    """80 % by seven, from the form of the plan to tonight."""
    await walk.page.get_by_label("Every day at").fill("07:00")
    await walk.page.get_by_label("Charged to").select_option("80")
    await walk.presses("Plan with this")
    await walk.comes_to("/tonight")
    await walk.looks()
