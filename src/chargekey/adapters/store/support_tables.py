"""The tables of support. They are apart because their rows are: all of them go after thirty days, but for a count."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table

from chargekey.adapters.store.columns import Sealed, UtcMoment
from chargekey.adapters.store.tables import metadata

_Id = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[int]:
    return Column("id", _Id, primary_key=True, autoincrement=True)


def _of_case() -> Column[int]:
    return Column("case_id", _Id, ForeignKey("support_case.id", ondelete="CASCADE"), nullable=False, index=True)


support_case = Table(
    "support_case",
    metadata,
    _id(),
    Column("driver_id", _Id, ForeignKey("driver.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("code", String(20), nullable=False, unique=True),
    Column("made_at", UtcMoment, nullable=False),
    Column("sent_at", UtcMoment),
    Column("closed_at", UtcMoment),
    Column("contents_sealed", Sealed, nullable=False),
    Column("named", String(20)),
    Column("truly", String(20)),
)
support_message = Table(
    "support_message",
    metadata,
    _id(),
    _of_case(),
    Column("at", UtcMoment, nullable=False),
    Column("by", String(10), nullable=False),
    Column("text_sealed", Sealed, nullable=False),
    Column("mailed_at", UtcMoment),
)
support_look = Table(
    "support_look",
    metadata,
    _id(),
    _of_case(),
    Column("agent_id", _Id, ForeignKey("driver.id", ondelete="SET NULL"), index=True),
    Column("what", String(20), nullable=False),
    Column("at", UtcMoment, nullable=False),
)
cause_judged = Table(
    "cause_judged",
    metadata,
    _id(),
    Column("named", String(20)),
    Column("truly", String(20), nullable=False),
    Column("at", UtcMoment, nullable=False),
)
"""Which cause we named and which it was. It belongs to nobody, and stays."""
