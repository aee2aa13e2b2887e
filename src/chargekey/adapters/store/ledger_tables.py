"""The tables of the ledger: entries of nights, and their lines."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from chargekey.adapters.store.columns import UtcMoment
from chargekey.adapters.store.tables import metadata

_Id = BigInteger().with_variant(Integer(), "sqlite")

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("night_id", _Id, ForeignKey("night.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("corrects", Integer),
    Column("booked_at", UtcMoment, nullable=False),
    Column("how", String(20), nullable=False),
    Column("prices_from", String(20), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("lacks", String(60), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("voucher", Text, nullable=False),
    UniqueConstraint("night_id", "number"),
)
"""`number` counts from 1 within a night; `corrects` is the number of the entry that this one corrects."""

ledger_line = Table(
    "ledger_line",
    metadata,
    Column("entry_id", _Id, ForeignKey("ledger_entry.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("account", String(20), primary_key=True),
    Column("unit", String(20), primary_key=True),
    Column("amount", BigInteger, nullable=False),
)
"""The amounts of an entry add up to nothing in each unit."""
