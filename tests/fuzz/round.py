"""Playing so many cases at each door, by a seed; the first case that breaks a door is made as small as it gets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.fuzz.dice import Dice, Throws, made_small
from tests.fuzz.door import Door

SHOWN: Final = 1_500


@dataclass(frozen=True)
class Hole:
    """A door that broke: on which case, by which throws, and how."""

    door: str
    throws: Throws
    case: str
    how: BaseException

    def __str__(self) -> str:
        return f"{self.door} broke: {type(self.how).__name__}: {self.how}\n  case: {self.case}\n  throws: {self.throws}"


async def play(doors: Sequence[Door], cases: int, seed: int, tell: Callable[[str, int], None]) -> list[Hole]:
    """Each door gets its share of so many cases; one that breaks gets no more. `tell` hears a door's name and cases."""
    holes, shares = [], sum(door.share for door in doors)
    for door in doors:
        count = -(-cases * door.share // shares)
        chance, number = Random(f"{seed} {door.name}"), 0
        for number in range(1, count + 1):  # noqa: B007  told below
            dice = Dice(chance=chance)
            if await _broken_by(door, dice) is not None:
                holes.append(await _smallest(door, tuple(dice.thrown)))
                break
        tell(door.name, number)
    return holes


async def _smallest(door: Door, thrown: Throws) -> Hole:
    async def breaks(throws: Throws) -> bool:
        return await _broken_by(door, Dice(throws)) is not None

    throws = await made_small(thrown, breaks)
    how = await _broken_by(door, Dice(throws))
    return Hole(door.name, throws, repr(door.makes(Dice(throws)))[:SHOWN], how or RuntimeError("only once"))


async def _broken_by(door: Door, dice: Dice) -> Exception | None:
    """What came out that must not. All kinds of it: to find them is what this is for."""
    case = door.makes(dice)
    try:
        await door.plays(case)
    except Exception as broken:  # noqa: BLE001  nothing goes on: it is shown, with its case, and the run fails
        return broken
    return None
