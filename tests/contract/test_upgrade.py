"""A home that earlier versions have filled opens with this one, on both engines; one of a later version is refused."""

import asyncio
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from sqlalchemy import Column, Connection, MetaData, Table, event, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.homes import KeptHomes
from chargekey.adapters.store.migrate import differences, migrate, newest, revisions, version
from chargekey.adapters.store.sealed_columns import broken
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.timers import TimerQueue
from chargekey.adapters.store.vault import KeptVault
from chargekey.adapters.tesla.command_key import make_command_key
from chargekey.domain.evidence import Handshake, ScopesGranted, Subject, SubjectKind
from chargekey.domain.place import Place
from chargekey.domain.spend import Billed, bill_micro_usd, month_of
from chargekey.entrypoints.cli.demo import Demo, settings_of_demo
from tests.contract.databases import Databases
from tests.contract.household import at
from tests.contract.sealed_homes import RING
from tests.contract.test_vault import CountingSignIn, StandingClock, never

EARLIER: Final = Path(__file__).parent / "earlier"
VERSIONS: Final = sorted({kept.name.partition(".")[0] for kept in EARLIER.glob("*.sql")})
Rows = Mapping[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Old:
    """A filled database of an earlier version, untouched by this one."""

    stands: str
    engine: AsyncEngine


@pytest.fixture(params=VERSIONS)
async def old(request: pytest.FixtureRequest, databases: Databases) -> AsyncIterator[Old]:
    with databases.empty() as url:
        load(url, request.param)
        engine = open_engine(url)
        yield Old(request.param, engine)
        await engine.dispose()


def load(url: str, stands: str) -> None:
    """As somebody restores a backup."""
    parsed = make_url(url)
    script = (EARLIER / f"{stands}.{parsed.get_backend_name()}.sql").read_text()
    if parsed.get_backend_name() == "sqlite":
        with sqlite3.connect(parsed.database or "") as file:
            file.executescript(script)
        file.close()
    else:
        with psycopg.connect(url) as server:
            server.execute(script.encode())


async def rows(engine: AsyncEngine, columns: Mapping[str, list[str]]) -> Rows:
    """Of each table these columns, whatever more it has by now."""
    async with engine.begin() as connection:
        found = {}
        for name, named in columns.items():
            table = Table(name, MetaData(), *(Column(column) for column in named))
            found[name] = sorted((tuple(row) for row in await connection.execute(select(table))), key=repr)
        return found


async def columns(engine: AsyncEngine) -> dict[str, list[str]]:
    """What the database has just now, by its own word."""

    def reflected(connection: Connection) -> dict[str, list[str]]:
        there = MetaData()
        there.reflect(connection)
        return {
            name: [column.name for column in table.columns]
            for name, table in there.tables.items()
            if name != "alembic_version"
        }

    async with engine.begin() as connection:
        return await connection.run_sync(reflected)


def test_a_database_of_every_shape_that_people_may_have_is_kept() -> None:
    assert VERSIONS[0] == "0001"
    assert set(VERSIONS) <= revisions()
    assert {kept.name for kept in EARLIER.glob("*.sql")} == {
        f"{stands}.{engine}.sql" for stands in VERSIONS for engine in ("sqlite", "postgresql")
    }


async def test_a_filled_home_of_an_earlier_version_opens_with_this_one(old: Old) -> None:
    had = await columns(old.engine)
    before = await rows(old.engine, had)
    assert all(before.values())  # every table that there was has rows
    await migrate(old.engine)
    assert await differences(old.engine) == []
    assert await rows(old.engine, had) == before  # not one is lost, and none reads otherwise
    await tokens_open(old)
    await evidence_and_nights_are_read(KeptStore(old.engine))
    await timers_run(old)
    store = KeptStore(old.engine)
    assert (await store.everything_of(1)).keys() >= {"driver", "night", "observation"}
    await store.erase_driver(1)
    assert await store.everything_of(1) == {}
    assert (await store.everything_of(2)).keys() >= {"driver", "night", "observation"}


async def test_what_was_billed_before_there_was_a_budget_counts_for_its_month(old: Old) -> None:
    table = tables.billed_call
    async with old.engine.begin() as connection:
        calls = (await connection.execute(select(table.c.category, table.c.at))).all()
    await migrate(old.engine)
    for month in {month_of(asked_at) for _, asked_at in calls}:
        asked = Counter(Billed(category) for category, asked_at in calls if month_of(asked_at) == month)
        async with KeptStore(old.engine).unit() as unit:
            home, by_car = await unit.spending.by_car(month)
        assert home == sum(by_car.values()) == bill_micro_usd(asked) > 0


async def tokens_open(old: Old) -> None:
    vault = KeptVault(old.engine, RING, CountingSignIn(), StandingClock(), never)
    assert (await vault.access(1)).token.reveal() == "access 1"
    assert (await vault.renewed(1, (await vault.access(1)).token)).token.reveal() == "access 2"
    async with old.engine.begin() as connection:
        assert await broken(connection, RING) == []
    home = await KeptHomes(old.engine, RING).home_of(1)
    assert (home.place if home else None) == (Place(52.0, 5.0) if old.stands > "0001" else None)


async def evidence_and_nights_are_read(store: KeptStore) -> None:
    async with store.unit() as unit:
        assert (await unit.evidence.seen(Subject(SubjectKind.GRANT, 1))).fact(ScopesGranted)
        assert (await unit.evidence.seen(Subject(SubjectKind.VEHICLE, 1))).fact(Handshake) == Handshake(proved=True)
        assert await unit.settings.settings(1)
        (night,) = await unit.nights.nights_of(1, 10)
        assert await unit.nights.plan_of(night.id)
        assert await unit.commands.commands_of(night.id)
        driver = await unit.people.driver(1)
        assert driver.email == "anna@example.org"
        for notice in await unit.notices.unread(1):
            assert notice.kind


async def timers_run(old: Old) -> None:
    """All that it waited for is still waited for, by names that this version knows."""
    async with old.engine.begin() as connection:
        waited = (await connection.execute(select(tables.timer))).all()
    queue, ran = TimerQueue(old.engine), 0
    while due := await queue.claim(at(60), 100):
        for one in due:
            await queue.done(one)
        ran += len(due)
    assert ran == len(waited) > 0


# ── what another version wrote in a way that is unknown here ─────────────────────────────────────


async def test_settings_plans_and_facts_of_another_shape_are_as_good_as_none(old: Old) -> None:
    await migrate(old.engine)
    async with old.engine.begin() as connection:
        await connection.execute(update(tables.charge_settings).values(settings='{"of": "a later version"}'))
        await connection.execute(update(tables.plan).values(plan="[]"))
        await connection.execute(update(tables.observation).values(kind="a_kind_of_later"))
    async with KeptStore(old.engine).unit() as unit:
        assert await unit.settings.settings(1) is None  # the driver is asked what he wants
        (night,) = await unit.nights.nights_of(1, 10)
        assert await unit.nights.plan_of(night.id) is None  # it is planned anew
        assert (await unit.evidence.seen(Subject(SubjectKind.GRANT, 1))).fact(ScopesGranted) is None


# ── stopped in the middle, and never backwards ───────────────────────────────────────────────────


class Killed(BaseException):
    """The process ends here."""


async def test_a_migration_that_is_cut_anywhere_has_not_happened(old: Old) -> None:
    had, left = await columns(old.engine), 0
    before = await rows(old.engine, had)

    def one_less(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        nonlocal left
        if statement.lstrip().upper().startswith(("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")):
            left -= 1
            if left < 0:
                raise Killed

    event.listen(old.engine.sync_engine, "before_cursor_execute", one_less)
    for survives in range(0, 1000, 7):
        left = survives
        try:
            await migrate(old.engine)
        except Killed:
            left = 2**20
            assert await columns(old.engine) == had
            assert await rows(old.engine, had) == before
            continue
        break
    assert old.stands == newest() or survives > 0
    assert await differences(old.engine) == []
    async with old.engine.begin() as connection:
        assert await version(connection) == newest()


async def test_a_later_database_is_refused_at_the_start_with_one_line_and_left_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "chargekey.db"
    load(f"sqlite:///{file}", VERSIONS[-1])
    engine = open_engine(f"sqlite:///{file}")
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    had = await columns(engine)
    before = await rows(engine, had)
    make_command_key(tmp_path / "command-key.pem")
    told = {f"CHARGEKEY_{name.upper()}": value for name, value in settings_of_demo(Demo(8798, 8799, tmp_path)).items()}
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from chargekey.app import main; main()",
        "serve",
        env=told | {"PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(started.communicate(), 120)
    assert started.returncode == 1, said
    assert said.decode().splitlines()[-1].startswith("chargekey: the database stands at 9999"), said
    assert b"Traceback" not in said
    assert await rows(engine, had) == before
    await engine.dispose()
