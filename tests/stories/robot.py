"""A driver who is a program: he does what the screens say, and knows nothing of causes.

What he reads of a page are its words to press and its hooks: what to do, what is asked, how long to wait. What he
knows besides is what anybody knows: his own account, car and phone, and what his phone shows.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tesla_simulator.app_screens import Shows
from tests.stories.hands import Person
from tests.stories.phone import Phone
from tests.stories.town import Town

MOST_STEPS: Final = 40
OTHERS_TAKE: Final = timedelta(hours=3)
LONGEST_WAIT: Final = timedelta(hours=26)
A_MINUTE: Final = timedelta(minutes=1)
GIVES_UP_AFTER: Final = timedelta(minutes=20)
"""On a page of Tesla's that leads nowhere; then he opens ours again by himself."""
ARRIVED: Final = ("/test", "/plan", "/tonight")


class Ending(StrEnum):
    """How it came out, as the screens say."""

    PAIRED = "paired"
    NEEDS_NO_KEY = "needs_no_key"
    ENDS = "ends"
    WITH_US = "with_us"
    STILL_AT_IT = "still_at_it"


@dataclass
class Diary:
    """What happened, for the figures. `mended_by`: the last thing done before it worked."""

    ending: Ending = Ending.STILL_AT_IT
    named: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    did: list[str] = field(default_factory=list)
    waited: timedelta = timedelta()
    ends_with: str = ""
    calls: int = 0

    @property
    def mended_by(self) -> str:
        return self.did[-1] if self.did else "nothing was wrong"


class Robot:
    """`doubts`: how often, of a hundred questions, he does not know.

    `others_mend`: what Tesla, the operator and the workshop do in their own time; after three hours it is done.
    """

    def __init__(
        self,
        town: Town,
        browser: Phone,
        person: Person,
        others_mend: Callable[[], Awaitable[None]],
        doubts: int = 20,
        seed: int = 0,
    ) -> None:
        self._town, self._browser, self._person = town, browser, person
        self._others_mend = others_mend
        self._dice, self._doubts = random.Random(seed), doubts
        self.diary = Diary()

    async def goes_as_far_as_he_can(self) -> Diary:
        """From wherever he stands, step by step, each told by the page he is on."""
        for _ in range(MOST_STEPS):
            await self._browser.opens("/go")
            self._reads()
            if self._is_over():
                break
            await self._does_what_the_page_says()
        return self.diary

    # ── reading ──────────────────────────────────────────────────

    def _hooks(self, name: str) -> list[str]:
        return list(dict.fromkeys(self._browser.page.hooks.get(name, [])))

    def _reads(self) -> None:
        self.diary.named += [one for one in self._hooks("data-cause") if one not in self.diary.named]

    def _is_over(self) -> bool:
        """Arrived, or told that there is no way on."""
        shows = self._browser.shows
        if ends := self._hooks("data-ends"):
            self.diary.ending, self.diary.ends_with = Ending.ENDS, ends[0]
        elif shows in ARRIVED:
            self.diary.ending = Ending.PAIRED if self._person.car.needs_signing else Ending.NEEDS_NO_KEY
        elif self.diary.did and self.diary.did[-1] == "write_to_us":
            self.diary.ending = Ending.WITH_US
        else:
            return False
        return True

    # ── doing ────────────────────────────────────────────────────

    async def _does_what_the_page_says(self) -> None:
        shows = self._browser.shows
        if self._hooks("data-question"):
            await self._answers()
        elif shows in ("/permissions", "/permissions/missing"):
            await self._goes_to_tesla()
        elif shows == "/choose-car":
            await self._chooses()
        elif shows == "/other-account":
            await self._says_which_account()
        elif self._can_press("See the ways on"):
            await self._does_it_in_the_car()
        elif self._can_press_link():
            await self._opens_the_link()
        else:
            await self._mends_and_waits()

    async def _goes_to_tesla(self) -> None:
        """By the page's own button; at Tesla he signs in as himself and allows all that is asked."""
        await self._mends(self._hooks("data-remedy"))
        for words in ("Go on to Tesla", "Add it at Tesla", "Go to Tesla once more"):
            if self._can_press(words):
                await self._browser.presses(words)
                await self._allows_at_tesla()
                return
        await self._mends_and_waits()

    async def _allows_at_tesla(self) -> None:
        await self._browser.says_who_he_is(self._person.email)
        self._browser.ticks_everything()
        if self._can_press("Allow"):
            await self._browser.presses("Allow")
        if self._browser.shows.startswith("/auth/"):
            self._person.is_stuck_at_tesla = True
            await self._passes(GIVES_UP_AFTER)
        else:
            await self._takes_in_how_it_went()

    async def _takes_in_how_it_went(self) -> None:
        """Tesla sent him back: what the page there says is to be done, and how long to wait, before he tries again."""
        self._reads()
        if self._hooks("data-cause") or self._can_press("Go to Tesla once more"):
            await self._mends_and_waits()

    async def _chooses(self) -> None:
        if any(f"ends in {self._person.vin[-4:]}" in words for words in self._browser.page.labels.values()):
            await self._browser.chooses(self._person.vin)
        elif self._person.has_another_account and "switch_tesla_account" in self._hooks("data-remedy"):
            self._person.takes_the_account_with_the_car()
            self.diary.did.append("switch_tesla_account")
            await self._browser.presses("Sign in with the other Tesla account")
            await self._allows_at_tesla()
        else:
            await self._mends_and_waits()

    async def _says_which_account(self) -> None:
        """By the page's own advice: its lit button."""
        goes_over = "switch_tesla_account" in self._hooks("data-remedy")
        await self._browser.presses("Use the other account" if goes_over else "Keep the account I use")

    def _can_press_link(self) -> bool:
        return bool(self._browser.page.opened)

    async def _opens_the_link(self) -> None:
        """In the Tesla app he does what it asks, if it names us; a minute later he comes back to the page."""
        await self._mends([one for one in self._hooks("data-remedy") if one != "open_the_link"])
        await self._browser.opens_the_tesla_app()
        shown = await self._answers_the_app()
        await self._passes(A_MINUTE)
        await self._browser.opens("/go")
        if self._can_press_link() and shown is not Shows.PAIRED:
            await self._asks_why()

    async def _does_it_in_the_car(self) -> None:
        """Of the ways that the page offers to a driver, the one that needs nobody else."""
        await self._browser.presses("See the ways on")
        await self._browser.presses("Go on this way", way="in_the_car")
        await self._mends(self._hooks("data-remedy"))
        if self._browser.page.can_lead_to("/_ak/"):
            await self._browser.opens(self._browser.pairing_link)
            await self._answers_the_app()
        await self._passes(A_MINUTE)

    async def _answers_the_app(self) -> Shows:
        """He does what the app on his phone asks, if it asks."""
        phone = self._person.phone
        shown = await phone.allows() if phone.shows is Shows.PROMPT else phone.shows
        self.diary.did.append("open_the_link")
        return phone.taps_key_card() if shown is Shows.KEY_CARD else shown

    async def _asks_why(self) -> None:
        """The page asks what happened; he answers, then does the first thing it proposes that he has not yet done."""
        await self._browser.opens("/key/why")
        self._reads()
        while self._hooks("data-question"):
            await self._answers()
        todo = [one for one in self._hooks("data-remedy") if one != "open_the_link"]
        if self._browser.shows == "/key/why" and todo:
            await self._tries(todo[0])

    async def _answers(self) -> None:
        question = self._hooks("data-question")[0]
        self.diary.asked.append(question)
        knows = self._dice.randrange(100) >= self._doubts
        said = self._person.says(question) if knows else None
        offered = self._offered()
        await self._browser.answers(said if said in offered else "dont_know")
        self._reads()

    def _offered(self) -> set[str]:
        """The answers of the page's question, by their values."""
        return {label.removeprefix("a-") for label in self._browser.page.labels}

    async def _tries(self, remedy: str) -> None:
        """What the page puts first, and then what it says to press."""
        self.diary.did.append(remedy)
        await self._person.does(remedy)
        if self._can_press("I did it, go on"):
            await self._browser.presses("I did it, go on")

    async def _mends(self, remedies: list[str]) -> None:
        for remedy in remedies:
            if await self._person.does(remedy):
                self.diary.did.append(remedy)

    async def _mends_and_waits(self) -> None:
        """All that stands there and is his; what is not, he waits for as long as the page says."""
        await self._mends(self._hooks("data-remedy"))
        until = [datetime.fromisoformat(one) for one in self._hooks("data-wait-until")]
        if until:
            await self._passes(max(max(until) - self._town.now, A_MINUTE))
        else:
            await self._passes(A_MINUTE)
        for words in ("I did", "Look again"):
            if self._can_press(words):
                await self._browser.presses(words)
                return

    def _can_press(self, words: str) -> bool:
        return any(" ".join(one.words.split()).startswith(words) for one in self._browser.page.pressables)

    async def _passes(self, long: timedelta) -> None:
        await self._town.world.time_passes(min(long, LONGEST_WAIT))
        before = self.diary.waited
        self.diary.waited += long
        if before < OTHERS_TAKE <= self.diary.waited:
            await self._others_mend()
