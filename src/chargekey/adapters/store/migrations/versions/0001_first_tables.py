"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "driver",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_driver")),
        sa.UniqueConstraint("email", name=op.f("uq_driver_email")),
    )
    op.create_table(
        "home",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_home")),
    )
    op.create_table(
        "observation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("request_id", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    op.create_index(
        "ix_observation_subject",
        "observation",
        ["subject_kind", "subject_id", "kind", "observed_at"],
        unique=False,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("to", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_email"), "sign_in_link", ["email"], unique=False)
    op.create_table(
        "signing_session",
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("domain", sa.Integer(), nullable=False),
        sa.Column("session", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("vin", "domain", name=op.f("pk_signing_session")),
    )
    op.create_table(
        "timer",
        sa.Column("work", sa.String(length=40), nullable=False),
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("lease_until_ms", sa.BigInteger(), nullable=True),
        sa.Column("parked_at", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("work", "key", name=op.f("pk_timer")),
    )
    op.create_index(op.f("ix_timer_due_at"), "timer", ["due_at"], unique=False)
    op.create_table(
        "tesla_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("driver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("base_url", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["driver.id"], name=op.f("fk_tesla_grant_driver_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tesla_grant")),
    )
    op.create_index(op.f("ix_tesla_grant_driver_id"), "tesla_grant", ["driver_id"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("cookie_hash", sa.String(length=64), nullable=False),
        sa.Column("driver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["driver.id"], name=op.f("fk_web_session_driver_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("cookie_hash", name=op.f("uq_web_session_cookie_hash")),
    )
    op.create_index(op.f("ix_web_session_driver_id"), "web_session", ["driver_id"], unique=False)
    op.create_table(
        "consent_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("web_session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("driver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["driver.id"], name=op.f("fk_consent_attempt_driver_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["web_session_id"],
            ["web_session.id"],
            name=op.f("fk_consent_attempt_web_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_attempt")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_consent_attempt_state_hash")),
    )
    op.create_index(op.f("ix_consent_attempt_driver_id"), "consent_attempt", ["driver_id"], unique=False)
    op.create_index(op.f("ix_consent_attempt_web_session_id"), "consent_attempt", ["web_session_id"], unique=False)
    op.create_table(
        "token",
        sa.Column(
            "grant_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("access_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("refresh_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("access_expires_at", sa.BigInteger(), nullable=False),
        sa.Column("renewing", sa.String(length=32), nullable=True),
        sa.Column("renewing_until_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["grant_id"], ["tesla_grant.id"], name=op.f("fk_token_grant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("grant_id", name=op.f("pk_token")),
    )
    op.create_table(
        "vehicle",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("driver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_vehicle_driver_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["grant_id"], ["tesla_grant.id"], name=op.f("fk_vehicle_grant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle")),
        sa.UniqueConstraint("driver_id", "vin", name=op.f("uq_vehicle_driver_id_vin")),
    )
    op.create_index(op.f("ix_vehicle_driver_id"), "vehicle", ["driver_id"], unique=False)
    op.create_index(op.f("ix_vehicle_grant_id"), "vehicle", ["grant_id"], unique=False)
    op.create_table(
        "billed_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("vehicle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name=op.f("fk_billed_call_vehicle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billed_call")),
    )
    op.create_index("ix_billed_call_vehicle", "billed_call", ["vehicle_id", "at"], unique=False)
    op.create_table(
        "charge_settings",
        sa.Column(
            "vehicle_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name=op.f("fk_charge_settings_vehicle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vehicle_id", name=op.f("pk_charge_settings")),
    )
    op.create_table(
        "key_watch",
        sa.Column(
            "vehicle_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("last_open_at", sa.BigInteger(), nullable=False),
        sa.Column("returned_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name=op.f("fk_key_watch_vehicle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vehicle_id", name=op.f("pk_key_watch")),
    )
    op.create_table(
        "night",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("vehicle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plugged_in_at", sa.BigInteger(), nullable=False),
        sa.Column("unplugged_at", sa.BigInteger(), nullable=True),
        sa.Column("wish", sa.String(length=20), nullable=False),
        sa.Column("wished_at", sa.BigInteger(), nullable=False),
        sa.Column("ready_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"], name=op.f("fk_night_vehicle_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night")),
    )
    op.create_index(op.f("ix_night_vehicle_id"), "night", ["vehicle_id"], unique=False)
    op.create_table(
        "command",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("vehicle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("night_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("order", sa.String(length=20), nullable=False),
        sa.Column("current_a", sa.Integer(), nullable=True),
        sa.Column("delivery", sa.String(length=20), nullable=False),
        sa.Column("wanted_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=op.f("fk_command_night_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"], name=op.f("fk_command_vehicle_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_command")),
    )
    op.create_index(op.f("ix_command_night_id"), "command", ["night_id"], unique=False)
    op.create_index(op.f("ix_command_vehicle_id"), "command", ["vehicle_id"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("night_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=op.f("fk_plan_night_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_night_id"), "plan", ["night_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_plan_night_id"), table_name="plan")
    op.drop_table("plan")
    op.drop_index(op.f("ix_command_vehicle_id"), table_name="command")
    op.drop_index(op.f("ix_command_night_id"), table_name="command")
    op.drop_table("command")
    op.drop_index(op.f("ix_night_vehicle_id"), table_name="night")
    op.drop_table("night")
    op.drop_table("key_watch")
    op.drop_table("charge_settings")
    op.drop_index("ix_billed_call_vehicle", table_name="billed_call")
    op.drop_table("billed_call")
    op.drop_index(op.f("ix_vehicle_grant_id"), table_name="vehicle")
    op.drop_index(op.f("ix_vehicle_driver_id"), table_name="vehicle")
    op.drop_table("vehicle")
    op.drop_table("token")
    op.drop_index(op.f("ix_consent_attempt_web_session_id"), table_name="consent_attempt")
    op.drop_index(op.f("ix_consent_attempt_driver_id"), table_name="consent_attempt")
    op.drop_table("consent_attempt")
    op.drop_index(op.f("ix_web_session_driver_id"), table_name="web_session")
    op.drop_table("web_session")
    op.drop_index(op.f("ix_tesla_grant_driver_id"), table_name="tesla_grant")
    op.drop_table("tesla_grant")
    op.drop_index(op.f("ix_timer_due_at"), table_name="timer")
    op.drop_table("timer")
    op.drop_table("signing_session")
    op.drop_index(op.f("ix_sign_in_link_email"), table_name="sign_in_link")
    op.drop_table("sign_in_link")
    op.drop_table("outbox")
    op.drop_index("ix_observation_subject", table_name="observation")
    op.drop_table("observation")
    op.drop_table("home")
    op.drop_table("driver")
