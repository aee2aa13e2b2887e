"""Worlds for robot drivers: one for each scenario of the simulator, when it comes about, and what it must end as.

A world states facts about account, car, phone, network and operator; the robot is told none of it. What the driver
himself does (he turns back, he asks the owner) is a habit of the robot's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from random import Random
from typing import Final

from tests.stories.robots.diary import Ending
from tests.stories.robots.habits import Habit
from tests.stories.robots.owners import Owner

SEED: Final = 20261123


class When(Enum):
    """The moment at which a scenario comes about."""

    FIRST = auto()
    """Before the driver comes to us."""
    ALLOWED = auto()
    """When he has allowed us at Tesla, and chooses his car."""
    PAIRED = auto()
    """When all works; a day passes, and he opens our page again."""


@dataclass(frozen=True)
class World:
    """`after`: scenarios that come first, whatever else. `ends_with`: the cause that the last page names as its end.

    Two of one `about` are not drawn together: the second would undo the first, not come on top of it.
    """

    when: When = When.FIRST
    must: Ending = Ending.PAIRED
    ends_with: str = ""
    habits: frozenset[Habit] = frozenset()
    owner: Owner.Answer = Owner.Answer.NOTHING
    after: tuple[str, ...] = ()
    about: str = ""


def _habit(*habits: Habit) -> World:
    return World(habits=frozenset(habits), about="habit")


def _asks(owner: Owner.Answer, ends_with: str) -> World:
    """The owner is asked, and there will be no key."""
    habits = frozenset({Habit.WOULD_RATHER_ASK})
    return World(must=Ending.ENDS, ends_with=ends_with, habits=habits, owner=owner, about="access")


CURED: Final = World()
ACCESS: Final = World(about="access")
THE_APP: Final = World(about="who is in the app")
TOKENS: Final = World(When.ALLOWED, about="tokens")
OUR_KEY: Final = World(about="our key file")
SIGNS_NOTHING: Final = World(must=Ending.NEEDS_NO_KEY, about="signs nothing")
PORTAL: Final = World(about="our app in the portal")

WORLDS: Final[Mapping[str, World]] = {
    "A1": CURED,
    "A2": CURED,
    "A3": TOKENS,
    "A4": _habit(Habit.TURNS_BACK),
    "A5": ACCESS,
    "A6": THE_APP,
    "A7": _habit(Habit.OPENS_A_LINK_FIRST),
    "A8": CURED,
    "A9": TOKENS,
    "A10": TOKENS,
    "A11": CURED,
    "A12": CURED,
    "A13": CURED,
    "A14": CURED,
    "A15": CURED,
    "A16": _habit(Habit.GOES_BACK),
    "A17": _habit(Habit.USES_ANOTHER_BROWSER),
    "A18": PORTAL,
    "A19": CURED,
    "B1": ACCESS,
    "B2": ACCESS,
    "B3": ACCESS,
    "B4": ACCESS,
    "B5": World(must=Ending.ENDS, ends_with="B6", about="access"),
    "B6": _asks(Owner.Answer.NO, "B6"),
    "B7": World(When.PAIRED, Ending.ENDS, "B7", about="access"),
    "B8": ACCESS,
    "B9": ACCESS,
    "B10": _asks(Owner.Answer.NOTHING, "B6"),
    "C1": _habit(Habit.USES_A_COMPUTER),
    "C2": THE_APP,
    "C2/signed-out": THE_APP,
    "C3": CURED,
    "C4": CURED,
    "C5": CURED,
    "C6": OUR_KEY,
    "C7": THE_APP,
    "C8": CURED,
    "C9": CURED,
    "C10": CURED,
    "C11": CURED,
    "C13": _habit(Habit.SAYS_IT_IS_DONE),
    "C15": ACCESS,
    "D1": CURED,
    "D2": CURED,
    "D3": CURED,
    "D3/boots": CURED,
    "D4": CURED,
    "D5": CURED,
    "D5/unknown": CURED,
    "D6": CURED,
    "D7": CURED,
    "D8": CURED,
    "D13": World(When.PAIRED),
    "E1": CURED,
    "E1/nineteen": CURED,
    "E2": World(When.PAIRED),
    "E3": World(When.PAIRED),
    "E8": CURED,
    "F1": OUR_KEY,
    "F1/missing": OUR_KEY,
    "F1/moved": OUR_KEY,
    "F1/unreachable": OUR_KEY,
    "F2": OUR_KEY,
    "F3": PORTAL,
    "F4": PORTAL,
    "F4/domain": PORTAL,
    "F5": PORTAL,
    "F6": PORTAL,
    "F6/limit": PORTAL,
    "F6/unpaid": PORTAL,
    "F9": CURED,
    "F12": PORTAL,
    "G1": TOKENS,
    "G2": TOKENS,
    "G3": TOKENS,
    "H1": CURED,
    "H1/region": CURED,
    "H1/sign-in": CURED,
    "H1/slow": CURED,
    "H1/odd": CURED,
    "H2": CURED,
    "H2/account": CURED,
    "H5": CURED,
    "J1": CURED,
    "J2": CURED,
    "J3": CURED,
    "J4": CURED,
    "J5": ACCESS,
    "J6/before": SIGNS_NOTHING,
    "J6": World(When.PAIRED, after=("J6/before",), about="signs nothing"),
    "J7": CURED,
    "J8": CURED,
    "J9": World(owner=Owner.Answer.YES, about="access"),
}
NOT_PLAYED: Final[Mapping[str, str]] = {
    "C12": "an old page that is open follows by itself: tests/stories/test_key.py has two of them open",
    "C14": "a driver who looks for the way back to Tesla's permissions looks for a button, and a robot reads them all:"
    " tests/stories/test_consent.py",
    "G4": "the operator puts back a backup, in files: tests/stories/walks_in_files.py",
    "G5": "the operator loses a file: tests/stories/walks_in_files.py",
}
"""Scenarios without a world of their own, and where they are told instead."""
DRAWN: Final = tuple(
    name
    for name, world in WORLDS.items()
    if world.must is not Ending.ENDS and world.about != "habit" and not world.after
)
"""What pairs are drawn from: all that ends well, is not the driver's own doing, and is not two worlds by itself."""


def drawn_pairs(count: int) -> list[tuple[str, str]]:
    """Always the same ones for a number: two causes of two different kinds.

    What came about at Tesla's portal was before what came about at our key file: nobody is registered without one.
    """
    dice = Random(SEED)
    pairs: list[tuple[str, str]] = []
    while len(pairs) < count:
        first, second = dice.sample(DRAWN, 2)
        if WORLDS[first].about == OUR_KEY.about and WORLDS[second].about == PORTAL.about:
            first, second = second, first
        if _go_together(first, second) and (first, second) not in pairs:
            pairs.append((first, second))
    return pairs


def _go_together(first: str, second: str) -> bool:
    about = WORLDS[first].about
    is_one_cause = first.partition("/")[0] == second.partition("/")[0]
    return not is_one_cause and (not about or about != WORLDS[second].about)


def must_end_as(*scenarios: str) -> Ending:
    """Of several, the one that is not simply paired."""
    endings = [WORLDS[one].must for one in scenarios]
    return next((one for one in endings if one is not Ending.PAIRED), Ending.PAIRED)
