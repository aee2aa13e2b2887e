"""The ledger of nights. Rows are added and never changed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store.charge_log import night_of
from chargekey.adapters.store.ledger_tables import ledger_entry, ledger_line
from chargekey.adapters.store.shapes import readable, write
from chargekey.adapters.store.tables import night
from chargekey.adapters.store.upsert import adding
from chargekey.domain.ledger import Account, Booking, Entry, How, Line, Outcome, PricesFrom, Voucher
from chargekey.domain.night import Night

_ENTRY, _LINE, _NIGHT = ledger_entry.c, ledger_line.c, night.c
_OF_ENTRY = [one for one in ledger_entry.c if one is not _ENTRY.voucher]


class KeptLedger:
    """`ports.ledger.Ledger` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def book(self, night_id: int, booking: Booking) -> bool:
        added = adding(self._connection, ledger_entry).values(night_id=night_id, **_row(booking))
        alone = added.on_conflict_do_nothing(index_elements=[_ENTRY.night_id, _ENTRY.number])
        entry_id = (await self._connection.execute(alone.returning(_ENTRY.id))).scalar_one_or_none()
        if entry_id is None:
            return False
        lines = [
            {"entry_id": entry_id, "account": one.account.value, "unit": one.unit, "amount": one.amount}
            for one in booking.entry.lines
        ]
        if lines:
            await self._connection.execute(insert(ledger_line), lines)
        return True

    async def of_night(self, night_id: int) -> Sequence[Booking]:
        of_it = _ENTRY.night_id == night_id
        rows = (await self._connection.execute(select(ledger_entry).where(of_it).order_by(_ENTRY.number))).all()
        lines = await self._lines(select(_ENTRY.id).where(of_it)) if rows else {}
        return [Booking(_entry(row, lines[row.id]), _outcome(row), readable(Voucher, row.voucher)) for row in rows]

    async def of_nights(self, night_ids: Sequence[int]) -> Mapping[int, tuple[Sequence[Entry], Outcome]]:
        if not night_ids:
            return {}
        of_them = _ENTRY.night_id.in_(night_ids)
        rows = (await self._connection.execute(select(*_OF_ENTRY).where(of_them).order_by(_ENTRY.number))).all()
        lines = await self._lines(select(_ENTRY.id).where(of_them))
        found: dict[int, list[Entry]] = defaultdict(list)
        last = {}
        for row in rows:
            found[row.night_id].append(_entry(row, lines[row.id]))
            last[row.night_id] = row
        return {night_id: (entries, _outcome(last[night_id])) for night_id, entries in found.items()}

    async def unbooked(self, vehicle_id: int) -> Sequence[Night]:
        return await self._nights(_ended().where(_NIGHT.vehicle_id == vehicle_id, ~_is_booked()))

    async def booked(self, vehicle_id: int, since: datetime) -> Sequence[Night]:
        lately = _NIGHT.unplugged_at >= since
        return await self._nights(_ended().where(_NIGHT.vehicle_id == vehicle_id, lately, _is_booked()))

    async def cars_with_unbooked(self) -> Sequence[int]:
        over = select(_NIGHT.vehicle_id).where(_NIGHT.unplugged_at.is_not(None), ~_is_booked())
        return list((await self._connection.execute(over.distinct().order_by(_NIGHT.vehicle_id))).scalars())

    async def _nights(self, asked: Select[Any]) -> Sequence[Night]:
        found = await self._connection.execute(asked.order_by(_NIGHT.unplugged_at, _NIGHT.id))
        return [night_of(row) for row in found]

    async def _lines(self, entry_ids: Select[Any]) -> Mapping[int, list[Line]]:
        asked = select(ledger_line).where(_LINE.entry_id.in_(entry_ids))
        found: dict[int, list[Line]] = defaultdict(list)
        order = list(Account)
        for row in await self._connection.execute(asked):
            found[row.entry_id].append(Line(Account(row.account), row.unit, row.amount))
        for lines in found.values():
            lines.sort(key=lambda one: (one.unit, order.index(one.account)))
        return found


def _ended() -> Select[Any]:
    return select(night).where(_NIGHT.unplugged_at.is_not(None))


def _is_booked() -> Any:
    return select(_ENTRY.id).where(_ENTRY.night_id == _NIGHT.id).exists()


def _row(booking: Booking) -> dict[str, object]:
    entry, voucher = booking.entry, booking.voucher
    return {
        "number": entry.number,
        "corrects": entry.corrects,
        "booked_at": entry.booked_at,
        "how": entry.how.value,
        "prices_from": entry.prices_from.value,
        "currency": entry.currency,
        "lacks": " ".join(sorted(account.value for account in entry.lacks)),
        "outcome": write(Outcome, booking.outcome),
        "voucher": write(Voucher, voucher) if voucher else "",
    }


def _entry(row: Row[Any], lines: Sequence[Line]) -> Entry:
    return Entry(
        row.number,
        row.corrects,
        row.booked_at,
        How(row.how),
        PricesFrom(row.prices_from),
        row.currency,
        frozenset(map(Account, row.lacks.split())),
        tuple(lines),
    )


def _outcome(row: Row[Any]) -> Outcome:
    """Of one that another version wrote in its own way nothing is told."""
    return readable(Outcome, row.outcome) or Outcome()
