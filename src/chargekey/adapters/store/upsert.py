"""INSERT that says what becomes of a row that is there already: both databases have it, each by its own name."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def adding(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT with `on_conflict_do_update` and `on_conflict_do_nothing`."""
    return adding_in(connection.dialect.name, table)


def adding_in(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The same for statements that are built once for each database."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
