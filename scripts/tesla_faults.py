"""Writes docs/reference/tesla-faults.md off the rows that the tests play: what Tesla says, and who sees what of it.

`reference` counts this page among its own, so that `make docs` writes it and a test holds it fresh.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.tesla_faults import car_rows, rows
from tests.tesla_faults.car_rows import CarRow
from tests.tesla_faults.row import Outcome, Row

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "reference" / "tesla-faults.md"
HEAD: Final = """\
# What Tesla says, and what comes of it

Every way in which Tesla, the road to it or a car says no. Each row is played by the simulated Tesla to our own
adapters (`tests/tesla_faults`), becomes a [Fault](../../src/chargekey/ports/faults.py) by one table
(`src/chargekey/adapters/tesla/answers.py`, for a car's own faults `signing/refusals.py`), and is shown by a story. How
long we leave Tesla alone afterwards is decided in `journeys/lasting_faults.py` and `adapters/tesla/patience.py`: never
less than a minute, as long as Tesla asks for, a quarter of an hour after a clear no; nothing is given up for good.
What the operator's own budget does not pay for is never sent: `BudgetSpent`, asked again after an hour, or as the month
begins ([one gate](../decisions/0015-one-gate-before-every-billed-call.md), shown in
[a budget that runs out at night](../../tests/stories/test_budget.py)).

<!-- Written by scripts/tesla_faults.py from tests/tesla_faults. Change it there, then run `make docs`. -->
"""
COLUMNS: Final = (
    "| {first} | on the wire | becomes | the driver sees | the operator sees | story |\n|---|---|---|---|---|---|\n"
)
GROUPS: Final[Sequence[tuple[str, Sequence[Row]]]] = (
    ("Tesla does not understand us", rows.OF_REQUESTS),
    ("Who may ask", rows.OF_ACCESS),
    ("The car", rows.OF_CARS),
    ("Our app, its registration, its regions", rows.OF_PARTNERS),
    ("Limits, servers and the road to them", rows.OF_SERVERS),
    ("The token host", rows.OF_SIGN_IN),
)


def pages() -> Mapping[Path, str]:
    """The page, and what should stand on it."""
    parts = [HEAD]
    for title, group in GROUPS:
        parts.append(f"\n## {title}\n\n{COLUMNS.format(first='what')}")
        parts += [_line(row.name, row.tells, _becomes(row), row.outcome) for row in group]
    parts.append(f"\n## The car's own faults\n\n{COLUMNS.format(first='what')}")
    parts += [_line(row.name, f"fault {row.number}", _becomes_of_car(row), row.outcome) for row in car_rows.ROWS]
    return {PAGE: "".join(parts)}


def _line(name: str, wire: str, becomes: str, outcome: Outcome) -> str:
    path, _, test = outcome.story.partition("::")
    story = f"[{test.removeprefix('test_').replace('_', ' ')}](../../{path})"
    return f"| {name} | {wire} | {becomes} | {outcome.driver} | {outcome.operator} | {story} |\n"


def _becomes(row: Row) -> str:
    """The faults, each with what was asked."""
    asked: dict[str, list[str]] = {}
    for ask, fault in row.becomes.items():
        asked.setdefault(f"`{fault.__name__}`" if fault else "mended", []).append(ask.value)
    return "; ".join(f"{fault} ({', '.join(asks)})" for fault, asks in asked.items())


def _becomes_of_car(row: CarRow) -> str:
    times = "once" if row.tries == 1 else f"{row.tries} times"
    return f"`{row.becomes.__name__}`, signed {times}"
