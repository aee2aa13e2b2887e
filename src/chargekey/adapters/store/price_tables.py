"""The tables of published prices: what came out, and how it goes with asking for it."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, false

from chargekey.adapters.store.columns import UtcMoment
from chargekey.adapters.store.tables import metadata

published_price = Table(
    "published_price",
    metadata,
    Column("market", String(80), primary_key=True),
    Column("starts_at", UtcMoment, primary_key=True),
    Column("ends_at", UtcMoment, nullable=False),
    Column("price_micro_per_kwh", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("fetched_at", UtcMoment, nullable=False),
    Column("is_forecast", Boolean, nullable=False, server_default=false()),
)
"""A price from `starts_at` up to before `ends_at`. No two of a market overlap."""

price_asked = Table(
    "price_asked",
    metadata,
    Column("market", String(80), primary_key=True),
    Column("at", UtcMoment, nullable=False),
    Column("got_at", UtcMoment),
    Column("tries", Integer, nullable=False),
    Column("trouble", String(40), nullable=False),
)
"""The latest question to each source."""
