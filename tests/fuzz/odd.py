"""What nobody expects: odd values, and sound bodies with some of their places spoiled.

Few places are spoiled at a time, so that a body stays near enough to a sound one to be read far.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from enum import Enum
from typing import Any, Final

from tests.fuzz.dice import Dice

Place = tuple[Any, ...]
"""Names in dicts and numbers in lists, from the top down."""
DEEP: Final = "\x1a deep"
"""Stands for brackets in brackets, deeper than any reader goes down."""
DEPTH: Final = 5_000
MOST_PLACES: Final = 3
NUMBERS: Final = (0, -1, 1, 2, 100, 101, 2**31, 2**32, 2**63, 2**64, -(2**63), 10**30, 10**400)
FLOATS: Final = (0.5, -0.5, 1e9, 1e308, -1e308, 5e-324, float("nan"), float("inf"), float("-inf"))
WORDS: Final = (
    *("", " ", "\x00", "a\x00b", "\ud800", "é", "💥" * 40, "x" * 5_000, "\r\nX-Odd: 1", "\u202e\u200b"),
    *("0", "true", "null", "NaN", "<script>", "' OR 1=1 --", "{{7*7}}", "%s%n", "../../etc", DEEP),
    *("LRWYGCEK0PC000001", "online", "OWNER", "Charging", "2024-02-30T25:61:00Z", "1e999"),
)
SHAPES: Final[tuple[Any, ...]] = (None, True, False, [], {}, [[]], {"": None}, [None], {"response": None})


class How(Enum):
    """What is done to a place."""

    REPLACED = "replaced"
    DROPPED = "dropped"
    WRAPPED = "wrapped"
    DOUBLED = "doubled"
    RENAMED = "renamed"


HOWS: Final = tuple(How)


def a_number(dice: Dice) -> int | float:
    kind = dice.below(3)
    if kind == 0:
        return dice.one_of(NUMBERS)
    return dice.one_of(FLOATS) if kind == 1 else dice.below(2**32) - 2**31


def a_word(dice: Dice) -> str:
    return dice.text(30) if dice.rarely(3) else dice.one_of(WORDS)


def a_value(dice: Dice) -> Any:
    kind = dice.below(3)
    if kind == 0:
        return dice.one_of(SHAPES)
    return a_number(dice) if kind == 1 else a_word(dice)


def spoiled(dice: Dice, sound: Any) -> Any:
    """That body, with up to three places spoiled."""
    body = {"": deepcopy(sound)}
    for _ in range(dice.below(MOST_PLACES + 1)):
        if places := list(_places(body)):
            _spoil(body, dice.one_of(places), dice.one_of(HOWS), a_value(dice))
    return body.get("")


def _places(body: Any, here: Place = ()) -> Iterator[Place]:
    """Every place below the top, in a fixed order."""
    inside: Any = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, value in inside:
        yield (*here, name)
        yield from _places(value, (*here, name))


def _spoil(body: Any, place: Place, how: How, value: Any) -> None:
    for name in place[:-1]:
        body = body[name]
    last = place[-1]
    if how is How.REPLACED:
        body[last] = deepcopy(value)
    elif how is How.DROPPED:
        del body[last]
    elif how is How.WRAPPED:
        body[last] = [body[last]]
    elif how is How.DOUBLED and isinstance(body, list):
        body.append(deepcopy(body[last]))
    elif isinstance(body, dict):
        body[str(value)[:40] if not isinstance(value, int) else "number"] = body.pop(last)


def written(body: Any) -> bytes:
    """As JSON, or what a careless writer takes for it."""
    text = json.dumps(body)
    return text.replace(json.dumps(DEEP), "[" * DEPTH + "]" * DEPTH).encode()
