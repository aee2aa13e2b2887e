"""What came of backing a home up, of putting it back, and of bringing it to this version."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BackedUp:
    """`missing`: what there was not, by its name in a backup. `forgotten`: how many older ones went."""

    file: Path
    missing: Sequence[str]
    forgotten: int


@dataclass(frozen=True, slots=True)
class PutBack:
    """`alike`: files that were there already, alike. `until_now`: the backup of what was replaced."""

    made_at: str
    version: str
    revision: str | None
    alike: Sequence[str]
    kept_settings: bool
    until_now: Path | None


@dataclass(frozen=True, slots=True)
class Upgraded:
    """`backup` None: there was nothing to do."""

    came_from: str
    stands: str
    backup: Path | None
