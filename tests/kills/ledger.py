"""The figures of every kill, appended to a file, so that a run that was stopped goes on where it was.

A row is written when its kills are done; one that harmed somebody is written all the same.
"""

import csv
import subprocess
from collections import Counter
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

from tesla_simulator.clock import system_time
from tests.kills.judging import Harm

FILE: Final = Path(__file__).parents[2] / "benchmarks" / "kills.csv"
COLUMNS: Final = (
    *("date", "revision", "database", "seam", "kills"),
    *("lost grants", "doubled commands", "lost commands", "missed timers", "burnt refresh tokens"),
)


@dataclass(frozen=True)
class Ledger:
    """One revision's figures."""

    revision: str
    counts_earlier: bool
    file: Path = FILE

    def add(self, database: str, seam: str, kills: int, harm: Harm) -> None:
        is_new = not self.file.exists()
        with self.file.open("a", newline="") as opened:
            rows = csv.writer(opened, lineterminator="\n")
            if is_new:
                rows.writerow(COLUMNS)
            rows.writerow([f"{system_time():%Y-%m-%d}", self.revision, database, seam, kills, *astuple(harm)])

    def kills(self) -> Counter[tuple[str, str]]:
        """How many there have been of this revision, by database and seam."""
        counted: Counter[tuple[str, str]] = Counter()
        if self.counts_earlier and self.file.exists():
            with self.file.open(newline="") as opened:
                for row in csv.DictReader(opened):
                    if row["revision"] == self.revision:
                        counted[row["database"], row["seam"]] += int(row["kills"])
        return counted


def revision() -> str:
    """Of the tree as it stands; a plus where it is not as it was committed."""
    head = _git("rev-parse", "--short", "HEAD").strip()
    return f"{head}+" if _git("status", "--porcelain", "--", "src").strip() else head


def _git(*asked: str) -> str:
    return subprocess.run(["git", *asked], cwd=FILE.parent, check=True, capture_output=True, text=True).stdout
