"""The floors of the house, by import-linter: who may import whom (the contracts stand in pyproject.toml)."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.architecture.tree import ROOT, SRC

LINTER: Final = (
    sys.executable,
    "-c",
    "from importlinter.cli import lint_imports_command; lint_imports_command()",
)
MADE_UP_CONTRACT: Final = """
[tool.importlinter]
root_packages = ["made_up"]

[[tool.importlinter.contracts]]
name = "floors"
type = "layers"
containers = ["made_up"]
layers = ["journeys | adapters", "domain"]
"""


def _lint(folder: Path, sources: Path) -> subprocess.CompletedProcess[str]:
    command = (*LINTER, "--no-logo", "--no-cache", "--config", str(folder / "pyproject.toml"))
    return subprocess.run(command, cwd=sources, capture_output=True, text=True, check=False)


def test_every_floor_imports_only_floors_below() -> None:
    verdict = _lint(ROOT, SRC)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_strangers_that_meet_are_noticed(tmp_path: Path) -> None:
    for room, text in {"journeys": "from made_up import adapters", "adapters": "", "domain": ""}.items():
        (tmp_path / "made_up" / room).mkdir(parents=True)
        (tmp_path / "made_up" / room / "__init__.py").write_text(text)
    (tmp_path / "made_up" / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text(MADE_UP_CONTRACT)

    verdict = _lint(tmp_path, tmp_path)

    assert verdict.returncode == 1
    assert "made_up.journeys -> made_up.adapters" in verdict.stdout
