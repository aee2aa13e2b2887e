"""How large a room may be, what it may not be called, and what it says at its door."""

import ast
from typing import Final

import pytest

from tests.architecture.tree import OURS, Source, code_lines, functions_in, own_lines, sources

FILE_LINES: Final = 300
FUNCTION_LINES: Final = 40
MIGRATIONS: Final = "/migrations/versions/"
LITERAL_TABLES: Final[dict[str, str]] = {
    # a path, or a path and `:function`: why it is one long table and not a room with too much in it
    "src/tesla_simulator/fleet_api/shapes.py:charge_state": "Tesla's answer, field for field in Tesla's order",
}
NAMES_OF_NOTHING: Final = frozenset(
    {
        "utils",
        "util",
        "helpers",
        "helper",
        "common",
        "base",
        "manager",
        "service",
        "services",
        "models",
        "misc",
    }
)


def too_long(source: Source) -> list[str]:
    """What in this file asks to be two. Docstrings and blank lines are free, and so are literal tables."""
    if MIGRATIONS in source.name or source.name in LITERAL_TABLES:
        return []
    counted = code_lines(source)
    found = [f"{source.name}: {len(counted)} lines"] if len(counted) > FILE_LINES else []
    for function in functions_in(source.tree):
        length = len(own_lines(function, counted))
        if length > FUNCTION_LINES and f"{source.name}:{function.name}" not in LITERAL_TABLES:
            found.append(f"{source.name}:{function.lineno} {function.name}: {length} lines")
    return found


def named_nothing(name: str) -> bool:
    """Whether a folder or file on this path has a name that says nothing about what is in it."""
    parts = name.removesuffix(".py").split("/")
    return any(NAMES_OF_NOTHING & set(part.lower().split("_")) for part in parts)


def says_no_sentence(source: Source) -> bool:
    """Whether the module fails to begin with a sentence that says what this room is."""
    docstring = (ast.get_docstring(source.tree) or "").split("\n\n")[0].rstrip()
    return not docstring.endswith((".", "?", ":"))


def holds_more_than_a_docstring(source: Source) -> bool:
    """Whether an `__init__.py` does anything at all."""
    return any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in source.tree.body)


def test_no_file_and_no_function_is_too_long() -> None:
    assert [finding for source in sources(*OURS) for finding in too_long(source)] == []


def test_no_room_has_a_name_that_says_nothing() -> None:
    assert [source.name for source in sources(*OURS) if named_nothing(source.name)] == []


def test_every_module_begins_with_a_sentence() -> None:
    spoken = [source for source in sources(*OURS) if not source.name.endswith("__init__.py") or source.text.strip()]
    assert [source.name for source in spoken if MIGRATIONS not in source.name and says_no_sentence(source)] == []


def test_an_init_holds_a_docstring_at_most() -> None:
    doors = [source for source in sources(*OURS) if source.name.endswith("__init__.py")]
    assert [source.name for source in doors if holds_more_than_a_docstring(source)] == []


def test_literal_tables_that_are_gone_are_not_kept_in_the_list() -> None:
    there = {source.name for source in sources(*OURS)}
    inside = {f"{source.name}:{function.name}" for source in sources(*OURS) for function in functions_in(source.tree)}
    assert set(LITERAL_TABLES) <= there | inside


# ── the checkers themselves, on made-up sources ──────────────────────────────────────────────────


def _function(lines: int, *, docstring: str = "") -> str:
    return f"def f():\n{docstring}" + "    x = 1\n" * (lines - 1)


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        (_function(40), 0),
        (_function(41), 1),
        (_function(40, docstring='    """One.\n\n    Two.\n    """\n'), 0),  # a docstring is free
        (_function(40) + "\n\n\n", 0),  # blank lines are free
        ("x = 1\n" * 300, 0),
        ("x = 1\n" * 301, 1),
        ("# why\n" * 301, 1),  # comments are not free
        (
            "def routes():\n"
            + "    def one():\n"
            + "        x = 1\n" * 30
            + "    def two():\n"
            + "        x = 1\n" * 30,
            0,
        ),
    ],
)
def test_length_is_counted_in_lines_of_code(text: str, findings: int) -> None:
    assert len(too_long(Source("src/made_up.py", text))) == findings


def test_migrations_may_be_long() -> None:
    assert too_long(Source("src/chargekey/adapters/store/migrations/versions/0001.py", "x = 1\n" * 400)) == []


@pytest.mark.parametrize(
    ("name", "nothing"),
    [
        ("src/chargekey/utils.py", True),
        ("src/chargekey/domain/base/car.py", True),
        ("src/chargekey/tesla_service.py", True),
        ("src/chargekey/domain/baseline.py", False),
        ("src/chargekey/domain/vehicle.py", False),
    ],
)
def test_names_of_nothing_are_known(name: str, nothing: bool) -> None:
    assert named_nothing(name) is nothing


@pytest.mark.parametrize(
    ("text", "silent"),
    [('"""What this is."""', False), ('"""What this is\n\nRules."""', True), ("x = 1", True), ("", True)],
)
def test_a_sentence_is_known_by_its_end(text: str, silent: bool) -> None:
    assert says_no_sentence(Source("src/made_up.py", text)) is silent


@pytest.mark.parametrize(("text", "more"), [("", False), ('"""Adapters."""\n', False), ("from a import b\n", True)])
def test_an_init_that_does_something_is_known(text: str, more: bool) -> None:
    assert holds_more_than_a_docstring(Source("src/chargekey/__init__.py", text)) is more
