"""Every sealed column: to what its values are bound, under which keys they lie there, and which of them do not open.

A test holds that each column of the type `Sealed` is named here.
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Function, LargeBinary, Row, Select, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import homes, push_devices, support_cases, tables, vault
from chargekey.adapters.store.push_tables import push_device
from chargekey.adapters.store.sealing import KeyRing, SealBroken
from chargekey.adapters.store.support_tables import support_case, support_message
from chargekey.domain.support import SupportCode

ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """`rows`: of each its number (`of_row`), the `sealed_value`, and what `place` needs to say where it lies."""

    column: Column[Any]
    key: Column[Any]
    rows: Select[Any]
    place: Callable[[Row[Any]], str]

    @property
    def name(self) -> str:
        """For people, such as `token.refresh_sealed`."""
        return f"{self.column.table.name}.{self.column.key}"

    @property
    def number(self) -> Function[bytes]:
        """The byte that says under which key a value is sealed; nothing for one that is cut short."""
        return func.substr(self.column, literal_column("2"), literal_column("1"), type_=LargeBinary)


def _rows(column: Column[Any], key: Column[Any], *beside: Column[Any]) -> Select[Any]:
    return select(key.label("of_row"), column.label("sealed_value"), *beside)


_TOKEN, _HOME, _DEVICE = tables.token.c, tables.home_place.c, push_device.c
_CASE, _MESSAGE = support_case.c, support_message.c
SEALED_COLUMNS: Final[Sequence[SealedColumn]] = (
    SealedColumn(
        _TOKEN.access_sealed,
        _TOKEN.grant_id,
        _rows(_TOKEN.access_sealed, _TOKEN.grant_id),
        lambda row: vault.place_of("access", row.of_row),
    ),
    SealedColumn(
        _TOKEN.refresh_sealed,
        _TOKEN.grant_id,
        _rows(_TOKEN.refresh_sealed, _TOKEN.grant_id),
        lambda row: vault.place_of("refresh", row.of_row),
    ),
    SealedColumn(
        _HOME.place_sealed,
        _HOME.vehicle_id,
        _rows(_HOME.place_sealed, _HOME.vehicle_id),
        lambda row: homes.place_of(row.of_row),
    ),
    SealedColumn(
        _DEVICE.subscription_sealed,
        _DEVICE.id,
        _rows(_DEVICE.subscription_sealed, _DEVICE.id, _DEVICE.endpoint_hash),
        lambda row: push_devices.place_of(row.endpoint_hash),
    ),
    SealedColumn(
        _CASE.contents_sealed,
        _CASE.id,
        _rows(_CASE.contents_sealed, _CASE.id, _CASE.code),
        lambda row: support_cases.place_of_bundle(SupportCode(row.code)),
    ),
    SealedColumn(
        _MESSAGE.text_sealed,
        _MESSAGE.id,
        _rows(_MESSAGE.text_sealed, _MESSAGE.id, _MESSAGE.at, _CASE.code).join(
            support_case, _CASE.id == _MESSAGE.case_id
        ),
        lambda row: support_cases.place_of_text(SupportCode(row.code), row.at),
    ),
)


async def counted(connection: AsyncConnection) -> Mapping[int, int]:
    """How many values are sealed under each key, by its number, without opening any. 0: values cut short."""
    found: dict[int, int] = {}
    for one in SEALED_COLUMNS:
        number = one.number.label("number")
        for row in await connection.execute(select(number, func.count().label("values")).group_by(number)):
            under = int.from_bytes(row.number or b"")
            found[under] = found.get(under, 0) + int(row[1])
    return dict(sorted(found.items()))


async def broken(connection: AsyncConnection, ring: KeyRing) -> Sequence[str]:
    """What does not open where it lies, each as table, column and number of its row. Every value is tried."""
    names = []
    for one in SEALED_COLUMNS:
        rows = await connection.stream(one.rows.order_by(one.key))
        async for batch in rows.partitions(ROWS_AT_ONCE):
            names += [f"{one.name}:{row.of_row}" for row in batch if not _opens(ring, row.sealed_value, one.place(row))]
    return names


async def opens_one(connection: AsyncConnection, ring: KeyRing, number: int) -> bool:
    """Whether anything that key sealed opens where it lies. Tried until one does, the first as a rule."""
    for one in SEALED_COLUMNS:
        rows = await connection.stream(one.rows.where(one.number == bytes([number])).order_by(one.key))
        async with contextlib.aclosing(rows.partitions(ROWS_AT_ONCE)) as batches:
            async for batch in batches:
                if any(_opens(ring, row.sealed_value, one.place(row)) for row in batch):
                    return True
    return False


def _opens(ring: KeyRing, sealed: bytes, place: str) -> bool:
    try:
        ring.open(sealed, place)
    except SealBroken:
        return False
    return True
