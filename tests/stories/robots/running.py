"""One world, from the moment a driver signs in until his screens say that it is over."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from tesla_simulator.scenarios.scenario import cast
from tesla_simulator.scenarios.table import SCENARIOS, end, play
from tests.stories.phone import Phone
from tests.stories.robots.diary import Diary
from tests.stories.robots.driver import ARRIVED, Robot
from tests.stories.robots.habits import Habit
from tests.stories.robots.hands import Person
from tests.stories.robots.judge import Judge
from tests.stories.robots.owners import Owner
from tests.stories.robots.truths import Scene
from tests.stories.robots.worlds import WORLDS, When, World
from tests.stories.town import COMPUTER, EMAIL, MODEL_3, PHONE, Town, a_town

OTHERS_TAKE: Final = timedelta(minutes=30)
"""What Tesla, the operator and the workshop do in their own time is done by then."""
A_DAY: Final = timedelta(hours=25)
DOUBTS: Final = 20
LAGS: Final = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=40))
ONE_IN: Final = 5
"""Of so many worlds, one has a key list that lags, and in one the driver puts his phone away for a day."""


class Running:
    """The world's side of it: what comes about when, what others mend, what chance does."""

    def __init__(self, town: Town, scenarios: Sequence[str], seed: int) -> None:
        self._town, self._scenarios = town, scenarios
        self.worlds: tuple[World, ...] = tuple(WORLDS[one] for one in scenarios)
        self._dice = Random(seed)
        habits: set[Habit] = {habit for one in self.worlds for habit in one.habits}
        self.person = Person(town.world, EMAIL, MODEL_3, town.world.phone, self._dice, habits)
        self.before_it_is_mended: Callable[[], None] = lambda: None
        self._came: dict[str, timedelta] = {}
        self._ended: set[str] = set()
        self._waited = timedelta()
        self._leaves_after = self._dice.randrange(2, 7) if self._dice.randrange(ONE_IN) == 0 else 0
        self._pages = 0

    @property
    def headers(self) -> dict[str, str]:
        return COMPUTER if Habit.USES_A_COMPUTER in self.person.habits else PHONE

    @property
    def owner(self) -> Owner:
        answers = [one.owner for one in self.worlds if one.owner is not Owner.Answer.NOTHING]
        return Owner(self._town, answers[0] if answers else Owner.Answer.NOTHING)

    async def begins(self) -> None:
        # Chargekey set its first check of its own side before the town had told it the time.
        await self._town.home.journeys.check_operator.begin()
        if self._dice.randrange(ONE_IN) == 0 and "H5" not in self._scenarios:
            self._town.car.its_keys_are_told_after(self._dice.choice(LAGS))
        for earlier in [before for one in self.worlds for before in one.after]:
            await self._plays(earlier)
        await self._comes_about(When.FIRST)
        if self.person.is_odd(Habit.OPENS_A_LINK_FIRST):
            scene = self.scene()
            await self.person.phone.opens_pairing_link(scene.domain, scene.person.vin)

    async def moves_on(self, browser: Phone) -> bool:
        """Told of each page. Whether something came about that the page does not yet know of."""
        self._pages += 1
        if self._pages == self._leaves_after:
            await self.passes(A_DAY)
        if browser.shows == "/choose-car":
            await self._comes_about(When.ALLOWED)
        if browser.shows in ARRIVED and await self._comes_about(When.PAIRED):
            await self.passes(A_DAY)
            return True
        return False

    async def _comes_about(self, when: When) -> bool:
        new = [one for one in self._scenarios if WORLDS[one].when is when and one not in self._came]
        for name in new:
            await self._plays(name)
        return bool(new)

    async def _plays(self, name: str) -> None:
        await play(name, cast(self._town.world, self.person.email, MODEL_3))
        self._came[name] = self._waited

    async def passes(self, long: timedelta) -> None:
        """Time, in which others do what is theirs."""
        await self._town.world.time_passes(long)
        self._waited += long
        over = [one for one, at in self._came.items() if self._waited - at >= OTHERS_TAKE and one not in self._ended]
        if over:
            self.before_it_is_mended()
        for one in over:
            self._ended.add(one)
            if SCENARIOS[one].ends:
                await end(one, cast(self._town.world, self.person.email, MODEL_3))
        if over and not self.scene().is_registered:
            await self._town.home.journeys.check_operator.register()  # as his page tells the operator to

    def scene(self) -> Scene:
        played = cast(self._town.world, EMAIL, MODEL_3)
        our_key = bytes.fromhex(self._town.home.key.public_hex)
        return Scene(self._town.world, self.person, played.client_id, played.domain, our_key)


async def in_a_world(
    folder: Path, *scenarios: str, diary: Diary | None = None, doubts: int = DOUBTS, seed: int = 0
) -> Diary:
    """A new driver in a world where these things are so, as far as the screens lead him. `diary`: to be written in."""
    diary = Diary() if diary is None else diary
    async with a_town(folder) as town:
        running = Running(town, scenarios, seed)
        await running.begins()
        browser = await town.a_phone(running.headers)
        await browser.signs_in()
        before = len(town.world.calls)
        judge = Judge(town, running.scene, diary)
        running.before_it_is_mended = judge.looks_up

        async def sees(page: Phone) -> bool:
            await judge.reads(page)
            return await running.moves_on(page)

        robot = Robot(town, browser, running.person, running.owner, running.passes, sees, diary, doubts)
        await robot.goes_as_far_as_he_can()
        diary.calls = len(town.world.calls) - before
        return diary
