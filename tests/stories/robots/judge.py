"""What is held against the screens while a robot driver reads them.

1. The step that a page shows is the true one: what it takes as done is so in the world.
2. What it names as being there was so when it was seen, or a quarter of an hour before.
3. Nothing is ruled out, by something seen, that was so when it was seen.

The judge knows the world. He reads what the page says, and the diagnosis behind it as it is kept at that moment.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.causes.catalogue import CATALOGUE
from chargekey.domain.causes.looks import Look
from chargekey.domain.diagnosis import Diagnosis, Finding, diagnose
from chargekey.journeys.case_file import CaseFiles
from chargekey.journeys.troubleshoot import STAGES
from tests.stories.phone import Phone
from tests.stories.robots.diary import Diary
from tests.stories.robots.driver import ARRIVED
from tests.stories.robots.truths import NEEDED, TRUE_OF, Scene, true_in
from tests.stories.town import EMAIL, MODEL_3, Town

A_GLANCE: Final = timedelta(minutes=15)
"""What was so a quarter of an hour ago may still be said: looks are good for up to ten minutes."""
HEARSAY: Final = frozenset({"switch_is_on"})
"""Ruled out by the word of Tesla's servers, and said to be theirs. They may not have heard of the car's switch."""
SETTLED: Final = frozenset({"key_is_there", "no_key_needed"})
"""Ruled out for good: whatever is wrong with the phone, it keeps no key from this car any more."""
ASKS: Final = "Find out why"
"""A page that offers this has not yet asked what it would ask before it names anything."""
DRIVER: Final = 1
"""The only driver of these worlds has the first number."""


class Judge:
    """`scene` is asked anew each time: the driver may have changed his account."""

    def __init__(self, town: Town, scene: Callable[[], Scene], diary: Diary) -> None:
        self._town, self._scene, self._diary = town, scene, diary
        self._files = CaseFiles(
            town.home.store,
            town.home.clock,
            town.home.settings.tesla_regions,
            town.home.journeys.watch_tesla.health,
            town.home.key.fingerprint,
        )
        self._since: dict[str, datetime] = {}
        self._until: dict[str, datetime] = {}
        self._wrong = ("", town.now)

    def looks_up(self) -> None:
        """From the page to the world: what is so now is remembered."""
        self._remember(true_in(self._scene()), self._town.now)

    async def reads(self, browser: Phone) -> None:
        """One page, as it has just been opened."""
        now, scene = self._town.now, self._scene()
        true = true_in(scene)
        self._remember(true, now)
        found = await self._diagnosed()
        self._hears_what_is_named(browser, true, found.present if found else ())
        wrong = _wrong_step(browser.shows, scene)
        self._wrong = (wrong, self._wrong[1] if self._wrong[0] == wrong else now)
        if wrong and now - self._wrong[1] > A_GLANCE:
            self._complain(f"{browser.shows}: {wrong}")
        for one in found.ruled_out if found else ():
            cause, reason, seen_at = one.cause.id, one.verdict.reason, one.verdict.seen_at
            was_so = cause in true and seen_at is not None and self._since[cause] < seen_at
            if was_so and reason not in HEARSAY and not (reason in SETTLED and not scene.wants_key):
                self._complain(f"{browser.shows}: {cause} ruled out by {reason}, and it was so")

    def _remember(self, true: frozenset[str], now: datetime) -> None:
        for cause in TRUE_OF:
            if cause in true:
                self._since.setdefault(cause, now)
                self._until[cause] = now
            else:
                self._since.pop(cause, None)

    def _hears_what_is_named(self, browser: Phone, true: frozenset[str], present: Sequence[Finding]) -> None:
        hooks, now = browser.page.hooks, self._town.now
        rests_on = {one.cause.id: one.verdict.seen_at for one in present}
        if browser.page.labels_with(f"ends in {MODEL_3[-4:]}"):
            return  # he sees his car in the list; what is said of cars that are not in it is not said to him
        named = list(dict.fromkeys(hooks.get("data-cause", [])))
        for cause in named:
            last, seen_at = self._until.get(cause), rests_on.get(cause) or now
            if cause in TRUE_OF and (last is None or last < seen_at - A_GLANCE):
                self._complain(f"{browser.shows}: {cause} named, and it is not so")
        suspected = [frozenset(one.split()) for one in dict.fromkeys(hooks.get("data-suspect", []))]
        told = (*(frozenset({one}) for one in named), *suspected)
        asks_first = "data-question" in hooks or any(one.words.strip() == ASKS for one in browser.page.pressables)
        if told and not asks_first and not self._diary.first_named and true:
            self._diary.first_named, self._diary.was_true = told, true

    async def _diagnosed(self) -> Diagnosis | None:
        """As the page has it, if his step has a diagnosis; nothing is begun by asking."""
        file = await self._files.of(DRIVER)
        stage = STAGES.get(file.here.step)
        if stage is None:
            return None
        return diagnose(file.case, CATALOGUE, stage, something_failed=True, in_vain=frozenset(Look))

    def _complain(self, words: str) -> None:
        if words not in self._diary.untrue:
            self._diary.untrue.append(words)


def _wrong_step(shows: str, scene: Scene) -> str:
    """What the page takes as done, and is not; "" where all of it is so."""
    for path, is_so in TAKEN_AS_DONE.items():
        if shows == path or (path in ARRIVED and shows in ARRIVED):
            return next((name for name, so in is_so.items() if not so(scene)), "")
    return ""


def _has_what_it_needs(scene: Scene) -> bool:
    return scene.scopes >= NEEDED


def _has_the_car(scene: Scene) -> bool:
    return scene.is_listed or scene.person.email != EMAIL


def _obeys(scene: Scene) -> bool:
    return scene.has_key or not scene.car.needs_signing


_CONSENT: Final = {"the permissions are not given": _has_what_it_needs}
_CAR: Final = {**_CONSENT, "the car is not in the account": _has_the_car}
TAKEN_AS_DONE: Final[Mapping[str, Mapping[str, Callable[[Scene], bool]]]] = {
    "/choose-car": _CONSENT,
    "/key": _CAR,
    "/test": {**_CAR, "the key is not on the car": _obeys},
}
"""By the path of the page; what comes after the test takes the same as done."""
