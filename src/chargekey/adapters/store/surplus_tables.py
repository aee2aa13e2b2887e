"""The tables of what homes tell of their own sun, and of the keys with which they do."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, String, Table

from chargekey.adapters.store.columns import UtcMoment
from chargekey.adapters.store.tables import metadata

_Id = BigInteger().with_variant(Integer(), "sqlite")

home_surplus = Table(
    "home_surplus",
    metadata,
    Column("vehicle_id", _Id, ForeignKey("vehicle.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("starts_at", UtcMoment, primary_key=True),
    Column("surplus_w", Integer, nullable=False),
    Column("measured", Boolean, nullable=False),
    Column("told_at", UtcMoment, nullable=False),
)
"""One row a quarter of an hour, which begins at `starts_at`."""

surplus_key = Table(
    "surplus_key",
    metadata,
    Column("vehicle_id", _Id, ForeignKey("vehicle.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("made_at", UtcMoment, nullable=False),
    Column("heard_at", UtcMoment),
)
"""With what a home shows that it is the home of that car. The key is kept as a hash alone."""
