"""Passkeys, whose they are, challenges that wait, refusals, and until when a browser offers one."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _holders()
    _passkeys()
    _challenges()
    op.add_column("web_session", sa.Column("offers_passkey_until", sa.BigInteger(), nullable=True))


def _holders() -> None:
    op.create_table(
        "passkey_holder",
        sa.Column("driver_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("user_handle", sa.LargeBinary(), nullable=False),
        sa.Column("offered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["driver.id"], name=op.f("fk_passkey_holder_driver_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("driver_id", name=op.f("pk_passkey_holder")),
        sa.UniqueConstraint("user_handle", name=op.f("uq_passkey_holder_user_handle")),
    )


def _passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("driver_id", NUMBER, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("is_synced", sa.Boolean(), nullable=False),
        sa.Column("transports", sa.String(80), nullable=False),
        sa.Column("named", sa.String(60), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_passkey_driver_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_driver_id"), "passkey", ["driver_id"])


def _challenges() -> None:
    op.create_table(
        "passkey_challenge",
        sa.Column("challenge_hash", sa.String(64), nullable=False),
        sa.Column("web_session_id", NUMBER, nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["web_session_id"],
            ["web_session.id"],
            name=op.f("fk_passkey_challenge_web_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_passkey_challenge")),
    )
    op.create_index(op.f("ix_passkey_challenge_web_session_id"), "passkey_challenge", ["web_session_id"])
    op.create_table(
        "passkey_refusal",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("asked_from", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_refusal")),
    )
    op.create_index("ix_passkey_refusal_asked_from", "passkey_refusal", ["asked_from", "at"])


def downgrade() -> None:
    op.drop_column("web_session", "offers_passkey_until")
    for table in ("passkey_refusal", "passkey_challenge", "passkey", "passkey_holder"):
        op.drop_table(table)
