"""What lies in `deploy`, as its tests read it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

import typer
import typer.main
import yaml  # type: ignore[import-untyped]  # it ships no types; schemathesis brings it

from chargekey.entrypoints.cli.commands import House, build
from chargekey.settings import Settings
from tests.architecture.tree import ROOT

DEPLOY: Final = ROOT / "deploy"
INSTALLED: Final = "/opt/chargekey"
PROGRAM: Final = f"{INSTALLED}/.venv/bin/chargekey"
SERVICES: Final = sorted(path.name for path in (DEPLOY / "systemd").glob("*.service"))


def unit(name: str) -> Mapping[str, Sequence[str]]:
    """What a unit sets, each as often as it is set. `systemd.syntax`, as much of it as our files use."""
    told: dict[str, list[str]] = {}
    for line in (DEPLOY / "systemd" / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "[")):
            key, _, value = line.partition("=")
            told.setdefault(key, []).append(value)
    return told


def exec_start(name: str) -> Sequence[str]:
    """The one command of a unit, word by word."""
    (command,) = unit(name)["ExecStart"]
    return command.split()


def compose() -> Mapping[str, Any]:
    """The services of the compose file."""
    found: Mapping[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def is_command(words: Sequence[str]) -> bool:
    """Whether `chargekey` with these words is something that it can do, options included."""
    unlived_in: dict[str, Any] = dict.fromkeys(room.name for room in fields(House))
    commands = typer.main.get_command(build(House(**unlived_in))).commands  # type: ignore[attr-defined]  # a group
    if not words or words[0] not in commands:
        return False
    options = {option for one in commands[words[0]].params for option in one.opts}
    return {word for word in words[1:] if word.startswith("-")} <= options


def is_setting(name: str) -> bool:
    return name.removeprefix("CHARGEKEY_").lower() in Settings.model_fields
