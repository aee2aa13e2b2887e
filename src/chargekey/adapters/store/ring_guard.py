"""Whether the key ring fits the database: a start asks it, so that no new key ever stands in for a lost one in silence.

Rules of this room:

1. A ring is made only for a database in which nothing is sealed, or by somebody who said that the old one is lost.
2. It fits if of each key that seals something here at least one value opens. Single values that were moved or cut
   short stop nobody: whoever meets one says so.
3. Keys given up for lost are written down in the database, which is what they seal. The file loses no key by it.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.ring_file import KeptRing, add_key, make_ring
from chargekey.adapters.store.sealed_columns import counted, opens_one
from chargekey.adapters.store.upsert import adding

GIVEN_UP: Final = "keys_given_up"
"""Under this name the database remembers which keys are lost for good, as numbers with commas."""


class KeyRingLost(Exception):
    """What is sealed here does not open with this ring, or there is none. Nothing was changed."""


async def fit_ring(engine: AsyncEngine, path: Path) -> None:
    """Make the ring of a database that needs none yet. Raises `KeyRingLost`, or `KeyRingUnreadable`."""
    async with engine.begin() as connection:
        shut = await _shut(connection, path)
        if shut:
            raise KeyRingLost(_said(path, shut))
        make_ring(path)


async def go_on_without(engine: AsyncEngine, path: Path) -> Collection[int]:
    """Give up what no key of the ring opens, and seal with a new key from now on. Returns the numbers given up.

    Stopped in between, the ring has one key more, and the same command goes on.
    """
    async with engine.begin() as connection:
        shut, given_up = await _shut(connection, path), await _given_up(connection)
        numbers = await counted(connection)
    if not shut:
        make_ring(path)
        return ()
    add_key(path, above=max(numbers))
    async with engine.begin() as connection:
        value = ",".join(map(str, sorted(given_up | shut.keys())))
        kept = adding(connection, tables.home).values(name=GIVEN_UP, value=value)
        again = kept.on_conflict_do_update(index_elements=[tables.home.c.name], set_={"value": value})
        await connection.execute(again)
    return sorted(shut)


async def _shut(connection: AsyncConnection, path: Path) -> Mapping[int, int]:
    """How many values each key seals that is neither in the ring nor given up.

    The file is looked for last: whoever makes it now does so before he seals.
    """
    numbers, given_up = await counted(connection), await _given_up(connection)
    sealed = {number: values for number, values in numbers.items() if number and number not in given_up}
    ring = _ring_in(path)
    if ring is None:
        return sealed
    return {number: values for number, values in sealed.items() if not await opens_one(connection, ring, number)}


def _ring_in(path: Path) -> KeptRing | None:
    """None: there is no file. Raises `KeyRingUnreadable`."""
    if not path.exists():
        return None
    ring = KeptRing(path)
    ring.keys()
    return ring


async def _given_up(connection: AsyncConnection) -> frozenset[int]:
    query = select(tables.home.c.value).where(tables.home.c.name == GIVEN_UP)
    value = (await connection.execute(query)).scalar_one_or_none()
    return frozenset(map(int, value.split(","))) if value else frozenset()


def _said(path: Path, shut: Mapping[int, int]) -> str:
    what = f"{path.name} does not open" if path.exists() else f"{path.name} is missing from the data folder, and so are"
    keys = f"key {', '.join(map(str, shut))}"
    return (
        f"{what} {sum(shut.values())} values sealed in the database under {keys}: tokens, homes, devices, messages. "
        "Nothing was changed. Whoever runs this server must put the right file back from its backup, mode 600, and "
        "start again. If no copy is left: `chargekey restored --without-ring` makes a new one, and every driver must "
        "allow it again at Tesla (docs/runbooks/back-up-and-restore.md)"
    )
