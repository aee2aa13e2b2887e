"""Turning the key ring: a new key, every sealed value sealed anew under it, and the old keys forgotten.

Rules of this room:

1. The ring is the only memory of how far it went. Stopped at any moment, the same command goes on from there.
2. A value is replaced only by itself and only where it still lies as it was read: a token renewed meanwhile stays.
3. An old key is forgotten by a command of its own, an hour after the new one came and if no value bears its number:
   whoever sealed with it before the new one was there has long ended his transaction by then.
4. What does not open is left as it is, and named.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, bindparam, update
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.alone import Alone
from chargekey.adapters.store.columns import Sealed
from chargekey.adapters.store.migrate import newest, version
from chargekey.adapters.store.ring_file import KeptRing, add_key, changed_at, drop_keys, tidy
from chargekey.adapters.store.sealed_columns import SEALED_COLUMNS, SealedColumn, broken, counted
from chargekey.adapters.store.sealing import KeyRing, SealBroken
from chargekey.ports.upkeep import Rotated

VALUES_AT_ONCE: Final = 100
"""One transaction's worth: on SQLite nobody else writes meanwhile (measured: 11 ms; 20,000 values took 2 s)."""
OLD_KEYS_STAY_FOR: Final = timedelta(hours=1)
LOCK: Final = "rotation.lock"


class CannotRotate(Exception):
    """The keys are as they were. The text is one line that says why."""


async def rotate(engine: AsyncEngine, path: Path) -> Rotated:
    """Add a key, unless old ones still wait to be dropped, and seal everything anew. Raises `CannotRotate`."""
    async with _alone_with(path) as ring:
        await _check(engine)
        added = len(ring.keys()) == 1
        key = add_key(path) if added else ring.newest
        anew = {one.name: await _seal_anew(engine, ring, one) for one in SEALED_COLUMNS}
        left, lost = await _survey(engine, ring)
    return Rotated(key, added, anew, {old: left.get(old, 0) for old in sorted(ring.keys()) if old != key}, lost)


async def drop_old(engine: AsyncEngine, path: Path, now: datetime) -> Sequence[int]:
    """Forget all keys but the newest; returns their numbers. Raises `CannotRotate`: too soon, or one still seals."""
    async with _alone_with(path) as ring:
        await _check(engine)
        since = changed_at(path)
        if len(ring.keys()) > 1 and now - since < OLD_KEYS_STAY_FOR:
            raise CannotRotate(
                f"key {ring.newest} has sealed for less than an hour, and something may be on its way under an older "
                f"one: come back at {since + OLD_KEYS_STAY_FOR:%H:%M} UTC"
            )
        left, lost = await _survey(engine, ring)
        if left:
            number, values = next(iter(left.items()))
            named = f" ({', '.join(lost)}: these do not open)" if lost else ""
            raise CannotRotate(f"key {number} still seals {values}{named}: run chargekey rotate-keys first")
        old = sorted(set(ring.keys()) - {ring.newest})
        if old:
            drop_keys(path, old)
    return old


@asynccontextmanager
async def _alone_with(path: Path) -> AsyncIterator[KeptRing]:
    """Two who add a key at once would each overwrite the other's. The service only reads, and goes on."""
    alone = Alone(path.with_name(LOCK))
    if not alone.is_so():
        raise CannotRotate("somebody else is turning the keys just now")
    try:
        ring = KeptRing(path)
        tidy(path)
        yield ring
    finally:
        alone.let_go()


async def _check(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        stands = await version(connection)
    if stands != newest():
        raise CannotRotate(f"the database stands at {stands}, this version at {newest()}: start this version first")


async def _survey(engine: AsyncEngine, ring: KeyRing) -> tuple[Mapping[int, int], Sequence[str]]:
    """How many values the old keys of the ring still seal, and what does not open."""
    async with engine.begin() as connection:
        numbers = await counted(connection)
        lost = await broken(connection, ring)
    old = ring.keys().keys() - {ring.newest}
    return {key: numbers[key] for key in sorted(old & numbers.keys())}, lost


async def _seal_anew(engine: AsyncEngine, ring: KeyRing, column: SealedColumn) -> int:
    """From the first row to the last, again and again until a whole round has found nothing. Returns how many."""
    total = 0
    while done := await _round(engine, ring, column):
        total += done
    return total


async def _round(engine: AsyncEngine, ring: KeyRing, column: SealedColumn) -> int:
    done, after = 0, None
    old = column.number != bytes([ring.newest])
    while True:
        batch = column.rows.where(old).order_by(column.key).limit(VALUES_AT_ONCE)
        async with engine.begin() as connection:
            rows = (await connection.execute(batch if after is None else batch.where(column.key > after))).all()
            fresh = [one for row in rows if (one := _sealed_anew(ring, column, row))]
            if fresh:
                await connection.execute(_replacing(column), fresh)
        if not rows:
            return done
        done, after = done + len(fresh), rows[-1].of_row


def _sealed_anew(ring: KeyRing, column: SealedColumn, row: Row[Any]) -> dict[str, object] | None:
    """None: it does not open."""
    place = column.place(row)
    try:
        secret = ring.open(row.sealed_value, place)
    except SealBroken:
        return None
    return {"of": row.of_row, "was": row.sealed_value, "fresh": ring.seal(secret, place)}


def _replacing(column: SealedColumn) -> Any:
    """An UPDATE for many rows at once."""
    unchanged = column.column == bindparam("was", type_=Sealed)
    return (
        update(column.column.table)
        .where(column.key == bindparam("of"), unchanged)
        .values({column.column.key: bindparam("fresh", type_=Sealed)})
    )
