"""A driver who goes where the pages lead and remembers which causes they named: what the walks of `every_cause` are
made of.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from tesla_simulator.app_screens import Shows
from tesla_simulator.scenarios.scenario import Cast, cast
from tesla_simulator.scenarios.table import play
from tests.stories.phone import Phone
from tests.stories.robots.hands import Person
from tests.stories.town import EMAIL, MODEL_3, Town

OPERATOR: Final = "operator@home.example"
CAN_CHARGE: Final = ("/test", "/plan", "/tonight")
MOST_STEPS: Final = 12
A_MINUTE: Final = timedelta(minutes=1)


@dataclass
class Walk:
    """A driver, and what the pages named to him: as being so, or among what they suspect."""

    town: Town
    phone: Phone
    person: Person
    named: set[str] = field(default_factory=set)
    says: Callable[[str], str | None] | None = None

    @classmethod
    async def begun(cls, town: Town) -> "Walk":
        return cls(town, await town.a_phone(), Person(town.world, EMAIL, MODEL_3, town.world.phone))

    @property
    def cast(self) -> Cast:
        return cast(self.town.world, EMAIL, MODEL_3)

    async def plays(self, *scenarios: str) -> None:
        for scenario in scenarios:
            await play(scenario, self.cast)

    def reads(self) -> None:
        hooks = self.phone.page.hooks
        suspects = (one for some in hooks.get("data-suspect", []) for one in some.split())
        self.named |= {*hooks.get("data-cause", []), *suspects}

    async def opens(self, *paths: str) -> None:
        for path in paths:
            await self.phone.opens(path)
            self.reads()

    async def passes(self, long: timedelta = A_MINUTE) -> None:
        await self.town.world.time_passes(long)

    # ── what a newcomer does ─────────────────────────────────────

    async def comes(self) -> None:
        """New, and as far along the guide as the pages lead."""
        await self.phone.signs_in()
        await self.goes_on()

    async def goes_on(self) -> None:
        for _ in range(MOST_STEPS):
            await self.opens("/go")
            if not await self._takes_a_step():
                return

    async def _takes_a_step(self) -> bool:
        """Whether there is another."""
        shows = self.phone.shows
        if self.phone.page.hooks.get("data-question"):
            await self.answers()
            return True
        if shows == "/permissions" and self.can_press("Go on to Tesla"):
            return await self.goes_to_tesla("Go on to Tesla")
        if shows == "/permissions/missing" and not self.phone.page.hooks.get("data-suspect"):
            return await self.goes_to_tesla("Add it at Tesla")
        if shows == "/choose-car" and any(f"ends in {MODEL_3[-4:]}" in one for one in self.phone.page.labels.values()):
            await self.phone.chooses(MODEL_3)
            self.reads()
            return True
        if shows == "/key" and self.phone.page.opened:
            await self.opens_the_link()
        return False

    async def goes_to_tesla(self, words: str) -> bool:
        """He ticks nothing and unticks nothing. A page of Tesla's that leads nowhere is left after six minutes."""
        await self.phone.presses(words)
        if self.can_press("Sign in"):
            await self.phone.says_who_he_is(self.person.email)
        if self.can_press("Allow"):
            await self.phone.presses("Allow")
        self.reads()
        if self.phone.shows.startswith(("/auth", "/oauth2")):
            self.person.is_stuck_at_tesla = True
            await self.passes(6 * A_MINUTE)
            await self.opens("/go")
            while self.phone.page.hooks.get("data-question"):
                await self.answers()
            return False
        return True

    async def opens_the_link(self) -> None:
        """And allows what the Tesla app asks; when nothing comes of it he wants to know why."""
        await self.phone.opens_the_tesla_app()
        if self.person.phone.shows is Shows.PROMPT:
            await self.person.phone.allows()
        await self.passes()
        await self.asks_why()

    async def asks_why(self) -> None:
        await self.opens("/key", "/key/why")
        while self.phone.page.hooks.get("data-question"):
            await self.answers()

    async def answers(self) -> None:
        """Truly, as far as he knows; else *don't know*."""
        [question, *_] = self.phone.page.hooks["data-question"]
        offered = {label.removeprefix("a-") for label in self.phone.page.labels}
        said = (self.says or self.person.says)(question)
        await self.phone.answers(said if said in offered else "dont_know")
        self.reads()

    def can_press(self, words: str) -> bool:
        return any(" ".join(one.words.split()).startswith(words) for one in self.phone.page.pressables)

    # ── what somebody does whose car charges ─────────────────────

    async def is_connected(self) -> None:
        await self.town.pairs(self.phone)

    async def looks_around(self) -> None:
        """On every page where a connected driver may read of it."""
        await self.opens("/go", "/permissions", "/choose-car", "/key", "/key/why", "/car", "/tonight")

    async def asks_the_operator(self) -> None:
        """His own page, and what it says after a look."""
        operator = Walk(self.town, await self.town.a_phone(), self.person, self.named)
        await operator.phone.signs_in(OPERATOR)
        await operator.phone.opens("/operator")
        await operator.phone.presses("Check now")
        operator.reads()


Goes = Callable[[Walk], Awaitable[None]]


def newcomer(*scenarios: str) -> Goes:
    """Played before he comes."""

    async def walk(one: Walk) -> None:
        await one.plays(*scenarios)
        await one.comes()

    return walk


def connected(*scenarios: str, after: timedelta = 10 * A_MINUTE) -> Goes:
    """Played once all is well, and looked at after a while."""

    async def walk(one: Walk) -> None:
        await one.is_connected()
        await one.plays(*scenarios)
        await one.passes(after)
        await one.looks_around()

    return walk


def at_the_key(*scenarios: str) -> Goes:
    """Played when the car is chosen."""

    async def walk(one: Walk) -> None:
        await one.phone.signs_in()
        await one.phone.allows()
        await one.phone.chooses(MODEL_3)
        await one.plays(*scenarios)
        await one.passes()
        await one.goes_on()

    return walk


def operators(*scenarios: str) -> Goes:
    """Played, and looked at by whoever runs the service."""

    async def walk(one: Walk) -> None:
        await one.plays(*scenarios)
        await one.asks_the_operator()

    return walk
