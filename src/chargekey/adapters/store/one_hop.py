"""SQLite in its thread, with as few ways there and back as can be: one a statement, and one for the end of a unit.

A statement's own work takes some microseconds. The way to the thread and back takes many times as long and waits for
the interpreter twice; left alone, the driver goes for a cursor, to execute, to fetch and to close, and again for BEGIN.

Rules of this room:

1. What a statement answers comes back whole with it. Nothing here is for answers that do not fit into memory.
2. BEGIN travels with the first statement of its transaction. One in which nothing is asked never begins.
3. Whether a transaction is open is known by what was sent, not by how far the thread is: whoever was cancelled in
   between still rolls back.
"""

import collections
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_

BEGIN: Final = "BEGIN IMMEDIATE"
"""The write lock at once: a unit that reads first must not find it taken when it writes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is left of a cursor that has run; of one that has not, nothing."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Any] = ()


class Transaction(Enum):
    """How far a connection is with it."""

    NONE = 0
    WANTED = 1
    SENT = 2


class OneHopCursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor lives in the thread, for one statement; this one holds what that answered."""

    __slots__ = ()
    _awaitable_cursor_close = False
    _adapt_connection: "OneHopConnection"

    def _aenter_cursor(self, _: Any) -> Any:
        return Answer()

    def _make_new_cursor(self, _: Any) -> Any:
        return None

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._ask("execute", operation, parameters or ())

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        await self._ask("executemany", operation, seq_of_parameters)

    async def _ask(self, how: str, operation: str, parameters: Any) -> None:
        answer = await self._adapt_connection.ask(how, operation, parameters)
        self._cursor: Any = answer
        self._rows = collections.deque(answer.rows)

    def close(self) -> None:
        self._rows.clear()


class OneHopConnection(AsyncAdapt_aiosqlite_connection):
    """Begins when there is something to do, and rolls back only what was begun."""

    __slots__ = ("_transaction",)
    _cursor_cls = OneHopCursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self._transaction = Transaction.NONE

    def begin(self) -> None:
        """With the next statement, until `commit` or `rollback`."""
        self._transaction = Transaction.WANTED

    async def ask(self, how: str, operation: str, parameters: Any) -> Answer:
        """One statement, there and back. `how`: a method of the thread's cursor."""
        driver: Any = self._connection
        async with self._execute_mutex:
            begins = self._transaction is Transaction.WANTED
            if begins:
                self._transaction = Transaction.SENT
            answer: Answer = await driver._execute(_answer, driver._conn, begins, how, operation, parameters)  # noqa: SLF001  as SQLAlchemy does: aiosqlite has no way of its own to do several things in one visit
        return answer

    def commit(self) -> None:
        if self._transaction is Transaction.SENT:
            super().commit()
        self._transaction = Transaction.NONE

    def rollback(self) -> None:
        sent, self._transaction = self._transaction, Transaction.NONE
        if sent is Transaction.SENT:
            super().rollback()


class OneHop(AsyncAdapt_aiosqlite_dbapi):
    """The driver as an engine takes it: `create_async_engine(…, module=OneHop())`."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *given: Any, **named: Any) -> OneHopConnection:
        opened = aiosqlite.connect(*given, **named)
        opened._thread.daemon = True  # noqa: SLF001  as SQLAlchemy does: a process that ends waits for no connection
        return OneHopConnection(self, await_(opened))


def _answer(connection: sqlite3.Connection, begins: bool, how: str, operation: str, parameters: Any) -> Answer:
    """In the thread."""
    cursor = connection.cursor()
    try:
        if begins:
            cursor.execute(BEGIN)
        getattr(cursor, how)(operation, parameters)
        rows = cursor.fetchall() if cursor.description else ()
        return Answer(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    finally:
        cursor.close()
