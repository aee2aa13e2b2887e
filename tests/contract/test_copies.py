"""A home is backed up while it runs, put back into an empty one, upgraded in place and rolled back. On both engines."""

import asyncio
import contextlib
import json
import os
import shutil
import stat
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from chargekey.adapters.store.alone import Alone, HomeTaken
from chargekey.adapters.store.backing_up import (
    CannotBackUp,
    CannotRestore,
    CannotUpgrade,
    KeptIn,
    back_up,
    opened,
    replace,
    restore,
    upgrade,
)
from chargekey.adapters.store.backup_file import BackupWrong
from chargekey.adapters.store.dumps import CannotDump
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.migrate import DatabaseTooNew, newest
from chargekey.ports.copies import Upgraded
from tests.contract import postgres
from tests.contract.databases import Databases
from tests.contract.household import SIX, at
from tests.contract.test_upgrade import EARLIER, Rows, columns, load, rows

CHARGEKEY: Final = (sys.executable, "-c", "from chargekey.app import main; main()")
KEY_FILES: Final = {"keyring.json": "a ring", "command-key.pem": "a key", "push-key.pem": "another key"}
SETTINGS: Final = """\
CHARGEKEY_BASE_URL=https://charge.example
CHARGEKEY_TESLA_CLIENT_ID=an-app
CHARGEKEY_TESLA_CLIENT_SECRET=its-secret
CHARGEKEY_SMTP_HOST=mail.example
"""
OLD: Final = min(kept.name.partition(".")[0] for kept in EARLIER.glob("*.sql"))


@dataclass
class Place:
    """A folder where Chargekey is started."""

    folder: Path
    database: str

    @property
    def kept(self) -> KeptIn:
        keys = [self.folder / "data" / name for name in KEY_FILES]
        return KeptIn(self.url, keys, self.folder / ".env", self.folder / "data" / "backups", "1.2.3")

    @property
    def url(self) -> str:
        return self.database or f"sqlite:///{self.folder / 'data' / 'chargekey.db'}"

    @property
    def backups(self) -> list[Path]:
        return sorted((self.folder / "data" / "backups").glob("*.tar"))

    async def is_backed_up(self) -> Path:
        return (await back_up(self.kept, self.kept.backups, SIX)).file

    async def gets_back(self, backup: Path) -> Sequence[str]:
        with opened(backup, self.folder) as (manifest, holds):
            return await restore(self.kept, manifest, holds)

    async def goes_back(self, backup: Path) -> Path | None:
        with opened(backup, self.folder) as (manifest, holds):
            return await replace(self.kept, manifest, holds, at(1))

    async def is_upgraded(self) -> Upgraded:
        return await upgrade(self.kept, at(2))

    async def holds(self) -> tuple[str, Mapping[str, list[str]], Rows]:
        """Where the chain stands, and every column and row."""
        engine = open_engine(self.url)
        async with engine.begin() as connection:
            stands = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
        has = await columns(engine)
        found = await rows(engine, has)
        await engine.dispose()
        return stands, has, found

    async def does(self, *words: str) -> list[str]:
        """What a command says, from a process of its own."""
        pg_dump = Path(shutil.which("pg_dump") or os.devnull)
        environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": f"{pg_dump.parent}{os.pathsep}{os.defpath}"}
        if self.database:
            environment["CHARGEKEY_DATABASE_URL"] = self.database
        running = await asyncio.create_subprocess_exec(
            *CHARGEKEY,
            *words,
            env=environment,
            cwd=self.folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await asyncio.wait_for(running.communicate(), 120)
        assert b"Traceback" not in said, said.decode()
        return [*said.decode().splitlines(), f"ended with {running.returncode}"]


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """`pg_dump` of the server's own age is found first."""
    with contextlib.suppress(postgres.NoPostgres):
        monkeypatch.setenv("PATH", str(postgres.programs()), prepend=os.pathsep)


@pytest.fixture
def ours(databases: Databases, tmp_path: Path) -> Iterator[Place]:
    """A home that an earlier version has filled, with keys and settings."""
    with databases.empty() as url:
        place = a_place(tmp_path / "ours", url)
        (place.folder / "data").mkdir()
        for name, holds in KEY_FILES.items():
            (place.folder / "data" / name).write_text(holds)
        (place.folder / ".env").write_text(SETTINGS)
        load(place.url, OLD)
        yield place


@pytest.fixture
def bare(databases: Databases, tmp_path: Path) -> Iterator[Place]:
    """Another machine with nothing on it."""
    with databases.empty() as url:
        yield a_place(tmp_path / "bare", url)


def a_place(folder: Path, url: str) -> Place:
    folder.mkdir()
    return Place(folder, url if url.startswith("postgresql") else "")


# ── backed up ────────────────────────────────────────────────────────────────────────────────────


async def test_one_file_has_it_all_for_its_owner_alone(ours: Place) -> None:
    file = await ours.is_backed_up()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        names = set(tar.getnames())
        assert {member.mode for member in tar} == {0o600}
        told = tar.extractfile("manifest.json")
        assert told
        manifest = json.loads(told.read())
    assert names == {"manifest.json", *manifest["sha256"]} and {*KEY_FILES, "settings.env"} < names
    assert (manifest["revision"], manifest["kind"]) == (OLD, "postgresql" if ours.database else "sqlite")
    assert [one.name for one in file.parent.iterdir()] == [file.name]  # nothing is left beside it


async def test_it_is_taken_while_others_write(ours: Place) -> None:
    engine = open_engine(ours.url)
    async with engine.begin() as writing:
        await writing.execute(text("UPDATE driver SET email = 'half@done.example' WHERE id = 1"))
        file = await ours.is_backed_up()
        await writing.rollback()
    await engine.dispose()
    before = await ours.holds()
    await ours.goes_back(file)
    assert await ours.holds() == before  # of what was not committed nothing is in it


async def test_what_is_not_there_is_said_and_older_ones_are_forgotten_on_request(ours: Place) -> None:
    (ours.folder / "data" / "push-key.pem").unlink()
    to = ours.folder / "elsewhere"
    to.mkdir()
    for nth in range(3):
        (to / f"chargekey-2020-01-0{nth + 1}T00-00-00Z.tar").write_text("an old one")
    (to / "chargekey-notes.txt").write_text("nobody's")
    done = await back_up(ours.kept, to, SIX, keep=2)
    assert (done.missing, done.forgotten) == (["push-key.pem"], 2)
    assert sorted(one.name for one in to.iterdir())[0] == "chargekey-2020-01-03T00-00-00Z.tar"
    assert len(list(to.iterdir())) == 3


async def test_two_in_one_second_are_one(ours: Place) -> None:
    await ours.is_backed_up()
    with pytest.raises(CannotBackUp, match="is there already"):
        await ours.is_backed_up()
    assert len(ours.backups) == 1


async def test_where_nothing_was_ever_made_there_is_nothing_to_back_up(bare: Place) -> None:
    if bare.database:  # a server's database is there, and empty
        with opened(await bare.is_backed_up(), bare.folder) as (manifest, _):
            assert manifest.revision is None
    else:
        with pytest.raises(CannotDump, match="there is no database yet"):
            await bare.is_backed_up()


# ── put back ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_backup_is_put_back_into_an_empty_home_with_its_settings(ours: Place, bare: Place) -> None:
    backup = await ours.is_backed_up()
    assert await bare.gets_back(backup) == []
    assert await bare.holds() == await ours.holds()
    assert (bare.folder / ".env").read_text() == SETTINGS
    for name, holds in KEY_FILES.items():
        file = bare.folder / "data" / name
        assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == (holds, 0o600)

    # ── once more: there is somebody now ─────────────────────────
    with pytest.raises(CannotRestore, match="there is a database already"):
        await bare.gets_back(backup)


async def test_files_that_are_there_stay_and_another_key_stops_it(ours: Place, bare: Place) -> None:
    backup = await ours.is_backed_up()
    (bare.folder / ".env").write_text(SETTINGS + "CHARGEKEY_OPERATOR_NAME=Here\n")
    (bare.folder / "data").mkdir()
    key = bare.folder / "data" / "command-key.pem"
    key.write_text("a key of another home")
    with pytest.raises(CannotRestore, match=r"command-key\.pem is there already, and is another"):
        await bare.gets_back(backup)
    assert key.read_text() == "a key of another home"
    assert not (bare.folder / "data" / "keyring.json").exists()

    key.write_text(KEY_FILES["command-key.pem"])
    assert await bare.gets_back(backup) == ["command-key.pem"]
    assert "OPERATOR_NAME=Here" in (bare.folder / ".env").read_text()


@pytest.mark.parametrize("harm", ["cut", "changed", "no tar", "of a later version"])
async def test_what_is_not_as_it_was_backed_up_is_refused_whole(ours: Place, bare: Place, harm: str) -> None:
    file = ours.folder / "harmed.tar"
    harmed(await ours.is_backed_up(), file, harm)
    with pytest.raises((BackupWrong, DatabaseTooNew)):
        await bare.gets_back(file)
    assert not (bare.folder / ".env").exists()
    assert not list((bare.folder / "data").glob("*.pem"))


def harmed(backup: Path, file: Path, harm: str) -> None:
    whole = backup.read_bytes()
    if harm == "of a later version":
        whole = whole.replace(f'"revision": "{OLD}"'.encode(), b'"revision": "9999"')
    if harm == "changed":
        whole = whole.replace(b"another key", b"another kez")
    file.write_bytes({"cut": whole[: len(whole) // 2], "no tar": b"hello"}.get(harm, whole))


# ── upgraded ─────────────────────────────────────────────────────────────────────────────────────


async def test_an_earlier_home_is_upgraded_in_place_and_rolled_back(ours: Place) -> None:
    before = await ours.holds()
    done = await ours.is_upgraded()
    assert done.backup and ours.backups == [done.backup]
    stands, has, found = await ours.holds()
    assert stands == newest() > before[0]
    assert {name: set(before[1][name]) <= set(has[name]) for name in before[1]} == dict.fromkeys(before[1], True)
    assert {name: len(found[name]) for name in before[2]} == {name: len(there) for name, there in before[2].items()}
    assert (await ours.is_upgraded()).backup is None
    assert ours.backups == [done.backup]

    # ── and back ─────────────────────────────────────────────────
    until_now = await ours.goes_back(done.backup)
    assert await ours.holds() == before
    assert until_now  # what was there until then can be had back, too
    with opened(until_now, ours.folder) as (manifest, _):
        assert manifest.revision == stands


async def test_an_upgrade_that_fails_has_not_happened(ours: Place) -> None:
    await told(ours, "CREATE TABLE push_device (mine INTEGER)")  # which the chain wants to make
    before = await ours.holds()
    with pytest.raises(CannotUpgrade, match="it failed and nothing was changed"):
        await ours.is_upgraded()
    assert await ours.holds() == before
    assert len(ours.backups) == 1


async def test_a_later_database_is_refused_and_so_is_none(ours: Place, bare: Place) -> None:
    await told(ours, "UPDATE alembic_version SET version_num = '9999'")
    before = await ours.holds()
    with pytest.raises(DatabaseTooNew, match="the database stands at 9999"):
        await ours.is_upgraded()
    assert await ours.holds() == before
    assert ours.backups == []
    with pytest.raises(CannotUpgrade, match="there is no database of Chargekey's yet"):
        await bare.is_upgraded()


async def test_nothing_is_upgraded_or_replaced_under_somebody_who_is_connected(ours: Place) -> None:
    backup, engine = await ours.is_backed_up(), open_engine(ours.url)
    if ours.database:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
            for does in (ours.is_upgraded(), ours.goes_back(backup)):
                with pytest.raises(HomeTaken, match="somebody else is connected"):
                    await does
    else:
        lock = Alone(ours.folder / "data" / "alone.lock")
        assert lock.is_one_of_many()  # as whoever serves does
        for words in (["upgrade"], ["restore", "--replace", str(backup)]):
            assert "is running on this database" in (await ours.does(*words))[-2]
        lock.let_go()
    await engine.dispose()


@pytest.mark.long
async def test_what_an_operator_types(ours: Place, bare: Place) -> None:
    said = await ours.does("backup", "--keep", "7")
    (backup,) = ours.backups
    assert said[0].startswith(f"Backed up: {backup} (")
    said = await bare.does("restore", str(backup))
    assert said[-2:] == [
        "Before you start: chargekey restored. It finds out who must allow it again, and tells them.",
        "ended with 0",
    ]
    assert (bare.folder / ".env").read_text() == SETTINGS
    said = await bare.does("upgrade")
    assert said[1:3] == [
        f"The database stood at {OLD} and stands at {newest()}, with every row.",
        "Start Chargekey, then: chargekey doctor.",
    ]
    said = await bare.does(*said[3].partition("chargekey ")[2].split())  # the very words that it says
    assert said[-1] == "ended with 0"
    assert await bare.holds() == await ours.holds()


async def told(place: Place, statement: str) -> None:
    engine = open_engine(place.url)
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
