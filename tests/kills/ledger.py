"""The figures of every kill, in a file, so that a run that was stopped goes on where it was.

Rules of this room:

1. A kill is in the file as soon as it is judged, whatever it did.
2. A row is what one tree of `src` met at one seam on one database; a change elsewhere begins nothing anew.
3. Two runs, one a database, write side by side.
"""

import csv
import fcntl
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import IO, Final

from tesla_simulator.clock import system_time
from tests.kills.judging import Harm

FILE: Final = Path(__file__).parents[2] / "benchmarks" / "kills.csv"
KEY: Final = ("tree", "database", "seam")
HARM: Final = (
    *("lost grants", "doubled commands", "lost commands", "missed timers", "burnt refresh tokens"),
    *("nights wrong", "rows wrong", "mails wrong", "bill lines wrong"),
)
COLUMNS: Final = (*KEY, "date", "kills", *HARM)
Row = dict[str, str]


@dataclass(frozen=True)
class Ledger:
    """The figures of one tree."""

    tree: str
    file: Path = FILE

    def add(self, database: str, seam: str, harm: Harm) -> None:
        """One more kill."""
        with self._written() as rows:
            key = (self.tree, database, seam)
            row = next((one for one in rows if _key(one) == key), None)
            if row is None:
                row = dict.fromkeys(COLUMNS, "0") | dict(zip(KEY, key, strict=True))
                rows.append(row)
            row["date"] = f"{system_time():%Y-%m-%d}"
            for name, more in zip(("kills", *HARM), (1, *astuple(harm)), strict=True):
                row[name] = str(int(row[name]) + more)

    def begin_anew(self) -> None:
        """What was written of this tree is forgotten."""
        with self._written() as rows:
            rows[:] = [one for one in rows if one["tree"] != self.tree]

    def kills(self) -> Counter[tuple[str, str]]:
        """How many there have been of this tree, by database and seam."""
        if not self.file.exists():
            return Counter()
        with self.file.open(newline="") as opened:
            fcntl.flock(opened, fcntl.LOCK_SH)  # the other run may be writing it back
            ours = [one for one in csv.DictReader(opened) if one["tree"] == self.tree]
        return Counter({(one["database"], one["seam"]): int(one["kills"]) for one in ours})

    @contextmanager
    def _written(self) -> Iterator[list[Row]]:
        """All rows, to be changed; nobody else has them meanwhile. They are written back whole."""
        with self.file.open("a+", newline="") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            opened.seek(0)
            rows = list(csv.DictReader(opened))
            yield rows
            _write(opened, rows)


def tree_of_src() -> str:
    """What Git calls the folder as it was committed; a plus where it stands otherwise."""
    head = _git("rev-parse", "--short=12", "HEAD:src").strip()
    return f"{head}+" if _git("status", "--porcelain", "--", "src").strip() else head


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in KEY)


def _write(opened: IO[str], rows: list[Row]) -> None:
    opened.truncate(0)
    written = csv.DictWriter(opened, COLUMNS, lineterminator="\n")
    written.writeheader()
    written.writerows(rows)


def _git(*asked: str) -> str:
    return subprocess.run(["git", *asked], cwd=FILE.parents[1], check=True, capture_output=True, text=True).stdout
