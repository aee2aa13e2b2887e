"""What became of one robot driver: how it ended, what he was told, asked, did, and how long he waited."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from tests.stories.reading import Page


class Ending(StrEnum):
    """How it came out, as the screens say."""

    PAIRED = "paired"
    NEEDS_NO_KEY = "needs_no_key"
    ENDS = "ends"
    WITH_US = "with_us"
    STILL_AT_IT = "still_at_it"


@dataclass
class Diary:
    """`left_alone`: pages that said neither what to do nor how long to wait nor that it ends.

    `untrue`: what a page said, or ruled out, and was not so, in the judge's words. `first_named`: what the first page
    named that named anything, best first, causes that nothing can part in one; `was_true`: what was so just then.
    """

    ending: Ending = Ending.STILL_AT_IT
    named: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    did: list[str] = field(default_factory=list)
    did_since_a_wait: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    first_named: tuple[frozenset[str], ...] = ()
    was_true: frozenset[str] = frozenset()
    waited: timedelta = timedelta()
    has_written: bool = False
    ends_with: str = ""
    calls: int = 0

    @property
    def mended_by(self) -> str:
        return self.did[-1] if self.did else "nothing was wrong"

    @property
    def first_is_right(self) -> bool:
        return bool(self.first_named) and bool(self.first_named[0] & self.was_true)

    @property
    def is_in_three(self) -> bool:
        return any(one & self.was_true for one in self.first_named[:3])

    def reads(self, page: Page) -> None:
        self.named += [one for one in page.hooks.get("data-cause", []) if one not in self.named]

    def does(self, remedy: str) -> None:
        self.did.append(remedy)
        self.did_since_a_wait.append(remedy)

    def waits(self, long: timedelta) -> None:
        self.waited += long
        self.did_since_a_wait.clear()
