"""The table of what homes tell of their own sun."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Table

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
