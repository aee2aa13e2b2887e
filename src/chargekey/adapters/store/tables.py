"""The tables, once for both databases. Their changes are in `migrations`."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from chargekey.adapters.store.columns import Sealed, UtcMoment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_Id = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[int]:
    return Column("id", _Id, primary_key=True, autoincrement=True)


def _of(table: str, *, nullable: bool = False) -> Column[int]:
    return Column(f"{table}_id", _Id, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=nullable, index=True)


home = Table(
    "home",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about this database itself, such as whether it is a demo's."""

driver = Table(
    "driver",
    metadata,
    _id(),
    Column("email", String(320), nullable=False, unique=True),
    Column("locale", String(35), nullable=False),
    Column("created_at", UtcMoment, nullable=False),
)
web_session = Table(
    "web_session",
    metadata,
    _id(),
    Column("cookie_hash", String(64), nullable=False, unique=True),
    _of("driver", nullable=True),
    Column("csrf", String(64), nullable=False),
    Column("last_seen_at", UtcMoment, nullable=False),
    Column("expires_at", UtcMoment, nullable=False),
    Column("offers_passkey_until", UtcMoment),
    Column("named", String(60)),
    Column("passkey_id", _Id),
)
sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("email", String(320), nullable=False, index=True),
    Column("asked_at", UtcMoment, nullable=False, index=True),
    Column("expires_at", UtcMoment, nullable=False),
    Column("used_at", UtcMoment),
    Column("asked_from", String(64)),
)
consent_attempt = Table(
    "consent_attempt",
    metadata,
    _id(),
    Column("state_hash", String(64), nullable=False, unique=True),
    _of("web_session"),
    _of("driver"),
    Column("nonce", String(64), nullable=False),
    Column("started_at", UtcMoment, nullable=False),
    Column("used_at", UtcMoment),
)
tesla_grant = Table(
    "tesla_grant",
    metadata,
    _id(),
    _of("driver"),
    Column("account", String(80), nullable=False),
    Column("base_url", String(200), nullable=False),
    Column("created_at", UtcMoment, nullable=False),
    Column("ended_at", UtcMoment),
)
token = Table(
    "token",
    metadata,
    Column("grant_id", _Id, ForeignKey("tesla_grant.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("access_sealed", Sealed, nullable=False),
    Column("refresh_sealed", Sealed, nullable=False),
    Column("access_expires_at", UtcMoment, nullable=False),
    Column("renewing", String(32)),
    Column("renewing_until_ms", BigInteger),
)
undecided_grant = Table(
    "undecided_grant",
    metadata,
    Column("grant_id", _Id, ForeignKey("tesla_grant.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("came_at", UtcMoment, nullable=False),
    Column("ends_at", UtcMoment, nullable=False),
    Column("looked_at", UtcMoment),
    Column("cars", Text),
)
"""A grant of another account than the driver's own, until he has said which of the two it shall be."""

vehicle = Table(
    "vehicle",
    metadata,
    _id(),
    _of("driver"),
    Column("grant_id", _Id, ForeignKey("tesla_grant.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("vin", String(17), nullable=False),
    UniqueConstraint("driver_id", "vin"),
)
observation = Table(
    "observation",
    metadata,
    _id(),
    Column("subject_kind", String(20), nullable=False),
    Column("subject_id", _Id, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("fact", Text, nullable=False),
    Column("observed_at", UtcMoment, nullable=False),
    Column("source", String(20), nullable=False),
    Column("request_id", String(120)),
    Index("ix_observation_subject", "subject_kind", "subject_id", "kind", "observed_at"),
)
charge_settings = Table(
    "charge_settings",
    metadata,
    Column("vehicle_id", _Id, ForeignKey("vehicle.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("settings", Text, nullable=False),
    Column("saved_at", UtcMoment, nullable=False),
)
home_place = Table(
    "home_place",
    metadata,
    Column("vehicle_id", _Id, ForeignKey("vehicle.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("place_sealed", Sealed, nullable=False),
    Column("learnt_from", String(20), nullable=False),
    Column("learnt_at", UtcMoment, nullable=False),
)
key_watch = Table(
    "key_watch",
    metadata,
    Column("vehicle_id", _Id, ForeignKey("vehicle.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("opened_at", UtcMoment, nullable=False),
    Column("last_open_at", UtcMoment, nullable=False),
    Column("returned_at", UtcMoment),
)
night = Table(
    "night",
    metadata,
    _id(),
    _of("vehicle"),
    Column("plugged_in_at", UtcMoment, nullable=False),
    Column("unplugged_at", UtcMoment),
    Column("wish", String(20), nullable=False),
    Column("wished_at", UtcMoment, nullable=False),
    Column("ready_by", UtcMoment),
)
plan = Table(
    "plan",
    metadata,
    _id(),
    _of("night"),
    Column("made_at", UtcMoment, nullable=False),
    Column("problem", Text, nullable=False),
    Column("plan", Text, nullable=False),
)
command = Table(
    "command",
    metadata,
    _id(),
    _of("vehicle"),
    Column("night_id", _Id, ForeignKey("night.id", ondelete="CASCADE"), index=True),
    Column("order", String(20), nullable=False),
    Column("current_a", Integer),
    Column("delivery", String(20), nullable=False),
    Column("wanted_at", UtcMoment, nullable=False),
    Column("sent_at", UtcMoment),
    Column("settled_at", UtcMoment),
    Column("detail", String(200), nullable=False),
    Column("schedule", Text),
)
billed_call = Table(
    "billed_call",
    metadata,
    _id(),
    Column("vehicle_id", _Id, ForeignKey("vehicle.id", ondelete="CASCADE")),
    Column("category", String(20), nullable=False),
    Column("at", UtcMoment, nullable=False),
    Index("ix_billed_call_vehicle", "vehicle_id", "at"),
)
signing_session = Table(
    "signing_session",
    metadata,
    Column("vin", String(17), primary_key=True),
    Column("domain", Integer, primary_key=True),
    Column("session", LargeBinary, nullable=False),
)
timer = Table(
    "timer",
    metadata,
    Column("work", String(40), primary_key=True),
    Column("key", _Id, primary_key=True, autoincrement=False),
    Column("due_at", UtcMoment, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", String(32)),
    Column("lease_until_ms", BigInteger),
    Column("parked_at", UtcMoment),
    Column("last_error", String(300), nullable=False),
)
hand_off = Table(
    "hand_off",
    metadata,
    _id(),
    _of("driver"),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("asks_as", String(80), nullable=False),
    Column("made_at", UtcMoment, nullable=False),
    Column("ends_at", UtcMoment, nullable=False),
    Column("opened_at", UtcMoment),
    Column("agreed_at", UtcMoment),
    Column("consented_at", UtcMoment),
    Column("declined_at", UtcMoment),
    Column("revoked_at", UtcMoment),
    Column("done_at", UtcMoment),
    Column("answered_in", _Id, ForeignKey("web_session.id", ondelete="SET NULL")),
    Column("reason", String(20)),
    Column("words", String(300), nullable=False),
)
"""A page for the owner of a car that somebody else drives. Its link is kept as a hash alone."""

hand_off_car = Table(
    "hand_off_car",
    metadata,
    Column("hand_off_id", _Id, ForeignKey("hand_off.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column(
        "vehicle_id",
        _Id,
        ForeignKey("vehicle.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
)
tesla_call = Table(
    "tesla_call",
    metadata,
    _id(),
    Column("at", UtcMoment, nullable=False, index=True),
    Column("grant_id", _Id, ForeignKey("tesla_grant.id", ondelete="CASCADE")),
    Column("vehicle_id", _Id, ForeignKey("vehicle.id", ondelete="CASCADE"), index=True),
    Column("what", String(40), nullable=False),
    Column("status", Integer),
    Column("fault", String(40)),
    Column("request_id", String(120)),
    Column("took_ms", Integer, nullable=False),
    Column("region", String(40), nullable=False),
    Index("ix_tesla_call_grant", "grant_id", "at"),
)
tesla_outage = Table(
    "tesla_outage",
    metadata,
    _id(),
    Column("region", String(40), nullable=False),
    Column("since", UtcMoment, nullable=False),
    Column("over_at", UtcMoment),
)
notice = Table(
    "notice",
    metadata,
    _id(),
    _of("driver"),
    Column("kind", String(40), nullable=False),
    Column("event", String(120), nullable=False),
    Column("filled_with", Text, nullable=False),
    Column("made_at", UtcMoment, nullable=False),
    Column("sent_at", UtcMoment),
    Column("read_at", UtcMoment),
    UniqueConstraint("driver_id", "event"),
)
"""What a driver is told once about something that happened: by mail, and in the app until he has read it."""

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("to", String(320), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("sent_at", UtcMoment, nullable=False),
)
"""The demo's mail: it goes nowhere."""
