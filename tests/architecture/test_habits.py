"""Habits that every file keeps: nothing patched, no hidden environment, a pure domain, a reason by each exception."""

import ast
import re
import sys
from collections.abc import Iterator
from typing import Final

import pytest

from tests.architecture.tree import OURS, Source, imported_names, meant, sources

PATCHES: Final = ("unittest.mock", "mock", "pytest_mock", "respx")
PATCHING: Final = frozenset({"setattr", "delattr", "setitem", "delitem"})
READS_ENVIRONMENT: Final = frozenset({"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"})
MAY_READ_ENVIRONMENT: Final = re.compile(r"^(?:src/chargekey/settings|tests/(?:.*/)?conftest)\.py$")
SUPPRESSION: Final = re.compile(
    r"#\s*(?:noqa(?::\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w\-, ]+\])?|pragma:\s*no cover)"
    r"(?P<why>\s+\W*\w.*)?$"
)

PLANNING_ROOMS: Final = ("src/chargekey/domain/planning", "src/chargekey/domain/fleet_planning")
WORLDLY: Final = (
    "asyncio concurrent http io logging multiprocessing os pathlib random secrets shutil signal "
    "socket sqlite3 ssl subprocess tempfile threading time"
)
PURE: Final = frozenset(sys.stdlib_module_names) - frozenset(WORLDLY.split())


def patches(source: Source) -> Iterator[str]:
    """Where a test puts something in another's place behind its back. What needs that lacks a port."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            named = {module, *(f"{module}.{alias.name}".lstrip(".") for alias in node.names)}
            if named & set(PATCHES) or any(name.startswith("unittest.mock.") for name in named):
                yield f"{source.name}:{node.lineno} {ast.unparse(node)}"
        elif isinstance(node, ast.Attribute) and node.attr in PATCHING and ast.unparse(node.value) == "monkeypatch":
            yield f"{source.name}:{node.lineno} {ast.unparse(node)}"


def environment_reads(source: Source) -> Iterator[str]:
    """Where a file looks into the environment."""
    tree = source.tree
    imported = imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and meant(node, imported) in READS_ENVIRONMENT:
            yield f"{source.name}:{node.lineno} {ast.unparse(node)}"


def impurities(source: Source) -> Iterator[str]:
    """What a file of the domain does that only the world does: wait, or import more than thought needs."""
    allowed = PURE | {"chargekey"} | ({"numpy"} if source.name.startswith(PLANNING_ROOMS) else set())
    for node in ast.walk(source.tree):
        if isinstance(node, ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith | ast.Await):
            yield f"{source.name}:{node.lineno} waits"
        elif isinstance(node, ast.Import):
            strange = [alias.name for alias in node.names if alias.name.split(".")[0] not in allowed]
            yield from (f"{source.name}:{node.lineno} imports {name}" for name in strange)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] not in allowed:
            yield f"{source.name}:{node.lineno} imports {node.module}"


def suppressions_without_reason(source: Source) -> Iterator[str]:
    """Where a tool is told to be quiet without a word why, on the same line or in a comment right above."""
    lines = source.text.splitlines()
    for number, line in enumerate(lines, start=1):
        found = SUPPRESSION.search(line)
        above = lines[number - 2].strip() if number > 1 else ""
        if found and not found["why"] and not above.startswith("#"):
            yield f"{source.name}:{number} {found[0]}"


def test_no_test_patches() -> None:
    assert [found for source in sources("tests") for found in patches(source)] == []


def test_only_settings_read_the_environment() -> None:
    others = [source for source in sources("src", "tests") if not MAY_READ_ENVIRONMENT.match(source.name)]
    assert [found for source in others for found in environment_reads(source)] == []


def test_the_domain_is_pure() -> None:
    assert [found for source in sources("src/chargekey/domain") for found in impurities(source)] == []


def test_every_suppression_has_its_reason() -> None:
    others = [source for source in sources(*OURS) if source.name != "tests/architecture/test_habits.py"]
    assert [found for source in others for found in suppressions_without_reason(source)] == []


# ── the checkers themselves, on made-up sources ──────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from unittest.mock import patch", True),
        ("from unittest import mock", True),
        ("import unittest.mock", True),
        ("def test_it(monkeypatch):\n    monkeypatch.setattr(a, 'b', 1)", True),
        ("def test_it(monkeypatch):\n    monkeypatch.setenv('A', 'b')", False),
        ("from unittest import TestCase", False),
    ],
)
def test_a_patch_is_known(text: str, found: bool) -> None:
    assert any(patches(Source("tests/made_up.py", text))) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import os\nos.environ['A']", True),
        ("from os import environ\nenviron.get('A')", True),
        ("import os as system\nsystem.getenv('A')", True),
        ("import os\nos.replace('a', 'b')", False),
    ],
)
def test_a_look_into_the_environment_is_known(text: str, found: bool) -> None:
    assert any(environment_reads(Source("src/made_up.py", text))) is found


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("vehicle.py", "async def f(): ...", True),
        ("vehicle.py", "import pydantic", True),
        ("vehicle.py", "from os import path", True),
        ("vehicle.py", "import time", True),
        ("vehicle.py", "import numpy as np", True),
        ("planning/exact.py", "import numpy as np", False),
        ("vehicle.py", "from chargekey.domain.grant import missing", False),
        ("vehicle.py", "from datetime import datetime", False),
    ],
)
def test_an_impurity_is_known(name: str, text: str, found: bool) -> None:
    assert any(impurities(Source(f"src/chargekey/domain/{name}", text))) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = 1  # noqa: S104", True),
        ("x = 1  # type: ignore[arg-type]", True),
        ("x = 1  # noqa: S104, E501", True),
        ("x = 1  # noqa: S104 - the demo's own network", False),
        ("x = 1  # noqa: S104 the demo's own network", False),
        ("x = 1  # type: ignore[arg-type]  # the stub is wrong", False),
        ("# the stub is wrong\nx = 1  # type: ignore[arg-type]", False),
        ("x = 1  # nothing is ignored here", False),
    ],
)
def test_a_suppression_without_reason_is_known(text: str, found: bool) -> None:
    assert any(suppressions_without_reason(Source("src/made_up.py", text))) is found
