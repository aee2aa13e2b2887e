"""Writes docs/situations.md and its pictures from what the walks find.

`python -m tests.browser.situations --write` (`make situations`) walks all sixteen; ids of situations instead of the
switch walk only those, say what was found, and write nothing.
"""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.browser.situation_table import SITUATIONS, Situation
from tests.browser.situations_walked import Walked, is_walked, opened

PAGE: Final = Path("docs/situations.md")
PICTURES: Final = Path("docs/pictures/situations")
IN_A_ROW: Final = 4
BEGINS: Final = """# Sixteen situations

What a driver can meet on the way to a car that charges, each brought about in the simulated Tesla and walked to its
end in Chromium at the size of a phone (390 by 844), by somebody who does what the screens say. *At a desk*: the same at
1280 by 800.

This page is written by `make situations` from what the walks found; the tests walk them all again in every `make
check`. *Scenario* is what you [play on the stage](how-to/play-a-situation.md) to see it for yourself; its letter and
number are also the [cause](causes/README.md). *Story* tells the same without a browser. *Asked* counts the questions,
two at most each time that the link came to nothing. *Calls* are all that Tesla was asked from the sign-in to the end,
in brackets those that Tesla bills. How often one thing may be asked stands in `tests/stories/call_bounds.py`, how
often all of it in `tests/browser/situations_walked.py`.
"""


async def walked(chromium: str, wanted: Collection[str], pictures: Path) -> Mapping[str, Walked]:
    """By the name of the walk; says each as it ends."""
    found: dict[str, Walked] = {}
    async with opened(chromium) as browser:
        for situation in SITUATIONS:
            for name, _, _ in situation.walks:
                if wanted and situation.id not in wanted and name not in wanted:
                    continue
                with tempfile.TemporaryDirectory() as folder:
                    one = found[name] = await is_walked(browser, name, situation, Path(folder), pictures)
                print(f"{name}: {one.found.ends_at}, asked {_asked(one)}, calls {_calls(one)}", flush=True)
    return found


def page(found: Mapping[str, Walked]) -> str:
    """All of docs/situations.md."""
    rows = [_row(situation, name, found[name]) for situation in SITUATIONS for name, _, _ in situation.walks]
    head = ["| | Situation | Scenario | Picture | Story | Asked | Calls | What mended it | Ends |", "|-" * 9 + "|"]
    return "\n".join([BEGINS, *head, *rows, "", "## On the phone", "", *_gallery()]) + "\n"


def _row(situation: Situation, name: str, one: Walked) -> str:
    where = f"{situation.title}, at a desk" if name != situation.id else situation.title
    scenarios = ", ".join(situation.scenarios)
    picture = f"[{name}]({PICTURES.relative_to('docs')}/{name}.png)"
    story = f"[{situation.story.removeprefix('test_')}](../tests/stories/{situation.story}.py)"
    cells = [situation.id, where, scenarios, picture, story, _asked(one), _calls(one), situation.mended_by]
    return f"| {' | '.join(cells)} | {one.found.ends_at} |"


def _asked(one: Walked) -> str:
    """What was asked in each round, in order."""
    asked = [question for questions in one.found.rounds for question in questions]
    return f"{len(asked)}: {', '.join(dict.fromkeys(asked)).replace('_', ' ')}" if asked else "nothing"


def _calls(one: Walked) -> str:
    return f"{one.calls} ({one.billed})"


def _gallery() -> Sequence[str]:
    """The pictures in rows, each with its id and title above."""
    lines: list[str] = []
    for start in range(0, len(SITUATIONS), IN_A_ROW):
        row = SITUATIONS[start : start + IN_A_ROW]
        names = [f"**{one.id}** {one.title}" for one in row]
        pictures = [f"![{one.id}: {one.title}]({PICTURES.relative_to('docs')}/{one.id}.png)" for one in row]
        lines += [f"| {' | '.join(names)} |", "|-" * len(row) + "|", f"| {' | '.join(pictures)} |", ""]
    return lines[:-1]


def main() -> int:
    """All and a page, or the named ones and no page."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium on this machine: apt-get install chromium")
        return 1
    writes = "--write" in sys.argv
    pictures = PICTURES if writes else Path("build/look")
    pictures.mkdir(parents=True, exist_ok=True)
    wanted = [] if writes else [name for name in sys.argv[1:] if not name.startswith("-")]
    found = asyncio.run(walked(chromium, wanted, pictures))
    if writes:
        PAGE.write_text(page(found), encoding="utf-8")
    print(f"{len(found)} walks, pictures in {pictures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
