"""The store: units of work over one engine, and the few things that span them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.call_log import KeptCalls
from chargekey.adapters.store.carbon import KeptCarbonLog
from chargekey.adapters.store.charge_log import KeptBills, KeptCommands, KeptNights, KeptSettings
from chargekey.adapters.store.evidence_log import KeptEvidence
from chargekey.adapters.store.garage import KeptGarage
from chargekey.adapters.store.hand_offs import KeptHandOffs
from chargekey.adapters.store.ledger import KeptLedger
from chargekey.adapters.store.notices import KeptNotices
from chargekey.adapters.store.of_driver import count, everything, rows_of
from chargekey.adapters.store.outages import KeptOutages
from chargekey.adapters.store.passkeys import KeptPasskeys
from chargekey.adapters.store.people import KeptPeople
from chargekey.adapters.store.prices import KeptPrices
from chargekey.adapters.store.spending import KeptSpending
from chargekey.adapters.store.support_cases import KeptSupport
from chargekey.adapters.store.surplus import KeptSurplusLog
from chargekey.adapters.store.surplus_keys import KeptSurplusKeys
from chargekey.adapters.store.timers import KeptTimers
from chargekey.adapters.store.undecided import KeptUndecided
from chargekey.adapters.store.upsert import adding
from chargekey.domain.vehicle import Vin
from chargekey.ports.clock import Clock
from chargekey.ports.notify import Letter, Mail

DEMO: Final = "demo"
NAMED_OTHERWISE: Final = frozenset({"observation", "timer", "signing_session", "tesla_spend", "sign_in_link", "outbox"})


class KeptUnit:
    """`ports.store.Unit` over one open transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.people = KeptPeople(connection)
        self.passkeys = KeptPasskeys(connection)
        self.garage = KeptGarage(connection)
        self.undecided = KeptUndecided(connection)
        self.evidence = KeptEvidence(connection)
        self.settings = KeptSettings(connection)
        self.nights = KeptNights(connection)
        self.ledger = KeptLedger(connection)
        self.commands = KeptCommands(connection)
        self.bills = KeptBills(connection)
        self.spending = KeptSpending(connection)
        self.timers = KeptTimers(connection)
        self.calls = KeptCalls(connection)
        self.outages = KeptOutages(connection)
        self.notices = KeptNotices(connection)
        self.hand_offs = KeptHandOffs(connection)
        self.support = KeptSupport(connection)
        self.prices = KeptPrices(connection)
        self.carbon = KeptCarbonLog(connection)
        self.surplus = KeptSurplusLog(connection)
        self.surplus_keys = KeptSurplusKeys(connection)


class KeptStore:
    """`ports.store.Store` in SQLite or PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[KeptUnit]:
        async with self._engine.begin() as connection:
            yield KeptUnit(connection)

    async def erase_driver(self, driver_id: int) -> Mapping[str, int]:
        async with self._engine.begin() as connection:
            return await _erase(connection, driver_id)

    async def everything_of(self, driver_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
        async with self._engine.begin() as connection:
            return await everything(connection, driver_id)

    async def is_reachable(self) -> bool:
        """Whether a transaction can be opened; for readiness."""
        async with self._engine.begin() as connection:
            return (await connection.execute(select(tables.home.c.name).limit(1))) is not None

    async def is_demo(self) -> bool | None:
        """Whether this is a demo's database; None when it was never said."""
        async with self._engine.begin() as connection:
            query = select(tables.home.c.value).where(tables.home.c.name == DEMO)
            value = (await connection.execute(query)).scalar_one_or_none()
        return None if value is None else value == "yes"

    async def mark(self, *, demo: bool) -> None:
        """Say whether this is a demo's database. Who says so first is believed: several may start at once."""
        async with self._engine.begin() as connection:
            first = adding(connection, tables.home).values(name=DEMO, value="yes" if demo else "no")
            await connection.execute(first.on_conflict_do_nothing(index_elements=[tables.home.c.name]))


async def _erase(connection: AsyncConnection, driver_id: int) -> Mapping[str, int]:
    """Rows by table. Children go before their parents; nothing is left to a cascade, so that all are counted."""
    counted, his = await count(connection, driver_id), rows_of(driver_id)
    first = [table for table in his if table.name in NAMED_OTHERWISE]  # they are found through rows that go later
    for table in [*first, *(one for one in reversed(tables.metadata.sorted_tables) if one in his and one not in first)]:
        await connection.execute(delete(table).where(his[table]))
    return counted


class KeptSessions:
    """`ports.tesla.SessionCache`: signing sessions with cars, kept across restarts."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def load(self, vin: Vin, domain: int) -> bytes | None:
        table = tables.signing_session
        query = select(table.c.session).where(table.c.vin == vin.whole, table.c.domain == domain)
        async with self._engine.begin() as connection:
            session: bytes | None = (await connection.execute(query)).scalar_one_or_none()
        return session

    async def save(self, vin: Vin, domain: int, session: bytes) -> None:
        table = tables.signing_session
        async with self._engine.begin() as connection:
            added = adding(connection, table).values(vin=vin.whole, domain=domain, session=session)
            same = [table.c.vin, table.c.domain]
            await connection.execute(added.on_conflict_do_update(index_elements=same, set_={"session": session}))


class Outbox:
    """`ports.notify.Notify` and `Letters` in the demo: mail that stays here, to be read on a page."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    async def send(self, mail: Mail) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(tables.outbox).values(
                    to=mail.to, subject=mail.subject, text=mail.text, sent_at=self._clock.now()
                )
            )

    async def is_open(self) -> bool:
        return True

    async def letters(self) -> Sequence[Letter]:
        table = tables.outbox
        async with self._engine.begin() as connection:
            found = await connection.execute(select(table).order_by(table.c.id.desc()).limit(50))
            return [Letter(Mail(row.to, row.subject, row.text), row.sent_at) for row in found]
