"""What the run of all worlds says: a line for each world, the figures of all, and what was wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from tests.stories.robots.diary import Diary
from tests.stories.robots.worlds import WORLDS, must_end_as


@dataclass(frozen=True)
class Came:
    """What became of one world. `broke`: the world's own end refused it (it asked Tesla in a loop); "" otherwise."""

    scenarios: tuple[str, ...]
    diary: Diary
    seconds: float
    broke: str = ""

    @property
    def name(self) -> str:
        return "+".join(self.scenarios)

    @property
    def wrong(self) -> list[str]:
        """Everything that must not be, in words; empty where all is well."""
        must, diary = must_end_as(*self.scenarios), self.diary
        ends_with = {WORLDS[one].ends_with for one in self.scenarios if WORLDS[one].ends_with}
        found = [f"ended as {diary.ending}, and must as {must}"] if diary.ending is not must else []
        if ends_with and diary.ends_with not in ends_with:
            found.append(f"the last page named {diary.ends_with or 'no end'}, and must {' or '.join(ends_with)}")
        found += [f"left alone on {page}" for page in dict.fromkeys(diary.left_alone)]
        return [*found, *diary.untrue, *([self.broke] if self.broke else [])]

    def line(self) -> str:
        diary = self.diary
        seen = "" if not diary.first_named else "first right" if diary.first_is_right else "in three"
        return (
            f"{self.name:28} {diary.ending:12} {len(diary.asked):2} asked {diary.calls:4} calls "
            f"{self.seconds:4.0f} s  {seen if not diary.first_named or diary.is_in_three else 'not named':11} "
            f"last: {diary.mended_by}"
        )


def told(all_of_them: Sequence[Came]) -> list[str]:
    """The figures, a line each."""
    diaries = [one.diary for one in all_of_them]
    named = [one for one in diaries if one.first_named]
    asked, calls = [len(one.asked) for one in diaries], [one.calls for one in diaries]
    well = sum(not one.wrong for one in all_of_them)
    return [
        f"{well} of {len(all_of_them)} worlds ended as they must, no page untrue, nobody left alone",
        f"first right: {_share(one.first_is_right for one in named)} of {len(named)} in which a cause was named",
        f"in three: {_share(one.is_in_three for one in named)}",
        f"questions: {mean(asked):.1f} on average, {max(asked)} at most",
        f"calls to Tesla: {mean(calls):.0f} on average, {max(calls)} at most",
    ]


def _share(said: Iterable[bool]) -> str:
    yes = list(said)
    return f"{100 * sum(yes) / len(yes):.0f} %" if yes else "none"
