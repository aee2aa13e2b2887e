"""A home in which every sealed column holds what opens, for two drivers."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.columns import Sealed
from chargekey.adapters.store.sealed_columns import SEALED_COLUMNS, SealedColumn
from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.support_cases import RingEnvelope
from chargekey.adapters.store.support_tables import support_case, support_message
from chargekey.adapters.store.tables import metadata
from chargekey.domain.journey import Step
from chargekey.domain.secret import Secret
from chargekey.domain.support import Bundle, StepLine, SupportCode
from tests.contract.household import SIX, Household, move_in
from tests.contract.test_erase import live

RING: Final = KeyRing({1: bytes(32)})
BUNDLE: Final = Bundle(SIX, (StepLine(Step.ADD_KEY),))
SAYS: Final = "the app shows nothing"


@dataclass(frozen=True)
class Street:
    """Two neighbours. Whatever is swapped by hand is swapped between them, or within one home."""

    store: KeptStore
    engine: AsyncEngine
    anna: Household
    bert: Household


def sealed_columns() -> list[Column[Any]]:
    """By their type, so that none can be forgotten."""
    return [column for table in metadata.sorted_tables for column in table.columns if isinstance(column.type, Sealed)]


def known(column: Column[Any]) -> SealedColumn:
    """What rotation knows of it."""
    return next(one for one in SEALED_COLUMNS if one.column is column)


async def build(store: KeptStore, engine: AsyncEngine) -> Street:
    """Both with tokens, home, device, support case and message."""
    anna = await move_in(store, "anna@example.org", vin="5YJ3E7EA1PF123456")
    bert = await move_in(store, "bert@example.org", vin="5YJYE7EA1PF654321")
    for who in (anna, bert):
        await live(store, engine, who)
    await seal_support(engine, RING)
    return Street(store, engine, anna, bert)


async def seal_support(engine: AsyncEngine, ring: KeyRing) -> None:
    """In place of the words that `live` leaves there."""
    envelope = RingEnvelope(ring)
    async with engine.begin() as connection:
        for row in (await connection.execute(select(support_case))).all():
            contents = envelope.seal_bundle(BUNDLE, SupportCode(row.code))
            its = support_case.c.id == row.id
            await connection.execute(update(support_case).where(its).values(contents_sealed=contents, sent_at=SIX))
        messages = select(support_message, support_case.c.code).join(support_case)
        for row in (await connection.execute(messages)).all():
            text = envelope.seal_text(SAYS, SupportCode(row.code), row.at)
            its = support_message.c.id == row.id
            await connection.execute(update(support_message).where(its).values(text_sealed=text))


async def values(engine: AsyncEngine, column: Column[Any]) -> dict[int, bytes]:
    """What lies in a sealed column, by row; Anna moved in first, so hers comes first."""
    async with engine.begin() as connection:
        rows = await connection.execute(known(column).rows.order_by(known(column).key))
        return {row.of_row: row.sealed_value for row in rows}


async def opened(engine: AsyncEngine, ring: KeyRing) -> dict[str, Secret]:
    """Every sealed value of the home, opened, by where it lies."""
    found = {}
    async with engine.begin() as connection:
        for one in SEALED_COLUMNS:
            for row in (await connection.execute(one.rows)).all():
                found[one.place(row)] = ring.open(row.sealed_value, one.place(row))
    return found


async def put(engine: AsyncEngine, column: Column[Any], row: int, value: bytes) -> None:
    """By hand, as somebody would who can write to the database and has no key."""
    async with engine.begin() as connection:
        written = update(column.table).where(known(column).key == row).values({column.key: value})
        await connection.execute(written)
