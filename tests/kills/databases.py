"""The two kinds of database that Chargekey is cut on: one at work, and copies of it from before each leg."""

import shutil
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url


class Database(Protocol):
    """One database at work. Nobody has it open while it is copied."""

    kind: str
    url: str

    def empty(self) -> None:
        """Nothing is in it."""

    def save(self, name: str) -> None:
        """A copy under this name."""

    def restore(self, name: str) -> None:
        """As it was saved."""


class Sqlite:
    """A file with its log beside it."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._at_work, self._saved = folder / "at-work", folder / "saved"
        self.url = f"sqlite:///{self._at_work / 'chargekey.db'}"

    def empty(self) -> None:
        shutil.rmtree(self._at_work, ignore_errors=True)
        self._at_work.mkdir()

    def save(self, name: str) -> None:
        shutil.copytree(self._at_work, self._saved / name)

    def restore(self, name: str) -> None:
        shutil.rmtree(self._at_work)
        shutil.copytree(self._saved / name, self._at_work)


class Postgres:
    """A database of a server of the test's own."""

    kind = "postgresql"

    def __init__(self, server: str) -> None:
        self._server = make_url(server)
        self.url = self._server.set(database="at_work").render_as_string(hide_password=False)

    def empty(self) -> None:
        self._begin_anew("at_work", "template1")

    def save(self, name: str) -> None:
        self._begin_anew(f"saved_{name}", "at_work")

    def restore(self, name: str) -> None:
        self._begin_anew("at_work", f"saved_{name}")

    def _begin_anew(self, name: str, template: str) -> None:
        named, like = sql.Identifier(name), sql.Identifier(template)
        server = self._server.render_as_string(hide_password=False)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(named))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(named, like))
