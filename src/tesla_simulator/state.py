"""The file a world is kept in: one JSON document, replaced as a whole before anything is answered.

After kill -9 the file tells of everything that was ever answered. (A power cut may lose the last seconds: nothing
is forced to the disk, for a simulation is not worth it.)
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from tesla_simulator.world import World, WorldRecord

_READER: TypeAdapter[WorldRecord] = TypeAdapter(WorldRecord)


class Unreadable(Exception):
    """The state file is not one this version can read; remove the folder to begin anew."""


@dataclass
class StateFile:
    """`folder` None keeps nothing: a world for a test."""

    folder: Path | None = None
    _last: bytes = b""

    def load(self) -> WorldRecord | None:
        """None when there is nothing yet. Raises `Unreadable`."""
        if self.folder is None or not self._path.exists():
            return None
        try:
            return _READER.validate_json(self._path.read_bytes())
        except ValidationError as error:
            raise Unreadable(str(self._path)) from error

    def keep(self, world: World) -> None:
        if self.folder is None:
            return
        written = _READER.dump_json(world.brings_record_up_to_date())
        if written == self._last:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        beside.write_bytes(written)
        beside.chmod(0o600)
        beside.replace(self._path)
        self._last = written

    @property
    def _path(self) -> Path:
        if self.folder is None:
            raise ValueError("a world without a folder has no file")
        return self.folder / "world.json"
