"""Databases for tests, one fresh copy each: migrated once, then copied."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url


class Databases(Protocol):
    """A place that makes databases."""

    def template(self) -> str:
        """The URL of the one that is migrated and then copied; there before it is asked for."""

    def copied(self) -> AbstractContextManager[str]:
        """The URL of a fresh copy of the template, gone after the block."""

    def empty(self) -> AbstractContextManager[str]:
        """The URL of a database with nothing in it, gone after the block."""


class SqliteDatabases:
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def template(self) -> str:
        return self._url(self._folder / "template.db")

    @contextmanager
    def copied(self) -> Iterator[str]:
        with self.empty() as url:
            shutil.copyfile(self._folder / "template.db", make_url(url).database or "")
            yield url

    @contextmanager
    def empty(self) -> Iterator[str]:
        path = self._folder / f"{secrets.token_hex(8)}.db"
        yield self._url(path)
        for left in self._folder.glob(f"{path.name}*"):
            left.unlink()

    def _url(self, path: Path) -> str:
        return f"sqlite:///{path}"


class PostgresDatabases:
    """Databases of one server, under names that nobody else there has."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._prefix = f"chargekey_test_{secrets.token_hex(6)}"
        self._template = f"{self._prefix}_template"
        self._do(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._template)))

    def template(self) -> str:
        return self._named(self._template)

    @contextmanager
    def copied(self) -> Iterator[str]:
        with self._database(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), sql.Identifier(self._template)) as url:
            yield url

    @contextmanager
    def empty(self) -> Iterator[str]:
        with self._database(sql.SQL("CREATE DATABASE {}")) as url:
            yield url

    def close(self) -> None:
        """Leave nothing behind on the server."""
        self._drop(self._template)

    @contextmanager
    def _database(self, create: sql.SQL, *more: sql.Identifier) -> Iterator[str]:
        name = f"{self._prefix}_{secrets.token_hex(6)}"
        self._do(create.format(sql.Identifier(name), *more))
        try:
            yield self._named(name)
        finally:
            self._drop(name)

    def _drop(self, name: str) -> None:
        self._do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _do(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._url.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(statement)

    def _named(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)
