"""Every contract is kept on both databases: each test gets a fresh, migrated one.

PostgreSQL is the server that TEST_PG_URL names, else one of our own. Where neither is to be had, its half is
skipped and says so; in CI that is an error.
"""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.migrate import migrate
from chargekey.adapters.store.store import KeptStore
from tests.contract.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.contract.household import Household, move_in
from tests.contract.postgres import NoPostgres, served


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server to make databases on."""
    if given := os.environ.get("TEST_PG_URL"):
        yield given
        return
    with ExitStack() as until_the_end:
        try:
            url = until_the_end.enter_context(served())
        except NoPostgres as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"the PostgreSQL half is not tested: {missing}")
        yield url


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The kind of database that the test runs on."""
    if request.param == "sqlite":
        yield SqliteDatabases(tmp_path_factory.mktemp("sqlite"))
        return
    there = PostgresDatabases(request.getfixturevalue("postgres_url"))
    yield there
    there.close()


@pytest.fixture(scope="session")
async def migrated(databases: Databases) -> Databases:
    """The same, with a template that has been through all migrations."""
    engine = open_engine(databases.template())
    await migrate(engine)
    await engine.dispose()
    return databases


@pytest.fixture
async def engine(migrated: Databases) -> AsyncIterator[AsyncEngine]:
    """A migrated database with nobody in it."""
    with migrated.copied() as url:
        opened = open_engine(url)
        yield opened
        await opened.dispose()


@pytest.fixture
def store(engine: AsyncEngine) -> KeptStore:
    return KeptStore(engine)


@pytest.fixture
async def anna(store: KeptStore) -> Household:
    """A driver with a grant and a car."""
    return await move_in(store, "anna@example.org", vin="5YJ3E7EA1PF123456")


@pytest.fixture
async def bert(store: KeptStore) -> Household:
    """Another, who must never notice what becomes of the first."""
    return await move_in(store, "bert@example.org", vin="5YJYE7EA1PF654321")
