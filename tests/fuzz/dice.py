"""Where cases come from: dice that can be thrown again, and thrown lower.

A case is no more than the numbers that were thrown for it. So any case can be had again, and a case that breaks
something is made small by leaving throws out and throwing lower, as long as it still breaks it. Every maker of cases
puts the plainest first: nought means sound.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from random import Random
from typing import Final, TypeVar

T = TypeVar("T")
MOST_TRIES: Final = 400
"""So often a case is played again to make it smaller."""
Throws = tuple[int, ...]


class Dice:
    """Throws what it is given, and then what `chance` throws; None throws noughts."""

    def __init__(self, given: Throws = (), chance: Random | None = None) -> None:
        self._given, self._chance = given, chance
        self.thrown: list[int] = []

    def below(self, count: int) -> int:
        """A number from nought up to one less than `count`."""
        number = len(self.thrown)
        if number < len(self._given):
            thrown = min(self._given[number], count - 1)
        else:
            thrown = self._chance.randrange(count) if self._chance else 0
        self.thrown.append(thrown)
        return thrown

    def one_of(self, several: Sequence[T]) -> T:
        return several[self.below(len(several))]

    def rarely(self, one_in: int) -> bool:
        """True once in so many."""
        return self.below(one_in) == one_in - 1

    def bytes(self, most: int) -> bytes:
        """So many or fewer."""
        return bytes(self.below(256) for _ in range(self.below(most + 1)))

    def text(self, most: int) -> str:
        """Letters from all over, the plain ones most of all."""
        ends = (0x7F, 0x7F, 0x7F, 0x2FF, 0xFFFF, 0x10FFFF)
        return "".join(chr(self.below(self.one_of(ends) + 1)) for _ in range(self.below(most + 1)))


async def made_small(thrown: Throws, breaks: Callable[[Throws], Awaitable[bool]]) -> Throws:
    """The lowest throws found that still break it."""
    tries = 0
    improved = True
    while improved and tries < MOST_TRIES:
        improved = False
        for smaller in _smaller(thrown):
            tries += 1
            if await breaks(smaller):
                thrown, improved = smaller, True
                break
            if tries >= MOST_TRIES:
                break
    return thrown


def _smaller(thrown: Throws) -> Iterator[Throws]:
    """Each a bit lower: halves and pieces left out, then single throws lowered."""
    length = len(thrown) // 2
    while length:
        for start in range(0, len(thrown), length):
            yield thrown[:start] + thrown[start + length :]
        length //= 2
    for place, number in enumerate(thrown):
        for lower in sorted({0, number // 2, number - 1}):
            if 0 <= lower < number:
                yield (*thrown[:place], lower, *thrown[place + 1 :])
