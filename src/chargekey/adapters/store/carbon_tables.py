"""The tables of carbon intensity: what was published, and how it goes with asking for it."""

from sqlalchemy import Boolean, Column, Integer, String, Table

from chargekey.adapters.store.columns import UtcMoment
from chargekey.adapters.store.tables import metadata

published_carbon = Table(
    "published_carbon",
    metadata,
    Column("region", String(80), primary_key=True),
    Column("starts_at", UtcMoment, primary_key=True),
    Column("ends_at", UtcMoment, nullable=False),
    Column("g_per_kwh", Integer, nullable=False),
    Column("is_forecast", Boolean, nullable=False),
    Column("fetched_at", UtcMoment, nullable=False),
)
"""An intensity from `starts_at` up to before `ends_at`. No two of a region overlap."""

carbon_asked = Table(
    "carbon_asked",
    metadata,
    Column("region", String(80), primary_key=True),
    Column("at", UtcMoment, nullable=False),
    Column("got_at", UtcMoment),
    Column("tries", Integer, nullable=False),
    Column("trouble", String(40), nullable=False),
)
"""The latest question to each source."""
