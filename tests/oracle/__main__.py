"""`make oracle`: is the planner exact where its model is, and what does it cost where the model is coarser than a car?

    python -m tests.oracle --problems 10000 --finer 3000 [--seed 1]
    python -m tests.oracle --mornings 10000

Prints two tables in Markdown, the second one of the first `finer` problems, and a third of nights with sun to spare;
ends with 1 if any night proves the planner or the oracle wrong. The same seed draws the same nights.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Final

from tests.oracle.judging import ENDS, has_choice
from tests.oracle.problems import ABOVE_ZERO, BELOW_ZERO, DUTCH, KINDS
from tests.oracle.rounds import WORLDS, Night, lived_through, play
from tests.oracle.sunny import sunny_nights, told_of
from tests.oracle.world import Lived, Short

A_BILL: Final = 0.10
"""Below ten cents a percentage says nothing."""
SHORT_KWH: Final = 0.05
GROUPS: Final = (
    (BELOW_ZERO, True, "drawn, some hours below zero"),
    (ABOVE_ZERO, False, "drawn, none below zero"),
    (DUTCH, True, "Dutch, some hours below zero"),
    (DUTCH, False, "Dutch, none below zero"),
)
TOLD_EVERY: Final = 1_000


def exactness(nights: Sequence[Night]) -> Iterable[str]:
    """One line a kind of prices, one an end."""
    yield "| nights | problems | equal to the optimum | furthest, in nano-units |"
    yield "|---|---|---|---|"
    rows = [("all", list(nights))]
    rows += [(kind, [night for night in nights if night.kind == kind]) for kind in KINDS]
    rows += [("power falls near full", [night for night in nights if night.verdict.weakens])]
    rows += [("a start costs something", [night for night in nights if night.verdict.has_starts])]
    rows += [(end, [night for night in nights if night.verdict.end == end]) for end in ENDS]
    for name, these in rows:
        equal = sum(night.verdict.is_exact for night in these)
        furthest = max((night.verdict.off_nano for night in these), default=0.0)
        yield f"| {name} | {len(these):,} | {equal:,} | {furthest:.3f} |"


def gaps(nights: Sequence[Night]) -> Iterable[str]:
    """One line a world, one column a kind of night, of the nights in which there was something to choose."""
    chosen = [night for night in nights if night.lived]
    groups = [
        [night for night in chosen if night.kind == kind and night.is_ever_below_zero == below_zero]
        for kind, below_zero, _ in GROUPS
    ]
    names = [f"{name} ({len(these):,})" for (*_, name), these in zip(GROUPS, groups, strict=True)]
    yield "| the oracle | " + " | ".join(names) + " | short in the morning |"
    yield "|---" * (len(GROUPS) + 2) + "|"
    for number, world in enumerate(WORLDS):
        cells = [_gap([night.lived[number] for night in these]) for these in groups]
        yield f"| {world.name} | " + " | ".join(cells) + f" | {_short([night.lived[number] for night in chosen])} |"


def mornings(shorts: Sequence[Short]) -> str:
    """How many batteries lack something at ready-by, of those that are to be in time, and how many need not."""
    short = [one for one in shorts if one.kwh > SHORT_KWH]
    needless, most = sum(one.need_not_be for one in short), max((one.kwh for one in shorts), default=0.0)
    return (
        f"of {len(shorts):,} nights that are to be in time, {len(short):,} end short by more than {SHORT_KWH} kWh, "
        f"{needless:,} of them needlessly; the most that lacks is {most:.4f} kWh"
    )


def _short(these: Sequence[Lived]) -> str:
    """How many batteries lack something at ready-by."""
    short = [lived for lived in these if lived.short_kwh > SHORT_KWH]
    if not short:
        return "none"
    could = sum(lived.was_in_reach for lived in short)
    return f"{len(short):,}, by {max(lived.short_kwh for lived in short):.1f} kWh at most; {could:,} need not be"


def _gap(these: Sequence[Lived]) -> str:
    """What the plans cost above the best: on average, and in the worst night."""
    if not these:
        return "–"
    bills = abs(sum(lived.best_cost for lived in these))
    gap = sum(max(0.0, lived.gap) for lived in these)
    share = max((lived.gap / lived.best_cost for lived in these if lived.best_cost >= A_BILL), default=0.0)
    worst = max(lived.gap for lived in these)
    return f"{100 * gap / len(these):.3f} ct, {gap / bills:.2%}; {100 * worst:.1f} ct, {share:.1%}"


def main() -> None:
    reads = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    reads.add_argument("--problems", type=int, default=10_000)
    reads.add_argument("--finer", type=int, default=3_000)
    reads.add_argument("--seed", type=int, default=1)
    reads.add_argument("--sunny", type=int, default=3_000, help="how many nights with sun to spare")
    reads.add_argument("--mornings", type=int, help="of so many nights tell only whether they end in time")
    asked = reads.parse_args()
    if asked.mornings:
        print(mornings(list(lived_through(asked.mornings, asked.seed))))
        return
    began_s = time.perf_counter()

    def tell(number: int) -> None:
        if (number + 1) % TOLD_EVERY == 0:
            print(f"{number + 1:,} problems, {time.perf_counter() - began_s:.0f} s", file=sys.stderr, flush=True)

    played = play(asked.problems, asked.seed, finer=asked.finer, processes=os.cpu_count() or 1, tell=tell)
    took_s = time.perf_counter() - began_s
    print(
        f"{asked.problems:,} problems of seed {asked.seed} in {took_s:.0f} s; load {os.getloadavg()[0]:.1f}", end="\n\n"
    )
    in_time = [night.short for night in played.nights if has_choice(night.verdict)]
    print(*exactness(played.nights), "", *gaps(played.nights), "", mornings(in_time), sep="\n")
    sunny = list(sunny_nights(asked.sunny, asked.seed))
    print("", *told_of(sunny), sep="\n")
    print(f"\nwrong: {played.wrong() or 'none'}")
    sys.exit(bool(played.wrong()) or not all(night.is_right for night in sunny))


if __name__ == "__main__":
    main()
