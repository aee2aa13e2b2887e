"""The commands of a how-to, read out of the document itself, so that what is tested is what a stranger types.

The one thing changed is the ports: those of the document may be taken on this machine.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

HOW_TO: Final = Path(__file__).resolve().parents[2] / "docs" / "how-to"
_BLOCK: Final = re.compile(r"^[ ]*```sh\n(.*?)^[ ]*```$", re.MULTILINE | re.DOTALL)
_HAPPENS: Final = re.compile(r"curl -s -H \"\$J\" \$T/(\w+) -d '(.*)'")


@dataclass(frozen=True)
class Happening:
    """What a line with curl lets happen in the simulated world."""

    verb: str
    arguments: Mapping[str, Any]


def commands(page: str, ports: Mapping[int, int]) -> list[str]:
    """Every line that a page has to be typed, in its order, on these ports instead of the document's."""
    text = (HOW_TO / page).read_text(encoding="utf-8")
    lines = [line.strip() for block in _BLOCK.findall(text) for line in block.splitlines()]
    return [re.sub(r"\b87\d\d\b", lambda port: str(ports[int(port.group())]), line) for line in lines]


def happenings(lines: list[str]) -> list[Happening]:
    """Those of the lines that curl would send: not every machine has it, and the simulation takes them from anybody."""
    found = [_HAPPENS.fullmatch(line) for line in lines]
    return [Happening(one[1], json.loads(one[2])) for one in found if one]
