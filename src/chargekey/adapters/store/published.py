"""What sources published, and how it goes with asking them: one way of keeping it for prices and for carbon.

A table of slots has whose they are and `starts_at` as its key, and no two slots of one overlap. A table of questions
has whose it is as its key, and the latest question to each source.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store.upsert import adding
from chargekey.ports.prices import Asked


class Slot(Protocol):
    """What holds from `start` up to before `end`."""

    @property
    def start(self) -> datetime: ...

    @property
    def end(self) -> datetime: ...


class Published:
    """Of one source (`whose`: a market, a region) within one transaction."""

    def __init__(self, connection: AsyncConnection, slots: Table, asked: Table, whose: str) -> None:
        self._connection, self._slots, self._asked, self._whose = connection, slots, asked, whose
        self._key = next(iter(slots.primary_key)).name

    async def replace(self, there: Iterable[Slot], new: Sequence[Slot], rows: Sequence[Mapping[str, object]]) -> None:
        """Write `new`, whose columns but the key are `rows`, in place of whatever is `there` at the same time."""
        if not new:
            return
        held = self._slots.c
        for old in there:
            if any(old.start < one.end and one.start < old.end for one in new):
                is_old = (held[self._key] == self._whose, held.starts_at == old.start)
                await self._connection.execute(delete(self._slots).where(*is_old))
        added = adding(self._connection, self._slots)  # two who ask at once bring the same
        values = {name: added.excluded[name] for name in ("ends_at", *rows[0])}
        whole = [
            {self._key: self._whose, "starts_at": one.start, "ends_at": one.end, **row}
            for one, row in zip(new, rows, strict=True)
        ]
        same = [held[self._key], held.starts_at]
        await self._connection.execute(added.on_conflict_do_update(index_elements=same, set_=values), whole)

    async def asked(self) -> Asked | None:
        """None: never."""
        query = select(self._asked).where(self._asked.c[self._key] == self._whose)
        row = (await self._connection.execute(query)).one_or_none()
        return Asked(row.at, row.got_at, row.tries, row.trouble) if row else None

    async def save_asked(self, asked: Asked) -> None:
        """In place of the question before."""
        row = {"at": asked.at, "got_at": asked.got_at, "tries": asked.tries, "trouble": asked.trouble[:40]}
        added = adding(self._connection, self._asked).values(**{self._key: self._whose}, **row)
        key = [self._asked.c[self._key]]
        await self._connection.execute(added.on_conflict_do_update(index_elements=key, set_=row))
