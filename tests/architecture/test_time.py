"""Time is a port: nobody reads a clock but the clock."""

import ast
import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.architecture.tree import Source, imported_names, meant, plain_strings, sources

CLOCKS: Final = ("src/chargekey/adapters/clock/", "src/tesla_simulator/clock.py")
LEASES: Final = "src/chargekey/adapters/store/engine.py"  # the database's own clock serves leases alone

CLOCK_CALLS: Final = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
        "time.ctime",
        "time.strftime",
        "sqlalchemy.func.now",
        "sqlalchemy.func.current_timestamp",
        "sqlalchemy.func.clock_timestamp",
    }
)
SQL_CLOCK: Final = re.compile(
    r"\b(?:now|clock_timestamp|statement_timestamp|getdate)\(\s*\)"
    r"|\bcurrent_(?:timestamp|date|time)\b"
    r"|\b(?:datetime|date|time|julianday|strftime|unixepoch)\([^)]*'now'",
    re.IGNORECASE,
)


def clock_reads(source: Source) -> Iterator[str]:
    """Where this file asks the machine for the time. Monotonic clocks measure how long a thing took."""
    tree = source.tree
    imported = imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and meant(node, imported) in CLOCK_CALLS:
            yield f"{source.name}:{node.lineno} {ast.unparse(node)}"


def sql_clock_reads(source: Source) -> Iterator[str]:
    """Where this file asks the database what time it is."""
    for line, text in plain_strings(source.tree):
        if SQL_CLOCK.search(text):
            yield f"{source.name}:{line} {text}"


def sleeps(source: Source) -> Iterator[str]:
    """Where this file waits for time to pass."""
    tree = source.tree
    imported = imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and meant(node.func, imported) in {
            "time.sleep",
            "asyncio.sleep",
            "anyio.sleep",
        }:
            naps_for_nothing = [ast.unparse(argument) for argument in node.args] == ["0"]
            if not naps_for_nothing:
                yield f"{source.name}:{node.lineno} {ast.unparse(node)}"


def test_only_the_clock_reads_a_clock() -> None:
    elsewhere = [source for source in sources("src", "tests") if not source.name.startswith(CLOCKS)]
    assert [found for source in elsewhere for found in clock_reads(source)] == []


def test_the_databases_clock_serves_leases_alone() -> None:
    elsewhere = [source for source in sources("src") if source.name != LEASES]
    assert [found for source in elsewhere for found in sql_clock_reads(source)] == []


def test_nothing_sleeps_in_tests() -> None:
    assert [found for source in sources("tests") for found in sleeps(source)] == []


# ── the checkers themselves, on made-up sources ──────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("from datetime import datetime\ndatetime.now()", True),
        ("from datetime import datetime\nmoments = map(datetime.fromtimestamp, [datetime.now])", True),
        ("import datetime as dt\ndt.datetime.now(dt.UTC)", True),
        ("from datetime import datetime as moment\nmoment.utcnow()", True),
        ("from datetime import date\ndate.today()", True),
        ("import time\ntime.time()", True),
        ("from time import time\ntime()", True),
        ("from sqlalchemy import func\nfunc.now()", True),
        ("import sqlalchemy as sa\nsa.func.now()", True),
        ("import time\ntime.monotonic()", False),
        ("def due(clock):\n    return clock.now()", False),
        ("from datetime import datetime\ndatetime.fromisoformat(text)", False),
    ],
)
def test_a_look_at_the_clock_is_known(text: str, reads: bool) -> None:
    assert any(clock_reads(Source("src/made_up.py", text))) is reads


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("query = 'SELECT now()'", True),
        ("query = 'UPDATE timer SET due_at = CURRENT_TIMESTAMP'", True),
        ("""query = "SELECT strftime('%s', 'now')" """, True),
        ("query = 'SELECT * FROM timer WHERE due_at <= :now'", False),
        ('"""Never now() in here."""', False),  # a docstring may speak of it
        ("said = 'It is asleep now (we look again)'", False),
    ],
)
def test_a_look_at_the_databases_clock_is_known(text: str, reads: bool) -> None:
    assert any(sql_clock_reads(Source("src/made_up.py", text))) is reads


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("import asyncio\nasync def f():\n    await asyncio.sleep(1)", True),
        ("from time import sleep\nsleep(0.1)", True),
        (
            "import anyio\nasync def f():\n    await anyio.sleep(0)",
            False,
        ),  # lets others run, waits for nothing
    ],
)
def test_a_sleep_is_known(text: str, waits: bool) -> None:
    assert any(sleeps(Source("tests/made_up.py", text))) is waits
