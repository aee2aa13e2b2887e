"""A home moves from a SQLite file to PostgreSQL: every row of every table, or nothing at all."""

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.homes import KeptHomes
from chargekey.adapters.store.migrate import migrate
from chargekey.adapters.store.moving import CannotMove, move
from chargekey.adapters.store.page_changes import page_change
from chargekey.adapters.store.passkey_tables import passkey_refusal
from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.support_tables import cause_judged
from chargekey.adapters.store.tables import metadata
from chargekey.adapters.store.vault import KeptVault
from chargekey.domain.carbon import CarbonSlot, region
from chargekey.domain.market import market
from chargekey.domain.place import Place
from chargekey.domain.tariff import PriceSlot
from chargekey.ports.prices import Asked
from tests.contract.databases import PostgresDatabases
from tests.contract.household import SIX, move_in
from tests.contract.test_erase import NOT_ABOUT_DRIVERS, live
from tests.contract.test_vault import CountingSignIn, StandingClock

pytestmark = pytest.mark.postgres
GB: Final = region("gb-carbon:GB")
NL: Final = market("energy-charts:NL")
RING: Final = KeyRing({1: bytes(32)})
EMAILS: Final = ("anna@example.org", "bert@example.org")
Rows = Mapping[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def server(postgres_url: str) -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(postgres_url)
    yield databases
    databases.close()


@pytest.fixture
def target(server: PostgresDatabases) -> Iterator[str]:
    """A database with nothing in it."""
    with server.empty() as url:
        yield url


@pytest.fixture(scope="module")
async def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which every table has a row."""
    file = tmp_path_factory.mktemp("filled") / "chargekey.db"
    engine = open_engine(f"sqlite:///{file}")
    await migrate(engine)
    await fill(engine)
    await engine.dispose()
    return file


@pytest.fixture
def source(filled: Path, tmp_path: Path) -> str:
    """A copy of it."""
    return f"sqlite:///{shutil.copy(filled, tmp_path)}"


async def fill(engine: AsyncEngine) -> None:
    """Two drivers with all that can be kept of them, and what belongs to nobody."""
    store = KeptStore(engine)
    await store.mark(demo=True)
    for nth, email in enumerate(EMAILS):
        await live(store, engine, await move_in(store, email, vin=f"5YJ3E7EA1PF12345{nth}"))
    async with engine.begin() as connection:
        await connection.execute(insert(tables.tesla_outage).values(region="eu", since=SIX))
        await connection.execute(insert(passkey_refusal).values(asked_from="a keyed hash", at=SIX))
        await connection.execute(insert(cause_judged).values(named="D1", truly="D2", at=SIX))
        await connection.execute(insert(page_change).values(counter=1, raised=3))
    async with store.unit() as unit:
        await unit.prices.keep(NL, [PriceSlot(SIX, SIX + timedelta(minutes=15), -500)], SIX)
        await unit.prices.save_asked(NL, Asked(SIX, SIX, 0, ""))
        await unit.carbon.keep(GB, [CarbonSlot(SIX, SIX + timedelta(minutes=30), 120, is_forecast=True)], SIX)
        await unit.carbon.save_asked(GB, Asked(SIX, SIX, 0, ""))


async def rows(url: str) -> Rows:
    engine = open_engine(url)
    async with engine.begin() as connection:
        found = {
            table.name: sorted((tuple(row) for row in await connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }
    await engine.dispose()
    return found


async def names(url: str) -> list[str]:
    engine = open_engine(url)
    async with engine.begin() as connection:
        found = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await engine.dispose()
    return found


@pytest.fixture
async def moved(source: str, target: str) -> AsyncIterator[AsyncEngine]:
    """The home after its move."""
    await move(source, target)
    engine = open_engine(target)
    yield engine
    await engine.dispose()


# ── what is moved ────────────────────────────────────────────────────────────────────────────────


async def test_every_row_of_every_table_is_in_the_new_database(source: str, target: str) -> None:
    before = await rows(source)
    assert [table for table, there in before.items() if not there] == []  # every table is tried
    counted = await move(source, target)
    assert await rows(target) == before
    assert counted == {table: len(there) for table, there in before.items()}
    assert await rows(source) == before


async def test_a_database_that_is_made_but_empty_is_as_good_as_a_bare_one(source: str, target: str) -> None:
    engine = open_engine(target)
    await migrate(engine)
    await engine.dispose()
    await move(source, target)
    assert await rows(target) == await rows(source)


async def test_more_rows_than_are_read_at_once_come_whole(source: str, target: str) -> None:
    engine = open_engine(source)
    async with engine.begin() as connection:
        links = [
            {"token_hash": f"{nth:04d}é{nth % 7}Z_", "email": "x@example.org", "asked_at": SIX, "expires_at": SIX}
            for nth in range(1203)
        ]
        await connection.execute(insert(tables.sign_in_link), links)
    await engine.dispose()
    assert (await move(source, target))["sign_in_link"] == 1203 + len(EMAILS)
    assert await rows(target) == await rows(source)


async def test_what_is_sealed_opens_in_the_new_database(moved: AsyncEngine) -> None:
    vault, homes = KeptVault(moved, RING, CountingSignIn(), StandingClock()), KeptHomes(moved, RING)
    for number in (1, 2):
        home = await homes.home_of(number)
        assert home
        assert home.place == Place(52.0, 5.0)
    assert (await vault.access(1)).token.reveal() == "access 1"


async def test_numbers_go_on_where_they_were(moved: AsyncEngine) -> None:
    store = KeptStore(moved)
    before = await rows(moved.url.render_as_string(hide_password=False))
    await live(store, moved, await move_in(store, "carla@example.org", vin="5YJ3E7EA1PF123459"))
    after = await rows(moved.url.render_as_string(hide_password=False))
    assert [table for table in before if table not in NOT_ABOUT_DRIVERS] == [
        table for table in before if len(after[table]) > len(before[table])
    ]


# ── what is refused ──────────────────────────────────────────────────────────────────────────────


async def test_a_file_that_is_open_elsewhere_is_not_moved(source: str, target: str) -> None:
    engine = open_engine(source)
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1 FROM driver"))
        await connection.rollback()  # at rest, as a Chargekey is that has nothing to do
        with pytest.raises(CannotMove, match="stop Chargekey"):
            await move(source, target)
    await engine.dispose()
    assert await names(target) == []
    await move(source, target)


async def test_a_target_with_rows_is_left_alone(source: str, target: str) -> None:
    await move(source, target)
    with pytest.raises(CannotMove, match="it has rows in"):
        await move(source, target)
    assert await rows(target) == await rows(source)


async def test_a_target_of_something_else_is_left_alone(source: str, target: str) -> None:
    engine = open_engine(target)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE theirs (x INTEGER)"))
    await engine.dispose()
    with pytest.raises(CannotMove, match="something else"):
        await move(source, target)
    assert await names(target) == ["theirs"]


@pytest.mark.parametrize("which", ["source", "target"])
async def test_neither_may_be_of_another_version(source: str, target: str, which: str) -> None:
    engine = open_engine(target)
    await migrate(engine)
    await engine.dispose()
    engine = open_engine(source if which == "source" else target)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    await engine.dispose()
    with pytest.raises(CannotMove, match="stands at 0004"):
        await move(source, target)
    assert not any((await rows(target)).values())


async def test_what_does_not_fit_leaves_the_target_as_it_was(source: str, target: str) -> None:
    engine = open_engine(source)
    async with engine.begin() as connection:
        await connection.execute(insert(tables.outbox).values(to="x" * 400, subject="", text="", sent_at=SIX))
    await engine.dispose()
    with pytest.raises(CannotMove, match="rows of outbox"):
        await move(source, target)
    assert await names(target) == []


async def test_a_file_that_is_not_there_is_not_made(tmp_path: Path, target: str) -> None:
    for _ in range(2):
        with pytest.raises(CannotMove, match="no database yet"):
            await move(f"sqlite:///{tmp_path / 'none.db'}", target)


async def test_a_file_of_something_else_is_not_moved(tmp_path: Path, target: str) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    engine = open_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE theirs (x INTEGER)"))
    await engine.dispose()
    with pytest.raises(CannotMove, match="no database of Chargekey"):
        await move(url, target)


@pytest.mark.parametrize(("there", "here"), [("postgresql://h/a", "postgresql://h/b"), ("sqlite:///a", "sqlite:///b")])
async def test_it_goes_one_way_only(there: str, here: str) -> None:
    with pytest.raises(CannotMove, match="no other way"):
        await move(there, here)


async def test_a_server_that_is_not_there_is_said_in_one_line_without_a_password(source: str) -> None:
    with pytest.raises(CannotMove) as why:
        await move(source, "postgresql://someone:hush@127.0.0.1:9/none")
    assert "\n" not in str(why.value)
    assert "hush" not in str(why.value)
