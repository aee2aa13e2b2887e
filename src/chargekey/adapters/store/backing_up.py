"""Backing a home up while it runs, putting it back, and bringing it to this version with a backup to go back to.

Rules of this room:

1. The key ring is read before and after the database: every key that seals in the copy is in its ring.
2. A home is put back into an empty one. What is there is replaced only if that is asked, and backed up before.
3. An upgrade is one transaction with its own checks: when one fails, nothing has happened.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import func, select, table, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chargekey.adapters.store import backup_file
from chargekey.adapters.store.alone import HomeTaken
from chargekey.adapters.store.backup_file import SETTINGS, Manifest
from chargekey.adapters.store.dumps import CHAIN, clear, dump, kind_of, names_on, put_back, stands, tables_in
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.migrate import check_known, differences_on, make_tables, newest, version
from chargekey.ports.copies import BackedUp, Upgraded

NAMED: Final = "chargekey-*.tar"
_MOMENT: Final = "chargekey-%Y-%m-%dT%H-%M-%SZ.tar"
_OTHERS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)


class CannotBackUp(Exception):
    """Nothing was backed up; the text is one line that says why."""


class CannotRestore(Exception):
    """Nothing was put back; the text is one line that says why."""


class CannotUpgrade(Exception):
    """The database is as it was; the text is one line that says why."""


@dataclass(frozen=True, slots=True)
class KeptIn:
    """Where a home is kept: `database`, the files of its `keys`, the ring first, and `env`, its settings.

    No file need be there. `backups`: the folder for copies of it. `program`: our version.
    """

    database: str
    keys: Sequence[Path]
    env: Path
    backups: Path
    program: str

    def files(self) -> Mapping[str, Path]:
        """What there can be besides the database, by its name in a backup."""
        return {key.name: key for key in self.keys} | {SETTINGS: self.env}


async def back_up(kept: KeptIn, to: Path, now: datetime, keep: int = 0) -> BackedUp:
    """One file more in the folder `to`. Of those that are there the newest `keep` stay; 0: all."""
    into = to / now.strftime(_MOMENT)
    with _work_folder(to) as aside:
        kind = kind_of(kept.database)
        database, ring = aside / backup_file.DATABASES[kind], kept.keys[0]
        before = ring.read_bytes() if ring.exists() else None
        await dump(kept.database, database)
        revision = await stands(kept.database, database)
        files = {database.name: database}
        for name, path in kept.files().items():
            if path.exists():
                (aside / name).write_bytes(path.read_bytes())
                files[name] = aside / name
        if (files[ring.name].read_bytes() if ring.name in files else None) != before:
            raise CannotBackUp("the keys were turned meanwhile: back up once more")
        try:
            backup_file.write(into, files, kind, revision, kept.program, now)
        except FileExistsError as same:
            raise CannotBackUp(f"{into} is there already") from same
    missing = [name for name in kept.files() if name not in files]
    return BackedUp(into, missing, _forget(to, keep) if keep else 0)


def last_in(folder: Path) -> datetime | None:
    """When the newest backup there was made, by its name; None: there is none."""
    made = []
    for one in folder.glob(NAMED):
        with suppress(ValueError):  # somebody else's name
            made.append(datetime.strptime(one.name, _MOMENT).replace(tzinfo=UTC))
    return max(made, default=None)


def _forget(folder: Path, keep: int) -> int:
    """Their names are in the order of their moments."""
    old = sorted(folder.glob(NAMED))[:-keep]
    for one in old:
        one.unlink()
    return len(old)


@contextmanager
def _work_folder(beside: Path) -> Iterator[Path]:
    """On the same disk, so that nothing of it stands where others look for room."""
    beside.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".chargekey-", dir=beside) as folder:
        yield Path(folder)


# ── putting back ─────────────────────────────────────────────────────────────────────────────────


@contextmanager
def opened(backup: Path, beside: Path) -> Iterator[tuple[Manifest, Path]]:
    """A backup that was found whole, and the folder with what is in it, gone after the block. Raises `BackupWrong`."""
    with _work_folder(beside) as folder:
        yield backup_file.read(backup, folder), folder


async def restore(kept: KeptIn, manifest: Manifest, folder: Path) -> Sequence[str]:
    """Put back what `opened` gave, into a home with nothing in it. Returns what was there already, alike.

    Stopped in between, the same command goes on: the database comes last.
    """
    _check_fits(kept, manifest)
    if await tables_in(kept.database):
        raise CannotRestore("there is a database already: a backup is put back into an empty home (or with --replace)")
    wanted = {name: (folder / name, path) for name, path in kept.files().items() if name in manifest.sha256}
    alike = [name for name, (ours, there) in wanted.items() if there.exists() and _same(ours, there)]
    for name, (_, there) in wanted.items():
        if there.exists() and name not in alike and name != SETTINGS:
            raise CannotRestore(f"{there} is there already, and is another: move it away first")
    for ours, there in wanted.values():
        if not there.exists():
            _place(ours, there)
    await put_back(kept.database, folder / manifest.database)
    return alike


async def replace(kept: KeptIn, manifest: Manifest, folder: Path, now: datetime) -> Path | None:
    """The database alone, back to what it was; key files stay. Returns the backup of what it was until now."""
    _check_fits(kept, manifest)
    until_now = None
    if await tables_in(kept.database):  # else a replacing was stopped in between: it has its backup
        await _look_for_others(kept.database)
        until_now = (await back_up(kept, kept.backups, now)).file
        await clear(kept.database)
    await put_back(kept.database, folder / manifest.database)
    return until_now


def _check_fits(kept: KeptIn, manifest: Manifest) -> None:
    """Raises `CannotRestore` for a database of another kind, `DatabaseTooNew` for one of a later version."""
    if manifest.kind != kind_of(kept.database):
        raise CannotRestore(f"the backup is of {manifest.kind}, and this home is on {kind_of(kept.database)}")
    if manifest.revision:
        check_known(manifest.revision)


async def _look_for_others(url: str) -> None:
    engine = open_engine(url)
    try:
        async with engine.begin() as connection:
            await _nobody_else(connection)
    finally:
        await engine.dispose()


def _same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


def _place(ours: Path, there: Path) -> None:
    there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(there, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(ours.read_bytes())
        file.flush()
        os.fsync(file.fileno())


# ── to this version ──────────────────────────────────────────────────────────────────────────────


async def upgrade(kept: KeptIn, now: datetime) -> Upgraded:
    """Raises `DatabaseTooNew` or `CannotUpgrade`, and has changed nothing then."""
    if CHAIN not in await tables_in(kept.database):
        raise CannotUpgrade("there is no database of Chargekey's yet: start it, and it makes one")
    engine = open_engine(kept.database)
    try:
        async with engine.begin() as connection:
            came_from = await version(connection) or ""
            check_known(came_from)
            if came_from == newest():
                return Upgraded(came_from, came_from, None)
            await _nobody_else(connection)
        backup = await back_up(kept, kept.backups, now)
        await _migrate(engine, backup.file)
        return Upgraded(came_from, newest(), backup.file)
    finally:
        await engine.dispose()


async def _nobody_else(connection: AsyncConnection) -> None:
    """On a server. Who has a file open is known by its lock."""
    if connection.dialect.name == "postgresql" and (await connection.execute(_OTHERS)).scalar_one():
        raise HomeTaken("somebody else is connected to this database: stop Chargekey first")


async def _migrate(engine: AsyncEngine, backup: Path) -> None:
    try:
        async with engine.begin() as connection:
            had = await _counted(connection)
            await make_tables(connection)
            has = await _counted(connection)
            if lost := [name for name, rows in had.items() if has.get(name, 0) < rows]:
                raise CannotUpgrade(f"rows of {', '.join(lost)} would be lost; nothing was changed")
            if await differences_on(connection):
                raise CannotUpgrade("the tables would not be what this version needs; nothing was changed")
    except SQLAlchemyError as refused:
        why = str(getattr(refused, "orig", refused)).splitlines()[0]
        raise CannotUpgrade(f"it failed and nothing was changed: {why}. The backup: {backup}") from refused


async def _counted(connection: AsyncConnection) -> Mapping[str, int]:
    counted = {}
    for name in await names_on(connection):
        rows = await connection.execute(select(func.count()).select_from(table(name)))
        counted[name] = rows.scalar_one()
    return counted
