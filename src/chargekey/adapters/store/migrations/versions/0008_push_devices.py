"""Devices that are told by push, and what each was told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "push_device",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("driver_id", NUMBER, nullable=False),
        sa.Column("web_session_id", NUMBER, nullable=False),
        sa.Column("endpoint_hash", sa.String(64), nullable=False),
        sa.Column("subscription_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("named", sa.String(60), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["driver.id"], name=op.f("fk_push_device_driver_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["web_session_id"], ["web_session.id"], name=op.f("fk_push_device_web_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_device")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_push_device_endpoint_hash")),
    )
    op.create_index(op.f("ix_push_device_driver_id"), "push_device", ["driver_id"])
    op.create_index(op.f("ix_push_device_web_session_id"), "push_device", ["web_session_id"])
    op.create_table(
        "push_told",
        sa.Column("push_device_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("notice_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["push_device_id"], ["push_device.id"], name=op.f("fk_push_told_push_device_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_push_told_notice_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("push_device_id", "notice_id", name=op.f("pk_push_told")),
    )
    op.create_index(op.f("ix_push_told_notice_id"), "push_told", ["notice_id"])


def downgrade() -> None:
    op.drop_table("push_told")
    op.drop_table("push_device")
