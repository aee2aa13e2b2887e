"""Bringing a database to the shape this version needs."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chargekey.adapters.store import page_changes  # noqa: F401  named here: so its table is found
from chargekey.adapters.store.tables import metadata

_HERE: Final = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME: Final = 0x63_68_61_72_67_65
"""A number that nobody else locks by in our database: "charge" in ASCII."""


class DatabaseTooNew(Exception):
    """The database was made by a later version of Chargekey."""


async def migrate(engine: AsyncEngine) -> None:
    """Run what is missing of the chain, in one transaction. Raises `DatabaseTooNew` and changes nothing then."""
    async with engine.begin() as connection:
        await make_tables(connection)


async def version(connection: AsyncConnection) -> str | None:
    """Which link of the chain this database stands at; None: it has never been migrated."""
    return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


def newest() -> str:
    """Where the chain ends."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def revisions() -> frozenset[str]:
    """Every link of the chain."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


async def make_tables(connection: AsyncConnection) -> None:
    """The whole chain in a transaction that somebody else ends. Raises `DatabaseTooNew`.

    Several who start at once on one server wait for each other here; on SQLite the transaction itself makes them.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    await connection.run_sync(_upgrade)


async def differences(engine: AsyncEngine) -> list[object]:
    """What the tables here and the migrated database disagree about: nothing, if a test has its way."""
    async with engine.begin() as connection:
        return await differences_on(connection)


async def differences_on(connection: AsyncConnection) -> list[object]:
    """The same, within somebody else's transaction."""
    return await connection.run_sync(lambda sync: list(compare_metadata(MigrationContext.configure(sync), metadata)))


def check_known(revision: str) -> None:
    """Raises `DatabaseTooNew` for a link that is not of our chain."""
    if revision not in revisions():
        raise DatabaseTooNew(
            f"the database stands at {revision}, which this version ({newest()}) does not know: it was made by a later "
            "version of Chargekey. Install that one, or restore the backup from before it"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    return config


def _upgrade(connection: Connection) -> None:
    config = _config()
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None:
        check_known(present)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
