"""What `backup`, `restore` and `upgrade` do with the settings as they stand."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from chargekey.adapters.clock.system import SystemClock
from chargekey.adapters.store import backing_up
from chargekey.adapters.store.alone import Alone, HomeTaken
from chargekey.adapters.store.backing_up import KeptIn
from chargekey.adapters.store.backup_file import SETTINGS
from chargekey.adapters.store.dumps import kind_of
from chargekey.composition import VERSION
from chargekey.ports.copies import BackedUp, PutBack, Upgraded
from chargekey.settings import ENV_FILE, Settings, read_settings


async def back_up(settings: Settings, to: Path | None, keep: int) -> BackedUp:
    """While it runs. `to` None: a folder within the data folder."""
    folder = (to or settings.backups).absolute()
    return await backing_up.back_up(_kept(settings), folder, SystemClock().now(), keep)


def restore(backup: Path, *, replace: bool) -> PutBack:
    """Where there are no settings yet, those of the backup count, and are put there too."""
    ours = ENV_FILE.absolute()
    has_settings = ours.exists()
    with backing_up.opened(backup, ours.parent) as (manifest, folder):
        settings = read_settings(env_file=ours if has_settings else folder / SETTINGS)
        alike: Sequence[str] = ()
        until_now = None
        with _alone(settings):
            if replace:
                replacing = backing_up.replace(_kept(settings), manifest, folder, SystemClock().now())
                until_now = asyncio.run(replacing)
            else:
                alike = asyncio.run(backing_up.restore(_kept(settings), manifest, folder))
    return PutBack(manifest.made_at, manifest.version, manifest.revision, alike, has_settings, until_now)


async def upgrade(settings: Settings) -> Upgraded:
    with _alone(settings):
        return await backing_up.upgrade(_kept(settings), SystemClock().now())


def _kept(settings: Settings) -> KeptIn:
    keys = [file.absolute() for file in settings.key_files]
    return KeptIn(settings.database, keys, ENV_FILE.absolute(), settings.backups, VERSION)


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """On SQLite nobody else may have the home open; a PostgreSQL server is asked itself."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    alone = Alone(settings.alone_lock)
    if kind_of(settings.database) == "sqlite" and not alone.is_so():
        raise HomeTaken("Chargekey is running on this database: stop it, then run this, then start it")
    try:
        yield
    finally:
        alone.let_go()
