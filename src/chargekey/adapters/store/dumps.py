"""A whole database in a file, taken while others work in it, and put back into an empty one.

SQLite copies itself page by page; of PostgreSQL its own programs, `pg_dump` and `pg_restore`, make and read the file.
What came of it is whole or nothing: one snapshot, one transaction.
"""

import asyncio
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Final

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store.engine import async_url, open_engine
from chargekey.adapters.store.migrate import version

CHAIN: Final = "alembic_version"
_UNOWNED: Final = ("--no-owner", "--no-privileges")
"""Whoever puts it back may go by another name there."""


class CannotDump(Exception):
    """The text is one line that says why, with no password in it."""


def kind_of(url: str) -> str:
    """`sqlite` or `postgresql`."""
    return async_url(url).get_backend_name()


async def dump(url: str, into: Path) -> None:
    """`into` must not be there yet."""
    parsed = async_url(url)
    if parsed.get_backend_name() == "sqlite":
        await asyncio.to_thread(_copy_sqlite, file_of(parsed), into)
    else:
        await _run(parsed, "pg_dump", "--format=custom", *_UNOWNED, f"--file={into}")


async def stands(url: str, dumped: Path) -> str | None:
    """Which link of the chain a fresh dump of this database stands at. None: it has never been migrated."""
    if kind_of(url) == "sqlite":
        return await asyncio.to_thread(_stands_at, dumped)
    engine = open_engine(url)  # no migration runs meanwhile: that is for a start, or for whoever asked for the dump
    try:
        async with engine.begin() as connection:
            return await version(connection)
    finally:
        await engine.dispose()


async def put_back(url: str, dumped: Path) -> None:
    """Into a database in which `tables_in` finds nothing. Stopped in between, there is still nothing."""
    parsed = async_url(url)
    if parsed.get_backend_name() == "sqlite":
        await asyncio.to_thread(_place, dumped, file_of(parsed))
    else:
        await _run(parsed, "pg_restore", "--single-transaction", "--exit-on-error", *_UNOWNED, str(dumped))


async def tables_in(url: str) -> Collection[str]:
    """Empty too where there is no file yet. Raises `CannotDump` where the server does not answer."""
    parsed = async_url(url)
    if parsed.get_backend_name() == "sqlite" and not file_of(parsed).exists():
        return ()
    engine = open_engine(url)
    try:
        async with engine.begin() as connection:
            return await names_on(connection)
    except DBAPIError as silent:
        raise CannotDump("the database does not answer") from silent
    finally:
        await engine.dispose()


async def clear(url: str) -> None:
    """Empty a database of Chargekey's, of whatever version. Another's is refused."""
    parsed = async_url(url)
    if CHAIN not in await tables_in(url):
        raise CannotDump("what is in this database is not Chargekey's: it was left alone")
    if parsed.get_backend_name() == "sqlite":
        for end in ("-wal", "-shm", ""):
            file_of(parsed).with_name(file_of(parsed).name + end).unlink(missing_ok=True)
        return
    engine = open_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_drop_all)
    finally:
        await engine.dispose()


def file_of(url: URL) -> Path:
    return Path(url.database or "")


async def names_on(connection: AsyncConnection) -> Collection[str]:
    return await connection.run_sync(lambda sync: inspect(sync).get_table_names())


def _drop_all(connection: Connection) -> None:
    there = MetaData()
    there.reflect(connection)
    there.drop_all(connection)


def _copy_sqlite(file: Path, into: Path) -> None:
    if not file.exists():
        raise CannotDump("there is no database yet")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as there, closing(sqlite3.connect(into)) as copy:
        there.backup(copy)  # all pages in one step: a writer goes on beside it, into the log
        copy.execute("PRAGMA journal_mode=DELETE")  # the copy is one file
        (found,) = copy.execute("PRAGMA quick_check").fetchone()
    if found != "ok":
        raise CannotDump(f"the database is damaged: {found.splitlines()[0]}")


def _stands_at(copy: Path) -> str | None:
    """Asked of the copy: in the file itself a writer would be waited for."""
    with closing(sqlite3.connect(copy)) as opened:
        chain = opened.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (CHAIN,)).fetchone()
        found = opened.execute(f"SELECT version_num FROM {CHAIN}").fetchone() if chain else None  # noqa: S608  a name of ours
    return found[0] if found else None


def _place(dumped: Path, file: Path) -> None:
    aside = file.with_name(f"{file.name}.restored")
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(dumped, aside)
    aside.chmod(0o600)
    aside.replace(file)


async def _run(url: URL, program: str, *words: str) -> None:
    """The password goes by a file that is gone afterwards: a command's words can be read by everybody."""
    found = shutil.which(program)
    if found is None:
        raise CannotDump(f"{program} is not here: install PostgreSQL's client programs, no older than your server")
    with tempfile.TemporaryDirectory(prefix="chargekey-") as folder:
        passwords = Path(folder) / "passwords"
        passwords.touch(mode=0o600)
        escaped = re.sub(r"([\\:])", r"\\\1", url.password or "")
        passwords.write_text(f"*:*:*:*:{escaped}\n")
        bare = url.set(drivername="postgresql", password=None).render_as_string()
        where = make_conninfo(bare, passfile=str(passwords))
        running = await asyncio.create_subprocess_exec(
            found,
            "--no-password",
            f"--dbname={where}",
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await running.communicate()
    if running.returncode:
        raise CannotDump(f"{program}: {(said.decode(errors='replace').splitlines() or ['it failed'])[0]}")
