"""The tables of passkeys, of whom they belong to, and of challenges that wait."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from chargekey.adapters.store.columns import UtcMoment
from chargekey.adapters.store.tables import metadata

_Id = BigInteger().with_variant(Integer(), "sqlite")

passkey_holder = Table(
    "passkey_holder",
    metadata,
    Column("driver_id", _Id, ForeignKey("driver.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("user_handle", LargeBinary, nullable=False, unique=True),
    Column("offered_at", UtcMoment),
)
"""Under which random number authenticators know a driver, and when he was offered a passkey."""

passkey = Table(
    "passkey",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("driver_id", _Id, ForeignKey("driver.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("is_synced", Boolean, nullable=False),
    Column("transports", String(80), nullable=False),
    Column("named", String(60), nullable=False),
    Column("added_at", UtcMoment, nullable=False),
    Column("used_at", UtcMoment),
)
passkey_challenge = Table(
    "passkey_challenge",
    metadata,
    Column("challenge_hash", String(64), primary_key=True),
    Column("web_session_id", _Id, ForeignKey("web_session.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("purpose", String(20), nullable=False),
    Column("ends_at", UtcMoment, nullable=False),
)
"""Gone as soon as it was answered."""

passkey_refusal = Table(
    "passkey_refusal",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("asked_from", String(64), nullable=False),
    Column("at", UtcMoment, nullable=False),
    Index("ix_passkey_refusal_asked_from", "asked_from", "at"),
)
"""For an hour, from where a passkey was refused, as a keyed hash of the network: it is about no driver."""
