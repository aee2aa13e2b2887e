"""The table of Tesla's errors is complete: nothing that our adapters know is without a row, no row without a story."""

import ast
from collections import Counter
from collections.abc import Iterator

from chargekey.adapters.tesla.answers import TABLE
from chargekey.ports import faults
from chargekey.ports.faults import Fault
from tesla_simulator.faults import Kind
from tests.architecture.tree import ROOT
from tests.tesla_faults import car_rows, outcomes
from tests.tesla_faults.row import Outcome
from tests.tesla_faults.rows import ROWS

STATUSES = {
    400, 401, 402, 403, 404, 405, 406, 408, 412, 418, 421, 422, 423, 424, 429, 451, 499, 500, 502, 503, 504, 540,
}  # fmt: skip
"""Every status of tesla-fleet-api §6.1."""
NOT_AN_ANSWER = {"Unreachable", "AccessExpired", "OtherRegion", "TakenOver", "BudgetSpent"}
"""No connection at all, what is mended by a renewal or a move before anybody sees it, and what is our own matter: whose
work it is, and what our budget pays for."""


def _all(kind: type[Fault]) -> Iterator[type[Fault]]:
    for one in kind.__subclasses__():
        yield one
        yield from _all(one)


def test_every_status_and_every_trouble_of_the_road_has_its_row() -> None:
    answered = [row.trouble.status for row in ROWS if row.trouble.kind is Kind.ANSWERS]
    assert set(answered) >= STATUSES
    assert {row.trouble.kind for row in ROWS} == set(Kind) - {Kind.ANSWERS_LATE}  # as HANGS, as an asker sees it


def test_every_line_of_the_adapters_own_table_is_played() -> None:
    played = [(row.trouble.status, str(row.trouble.body).lower()) for row in ROWS]
    idle = [
        f"{line.status} {line.word}"
        for line in TABLE
        if not any(status == line.status and line.word in said for status, said in played)
    ]
    assert set(idle) <= {"400 invalid_client", "401 invalid_client", "404 not found"}  # other spellings of rows


def test_every_fault_comes_of_some_row() -> None:
    come = {fault.__name__ for row in ROWS for fault in row.becomes.values() if fault}
    come |= {row.becomes.__name__ for row in car_rows.ROWS}
    known = {one.__name__ for one in _all(Fault) if one.__module__ == faults.__name__}
    assert known - come == NOT_AN_ANSWER


def test_no_two_rows_share_a_name() -> None:
    names = Counter([row.name for row in ROWS] + [row.name for row in car_rows.ROWS])
    assert [name for name, count in names.items() if count > 1] == []


def test_every_outcome_is_used_and_has_a_story_that_is_really_told() -> None:
    named = {name: one for name, one in vars(outcomes).items() if isinstance(one, Outcome)}
    used = [row.outcome for row in ROWS] + [row.outcome for row in car_rows.ROWS]
    assert [name for name, one in named.items() if one not in used] == []
    assert [name for name, one in named.items() if not _is_told(one.story)] == []


def _is_told(story: str) -> bool:
    path, _, test = story.partition("::")
    told = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return test in {one.name for one in ast.walk(told) if isinstance(one, ast.AsyncFunctionDef)}
