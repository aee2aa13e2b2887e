"""The tables of devices that are told, and of what each was told."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table

from chargekey.adapters.store.columns import Sealed, UtcMoment
from chargekey.adapters.store.tables import metadata

_Id = BigInteger().with_variant(Integer(), "sqlite")

push_device = Table(
    "push_device",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("driver_id", _Id, ForeignKey("driver.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("web_session_id", _Id, ForeignKey("web_session.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("endpoint_hash", String(64), nullable=False, unique=True),
    Column("subscription_sealed", Sealed, nullable=False),
    Column("named", String(60), nullable=False),
    Column("since", UtcMoment, nullable=False),
)
"""A browser that is told by push, too, for as long as its session lasts."""

push_told = Table(
    "push_told",
    metadata,
    Column(
        "push_device_id", _Id, ForeignKey("push_device.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column(
        "notice_id", _Id, ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    ),
    Column("at", UtcMoment, nullable=False),
)
