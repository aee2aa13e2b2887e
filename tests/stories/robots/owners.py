"""The owner of a car that a robot driver drives: what he does with the page that was sent to him."""

from enum import StrEnum

from tesla_simulator.scenarios.scenario import cast
from tests.stories.asking_an_owner import SHOWN_LINK, adds_the_key, allows_our_name, says_yes
from tests.stories.town import EMAIL, MODEL_3, Town


class Owner:
    """`answers`: what he does when the link reaches him."""

    class Answer(StrEnum):
        """The three that there are. Who says yes adds the key on his own phone, as the car's main account."""

        YES = "yes"
        NO = "no"
        NOTHING = "nothing"

    def __init__(self, town: Town, answers: Answer) -> None:
        self._town, self._answers = town, answers

    async def gets(self, message: str) -> None:
        """A message with the link in it."""
        link = SHOWN_LINK.search(message)
        assert link, message
        if self._answers is Owner.Answer.NO:
            browser = await self._town.a_phone()
            await browser.opens(link.group())
            await browser.presses("Read the request")
            await browser.presses("No, I did not expect this")
            await browser.presses("Say no", reason="do_not_want")
        elif self._answers is Owner.Answer.YES:
            browser = await self._town.a_phone()
            await says_yes(browser, link.group())
            account = cast(self._town.world, EMAIL, MODEL_3).somebody("the-owner")
            account.gets(MODEL_3)
            await allows_our_name(browser, account.email)
            own_phone = self._town.world.somebody_has_a_phone("the owner", account.email)
            await adds_the_key(own_phone, browser.pairing_link)
