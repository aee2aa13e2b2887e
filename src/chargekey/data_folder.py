"""Where in its folder a home keeps what: the part of the settings that follows from one of them."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings


class DataFolder(BaseSettings):
    """One folder, and what is in it."""

    data_dir: Path = Field(Path("data"), description="The folder for the database, the key ring and the command key.")

    @property
    def key_ring(self) -> Path:
        """Where the keys lie that seal what is at rest."""
        return self.data_dir / "keyring.json"

    @property
    def command_key(self) -> Path:
        """Where the key lies that signs for every car."""
        return self.data_dir / "command-key.pem"

    @property
    def push_key(self) -> Path:
        """Where the key lies by which push services know us."""
        return self.data_dir / "push-key.pem"

    @property
    def key_files(self) -> tuple[Path, ...]:
        """What can never be made again as it was, the ring first."""
        return self.key_ring, self.command_key, self.push_key

    @property
    def backups(self) -> Path:
        return self.data_dir.absolute() / "backups"

    @property
    def alone_lock(self) -> Path:
        """Held by whoever has this home, on SQLite."""
        return self.data_dir / "alone.lock"
