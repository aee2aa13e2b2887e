"""What a month of Tesla's API has cost: one row for the home, which all calls pass, and one for each car."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import BigInteger, Column, String, Table, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store.tables import metadata
from chargekey.adapters.store.upsert import adding
from chargekey.domain.spend import Spent
from chargekey.domain.vehicle import Vin

HOME: Final = ""
"""In place of a VIN. The home's row outlives its cars: what was asked for them is billed all the same."""

tesla_spend = Table(
    "tesla_spend",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("vin", String(17), primary_key=True),
    Column("spent_micro_usd", BigInteger, nullable=False),
)


class KeptSpending:
    """`ports.spending.SpendLog` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, vin: Vin, price_micro_usd: int, month: str) -> Spent:
        """The home's row first, always: whoever comes at the same time waits at it until this transaction ends."""
        home = await self._raised(HOME, price_micro_usd, month)
        car = await self._raised(vin.whole, price_micro_usd, month)
        return Spent(car - price_micro_usd, home - price_micro_usd, 1 + await self._others(vin, month))

    async def give_back(self, vin: Vin, price_micro_usd: int, month: str) -> None:
        table = tesla_spend
        for name in (HOME, vin.whole):
            await self._connection.execute(
                update(table)
                .where(table.c.month == month, table.c.vin == name)
                .values(spent_micro_usd=table.c.spent_micro_usd - price_micro_usd)
            )

    async def spent(self, vin: Vin, month: str) -> Spent:
        table = tesla_spend
        found = await self._connection.execute(
            select(
                func.sum(table.c.spent_micro_usd).filter(table.c.vin == vin.whole),
                func.sum(table.c.spent_micro_usd).filter(table.c.vin == HOME),
                func.count().filter(table.c.vin.not_in([HOME, vin.whole])),
            ).where(table.c.month == month)
        )
        car, home, others = found.one()
        return Spent(int(car or 0), int(home or 0), 1 + others)

    async def by_car(self, month: str) -> tuple[int, Mapping[Vin, int]]:
        table = tesla_spend
        found = await self._connection.execute(
            select(table.c.vin, table.c.spent_micro_usd).where(table.c.month == month)
        )
        spent = {vin: int(micro_usd) for vin, micro_usd in found}
        return spent.pop(HOME, 0), {Vin(vin): micro_usd for vin, micro_usd in sorted(spent.items())}

    async def _raised(self, name: str, price_micro_usd: int, month: str) -> int:
        table = tesla_spend
        added = adding(self._connection, table).values(month=month, vin=name, spent_micro_usd=price_micro_usd)
        raised = added.on_conflict_do_update(
            index_elements=[table.c.month, table.c.vin],
            set_={"spent_micro_usd": table.c.spent_micro_usd + price_micro_usd},
        )
        return int((await self._connection.execute(raised.returning(table.c.spent_micro_usd))).scalar_one())

    async def _others(self, vin: Vin, month: str) -> int:
        table = tesla_spend
        others = table.c.month == month, table.c.vin.not_in([HOME, vin.whole])
        return int(
            (await self._connection.execute(select(func.count()).select_from(table).where(*others))).scalar_one()
        )
