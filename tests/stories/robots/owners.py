"""The owner of a car that a robot driver drives: what he does with the page that was sent to him."""

from enum import StrEnum

from tests.stories.asking_an_owner import SHOWN_LINK
from tests.stories.town import Town


class Owner:
    """`answers`: what he does when the link reaches him."""

    class Answer(StrEnum):
        """The three that there are."""

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
