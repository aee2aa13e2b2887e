"""A driver who is a program: he does what the screens say, and knows nothing of causes.

What he reads of a page are its words to press and its hooks: what to do, what is asked, how long to wait, that it
ends. What he knows besides is what anybody knows: his own account, car and phone, and what his phone shows.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from tesla_simulator.app_screens import Shows
from tests.stories.phone import Phone
from tests.stories.robots.diary import Diary, Ending
from tests.stories.robots.habits import Habit
from tests.stories.robots.hands import Person
from tests.stories.robots.owners import Owner
from tests.stories.town import Town

MOST_STEPS: Final = 60
LONGEST_PAUSE: Final = timedelta(hours=26)
A_MINUTE: Final = timedelta(minutes=1)
LATER: Final = timedelta(hours=3)
"""Who is told that somebody writes to him, and finds the page as it was, comes back later each time, up to this."""
READS_FOR: Final = timedelta(seconds=10)
"""Of a page that says why it came to nothing, before he does as it says."""
GIVES_UP_AFTER: Final = timedelta(minutes=20)
"""On a page of Tesla's that leads nowhere; then he opens ours again by himself."""
ARRIVED: Final = ("/test", "/plan", "/tonight")
READ_ONLY: Final = "Go on without charging"
TO_TESLA: Final = ("Go on to Tesla", "Add it at Tesla", "Go to Tesla once more")
DID_NOT_WORK: Final = "It did not work. Find out why"
IN_THE_CAR: Final = "/key/in-the-car"
OTHER_ACCOUNT: Final = "Sign in with the other Tesla account"
CODE: Final = re.compile(r"/_ak/(?P<domain>[\w.-]+)\?vin=")
"""The link that the QR code of a computer's page holds, written below it with most of the VIN left out."""
BEGUN_HERE: Final = frozenset({"open_the_link", "start_consent_again", "repair_permissions", "switch_tesla_account"})
"""Remedies that are buttons of our pages, not something to be done elsewhere first."""
Sees = Callable[[Phone], Awaitable[bool]]
"""Told of each page; says whether the world has moved on, so that an end is none yet."""


class Robot:
    """`doubts`: how often, of a hundred questions, he does not know. `sees` None: nobody looks over his shoulder."""

    def __init__(
        self,
        town: Town,
        browser: Phone,
        person: Person,
        owner: Owner,
        passes: Callable[[timedelta], Awaitable[None]],
        sees: Sees,
        diary: Diary,
        doubts: int,
    ) -> None:
        self._town, self._browser, self._person, self._owner = town, browser, person, owner
        self._passes, self._sees, self._doubts = passes, sees, doubts
        self.diary = diary
        self._waits_in_a_row = 0
        self._page_before = ""
        self._has_asked_owner = False
        self._world_moved = False

    async def goes_as_far_as_he_can(self) -> Diary:
        """From wherever he stands, step by step, each told by the page he is on."""
        for _ in range(MOST_STEPS):
            self.diary.ending = Ending.STILL_AT_IT
            await self._opens("/go")
            if self._world_moved:
                continue
            if self._is_over():
                break
            await self._does_what_the_page_says()
        return self.diary

    # ── reading ──────────────────────────────────────────────────

    async def _opens(self, address: str) -> None:
        await self._browser.opens(address)
        await self._takes_in()

    async def _takes_in(self) -> None:
        self.diary.reads(self._browser.page)
        self._world_moved = await self._sees(self._browser)

    def _hooks(self, name: str) -> list[str]:
        return list(dict.fromkeys(self._browser.page.hooks.get(name, [])))

    @property
    def _remedies(self) -> list[str]:
        return self._hooks("data-remedy")

    def _is_over(self) -> bool:
        """Arrived, or told that there is no way on."""
        if any(self._person.agrees_that_it_ends(one) for one in self._hooks("data-ends")):
            self.diary.ending, self.diary.ends_with = Ending.ENDS, self._hooks("data-ends")[0]
        elif self._browser.shows in ARRIVED:
            self.diary.ending = Ending.PAIRED if self._person.car.needs_signing else Ending.NEEDS_NO_KEY
        elif not self.diary.has_written:
            return False
        else:
            self.diary.ending = Ending.WITH_US
        return True

    def _can_press(self, words: str) -> bool:
        return any(" ".join(one.words.split()).startswith(words) for one in self._browser.page.pressables)

    # ── doing ────────────────────────────────────────────────────

    async def _does_what_the_page_says(self) -> None:
        shows = self._browser.shows
        if self._hooks("data-question"):
            await self._answers()
        elif shows.startswith("/permissions"):
            await self._goes_to_tesla()
        elif shows == "/choose-car":
            await self._chooses()
        elif shows == "/other-account":
            await self._says_which_account()
        elif self._has_asked_owner and self._browser.page.can_lead_to("/key/owner"):
            await self._mends_or_waits()
        elif self._can_press("See the ways on"):
            await self._takes_a_way()
        elif self._browser.page.opened and not self._hooks("data-wait-until"):
            await self._opens_the_link()
        elif code := CODE.search(self._browser.text):
            await self._scans(code.group("domain"))
        else:
            await self._mends_or_waits()

    async def _goes_to_tesla(self) -> None:
        """By the page's own button; at Tesla he signs in as himself and allows all that is asked."""
        await self._mends()
        for words in TO_TESLA:
            if self._can_press(words) and not self._hooks("data-wait-until"):
                await self._browser.presses(words)
                await self._allows_at_tesla()
                return
        await self._mends_or_waits()

    async def _allows_at_tesla(self) -> None:
        if self._person.is_odd(Habit.USES_ANOTHER_BROWSER):
            other = await self._town.a_phone()
            await other.opens(self._browser.address)
            await other.says_who_he_is(self._person.email)
            await other.presses("Allow")
            return
        await self._browser.says_who_he_is(self._person.email)
        self._browser.ticks_everything()
        turns_back = self._can_press("Cancel") and self._person.is_odd(Habit.TURNS_BACK)
        if self._can_press("Allow"):
            await self._browser.presses("Cancel" if turns_back else "Allow")
        if self._browser.shows.startswith("/auth/"):
            self._person.is_stuck_at_tesla = True
            await self._passes(GIVES_UP_AFTER)
            return
        came_by = [url for url in self._browser.went_through if "/connect/callback" in url]
        if came_by and self._person.is_odd(Habit.GOES_BACK):
            await self._opens(came_by[0])
        await self._takes_in_how_it_went()

    async def _takes_in_how_it_went(self) -> None:
        """Tesla sent him back: what the page there says is to be done, and how long to wait, before he tries again."""
        await self._takes_in()
        at_tesla_in_vain = self._browser.shows.startswith("/permissions/")
        if at_tesla_in_vain:
            await self._passes(READS_FOR)
            await self._opens(self._browser.shows)
        goes_again = any(map(self._can_press, TO_TESLA)) and not self._hooks("data-wait-until")
        if at_tesla_in_vain and not (goes_again and set(self._remedies) <= BEGUN_HERE):
            await self._mends_or_waits()

    async def _chooses(self) -> None:
        if self._browser.page.labels_with(f"ends in {self._person.vin[-4:]}"):
            await self._browser.chooses(self._person.vin)
        elif self._person.has_another_account and "switch_tesla_account" in self._remedies:
            self._person.takes_the_account_with_the_car()
            self.diary.did.append("switch_tesla_account")
            await self._browser.presses(OTHER_ACCOUNT)
            await self._allows_at_tesla()
        else:
            await self._mends_or_waits()

    async def _says_which_account(self) -> None:
        """By the page's own advice: its lit button."""
        goes_over = "switch_tesla_account" in self._remedies
        await self._browser.presses("Use the other account" if goes_over else "Keep the account I use")

    # ── the link ─────────────────────────────────────────────────

    async def _opens_the_link(self) -> None:
        """In the Tesla app he does what it asks, if it names us; a minute later he comes back to the page."""
        if self._person.is_odd(Habit.SAYS_IT_IS_DONE):
            await self._asks_why()
            return
        if self._remedies == ["swipe_to_the_car", "open_the_link"] or len(self._remedies) > 1:
            await self._mends()
        await self._browser.opens_the_tesla_app()
        shown = await self._answers_the_app()
        await self._passes(A_MINUTE)
        await self._opens("/go")
        if self._browser.page.opened and shown is not Shows.PAIRED:
            await self._asks_why()

    async def _scans(self, domain: str) -> None:
        """With the camera of the phone that has the Tesla app."""
        await self._mends()
        await self._person.phone.opens_pairing_link(domain, self._person.vin)
        shown = await self._answers_the_app()
        await self._passes(A_MINUTE)
        await self._opens("/go")
        if CODE.search(self._browser.text) and shown is not Shows.PAIRED:
            await self._browser.presses("I opened it, and nothing came of it")
            await self._asks_why()

    async def _answers_the_app(self) -> Shows:
        """He does what the app on his phone asks, if it asks."""
        phone = self._person.phone
        shown = await phone.allows() if phone.shows is Shows.PROMPT else phone.shows
        self.diary.did.append("open_the_link")
        return phone.taps_key_card() if shown is Shows.KEY_CARD else shown

    async def _asks_why(self) -> None:
        """The page asks what happened; he answers, then does the first thing it proposes."""
        await self._opens("/key/why")
        while self._hooks("data-question"):
            await self._answers()
        todo = [one for one in self._remedies if one != "open_the_link"]
        if self._browser.shows == "/key/why" and todo:
            await self._tries(todo[0])

    async def _answers(self) -> None:
        question = self._hooks("data-question")[0]
        self.diary.asked.append(question)
        knows = self._person.dice.randrange(100) >= self._doubts
        said = self._person.says(question) if knows else None
        offered = {label.removeprefix("a-") for label in self._browser.page.labels}
        await self._browser.answers(said if said in offered else "dont_know")
        await self._takes_in()

    async def _tries(self, remedy: str) -> None:
        """What the page puts first, and then what it says to press."""
        if remedy == "ask_the_owner":
            await self._asks_the_owner()
        elif remedy == "write_to_us":
            await self._writes_to_us()
        elif remedy == "switch_tesla_account":
            await self._signs_in_at_tesla_once_more()
        else:
            self.diary.did.append(remedy)
            await self._person.does(remedy)
            if self._can_press("I did it, go on"):
                await self._browser.presses("I did it, go on")

    async def _signs_in_at_tesla_once_more(self) -> None:
        """With his other account, if he has one; else Tesla knows him as before."""
        self.diary.did.append("switch_tesla_account")
        if self._person.has_another_account:
            self._person.takes_the_account_with_the_car()
        await self._browser.presses(OTHER_ACCOUNT)
        await self._allows_at_tesla()

    # ── somebody else owns it ────────────────────────────────────

    async def _takes_a_way(self) -> None:
        """Of the ways that the page offers to a driver, the one that needs nobody else, if he may."""
        await self._browser.presses("See the ways on")
        if self._browser.shows in ARRIVED:
            return  # the key came meanwhile
        if not self._can_press("Go on this way"):
            await self._mends_or_waits()
        elif self._person.would_rather_ask:
            await self._asks_the_owner()
        else:
            await self._browser.presses("Go on this way", way="in_the_car")
            await self._does_it_in_the_car()

    async def _does_it_in_the_car(self) -> None:
        """By the page for that, which is open."""
        await self._mends()
        if self._browser.page.can_lead_to("/_ak/"):
            page = self._browser.shows
            await self._browser.opens(self._browser.pairing_link)
            shown = await self._answers_the_app()
            await self._passes(A_MINUTE)
            if shown is Shows.NOT_THE_OWNER:
                self._person.was_refused_in_the_car()
                return
            await self._opens(page)
            if shown is not Shows.PAIRED and self._can_press(DID_NOT_WORK):
                await self._browser.presses(DID_NOT_WORK)
                await self._asks_why()

    async def _asks_the_owner(self) -> None:
        """Makes the page for him and sends its link; then it is his turn."""
        await self._opens("/key/not-my-car")
        await self._browser.presses("Go on this way", way="owner")
        if self._can_press("Make the page"):
            await self._browser.presses("Make the page", name="Kim Driver")
            self.diary.did.append("ask_the_owner")
            self._has_asked_owner = True
            await self._owner.gets(self._browser.text)
        await self._passes(A_MINUTE)

    async def _goes_on_without_the_owner(self) -> None:
        """By the page's other way, where that has not told him that only the owner can."""
        if self._person.would_rather_ask or not self._browser.page.can_lead_to(IN_THE_CAR):
            await self._browser.presses(READ_ONLY)
        else:
            await self._opens(IN_THE_CAR)
            await self._does_it_in_the_car()

    # ── what else there is to do ─────────────────────────────────

    async def _mends(self) -> bool:
        """All that stands there and is his. Whether there was anything that he had not just done."""
        did_before = set(self.diary.did_since_a_wait)
        for remedy in self._remedies:
            if remedy not in BEGUN_HERE and await self._person.does(remedy):
                self.diary.does(remedy)
        return set(self.diary.did_since_a_wait) != did_before

    async def _mends_or_waits(self) -> None:
        """What is his he does, and says so; what is not, he waits for as long as the page says, or writes to us."""
        until = [datetime.fromisoformat(one) for one in self._hooks("data-wait-until")]
        if await self._mends():
            await self._passes(A_MINUTE)
        elif self._has_asked_owner and self._can_press(READ_ONLY):
            await self._goes_on_without_the_owner()
            return
        elif until:
            await self._waits(max(until))
        elif "write_to_us" in self._remedies:
            await self._writes_to_us()
            return
        else:
            self.diary.left_alone.append(self._browser.shows)
            await self._waits(self._town.now + A_MINUTE)
        for words in ("I did", "Look again"):
            if self._can_press(words):
                await self._browser.presses(words)
                return

    async def _waits(self, until: datetime) -> None:
        """Whom a page tells that it writes to him comes back later each time that nothing has changed."""
        self._waits_in_a_row = self._waits_in_a_row + 1 if self._browser.shows == self._page_before else 0
        self._page_before = self._browser.shows
        patience = min(A_MINUTE * 2**self._waits_in_a_row, LATER)
        pause = min(max(until - self._town.now, patience), LONGEST_PAUSE)
        self.diary.waits(pause)
        await self._passes(pause)

    async def _writes_to_us(self) -> None:
        await self._opens("/help")
        await self._browser.presses("Send", message="It does not work, and your pages say no more.")
        self.diary.has_written = self._browser.reads("We have your message")
        self.diary.did.append("write_to_us")
